"""Sources and policies, kept by editors; people, clients and tokens, kept by administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from claims.models import Policy
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import Token, User, digest_of, mint
from factcheck.access.roles import Role
from sources.models import Source, SourceName
from sources.services import sources
from tests.claims.admin.conftest import at, listed, said, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


@pytest.fixture
def chief() -> Client:
    return signed_in(Role.ADMIN)


def source_form(*names: str, initial: int = 0, **fields: Any) -> dict[str, Any]:
    rows = {f"names-{number}-name": name for number, name in enumerate(names)}
    counts = {"names-TOTAL_FORMS": len(names), "names-INITIAL_FORMS": initial}
    counts |= {"feeds-TOTAL_FORMS": 0, "feeds-INITIAL_FORMS": 0}
    return {
        "name": "The Selmar Post",
        "kind": "outlet",
        "reliability_grade": "B",
        "grade_why": "known",
        **rows,
        **counts,
        **fields,
    }


def test_a_source_is_made_and_goes_by_all_its_names(editor: Client) -> None:
    form = source_form("Selmar Post", "SP", home_domains="post.example,selmar.example")
    assert editor.post(listed(Source, "add"), form).status_code == 302
    source = Source.objects.get()
    assert source.home_domains == ["post.example", "selmar.example"]
    for name in ("the selmar post", "SP", "Selmar Post"):
        assert sources.find_or_make(name) == source
    page = said(editor.get(listed(Source)))
    assert "post.example, selmar.example" in page


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (source_form(name="Harbour Courier"), "A source goes by that name already."),
        (source_form("the HARBOUR courier"), "A source goes by that name already."),
        (source_form("SP", "S.P."), "A source goes by that name already."),
        (source_form(name=""), "This field is required."),
        (source_form(parent="999999"), "errorlist"),
        (source_form(reliability_grade="Z"), "errorlist"),
        (source_form("x" * 301), "at most 300"),
        (source_form(name="a\x00b"), "Null characters"),
    ],
)
def test_a_source_that_cannot_be_is_refused(editor: Client, form: dict[str, Any], words: str) -> None:
    sources.find_or_make("The Harbour Courier")
    answer = editor.post(listed(Source, "add"), form)
    assert answer.status_code == 200
    assert words in said(answer)
    assert Source.objects.count() == 1


def test_a_source_is_sorted_and_graded_and_a_wrong_name_taken_away(editor: Client) -> None:
    source = sources.find_or_make("The Harbour Courier")
    wrong = SourceName.objects.create(source=source, name="The Wrong Courier")
    right = source.names.get(name="The Harbour Courier")
    keep = {"names-0-id": right.pk, "names-0-source": source.pk, "names-1-id": wrong.pk, "names-1-source": source.pk}
    form = source_form("The Harbour Courier", "The Wrong Courier", initial=2, name="The Harbour Courier", **keep)
    assert editor.post(at(source), {**form, "names-1-DELETE": "on"}).status_code == 302
    source.refresh_from_db()
    assert source.reliability_grade == "B"
    assert [name.name for name in source.names.all()] == ["The Harbour Courier"]


def test_a_source_is_not_its_own_parent(editor: Client) -> None:
    source = sources.find_or_make("The Harbour Courier")
    answer = editor.post(at(source), source_form(name="The Harbour Courier", parent=source.pk))
    assert answer.status_code == 200
    assert "A source is not its own parent." in said(answer)


@pytest.mark.parametrize("query", ["kind=outlet", "grade=B", "q=courier"])
def test_sources_are_narrowed(editor: Client, query: str) -> None:
    source = Source.objects.create(name="A grade", kind="outlet", reliability_grade="B")
    SourceName.objects.create(source=source, name="The Courier")
    Source.objects.create(name="Another")
    found = editor.get(f"{listed(Source)}?{query}").context["cl"].result_list
    assert list(found) == [source]


def test_a_policy_is_changed_within_bounds(editor: Client) -> None:
    policy = Policy.objects.get(status="unconfirmed")
    form = {"status": "unconfirmed", "kind": "", "holds_for": "0 03:00:00"}
    assert editor.post(at(policy), form).status_code == 302
    policy.refresh_from_db()
    assert policy.holds_for == timedelta(hours=3)
    for wrong in ("0", "-1 00:00:00", "99999999 00:00:00", "9" * 40, "soon"):
        answer = editor.post(at(policy), {**form, "holds_for": wrong})
        assert answer.status_code == 200
        assert "errorlist" in said(answer)


def test_a_status_and_kind_have_one_policy(editor: Client) -> None:
    answer = editor.post(listed(Policy, "add"), {"status": "unconfirmed", "kind": "", "holds_for": "1 00:00:00"})
    assert answer.status_code == 200
    assert "errorlist" in said(answer)


def test_a_tokens_secret_is_shown_once(chief: Client) -> None:
    form = {"name": "CMS", "user": User.objects.get().pk, "scopes": ["read:all", "write:desk"]}
    assert chief.post(listed(Token, "add"), form).status_code == 302
    token = Token.objects.get()
    shown = said(chief.get(listed(Token)))
    secret = next(word for word in shown.replace("<", " ").split() if word.startswith("fct_") and len(word) > 40)
    assert digest_of(secret) == token.digest
    assert secret not in said(chief.get(listed(Token)))
    page = said(chief.get(at(token)))
    assert secret not in page
    assert token.digest not in page


@pytest.mark.parametrize(
    ("owner", "scopes", "words"),
    [
        ("", ["read:all"], "either to a person or to a client"),
        ("both", ["read:all"], "either to a person or to a client"),
        ("client", ["write:desk"], "for a person&#x27;s token"),
        ("user", [], "errorlist"),
        ("user", ["rule:world"], "errorlist"),
    ],
)
def test_a_token_that_cannot_be_is_refused(chief: Client, owner: str, scopes: list[str], words: str) -> None:
    client = Newsroom.objects.create(name="A newsroom")
    form: dict[str, Any] = {"name": "CMS", "scopes": scopes}
    form |= {"user": User.objects.get().pk} if owner in {"user", "both"} else {}
    form |= {"client": client.pk} if owner in {"client", "both"} else {}
    answer = chief.post(listed(Token, "add"), form)
    assert answer.status_code == 200
    assert words in said(answer)
    assert not Token.objects.exists()


def test_a_token_is_revoked_and_stays_so(chief: Client) -> None:
    token, _secret = mint(name="CMS", scopes=["read:all"], user=User.objects.get())
    form = {"action": "revoke", "_selected_action": [token.pk]}
    chief.post(listed(Token), form)
    token.refresh_from_db()
    first = token.revoked_at
    assert first is not None
    chief.post(listed(Token), form)
    token.refresh_from_db()
    assert token.revoked_at == first


def test_a_token_is_not_changed(chief: Client) -> None:
    token, _secret = mint(name="CMS", scopes=["read:published"], user=User.objects.get())
    assert chief.post(at(token), {"name": "CMS", "scopes": ["read:all"]}).status_code == 403


def test_a_person_gets_a_role_and_a_password(chief: Client) -> None:
    form = {"username": "ada", "role": "editor", "password1": "correct horse", "password2": "correct horse"}
    assert chief.post(listed(User, "add"), form).status_code == 302
    ada = User.objects.get(username="ada")
    assert (ada.role, ada.is_staff, ada.is_superuser) == ("editor", False, False)
    assert Client().login(username="ada", password="correct horse")
    weak = {**form, "username": "bo", "password1": "12345", "password2": "12345"}
    assert "too short" in said(chief.post(listed(User, "add"), weak))


def test_nobody_is_made_more_than_a_role(chief: Client) -> None:
    ada = person(Role.READER)
    form = {"username": "reader", "role": "fact_checker", "is_active": "on", "is_superuser": "on", "is_staff": "on"}
    assert chief.post(at(ada), {**form, "user_permissions": ["1"], "groups": ["1"]}).status_code == 302
    ada.refresh_from_db()
    assert (ada.role, ada.is_superuser, ada.is_staff) == ("fact_checker", False, False)


def test_a_password_is_set_anew_by_an_administrator(chief: Client, editor: Client) -> None:
    ada = person(Role.READER)
    url = f"/admin/access/user/{ada.pk}/password/"
    form = {"password1": "another horse", "password2": "another horse", "usable_password": "true"}
    assert editor.post(url, form).status_code == 403
    assert chief.post(url, form).status_code == 302
    assert Client().login(username="reader", password="another horse")


def test_people_are_narrowed_by_role_and_name(chief: Client) -> None:
    ada = person(Role.READER)
    for query in ("role=reader", "q=read"):
        assert list(chief.get(f"{listed(User)}?{query}").context["cl"].result_list) == [ada]


def test_a_client_is_made_and_disabled(chief: Client) -> None:
    assert chief.post(listed(Newsroom, "add"), {"name": "CMS"}).status_code == 302
    client = Newsroom.objects.get()
    form = {"name": "CMS", "disabled_at_0": "2026-03-02", "disabled_at_1": "09:00"}
    assert chief.post(at(client), form).status_code == 302
    client.refresh_from_db()
    assert client.disabled_at is not None
