"""Every route times everybody who may come: the routes are read from the URL conf, so a new one needs its line here."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from factcheck.access.roles import Role, Scope
from factcheck.api.doors import Door
from tests.api.conftest import Caller, client_with, is_problem
from tests.factories import person, token

UID = "00000000-0000-4000-8000-000000000000"
DESK = {"reader", "checker", "checker read:all", "editor", "admin", "client read:all"}
SUBMITS = {"checker", "checker write:suggest", "editor", "admin", "client write:suggest"}
WORKS = {"checker", "editor", "admin"}
EVERYBODY = DESK | SUBMITS | {"no role", "client read:published", "reader write:desk"}

# route, method: who is let in
LET_IN: dict[tuple[str, str], set[str]] = {
    ("api-me", "GET"): EVERYBODY,
    ("api-problems", "GET"): EVERYBODY | {"nobody"},
    ("api-schema", "GET"): EVERYBODY | {"nobody"},
    ("api-docs", "GET"): EVERYBODY | {"nobody"},
    ("api-articles", "GET"): DESK | SUBMITS,
    ("api-articles", "POST"): SUBMITS,
    ("api-article", "GET"): DESK | SUBMITS,
    ("api-claims", "GET"): DESK | SUBMITS,
    ("api-claims", "POST"): SUBMITS,
    ("api-claim", "GET"): DESK | SUBMITS,
    ("api-history", "GET"): DESK,
    ("api-moves", "POST"): WORKS,
    ("api-evidence", "GET"): DESK,
    ("api-evidence", "POST"): WORKS,
    ("api-accept", "POST"): WORKS,
    ("api-dismiss", "POST"): WORKS,
    ("api-documents", "GET"): DESK,
    ("api-document", "GET"): DESK,
    ("api-look", "POST"): WORKS,
    ("api-checks", "GET"): DESK,
    ("api-sources", "GET"): DESK,
    ("api-source", "GET"): DESK,
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


@pytest.fixture
def callers(db: None) -> dict[str, Caller]:
    checker = person()
    reader = person(Role.READER)
    return {
        "nobody": Caller(""),
        "no role": Caller(token(person(""), Scope.READ_ALL, Scope.WRITE_DESK, Scope.WRITE_SUGGEST)),
        "reader": Caller(token(reader, Scope.READ_ALL)),
        "reader write:desk": Caller(token(reader, Scope.WRITE_DESK, Scope.WRITE_SUGGEST)),
        "checker": Caller(token(checker)),
        "checker read:all": Caller(token(checker, Scope.READ_ALL)),
        "checker write:suggest": Caller(token(checker, Scope.WRITE_SUGGEST)),
        "editor": Caller(token(person(Role.EDITOR))),
        "admin": Caller(token(person(Role.ADMIN))),
        "client read:published": client_with(Scope.READ_PUBLISHED),
        "client write:suggest": client_with(Scope.WRITE_SUGGEST),
        "client read:all": client_with(Scope.READ_ALL),
    }


@pytest.mark.parametrize(("name", "method"), LET_IN)
def test_each_cell_of_the_matrix(callers: dict[str, Caller], name: str, method: str) -> None:
    many = {"api-accept": 2, "api-dismiss": 2}.get(name, 1 if "<uuid" in ADDRESS[name] else 0)
    path = reverse(name, args=[UID] * many)
    for who, caller in callers.items():
        answer = caller.raw(path, b"{}" if method == "POST" else b"", method=method)
        if who in LET_IN[name, method]:
            assert answer.status_code in {200, 400, 404}, (who, answer.content)
        elif who == "nobody":
            is_problem(answer, 401, "not_authenticated")
            assert answer["WWW-Authenticate"] == 'Bearer realm="factcheck"'
        else:
            is_problem(answer, 403, "not_allowed")


ADDRESS = {
    pattern.name: str(pattern.pattern)
    for include in get_resolver().url_patterns
    if isinstance(include, URLResolver) and str(include.pattern) == "api/v1/"
    for pattern in include.url_patterns
    if isinstance(pattern, URLPattern)
}


@pytest.mark.django_db
def test_read_published_is_told_that_nothing_is_published_yet(subscriber: Caller) -> None:
    told = is_problem(subscriber.get("claims"), 403, "not_allowed")
    assert "publishes nothing yet" in told["detail"]


@pytest.mark.django_db
def test_a_method_that_a_route_does_not_have_is_405_with_those_it_has(checker: Caller, nobody: Caller) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
        answer = checker.raw("claims", b"", method=method)
        is_problem(answer, 405, "method_not_allowed")
        assert answer["Allow"] == "GET, HEAD, POST"
        is_problem(nobody.raw("claims", b"", method=method), 401, "not_authenticated")
    is_problem(checker.raw("claims", b"{}", headers={"X-HTTP-Method-Override": "DELETE"}), 400, "invalid")


@pytest.mark.django_db
def test_head_is_get_without_a_body(checker: Caller, subscriber: Caller) -> None:
    answer = checker.raw("claims", b"", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert subscriber.raw("claims", b"", method="HEAD").status_code == 403
