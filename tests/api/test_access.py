"""Every route times everybody who may come: the routes are read from the URL conf, so a new one needs its line here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.models import Claim
from factcheck.access.models import Client, Token, mint
from factcheck.access.roles import Role, Scope
from factcheck.api.doors import Door
from factcheck.lib import clock
from sources.models import Document
from tests.api.conftest import Caller, client_with, is_problem
from tests.factories import person, token

UID = "00000000-0000-4000-8000-000000000000"
SCOPES = {"read:published", "read:all", "write:suggest", "write:desk"}
CHECKERS = {"fact_checker", "editor", "admin"}
ROLES = {"", "reader"} | CHECKERS

# What a door asks for, in the words of the domain: role (or "client") and scope of whoever it lets in.
NEEDS: dict[str, set[tuple[str, str]]] = {
    "a token": {(role, scope) for role in ROLES | {"client"} for scope in SCOPES} - {("client", "write:desk")},
    "to see the desk": {(role, "read:all") for role in (ROLES - {""}) | {"client"}},
    "to submit": {(role, scope) for role in CHECKERS for scope in ("write:suggest", "write:desk")}
    | {("client", "write:suggest")},
    "to work on claims": {(role, "write:desk") for role in CHECKERS},
}
NEEDS["to see the desk or to submit"] = NEEDS["to see the desk"] | NEEDS["to submit"]
NEEDS["nothing"] = NEEDS["a token"]

# route, method: what it asks for
LET_IN: dict[tuple[str, str], str] = {
    ("api-me", "GET"): "a token",
    ("api-problems", "GET"): "nothing",
    ("api-schema", "GET"): "nothing",
    ("api-docs", "GET"): "nothing",
    ("api-articles", "GET"): "to see the desk or to submit",
    ("api-articles", "POST"): "to submit",
    ("api-article", "GET"): "to see the desk or to submit",
    ("api-claims", "GET"): "to see the desk or to submit",
    ("api-claims", "POST"): "to submit",
    ("api-claim", "GET"): "to see the desk or to submit",
    ("api-history", "GET"): "to see the desk",
    ("api-independence", "GET"): "to see the desk",
    ("api-similar", "GET"): "to see the desk",
    ("api-claim-known-checks", "GET"): "to see the desk",
    ("api-known-checks", "GET"): "to see the desk",
    ("api-moves", "POST"): "to work on claims",
    ("api-evidence", "GET"): "to see the desk",
    ("api-evidence", "POST"): "to work on claims",
    ("api-accept", "POST"): "to work on claims",
    ("api-dismiss", "POST"): "to work on claims",
    ("api-links", "GET"): "to see the desk",
    ("api-drifts", "GET"): "to see the desk",
    **{
        (f"api-{what}-{do}", "POST"): "to work on claims"
        for what in ("link", "drift")
        for do in ("accept", "dismiss", "undo")
    },
    ("api-documents", "GET"): "to see the desk",
    ("api-document", "GET"): "to see the desk",
    ("api-look", "POST"): "to work on claims",
    ("api-checks", "GET"): "to see the desk",
    ("api-versions", "GET"): "to see the desk",
    ("api-version", "GET"): "to see the desk",
    ("api-difference", "GET"): "to see the desk",
    ("api-supply", "POST"): "to work on claims",
    ("api-sources", "GET"): "to see the desk",
    ("api-source", "GET"): "to see the desk",
}


def routes(resolver: Any = None, prefix: str = "") -> dict[str, Any]:
    """Return the named views under /api/v1/."""
    found: dict[str, Any] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        at = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and "api/v1/".startswith(at[:7]):
            found |= routes(pattern, at)
        elif isinstance(pattern, URLPattern) and at.startswith("api/v1/"):
            assert pattern.name is not None, at
            found[pattern.name] = pattern.callback.view_class  # type: ignore[attr-defined]
    return found


ROUTES = routes()


def methods(view: Any) -> list[str]:
    return [method for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(view, method.lower())]


def test_every_route_and_method_has_its_line() -> None:
    assert {(name, method) for name, view in ROUTES.items() for method in methods(view)} == set(LET_IN)


def test_every_door_with_a_token_names_an_action_for_each_method() -> None:
    for view in ROUTES.values():
        if issubclass(view, Door) and view.actions:
            assert set(view.actions) == set(methods(view)), view


ADDRESS = {
    pattern.name: str(pattern.pattern)
    for include in get_resolver().url_patterns
    if isinstance(include, URLResolver) and str(include.pattern) == "api/v1/"
    for pattern in include.url_patterns
    if isinstance(pattern, URLPattern)
}


def path_of(name: str, uid: Any = UID) -> str:
    return reverse(name, args=[uid] * ADDRESS[name].count("<uuid") + [1] * ADDRESS[name].count("<int"))


def asked(caller: Caller, name: str, method: str, headers: dict[str, str] | None = None) -> Any:
    return caller.raw(path_of(name), b"{}" if method == "POST" else b"", method=method, headers=headers)


@pytest.fixture
def callers(db: None) -> dict[tuple[str, str], Caller]:
    """Everybody who may come: each role and a client, with each scope alone."""
    people = {role: person(role, username=f"person {role}") for role in ROLES}
    made = {(role, scope): Caller(token(people[role], Scope(scope))) for role in ROLES for scope in SCOPES}
    for scope in SCOPES - {"write:desk"}:
        made["client", scope] = client_with(Scope(scope))
    return made


@pytest.mark.parametrize(("name", "method"), LET_IN)
def test_each_cell_of_the_matrix(callers: dict[tuple[str, str], Caller], name: str, method: str) -> None:
    assert set(callers) == NEEDS["a token"]
    for who, caller in callers.items():
        answer = asked(caller, name, method)
        if who in NEEDS[LET_IN[name, method]]:
            assert answer.status_code in {200, 400, 404}, (who, answer.content)
        else:
            is_problem(answer, 403, "not_allowed")


@pytest.fixture
def strangers(db: None) -> dict[str, Caller]:
    """Everybody who may not come at all: each has, or once had, every scope there is."""
    admin = person(Role.ADMIN)
    every = [scope.value for scope in Scope]
    now = clock.now()

    def minted(**fields: Any) -> Caller:
        made, secret = mint(name="x", scopes=fields.pop("scopes", every), **fields.pop("owner", {"user": admin}))
        Token.objects.filter(pk=made.pk).update(**fields)
        return Caller(secret)

    left = person(Role.ADMIN, username="left", is_active=False)
    gone = Client.objects.create(name="Gone", disabled_at=now)
    valid = minted().secret
    return {
        "wrong": Caller("fct_" + "x" * 43),
        "10 kB": Caller("x" * 10_000),
        "newline": Caller(f"{valid}\nx"),
        "half": Caller(valid[:-1]),
        "other case": Caller(valid.swapcase()),
        "expired": minted(expires_at=now - timedelta(seconds=1)),
        "revoked": minted(revoked_at=now),
        "of an inactive person": minted(owner={"user": left}),
        "of a disabled client": minted(owner={"client": gone}, scopes=["read:all", "write:suggest"]),
    }


@pytest.mark.parametrize(("name", "method"), LET_IN)
def test_whoever_has_no_valid_token_is_told_the_same_everywhere(
    strangers: dict[str, Caller], name: str, method: str
) -> None:
    told = set()
    for who, caller in strangers.items():
        answer = asked(caller, name, method)
        if LET_IN[name, method] == "nothing":
            assert answer.status_code == 200, who
            continue
        told.add(is_problem(answer, 401, "token_invalid")["detail"])
        assert answer["WWW-Authenticate"] == 'Bearer realm="factcheck"'
    assert len(told) <= 1
    if told:
        answer = asked(Caller(""), name, method)
        is_problem(answer, 401, "not_authenticated")
        assert answer["WWW-Authenticate"] == 'Bearer realm="factcheck"'


@pytest.mark.parametrize("name", ROUTES)
def test_a_method_that_a_route_does_not_have_is_405_with_those_it_has(name: str, db: None) -> None:
    admin, has = Caller(token(person(Role.ADMIN), *Scope)), methods(ROUTES[name])
    allowed = [method for method in ("GET", "HEAD", "POST") if method in has or (method == "HEAD" and "GET" in has)]
    others = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"} - set(allowed)
    for method in others:
        answer = asked(admin, name, method)
        assert answer.status_code == 405, (method, answer.content)
        assert answer["Allow"] == ", ".join(allowed)
        if method != "HEAD":
            is_problem(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(("name", "method"), LET_IN)
def test_no_header_turns_one_method_into_another(name: str, method: str, db: None) -> None:
    admin = Caller(token(person(Role.ADMIN), *Scope))
    forged = dict.fromkeys(("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "DELETE")
    assert asked(admin, name, method, forged).status_code == asked(admin, name, method).status_code


def test_what_another_sent_in_is_not_there(suggester: Caller, checker: Caller) -> None:
    """404 and never 403: an answer that says "not yours" says that it exists."""
    other = client_with(Scope.WRITE_SUGGEST, name="Another newsroom")
    writer = Caller(token(person(username="writer"), Scope.WRITE_SUGGEST))
    sent = {
        "api-article": suggester.post("articles", {"text": "The mayor resigned."}).json()["uid"],
        "api-claim": suggester.post("claims", {"text": "The mayor resigned."}).json()["uid"],
    }
    assert set(sent) == {name for name, _method in LET_IN if LET_IN[name, "GET" if "GET" in methods(ROUTES[name]) else
                         "POST"] == "to see the desk or to submit" and "<uuid" in ADDRESS[name]}  # fmt: skip
    for name, uid in sent.items():
        assert suggester.get(path_of(name, uid)).status_code == checker.get(path_of(name, uid)).status_code == 200
        for caller in (other, writer):
            missing = is_problem(caller.get(path_of(name)), 404, "not_found")
            theirs = is_problem(caller.get(path_of(name, uid)), 404, "not_found")
            assert theirs["detail"] == missing["detail"]
    claim = {"text": "It burned.", "article": sent["api-article"], "quote": "The mayor resigned."}
    is_problem(other.post("claims", claim), 422, "article_unknown")


def test_what_one_may_not_do_is_403_whether_or_not_it_exists(suggester: Caller, claim: Claim, page: Document) -> None:
    for (name, method), need in LET_IN.items():
        if need not in {"to see the desk", "to work on claims"} or "<uuid" not in ADDRESS[name]:
            continue
        for uid in (UID, claim.uid, page.uid):
            answer = suggester.raw(path_of(name, uid), b"{}" if method == "POST" else b"", method=method)
            is_problem(answer, 403, "not_allowed")


@pytest.mark.django_db
def test_read_published_is_told_that_nothing_is_published_yet(subscriber: Caller) -> None:
    told = is_problem(subscriber.get("claims"), 403, "not_allowed")
    assert "publishes nothing yet" in told["detail"]


@pytest.mark.django_db
def test_head_is_get_without_a_body(checker: Caller, subscriber: Caller) -> None:
    answer = checker.raw("claims", b"", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert subscriber.raw("claims", b"", method="HEAD").status_code == 403
