"""What nobody expected, and what Django answers itself."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import UnreadablePostError
from django.test import RequestFactory
from rest_framework.exceptions import APIException, ParseError, ValidationError

from claims.api.v1.claims import Claims
from factcheck.api import problems
from tests.api.conftest import Caller, is_problem

pytestmark = pytest.mark.django_db


def breaking(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(*_args: Any, **_named: Any) -> None:
        raise error

    monkeypatch.setattr(Claims, "get", broken)


@pytest.mark.parametrize("debug", [False, True])
def test_what_nobody_expected_is_logged_and_not_shown(
    checker: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Any, debug: bool
) -> None:
    settings.DEBUG = debug
    breaking(monkeypatch, RuntimeError("the password is swordfish"))
    answer = checker.get("claims", headers={"X-Request-ID": "seen-in-the-log"})
    is_problem(answer, 500, "internal")
    assert "swordfish" not in answer.content.decode()
    record = next(one for one in caplog.records if one.name == "factcheck.api.problems")
    assert "seen-in-the-log" in record.getMessage()
    assert record.exc_info is not None


ANSWERS = [
    (OperationalError("gone"), 503, "unavailable"),
    (PermissionDenied(), 403, "not_allowed"),
    (RequestDataTooBig(), 413, "too_large"),
    (UnreadablePostError(), 400, "bad_request"),
    (ParseError("x"), 400, "bad_request"),
    (SuspiciousOperation("x"), 400, "bad_request"),
    (APIException("x"), 500, "internal"),
]


@pytest.mark.parametrize(("error", "status", "code"), ANSWERS, ids=lambda value: type(value).__name__)
def test_what_frameworks_raise_is_a_problem_too(
    checker: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    breaking(monkeypatch, error)
    answer = checker.get("claims")
    is_problem(answer, status, code)
    assert answer.get("Retry-After") == ("5" if status == 503 else None)


def test_an_error_deep_in_a_body_has_its_whole_pointer(checker: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, ValidationError({"a": [{"b/c": ["wrong"]}], "non_field_errors": ["all of it"]}))
    told = is_problem(checker.get("claims"), 400, "invalid")
    assert [one["pointer"] for one in told["errors"]] == ["#/a/b~1c", "#"]


def test_an_error_of_a_whole_query_names_no_parameter(checker: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, problems.QueryInvalid(["wrong"]))
    assert is_problem(checker.get("claims"), 400, "query_invalid")["errors"][0]["parameter"] == ""


OF_DJANGO = [
    (problems.bad_request, (SuspiciousOperation(),), 400, "bad_request"),
    (problems.bad_request, (RequestDataTooBig(),), 413, "too_large"),
    (problems.not_allowed, (PermissionDenied(),), 403, "not_allowed"),
    (problems.not_found, (Exception(),), 404, "not_found"),
    (problems.broken, (), 500, "internal"),
]


@pytest.mark.parametrize(("handler", "args", "status", "code"), OF_DJANGO)
def test_djangos_own_errors_are_problems_under_api_and_pages_elsewhere(
    handler: Any, args: tuple[Any, ...], status: int, code: str
) -> None:
    is_problem(handler(RequestFactory().get("/api/v1/x"), *args), status, code)
    page = handler(RequestFactory().get("/admin/x"), *args)
    assert page["Content-Type"].startswith("text/html")
    assert page.status_code == (400 if status == 413 else status)


def test_every_refusal_of_a_service_has_a_code_that_is_known() -> None:
    from typing import get_args

    from claims.services.verdicts import VerdictRefused
    from factcheck.lib.addresses import Code

    codes = {one.code for one in VerdictRefused.__subclasses__()} | set(get_args(Code))
    assert codes <= set(problems.KINDS)


def test_a_problem_is_json_whatever_was_asked_for(nobody: Caller) -> None:
    answer = nobody.get("claims", headers={"Accept": "text/html", "Accept-Language": "de"})
    is_problem(answer, 406, "not_acceptable")
    json.loads(answer.content)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
