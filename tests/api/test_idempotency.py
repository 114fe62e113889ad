"""Idempotency-Key: what was done once is not done again, and its answer is given again."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Article, Claim, Evidence, StatusChange
from claims.services import evidence
from factcheck.access import idempotency
from factcheck.access.models import AnsweredKey, Token
from factcheck.access.roles import Scope
from sources.models import Document
from tests.api.conftest import PAGE, Caller, Counts, client_with, is_problem
from tests.api.test_access import ROUTES, methods

pytestmark = pytest.mark.django_db

TEXT = {"text": "The mayor of Selmar resigned on Monday."}


def keyed(caller: Caller, path: str, body: Any = None, key: str = "k-1") -> Any:
    return caller.post(path, body, headers={"Idempotency-Key": key})


def test_every_post_takes_a_key() -> None:
    posts = [view for view in ROUTES.values() if "POST" in methods(view)]
    assert posts
    assert all(hasattr(view.post, "takes_key") for view in posts)


def test_an_unanswered_ingest_retried_with_the_same_key_gives_one_article(checker: Caller) -> None:
    first, again = (keyed(checker, "articles", TEXT) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Article.objects.count() == 1


def test_each_kind_of_post_is_done_once(checker: Caller, claim: Claim, page: Document, today: datetime) -> None:
    evidence.suggest(claim, page, because="a link", now=today)
    at = f"claims/{claim.uid}"
    suggested = f"{at}/evidence/{Evidence.objects.get().uid}"
    posts: list[tuple[str, Any]] = [
        ("claims", TEXT),
        (f"{suggested}/accept", {"stance": "supports", "quote": "closed to lorries"}),
        (f"{suggested}/dismiss", None),
        (f"{at}/evidence", {"url": PAGE, "stance": "context"}),
        (f"{at}/moves", {"to": "in_review", "seen": "unreviewed"}),
        (f"documents/{page.uid}/look", None),
    ]
    for number, (path, body) in enumerate(posts):
        first, again = (keyed(checker, path, body, key=f"k-{number}") for _time in range(2))
        assert first.status_code < 300, (path, first.content)
        assert (again.status_code, again["Idempotency-Replayed"]) == (first.status_code, "true"), path
        assert first.get("Location") == again.get("Location")
        assert first.json() == again.json() or path.endswith("look")
    assert Claim.objects.count() == 2
    assert Evidence.objects.count() == 2
    assert StatusChange.objects.count() == 1


def test_a_replay_shows_what_was_made_as_it_stands_now(checker: Caller) -> None:
    made = keyed(checker, "claims", TEXT).json()
    checker.post(f"claims/{made['uid']}/moves", {"to": "in_review", "seen": "unreviewed"})
    again = keyed(checker, "claims", TEXT)
    assert (again.status_code, again.json()["uid"], again.json()["status"]) == (201, made["uid"], "in_review")


GOOD = [
    "k",
    '"k"',
    " k ",
    "8e03978e-40d5-43dd-bc93-6894a57f9324",
    '"a key with spaces, \\"quoted\\""',
    "x" * 255,
    '"' + "x" * 255 + '"',
]
BAD = ["", '""', " ", "x" * 256, '"' + "x" * 256 + '"', "a b", '"a', 'a"', "ключ", "\x7f", '"a\\b"', '"a";p=1', "a\x00"]


@pytest.mark.parametrize("key", GOOD)
def test_a_key_is_bare_or_quoted(checker: Caller, key: str) -> None:
    assert keyed(checker, "claims", TEXT, key=key).status_code == 201


def test_a_quoted_key_is_the_bare_one(checker: Caller) -> None:
    keyed(checker, "claims", TEXT, key="k")
    assert keyed(checker, "claims", TEXT, key='"k"')["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", BAD)
def test_any_other_key_is_refused_and_nothing_done(checker: Caller, counts: Counts, key: str) -> None:
    before = counts()
    is_problem(keyed(checker, "claims", TEXT, key=key), 400, "idempotency_key_invalid")
    assert counts() == before


def test_a_key_of_another_request_is_refused(checker: Caller, counts: Counts) -> None:
    keyed(checker, "articles", TEXT)
    before = counts()
    is_problem(keyed(checker, "articles", {"text": "Another text."}), 422, "idempotency_key_reused")
    is_problem(keyed(checker, "claims", TEXT), 422, "idempotency_key_reused")
    assert counts() == before


def test_a_key_belongs_to_the_person_or_client_and_not_to_the_token() -> None:
    first, second = client_with(Scope.WRITE_SUGGEST), client_with(Scope.WRITE_SUGGEST)
    other = client_with(Scope.WRITE_SUGGEST, name="Another newsroom")
    made = keyed(first, "claims", TEXT).json()
    assert keyed(second, "claims", TEXT).json()["uid"] == made["uid"]
    assert keyed(other, "claims", TEXT).json()["uid"] != made["uid"]


def test_who_may_not_do_it_is_told_so_also_with_a_key_that_was_answered(checker: Caller) -> None:
    keyed(checker, "claims", TEXT)
    Token.objects.update(scopes=["read:all"])
    is_problem(keyed(checker, "claims", TEXT), 403, "not_allowed")


def test_a_refusal_leaves_its_key_free(checker: Caller, claim: Claim) -> None:
    at = f"claims/{claim.uid}/moves"
    is_problem(keyed(checker, at, {"to": "supported", "seen": "unreviewed"}), 422, "reason_missing")
    is_problem(keyed(checker, at, {"to": "supported"}), 428, "precondition_required")
    is_problem(keyed(checker, at, b"{"), 400, "malformed_json")
    assert AnsweredKey.objects.count() == 0
    assert keyed(checker, at, {"to": "in_review", "seen": "unreviewed"}).status_code == 201


def test_what_a_refusal_keeps_is_kept_with_a_key_too(checker: Caller, claim: Claim) -> None:
    sent = {"url": "https://courier.example/new", "stance": "context"}
    is_problem(keyed(checker, f"claims/{claim.uid}/evidence", sent), 409, "not_read_yet")
    assert Document.objects.get().due_at is not None


def test_what_breaks_undoes_everything_and_leaves_its_key_free(
    checker: Caller, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts()

    def broken(**_fields: Any) -> None:
        raise RuntimeError("after the effect, before the commit")

    with monkeypatch.context() as patch:
        patch.setattr(AnsweredKey.objects, "create", broken)
        is_problem(keyed(checker, "articles", TEXT), 500, "internal")
    assert counts() == before
    assert keyed(checker, "articles", TEXT).status_code == 201


def test_after_a_day_a_key_is_new_again_whether_or_not_it_was_swept(checker: Caller, today: datetime) -> None:
    keyed(checker, "claims", TEXT)
    AnsweredKey.objects.update(at=today - timedelta(hours=24, seconds=1))
    assert "Idempotency-Replayed" not in keyed(checker, "claims", TEXT)
    assert AnsweredKey.objects.count() == 1
    assert idempotency.forget(today) == 0
    assert idempotency.forget(today + timedelta(hours=25)) == 1
    assert AnsweredKey.objects.count() == 0


def test_a_key_keeps_nobodys_words(checker: Caller) -> None:
    keyed(checker, "claims", {**TEXT, "claimant": "Ilka Brandt"})
    kept = " ".join(str(value) for value in AnsweredKey.objects.values().get().values())
    assert "mayor" not in kept
    assert "Brandt" not in kept


@pytest.mark.django_db(transaction=True)
def test_while_a_request_is_being_answered_its_key_is_in_use(today: datetime) -> None:
    caller = client_with(Scope.WRITE_SUGGEST)
    answers: list[Any] = []
    is_done, may_go = threading.Event(), threading.Event()

    def slow() -> None:
        """Hold the key as a request does that has not committed yet."""
        owner = {"user_id": None, "client_id": Token.objects.get().client_id}
        with transaction.atomic():
            idempotency._lock(f"{owner}k-1")
            is_done.set()
            may_go.wait(30)
        connection.close()

    holding = threading.Thread(target=slow)
    holding.start()
    is_done.wait(30)
    told = keyed(caller, "articles", TEXT)
    is_problem(told, 409, "idempotency_key_in_use")
    assert told["Retry-After"] == "1"
    assert keyed(caller, "articles", TEXT, key="k-2").status_code == 201
    may_go.set()
    holding.join()
    answers.append(keyed(caller, "articles", TEXT))
    assert answers[0].status_code == 200, "there already, by the other key"


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_with_one_key_one_is_done() -> None:
    caller = client_with(Scope.WRITE_SUGGEST)
    answers: list[Any] = []
    start = threading.Barrier(20)

    def send() -> None:
        start.wait()
        try:
            answers.append(keyed(Caller(caller.secret), "claims", TEXT))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Claim.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer.json()["uid"] for answer in answers if answer.status_code == 201]
    assert made
    assert len(set(made)) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers if answer.status_code == 201) == 1
