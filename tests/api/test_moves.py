"""POST /claims/{uid}/moves."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from claims.models import Claim, Event, StatusChange
from claims.services import evidence, verdicts
from claims.services.claims import make
from factcheck.access.models import User
from sources.models import Document
from tests.api.conftest import Caller, Counts, is_problem
from tests.factories import person, token

pytestmark = pytest.mark.django_db


def move(caller: Caller, claim: Claim, **sent: Any) -> Any:
    return caller.post(f"claims/{claim.uid}/moves", {"seen": "unreviewed", **sent})


def test_a_move_is_answered_with_its_status_change(checker: Caller, claim: Claim) -> None:
    answer = move(checker, claim, to="in_review")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["number"], told["old"], told["new"], told["by"]) == (1, "unreviewed", "in_review", "fact_checker")
    claim.refresh_from_db()
    assert claim.status == "in_review"


def test_a_verdict_names_the_versions_that_were_on_the_table(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    by = User.objects.get(username="author")
    evidence.attach(claim, page, quote="", stance="refutes", by=by, now=today)  # type: ignore[arg-type]
    told = move(checker, claim, to="refuted", reason="The page says otherwise.").json()
    assert told["snapshots"] == [{"document": str(page.uid), "number": 1}]
    assert told["why"] == "The page says otherwise."


def test_unproven_takes_a_search_log_instead_of_evidence(checker: Caller, claim: Claim) -> None:
    sent = {"to": "not_enough_evidence", "reason": "Nobody knows."}
    is_problem(move(checker, claim, **sent), 422, "evidence_missing")
    answer = move(checker, claim, **sent, search_log="Asked the council and the police.")
    assert answer.status_code == 201
    assert answer.json()["search_log"] == "Asked the council and the police."


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"to": "in_review", "seen": "in_review"}, 409, "status_moved"),
    ({"to": "withdrawn", "reason": "x"}, 409, "illegal_transition"),
    ({"to": "unreviewed"}, 409, "illegal_transition"),
    ({"to": "supported"}, 422, "reason_missing"),
    ({"to": "supported", "reason": "  "}, 422, "reason_missing"),
    ({"to": "supported", "reason": "x"}, 422, "evidence_missing"),
    ({"to": "true"}, 422, "not_in_list"),
    ({"to": 5}, 422, "not_in_list"),
    ({"to": None}, 400, "invalid"),
    ({}, 400, "invalid"),
    ({"to": "in_review", "by": "editor"}, 400, "invalid"),
    ({"to": "in_review", "reason": "x" * 10_001}, 400, "invalid"),
    ({"to": "in_review", "reason": 5}, 400, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_refused_says_why_and_changes_nothing(  # noqa: PLR0917  fixtures
    checker: Caller, claim: Claim, counts: Counts, body: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    is_problem(move(checker, claim, **body), status, code)
    assert counts() == before
    claim.refresh_from_db()
    assert claim.status == "unreviewed"


def test_whoever_lost_the_role_meanwhile_is_refused_by_the_service_too(
    checker: Caller, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: Any, **_named: Any) -> None:
        raise verdicts.NotAllowed("Your role does not move claims.")

    monkeypatch.setattr(verdicts, "change_status", refused)
    is_problem(move(checker, claim, to="in_review"), 403, "not_allowed")


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_reviewers_is_told_that_it_moved(today: datetime) -> None:
    claim = make("The bridge is closed to lorries.", now=today)
    callers = [Caller(token(person(username=name))) for name in ("one", "two")]
    answers: list[Any] = []
    start = threading.Barrier(2)

    def review(caller: Caller, to: str) -> None:
        start.wait()
        try:
            answers.append(move(caller, claim, to=to, reason="x"))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=review, args=(caller, to))
        for caller, to in zip(callers, ("in_review", "not_checkable"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    is_problem(max(answers, key=lambda answer: answer.status_code), 409, "status_moved")
    assert StatusChange.objects.filter(claim=claim).count() == 1
    assert Event.objects.filter(subject_uid=claim.uid, type="claim.status_changed").count() == 1
