"""A verdict is bound to the quotes as its reviewer saw them; whatever else happened meanwhile is only told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Appearance, Claim, Evidence, Flag, StatusChange
from claims.services import erasure, evidence, flags, grounds, linking, staleness, verdicts, wording
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import User
from sources.fetching.reading import read
from sources.models import Document, Snapshot
from sources.services import documents
from tests.claims.pages import page_of
from tests.factories import STORY, claim, person, split_article

pytestmark = pytest.mark.django_db

NOTICE = "The Selmar bridge stays open to lorries. Drivers keep a distance."
CLOSED = "The Selmar bridge has been closed to lorries since noon. Drivers keep a distance."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def page(now: datetime) -> Document:
    return page_of(NOTICE, now=now)


@pytest.fixture
def held(now: datetime, page: Document, by: User) -> Evidence:
    """A claim with a quote of a page as evidence."""
    return evidence.attach(
        claim(now), page, quote="stays open to lorries", stance=Evidence.Stance.REFUTES, by=by, now=now
    )


def version_of(document: Document, words: str, *, now: datetime) -> Snapshot:
    """Keep a newer version of a page."""
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url="")
    fetch = Snapshot.CapturedBy.FETCH
    return documents.keep(document, reading, raw=b"", media_type="text/plain", now=now, captured_by=fetch)


def decide(one: Claim, by: User, *, looked_at: datetime, **given: Any) -> StatusChange:
    one.refresh_from_db()
    asked: dict[str, Any] = {"to": Status.REFUTED, "reason": "The notice says so.", "now": looked_at + MINUTE} | given
    return verdicts.change_status(one, seen=Status(one.status), looked_at=looked_at, by=by, **asked)


def test_a_quote_that_changed_refuses_the_verdict_with_both_sentences_and_a_second_look_may_decide(
    held: Evidence, by: User, now: datetime
) -> None:
    page_of(CLOSED, now=now + 2 * MINUTE)  # no worker has heard of it yet
    with pytest.raises(verdicts.EvidenceMoved) as refusal:
        decide(held.claim, by, looked_at=now + MINUTE, now=now + 3 * MINUTE)
    said = str(refusal.value)
    assert "The Selmar bridge stays open to lorries." in said
    assert "The Selmar bridge has been closed to lorries since noon." in said
    assert [moved.was for moved in refusal.value.moved] == ["The Selmar bridge stays open to lorries."]
    assert not StatusChange.objects.exists()
    held.refresh_from_db()
    assert held.anchor == "denied", "a second look shows it, whether or not a worker lives"
    assert held.claim.flags.get().reason == "quote_changed"
    assert decide(held.claim, by, looked_at=now + 4 * MINUTE).new == "refuted"
    assert held.claim.flags.get().cleared_how == "reviewed"


def test_what_changed_before_the_page_was_opened_and_was_shown_there_refuses_nothing(
    held: Evidence, by: User, now: datetime
) -> None:
    page_of(CLOSED, now=now + MINUTE)
    staleness.hear_at_once(held.claim, now=now + MINUTE)
    assert decide(held.claim, by, looked_at=now + 2 * MINUTE).new == "refuted"


def test_a_second_change_under_an_open_flag_refuses_too(held: Evidence, by: User, now: datetime) -> None:
    page_of(CLOSED, now=now + MINUTE)
    staleness.hear_at_once(held.claim, now=now + MINUTE)
    page_of(CLOSED.replace("noon", "dawn"), now=now + 3 * MINUTE)
    staleness.hear_at_once(held.claim, now=now + 3 * MINUTE)
    assert held.claim.flags.count() == 1
    with pytest.raises(verdicts.EvidenceMoved, match="since dawn"):
        decide(held.claim, by, looked_at=now + 2 * MINUTE, now=now + 4 * MINUTE)


def test_a_quote_that_is_gone_says_so(held: Evidence, by: User, now: datetime) -> None:
    page_of("Drivers keep a distance. Nothing else is known today.", now=now + 2 * MINUTE)
    with pytest.raises(verdicts.EvidenceMoved, match="It says so no longer"):
        decide(held.claim, by, looked_at=now + MINUTE)


def test_several_quotes_that_changed_are_counted(held: Evidence, by: User, now: datetime, page: Document) -> None:
    evidence.attach(held.claim, page, quote="Drivers keep a distance.", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    page_of("It is closed. Drivers keep no distance at all.", now=now + 2 * MINUTE)
    with pytest.raises(verdicts.EvidenceMoved, match="So did 1 other quote"):
        decide(held.claim, by, looked_at=now + MINUTE)


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(NOTICE + " A second lane follows.", id="elsewhere"),
        pytest.param("A foreword. " + NOTICE, id="moved"),
        pytest.param(NOTICE.replace("Selmar bridge", "Selmar  Bridge"), id="respelled"),
    ],
)
def test_a_quote_that_stands_refuses_nothing(held: Evidence, by: User, now: datetime, today: str) -> None:
    page_of(today, now=now + 2 * MINUTE)
    assert decide(held.claim, by, looked_at=now + MINUTE).new == "refuted"


def test_a_difference_that_a_person_settled_refuses_nothing(held: Evidence, by: User, now: datetime) -> None:
    page_of(CLOSED, now=now + MINUTE)
    staleness.hear_at_once(held.claim, now=now + MINUTE)
    flags.clear_flag(held.claim.flags.get(), how=held.claim.flags.get().Cleared.NO_DIFFERENCE, by=by, now=now)
    page_of(CLOSED + " A second lane follows.", now=now + 3 * MINUTE)
    assert decide(held.claim, by, looked_at=now + 2 * MINUTE).new == "refuted"


def test_the_articles_own_sentence_counts_as_a_quote(now: datetime, by: User) -> None:
    article = split_article(now)
    one = article.appearances.order_by("id")[0]
    evidence.attach(one.claim, page_of(NOTICE, now=now), quote="", stance=Evidence.Stance.REFUTES, by=by, now=now)
    version_of(article.document, STORY.replace(one.quote, "nothing of the kind happened there"), now=now + 2 * MINUTE)
    with pytest.raises(verdicts.EvidenceMoved):
        decide(one.claim, by, looked_at=now + MINUTE)


@pytest.mark.parametrize("reason", [StaleReason.TOO_OLD, StaleReason.COUNTERCLAIM, StaleReason.SOURCE_CHANGED])
def test_any_other_flag_that_rose_meanwhile_stays_open_beside_the_verdict(
    held: Evidence, by: User, now: datetime, reason: StaleReason
) -> None:
    flags.raise_flag(held.claim, StaleReason.MONITOR_BLIND, now=now)
    flags.raise_flag(held.claim, reason, now=now + 2 * MINUTE)
    assert decide(held.claim, by, looked_at=now + MINUTE, now=now + 3 * MINUTE).new == "refuted"
    assert {flag.reason: flag.cleared_how for flag in held.claim.flags.all()} == {
        "monitor_blind": "reviewed", reason: "",
    }  # fmt: skip


def test_a_page_that_was_found_gone_meanwhile_refuses(held: Evidence, by: User, now: datetime) -> None:
    flags.raise_flag(held.claim, StaleReason.SOURCE_GONE, now=now + 2 * MINUTE, document=held.document)
    with pytest.raises(verdicts.EvidenceMoved, match="no longer"):
        decide(held.claim, by, looked_at=now + MINUTE, now=now + 3 * MINUTE)


def test_moves_that_decide_nothing_are_not_bound(held: Evidence, by: User, now: datetime) -> None:
    page_of(CLOSED, now=now + 2 * MINUTE)
    assert decide(held.claim, by, looked_at=now + MINUTE, to=Status.IN_REVIEW).new == "in_review"


def test_what_was_erased_meanwhile_is_not_compared(held: Evidence, by: User, now: datetime) -> None:
    assert held.document is not None
    newer = version_of(held.document, CLOSED, now=now + 2 * MINUTE)
    erasure.take_down(newer, why="by a court", by=person("admin"), now=now + 3 * MINUTE)
    assert decide(held.claim, by, looked_at=now + MINUTE, now=now + 4 * MINUTE).new == "refuted"


def shown(one: Claim) -> grounds.Seen | None:
    """Read back what a page that is opened now would have in its form."""
    quotes = Evidence.objects.accepted().filter(claim=one).exclude(exact="")
    places = Appearance.objects.standing().filter(claim=one)
    raised = Flag.objects.standing().filter(claim=one)
    one.refresh_from_db()
    return grounds.Seen.read(grounds.shown(one, [*quotes, *places], raised))


def test_what_was_heard_late_under_an_open_flag_refuses_whoever_saw_the_page_before(
    held: Evidence, by: User, now: datetime
) -> None:
    page_of(CLOSED, now=now + MINUTE)
    staleness.hear_at_once(held.claim, now=now + MINUTE)
    page_of(CLOSED.replace("noon", "dawn"), now=now + 2 * MINUTE)
    saw, looked_at = shown(held.claim), now + 3 * MINUTE  # the newest version was taken, but not heard of
    staleness.hear_at_once(held.claim, now=now + 4 * MINUTE)
    with pytest.raises(verdicts.EvidenceMoved, match="since dawn"):
        decide(held.claim, by, looked_at=looked_at, saw=saw, now=now + 5 * MINUTE)
    assert decide(held.claim, by, looked_at=now + 6 * MINUTE, saw=shown(held.claim)).new == "refuted"


def test_a_flag_that_the_page_did_not_show_refuses_or_stays_open_whenever_it_is_dated(
    held: Evidence, by: User, now: datetime
) -> None:
    saw = shown(held.claim)
    flags.raise_flag(held.claim, StaleReason.TOO_OLD, now=now - MINUTE)
    assert decide(held.claim, by, looked_at=now + MINUTE, saw=saw).new == "refuted"
    assert held.claim.flags.get().cleared_at is None
    decide(held.claim, by, looked_at=now + MINUTE, to=Status.IN_REVIEW)
    flags.raise_flag(held.claim, StaleReason.SOURCE_GONE, now=now - MINUTE, document=held.document)
    with pytest.raises(verdicts.EvidenceMoved):
        decide(held.claim, by, looked_at=now + MINUTE, saw=saw)
    assert decide(held.claim, by, looked_at=now + MINUTE, saw=shown(held.claim)).new == "refuted"
    assert not Flag.objects.standing().exists()


def test_a_claim_that_says_something_else_by_now_is_read_again_first(held: Evidence, by: User, now: datetime) -> None:
    saw = shown(held.claim)
    wording.edit(held.claim, "The Selmar bridge is closed to buses.", seen=held.claim.text, by=by, now=now)
    with pytest.raises(verdicts.Reworded, match="Read it again"):
        decide(held.claim, by, looked_at=now + MINUTE, saw=saw)
    assert decide(held.claim, by, looked_at=now + MINUTE, saw=shown(held.claim)).new == "refuted"


@pytest.mark.parametrize("written", ["", "x", "t:zz", "e1:123456789012 x:1", "t:0123456789ab f1:2", "e:0123456789ab"])
def test_what_is_no_such_digest_is_none(written: str) -> None:
    assert grounds.Seen.read(written) is None


def test_claims_that_are_one_have_one_verdict(held: Evidence, by: User, now: datetime) -> None:
    other = claim(now, "Lorries may not use the Selmar bridge.")
    page = page_of(NOTICE, now=now)
    evidence.attach(other, page, quote="", stance=Evidence.Stance.REFUTES, by=by, now=now)
    linking.join(other, held.claim, by=by, now=now)
    decide(held.claim, by, looked_at=now + MINUTE)
    other.refresh_from_db()
    with pytest.raises(verdicts.IllegalTransition, match="Part them"):
        decide(other, by, looked_at=now + MINUTE, to=Status.SUPPORTED)
    assert decide(other, by, looked_at=now + MINUTE).new == "refuted"
