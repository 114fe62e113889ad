"""People coming in by the browser: a name and a password, a second factor, a role."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.views.debug import get_exception_reporter_filter

from factcheck.access.models import User
from factcheck.access.roles import Role
from tests.access.browser import CODE, ENROL, LOGIN, OFF, PASSWORD, code_of, enrol, has_second_factor, sign_in
from tests.claims.admin.conftest import inline_in, said
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings: Any) -> None:
    """A desk that asks for a second factor."""
    settings.SECOND_FACTOR = "required"


@pytest.mark.parametrize("role", Role.values)
def test_whoever_has_a_role_comes_in_and_back_to_the_page_that_was_asked_for(role: str) -> None:
    person(role)
    client = Client()
    asked = client.get("/admin/claims/claim/?look=yes")
    assert asked["Location"] == "/accounts/login/?next=/admin/claims/claim/%3Flook%3Dyes"
    page = client.get(asked["Location"])
    assert 'name="next" value="/admin/claims/claim/?look=yes"' in page.content.decode()
    assert sign_in(client, role, to="/admin/claims/claim/?look=yes")["Location"] == "/admin/claims/claim/?look=yes"
    assert client.get("/admin/claims/claim/?look=yes").status_code == 200


def test_who_has_no_role_is_told_at_the_door() -> None:
    person("", username="new")
    client = Client()
    answer = sign_in(client, "new")
    assert answer.status_code == 403
    assert "has no role on the desk yet" in said(answer)
    assert client.get("/admin/").status_code == 302


def test_who_loses_the_role_meanwhile_is_out() -> None:
    someone = person(Role.READER)
    client = Client()
    client.force_login(someone)
    User.objects.filter(pk=someone.pk).update(role="")
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_who_is_not_active_is_told_only_with_the_right_password() -> None:
    person(Role.READER, username="gone", is_active=False)
    assert "do not belong together" in said(sign_in(Client(), "gone", "wrong"))
    assert sign_in(Client(), "gone")["Location"] == "/accounts/inactive/"


def test_an_unknown_name_and_a_wrong_password_are_told_the_same() -> None:
    person(Role.READER)
    answers = [said(sign_in(Client(), name, "a wrong password")) for name in ("reader", "nobody")]
    masked = [text.split("</head>")[1].replace("reader", "x").replace("nobody", "x") for text in answers]
    tokens = [text.split('csrfmiddlewaretoken" value="')[1][:64] for text in masked]
    assert masked[0].replace(tokens[0], "") == masked[1].replace(tokens[1], "")


def test_nobody_signs_up_and_no_login_leads_outside() -> None:
    person(Role.READER)
    assert Client().get("/accounts/signup/").status_code == 404
    for away in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(Client(), "reader", to=away)["Location"] == "/admin/"


def test_a_reader_needs_no_staff_mark_and_leaves_by_the_door() -> None:
    person(Role.READER)
    client = Client()
    sign_in(client, "reader")
    assert client.get("/accounts/login/").status_code == 302  # is in already
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/admin/").status_code == 302


def test_without_a_second_factor_nothing_opens_before_one_is_set_up(required: None) -> None:
    someone = person(Role.EDITOR)
    client = Client()
    sign_in(client, "editor")
    first = client.get("/admin/claims/claim/")
    assert first["Location"].startswith("/admin/login/")
    assert client.get(first["Location"])["Location"] == ENROL
    _seed, codes = enrol(client)
    assert len(codes) == 10
    assert has_second_factor(someone)
    assert client.get("/admin/claims/claim/").status_code == 200
    again = client.get("/accounts/recovery-codes/").content.decode()
    assert not [code for code in codes if code in again]


def test_where_it_is_optional_the_desk_opens_without() -> None:
    person(Role.EDITOR)
    client = Client()
    assert sign_in(client, "editor")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_password_alone_opens_nothing_once_a_second_factor_is_set_up() -> None:
    person(Role.EDITOR)
    first = Client()
    sign_in(first, "editor")
    seed, codes = enrol(first)
    client = Client()
    assert sign_in(client, "editor")["Location"] == CODE
    assert client.get("/admin/").status_code == 302
    assert "Incorrect code" in said(client.post(CODE, {"code": "000000"}))
    right = code_of(seed, step=1)
    assert client.post(CODE, {"code": right})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    thief = Client()
    sign_in(thief, "editor")
    assert "Incorrect code" in said(thief.post(CODE, {"code": right}))  # seen over a shoulder: it was good once
    assert thief.post(CODE, {"code": codes[0]})["Location"] == "/admin/"
    another = Client()
    sign_in(another, "editor")
    assert "Incorrect code" in said(another.post(CODE, {"code": codes[0]}))


def test_who_turns_back_at_the_code_is_a_stranger_again() -> None:
    person(Role.EDITOR)
    first = Client()
    sign_in(first, "editor")
    enrol(first)
    client = Client()
    sign_in(client, "editor")
    assert client.get(LOGIN)["Location"] == CODE
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


def test_another_phone_is_set_up_after_the_first_is_taken_off(required: None) -> None:
    someone = person(Role.EDITOR)
    client = Client()
    sign_in(client, "editor")
    enrol(client)
    assert client.get("/accounts/second-factor/").status_code == 200
    assert client.get(ENROL)["Location"] == OFF
    assert client.get(OFF).status_code == 200
    assert client.post(OFF).status_code == 302
    assert not Authenticator.objects.filter(user=someone).exists()
    assert client.get(client.get("/admin/")["Location"])["Location"] == ENROL


def test_an_administrator_resets_a_lost_phone_and_that_is_written_down(caplog: Any, required: None) -> None:
    loser, boss = person(Role.EDITOR), person(Role.ADMIN)
    client, chief = Client(), Client()
    sign_in(client, "editor")
    enrol(client)
    sign_in(chief, "admin")
    enrol(chief)
    url = reverse("admin:access_user_changelist")
    answer = chief.post(url, {"action": "reset_second_factor", "_selected_action": [loser.pk]}, follow=True)
    assert "1 reset" in said(answer)
    assert not Authenticator.objects.filter(user=loser).exists()
    assert f"person {boss.pk} reset the second factor of person {loser.pk}" in caplog.text
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert chief.get("/admin/").status_code == 200


def test_a_seed_that_no_key_opens_is_refused_in_words() -> None:
    someone = person(Role.EDITOR)
    Authenticator.objects.create(user=someone, type="totp", data={"secret": "sealed with a key that was lost"})
    client = Client()
    sign_in(client, "editor")
    assert "cannot be read any longer" in said(client.post(CODE, {"code": "123456"}))
    assert client.get("/admin/").status_code == 302


def test_what_matters_asks_once_more_for_who_came_in_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    person(Role.EDITOR)
    client = Client()
    sign_in(client, "editor")
    monkeypatch.setenv("CLOCK_OFFSET", "600")
    asked = client.get(ENROL)
    assert asked["Location"].startswith("/accounts/again/")
    assert "Incorrect password" in said(client.post(asked["Location"], {"password": "wrong"}))
    monkeypatch.setenv("CLOCK_OFFSET", "0")
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == ENROL


@pytest.mark.parametrize(
    ("url", "secret"),
    [(LOGIN, "password"), ("/accounts/again/", "password"), (CODE, "code"), ("/accounts/second-factor/again/", "code"),
     (ENROL, "code")],
)  # fmt: skip
def test_what_is_typed_at_the_door_stands_in_no_report_of_an_error(url: str, secret: str) -> None:
    person(Role.EDITOR)
    client = Client()
    if url not in {LOGIN, CODE}:
        sign_in(client, "editor")
    asked: Any = client.post(url, {"login": "editor", secret: "typed"}).wsgi_request
    shown = get_exception_reporter_filter(asked).get_post_parameters(asked)
    assert secret in shown
    assert "typed" not in shown.values()


@pytest.mark.parametrize("url", [LOGIN, "/accounts/inactive/", "/accounts/oidc/cancelled/"])
def test_the_pages_before_the_door_keep_the_content_security_policy(url: str) -> None:
    answer = Client().get(url)
    assert answer.status_code == 200
    assert inline_in(answer) == []
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_the_pages_behind_the_door_keep_the_content_security_policy() -> None:
    person(Role.EDITOR)
    client = Client()
    sign_in(client, "editor")
    pages = [client.get(ENROL)]
    enrol(client)
    urls = ["", "again/", "off/"]
    pages += [client.get(f"/accounts/second-factor/{url}") for url in urls]
    pages += [client.get("/accounts/recovery-codes/"), client.get("/accounts/recovery-codes/new/")]
    pages += [client.get("/accounts/again/"), client.get("/accounts/logout/")]
    second = Client()
    sign_in(second, "editor")
    pages.append(second.get(CODE))
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert [inline_in(page) for page in pages] == [[]] * len(pages)
