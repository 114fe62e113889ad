"""The door about itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from factcheck.access.roles import Scope
from factcheck.api.about import Me
from factcheck.api.doors import route
from factcheck.api.problems import KINDS
from tests.api.conftest import Caller, client_with, is_problem
from tests.api.test_access import ROUTES, methods

pytestmark = pytest.mark.django_db


def test_a_person_is_told_who_they_are(checker: Caller) -> None:
    told = checker.get("me").json()
    assert told["token"] == checker.secret[:12]
    assert {name: told[name] for name in ("kind", "name", "role", "scopes", "expires_at")} == {
        "kind": "person", "name": "fact_checker", "role": "fact_checker", "scopes": ["read:all", "write:desk"],
        "expires_at": None,
    }  # fmt: skip


def test_a_client_is_told_who_it_is() -> None:
    told = client_with(Scope.READ_PUBLISHED).get("me").json()
    assert (told["kind"], told["name"], told["role"]) == ("client", "Newsroom", None)


def test_a_route_is_written_without_its_last_slash() -> None:
    with pytest.raises(ImproperlyConfigured):
        route("me/", Me, name="x")


def test_every_code_is_explained(nobody: Caller) -> None:
    told = nobody.get("problems").json()
    assert {one["code"]: one["status"] for one in told} == {code: kind.status for code, kind in KINDS.items()}
    assert all(one["title"] for one in told)


@pytest.fixture(scope="module")
def schema() -> Any:
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_served_without_a_token_in_both_forms(nobody: Caller) -> None:
    assert nobody.get("schema", headers={"Accept": "application/json"}).json()["openapi"] == "3.1.1"
    assert nobody.get("schema", format="json").json()["openapi"] == "3.1.1"
    assert nobody.get("schema/").content.startswith(b"openapi: 3.1.1")


@pytest.mark.parametrize("query", ["version=%0a", "lang=xx", "format=xml", "format=%00", "x=1"])
def test_the_schema_takes_no_other_parameter(nobody: Caller, query: str) -> None:
    is_problem(nobody.get(f"/api/v1/schema?{query}"), 400, "query_invalid")
    if not query.startswith("format"):
        is_problem(nobody.get(f"/api/v1/docs?{query}"), 400, "query_invalid")


def test_every_operation_lists_its_problems_and_has_a_name_a_summary_and_a_tag(schema: Any) -> None:
    operations = [one for path in schema["paths"].values() for one in path.values()]
    listed = [view for name, view in ROUTES.items() if name not in {"api-schema", "api-docs"}]
    assert len(operations) == sum(len(methods(view)) for view in listed)
    for operation in operations:
        codes = set(operation["responses"])
        assert {"400", "406", "429", "500", "503"} <= codes, operation["operationId"]
        for code in codes - {"200", "201", "202", "304"}:
            assert list(operation["responses"][code]["content"]) == ["application/problem+json"]
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"][0]
        assert ("401" in codes) == bool(operation.get("security"))
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_the_schema_is_valid(schema: Any) -> None:
    from drf_spectacular.validation import validate_schema

    validate_schema(json.loads(json.dumps(schema, default=str)))


def test_the_page_to_try_it_on_loads_ours_only_and_nothing_inline(nobody: Caller) -> None:
    answer = nobody.get("docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<style" not in page
    assert "<script>" not in page
    assert "http" not in page
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-32x32.png"):
        assert finders.find(f"drf_spectacular_sidecar/swagger-ui-dist/{name}")
        assert name in page
    script = nobody.get("/api/v1/docs?script=")
    assert script["Content-Type"] == "application/javascript"
    assert "/api/v1/schema" in script.content.decode()
