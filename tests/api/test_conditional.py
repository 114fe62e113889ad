"""ETag, If-None-Match and If-Match."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Appearance, Article, Claim, StatusChange
from claims.services import evidence, flags
from claims.verification.staleness import StaleReason
from factcheck.access.models import User
from sources.models import Document
from tests.api.conftest import Caller, is_problem

pytestmark = pytest.mark.django_db


def move(caller: Caller, claim: Claim, tag: str | None = None, **sent: Any) -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return caller.post(f"claims/{claim.uid}/moves", {"to": "in_review", **sent}, headers=headers)


def tag_of(caller: Caller, claim: Claim) -> str:
    tag: str = caller.get(f"claims/{claim.uid}")["ETag"]
    return tag


def test_every_read_has_a_tag_and_is_304_where_nothing_changed(
    checker: Caller, article: Article, claim: Claim, page: Document
) -> None:
    strong = [f"claims/{claim.uid}", f"articles/{article.uid}", f"documents/{page.uid}", "me", "problems"]
    weak = ["claims", "articles", "documents", "sources", f"claims/{claim.uid}/history", f"claims/{claim.uid}/evidence"]
    for path in strong + weak:
        first = checker.get(path)
        assert first["ETag"].startswith('W/"' if path in weak else '"'), path
        assert first["Cache-Control"] == "private, no-cache"
        assert {"Accept", "Authorization"} <= {name.strip() for name in first["Vary"].split(",")}
        again = checker.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert "Content-Type" not in again
        for name in ("ETag", "Cache-Control", "Vary", "X-Request-ID"):
            assert name in again
        assert checker.raw(path, b"", method="HEAD")["ETag"] == first["ETag"]


@pytest.mark.parametrize("sent", ["W/{tag}", '"x", {tag}', "*", 'W/"y",W/{tag}'])
def test_if_none_match_names_several_weakly_or_any(checker: Caller, claim: Claim, sent: str) -> None:
    named = {"If-None-Match": sent.format(tag=tag_of(checker, claim))}
    assert checker.get(f"claims/{claim.uid}", headers=named).status_code == 304


@pytest.mark.parametrize("sent", ['"x"', "", "x", "{bare}"])
def test_any_other_if_none_match_is_answered_whole(checker: Caller, claim: Claim, sent: str) -> None:
    named = {"If-None-Match": sent.format(bare=tag_of(checker, claim).strip('"'))}
    assert checker.get(f"claims/{claim.uid}", headers=named).status_code == 200


def test_a_tag_is_of_the_bytes_and_they_have_one_form(checker: Caller, claim: Claim) -> None:
    plain = checker.get(f"claims/{claim.uid}")
    indented = checker.get(f"claims/{claim.uid}", headers={"Accept": "application/json; indent=4"})
    assert (indented["ETag"], indented.content) == (plain["ETag"], plain.content)


def test_a_tag_is_of_what_this_token_sees(checker: Caller, reader: Caller, claim: Claim) -> None:
    assert tag_of(checker, claim) != tag_of(reader, claim)


def test_whatever_changes_of_a_claim_changes_its_tag(
    checker: Caller, article: Article, page: Document, today: datetime
) -> None:
    claim = Claim.objects.order_by("id")[0]
    tags = [tag_of(checker, claim)]

    def changed() -> None:
        tags.append(tag_of(checker, claim))
        assert len(set(tags)) == len(tags)

    flags.raise_flag(claim, StaleReason.SOURCE_GONE, now=today, document=page)
    changed()
    Appearance.objects.filter(claim=claim).update(anchor="reworded")
    changed()
    Claim.objects.filter(pk=claim.pk).update(holds_until=today)
    changed()
    move(checker, claim, seen="unreviewed")
    changed()


def test_a_tag_costs_no_query(checker: Caller, claim: Claim) -> None:
    path = f"claims/{claim.uid}"
    checker.get(path)  # notes the token's last use
    with CaptureQueriesContext(connection) as queries:
        tag = tag_of(checker, claim)
    assert len(queries) == 5  # token, claim, appearances, flags, claims that are one with it
    with CaptureQueriesContext(connection) as again:
        checker.get(path, headers={"If-None-Match": tag})
    assert len(again) == len(queries)


# -- If-Match -----------------------------------------------------------------------------------------


def test_a_move_from_what_one_read_needs_no_seen(checker: Caller, claim: Claim) -> None:
    answer = move(checker, claim, tag_of(checker, claim))
    assert answer.status_code == 201
    assert (answer.json()["old"], answer.json()["new"]) == ("unreviewed", "in_review")
    assert move(checker, claim, tag_of(checker, claim), to="unconfirmed", seen="in_review").status_code == 201


def test_a_claim_that_changed_in_any_way_is_not_moved(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    tag = tag_of(checker, claim)
    flags.raise_flag(claim, StaleReason.SOURCE_GONE, now=today, document=page)
    is_problem(move(checker, claim, tag), 412, "precondition_failed")
    is_problem(move(checker, claim, tag, seen="unreviewed"), 412, "precondition_failed")
    assert StatusChange.objects.count() == 0
    assert move(checker, claim, seen="unreviewed").status_code == 201
    is_problem(move(checker, claim, tag), 412, "precondition_failed")


def test_seen_is_held_against_too(checker: Caller, claim: Claim) -> None:
    is_problem(move(checker, claim, tag_of(checker, claim), seen="in_review"), 409, "status_moved")


def test_a_weak_or_broken_tag_matches_nothing(checker: Caller, claim: Claim) -> None:
    tag = tag_of(checker, claim)
    for sent in (f"W/{tag}", tag.strip('"'), '"x"', "nonsense"):
        is_problem(move(checker, claim, sent), 412, "precondition_failed")
    assert move(checker, claim, f'"x", {tag}').status_code == 201


@pytest.mark.parametrize("tag", [None, "", "*", " * "])
def test_whoever_says_nothing_of_what_they_saw_is_refused(checker: Caller, claim: Claim, tag: str | None) -> None:
    is_problem(move(checker, claim, tag), 428, "precondition_required")
    assert StatusChange.objects.count() == 0


def test_a_verdict_by_tag_is_refused_where_a_flag_rose_since(
    checker: Caller, claim: Claim, page: Document, today: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = User.objects.get(username="author")
    evidence.attach(claim, page, quote="", stance="refutes", by=by, now=today)  # type: ignore[arg-type]
    from claims.api.v1.claims import Moves
    from factcheck.lib import clock

    still = Moves._still

    def then_a_flag(*args: Any) -> Claim:
        held = still(*args)
        flags.raise_flag(held, StaleReason.SOURCE_GONE, now=clock.now(), document=page)
        return held

    monkeypatch.setattr(Moves, "_still", then_a_flag)
    is_problem(move(checker, claim, tag_of(checker, claim), to="refuted", reason="x"), 409, "evidence_moved")
