"""Coming in by the newsroom's provider: who it vouches for must be on the desk already, and its word must be signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from factcheck import env
from factcheck.access.models import User
from factcheck.access.roles import Role
from tests.access.browser import CODE, ENROL, code_of, enrol, has_second_factor, sign_in
from tests.access.provider import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.claims.admin.conftest import inline_in, said
from tests.factories import person

pytestmark = pytest.mark.django_db
AT = "/accounts/oidc/desk/login/"
ILKA = {"email": "ilka@desk.example", "email_verified": True}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A desk with a provider."""
    with running() as one:
        app = {
            "provider_id": "desk", "name": "The Newsroom", "client_id": CLIENT_ID, "secret": CLIENT_SECRET,
            "settings": {"server_url": one.issuer},
        }  # fmt: skip
        settings.OIDC_ISSUER = one.issuer
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield one


def come_in(client: Client, provider: Provider, *, to: str = "") -> Any:
    """Press the button, be let in by the provider, and come back."""
    sent = client.get(AT + (f"?next={to}" if to else ""))
    assert sent.status_code == 302, said(sent)
    assert sent["Location"].startswith(f"{provider.issuer}/authorize?")
    back = urlsplit(provider.authorize(sent["Location"]))
    return client.get(f"{back.path}?{back.query}")


def test_whom_the_provider_vouches_for_comes_in_as_the_person_of_that_address(provider: Provider) -> None:
    someone = person(Role.EDITOR, email="Ilka@desk.example")
    provider.person = ILKA
    client = Client()
    assert "Sign in with The Newsroom" in said(client.get("/accounts/login/"))
    assert come_in(client, provider, to="/admin/claims/claim/")["Location"] == "/admin/claims/claim/"
    assert client.get("/admin/claims/claim/").status_code == 200
    someone.refresh_from_db()
    assert someone.has_usable_password()
    assert not someone.is_staff


@pytest.mark.parametrize(
    "says",
    [
        {"email": "ilka@desk.example", "email_verified": False},
        {"email": "ilka@desk.example"},
        {"email": "ilka@desk.example", "email_verified": "true"},
        {"email": "another@desk.example", "email_verified": True},
        {"email_verified": True},
    ],
)
def test_whom_it_does_not_vouch_for_stays_outside_and_nobody_is_made(provider: Provider, says: dict[str, Any]) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    provider.person = says
    client = Client()
    answer = come_in(client, provider)
    assert answer.status_code == 403
    assert "nobody active on this desk has the e-mail address" in said(answer)
    assert inline_in(answer) == []
    assert client.get("/admin/").status_code == 302
    assert User.objects.count() == 1


def test_an_address_that_two_people_have_opens_nothing(provider: Provider) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    person(Role.ADMIN, email="ilka@desk.example")
    provider.person = ILKA
    assert come_in(Client(), provider).status_code == 403


@pytest.mark.parametrize("alike", ["\u0131lka@desk.example", "ilka@de\u017fk.example", "\uff49lka@desk.example"])
def test_an_address_that_only_looks_alike_opens_nothing(provider: Provider, alike: str) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    provider.person = {"email": alike, "email_verified": True}
    assert come_in(Client(), provider).status_code == 403


def test_who_is_not_active_or_has_no_role_stays_outside(provider: Provider) -> None:
    someone = person("", email="ilka@desk.example")
    provider.person = ILKA
    assert "has no role on the desk yet" in said(come_in(Client(), provider))
    User.objects.filter(pk=someone.pk).update(is_active=False, role=Role.ADMIN)
    assert come_in(Client(), provider).status_code == 403


def test_the_second_factor_is_asked_for_as_well(provider: Provider) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    first = Client()
    sign_in(first, "editor")
    enrol(first)
    provider.person = ILKA
    client = Client()
    assert come_in(client, provider)["Location"] == CODE
    assert client.get("/admin/").status_code == 302


def test_who_came_by_the_provider_sets_up_a_phone_without_a_password(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = person(Role.EDITOR, email="ilka@desk.example")
    provider.person = ILKA
    client = Client()
    come_in(client, provider)
    monkeypatch.setenv("CLOCK_OFFSET", "600")  # finding an app took a while
    seed = re.findall(r'<code class="seed-words">([A-Z2-7]+)</code>', client.get(ENROL).content.decode())[0]
    assert client.post(ENROL, {"code": code_of(seed)})["Location"] == "/accounts/recovery-codes/"
    assert has_second_factor(someone)
    assert len(re.findall(r"<code>\d{8}</code>", client.get("/accounts/recovery-codes/").content.decode())) == 10


@pytest.mark.parametrize(
    "wrong", ["signature", "unsigned", "symmetric", "key", "audience", "issuer", "expired", "no token"]
)
def test_a_token_that_is_not_right_in_every_point_opens_nothing(provider: Provider, wrong: str) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    provider.person, provider.wrong = ILKA, wrong
    client = Client()
    answer = come_in(client, provider)
    assert "did not answer as it should" in said(answer)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("wrong", ["name", "away"])
def test_a_provider_that_is_away_or_another_is_told_in_words(provider: Provider, wrong: str) -> None:
    client = Client()
    sent = client.get(AT)
    provider.wrong = wrong
    back = urlsplit(provider.authorize(sent["Location"]))
    assert "did not answer as it should" in said(client.get(f"{back.path}?{back.query}"))
    if wrong == "away":
        answer = Client().get(AT)
        assert answer.status_code == 502
        assert "did not answer as it should" in said(answer)


def test_a_state_that_this_browser_did_not_make_opens_nothing(provider: Provider) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    provider.person = ILKA
    back = urlsplit(provider.authorize(Client().get(AT)["Location"]))
    victim = Client()
    assert "did not answer as it should" in said(victim.get(f"{back.path}?{back.query}"))
    assert "You turned back" in said(Client().get("/accounts/oidc/cancelled/"))


def test_nobody_ties_a_foreign_account_to_his_own(provider: Provider) -> None:
    person(Role.EDITOR, email="ilka@desk.example")
    provider.person = {"email": "evil@desk.example", "email_verified": True}
    client = Client()
    sign_in(client, "editor")
    sent = client.get(f"{AT}?process=connect")
    back = urlsplit(provider.authorize(sent["Location"]))
    assert client.get(f"{back.path}?{back.query}").status_code == 403


def test_without_a_provider_there_is_no_button_and_no_door() -> None:
    assert "Sign in with" not in said(Client().get("/accounts/login/"))
    assert Client().get(AT).status_code == 404


@pytest.mark.parametrize("text", ["http://id.example", "id.example", "https://", "ftp://id.example"])
def test_an_issuer_without_https_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OIDC_ISSUER", text)
    with pytest.raises(ImproperlyConfigured, match="https://"):
        env.issuer("OIDC_ISSUER", may_be_http=False)


def test_an_issuer_is_taken_without_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example/realms/desk/")
    assert env.issuer("OIDC_ISSUER", may_be_http=False) == "https://id.example/realms/desk"
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:8123")
    assert env.issuer("OIDC_ISSUER", may_be_http=True) == "http://127.0.0.1:8123"
