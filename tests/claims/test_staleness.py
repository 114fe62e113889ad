"""Changes of pages come in; anchors, flags and events go out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from claims.models import Article, Claim, Event, Evidence, Flag
from claims.services import evidence, flags, staleness, verdicts
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.models import User
from factcheck.lib import clock
from sources.fetching.reading import read
from sources.models import Change, Document, Snapshot
from sources.services import documents
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db

PAGE = (
    "Reports that the Kestrel crossing had fallen could not be confirmed. About 4,000 people fled to Talvia on "
    "Sunday. The army said nothing of it."
)


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def page(now: datetime) -> Document:
    """A page that was read once."""
    document, _new = documents.watch("https://news.example.org/crossing", now=now)
    says(document, PAGE, now=now, found=Change.Found.FIRST)
    return document


def says(document: Document, text: str, *, now: datetime, found: Change.Found = Change.Found.CHANGED) -> Change:
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    before = document.snapshot
    with transaction.atomic():
        after = documents.keep(
            document, reading, raw=b"", media_type="text/plain", now=now, captured_by=Snapshot.CapturedBy.FETCH
        )
        return Change.objects.create(document=document, found=found, before=before, after=after, at=now, due_at=now)


def hear() -> None:
    ledger.drain(ledger.register.works["hear"])


def held_against(page: Document, one: Claim, by: User, now: datetime) -> Evidence:
    return evidence.attach(
        one, page, quote="the Kestrel crossing had fallen", stance=Evidence.Stance.SUPPORTS, by=by, now=now
    )


def test_a_quote_that_is_worded_anew_flags_its_claim_with_both_sentences(
    now: datetime, page: Document, by: User
) -> None:
    one = claim(now)
    pinned = held_against(page, one, by, now)
    confirmed = "Police confirmed that the Kestrel crossing had fallen."
    says(page, PAGE.replace(PAGE.split(". ", maxsplit=1)[0] + ".", confirmed), now=now)
    hear()
    pinned.refresh_from_db()
    one.refresh_from_db()
    assert (pinned.anchor, pinned.anchor_sentence) == ("reworded", confirmed)
    assert pinned.sentence.startswith("Reports that")
    flag = one.flags.get()
    assert (flag.reason, flag.document) == ("quote_changed", page)
    assert flag.detail["was"] == pinned.sentence
    assert flag.detail["today"] == confirmed
    assert one.status == "unreviewed", "a machine never moves the status"
    event = Event.objects.get(type="claim.flagged_stale")
    assert event.payload["reason"] == "quote_changed"
    assert list(Claim.objects.stale()) == [one]
    assert str(flag) == "a quote it rests on changed"


def test_a_change_elsewhere_on_the_page_flags_nothing(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    pinned = held_against(page, one, by, now)
    says(page, PAGE.replace("4,000", "6,000"), now=now)
    hear()
    pinned.refresh_from_db()
    assert pinned.anchor == "holds"
    assert list(Claim.objects.fresh()) == [one]


def test_evidence_without_a_quote_is_not_compared(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    evidence.attach(one, page, quote="", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    says(page, "Something else entirely stands here now.", now=now)
    hear()
    assert not Flag.objects.exists()


def test_a_page_that_is_gone_flags_every_claim_that_rests_on_it(now: datetime, by: User) -> None:
    article = split_article(now)
    document = article.document
    cited, closed = claim(now, "Cited."), claim(now, "Closed.")
    evidence.suggest(cited, document, because="link", now=now)
    evidence.attach(closed, document, quote="cracks", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    verdicts.change_status(closed, to=Status.NOT_CHECKABLE, by=by, now=now, seen=Status.UNREVIEWED, reason="x")
    Document.objects.update(gone_at=now)
    Change.objects.create(document=document, found="gone", before=document.snapshot, at=now, due_at=now)
    hear()
    flagged = set(Claim.objects.stale())
    assert cited in flagged
    assert closed not in flagged, "closed claims are left in peace"
    assert flagged == {cited, *(found.claim for found in article.appearances.select_related("claim"))}
    assert set(article.appearances.values_list("anchor", flat=True)) == {"page_gone"}
    assert closed.evidence.get().anchor == "page_gone"


def test_dismissed_evidence_rests_on_nothing(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    evidence.dismiss(held_against(page, one, by, now), by=by, now=now)
    Document.objects.update(gone_at=now)
    Change.objects.create(document=page, found="gone", at=now, due_at=now)
    hear()
    assert not Flag.objects.exists()


def test_a_page_that_we_cannot_see_flags_as_blind(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    held_against(page, one, by, now)
    Change.objects.create(document=page, found="blind", at=now, due_at=now)
    hear()
    assert one.flags.get().reason == "monitor_blind"


def test_the_same_reason_on_the_same_page_is_flagged_once(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    held_against(page, one, by, now)
    for text in ("The Kestrel crossing had not fallen, police said.", "Nothing."):
        says(page, text, now=now)
        hear()
    assert one.flags.count() == 1
    assert Event.objects.filter(type="claim.flagged_stale").count() == 1


def test_a_change_is_applied_once(now: datetime, page: Document) -> None:
    hear()
    change = Change.objects.get()
    assert (change.due_at, change.attempts) == (None, 0)
    assert "first reading" in str(change)
    assert ledger.drain(ledger.register.works["hear"]) == 0


def test_the_articles_own_page_makes_it_due_for_splitting(now: datetime, page: Document) -> None:
    article = Article.objects.create(document=page)
    hear()
    article.refresh_from_db()
    assert article.state == Article.State.DUE
    ledger.drain_all()
    article.refresh_from_db()
    assert article.state == Article.State.SPLIT
    assert article.appearances.exists()


def test_a_status_that_grew_too_old_is_flagged(now: datetime) -> None:
    one = claim(now)
    past = clock.now() - timedelta(minutes=1)
    Claim.objects.update(holds_until=past, due_at=past)
    assert list(Claim.objects.overdue(clock.now())) == [one]
    ledger.drain_all()
    one.refresh_from_db()
    assert one.due_at is None
    assert one.is_overdue(clock.now())
    assert one.flags.get().detail["status"] == "unreviewed"


def test_a_status_that_moved_on_meanwhile_is_not_flagged(now: datetime) -> None:
    one = claim(now)
    Claim.objects.update(due_at=now)
    ledger.drain_all()
    assert not one.flags.exists()


def test_a_move_takes_the_review_away_from_a_worker(now: datetime, by: User) -> None:
    one = claim(now)
    Claim.objects.update(holds_until=now, due_at=now)
    held = ledger.lease(ledger.register.works["review"])[0]
    verdicts.change_status(one, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED)
    with pytest.raises(ledger.LeaseLost):
        staleness.review_due(held, now=clock.now())
    assert not one.flags.exists()


def test_a_flag_is_cleared_by_one_person_and_says_how(now: datetime, by: User) -> None:
    one = claim(now)
    flags.raise_flag(one, StaleReason.TOO_OLD, now=now)
    flag = one.flags.get()
    assert flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    assert not flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    assert Event.objects.get(type="claim.flags_cleared").payload == {"reasons": ["too_old"], "how": "no_difference"}
    assert flags.raise_flag(one, StaleReason.TOO_OLD, now=now), "it may come up again"


def test_an_appearance_that_was_split_over_several_spans_is_compared_as_a_whole(now: datetime) -> None:
    article = split_article(now)
    found = article.appearances.order_by("id")[0]
    assert found.anchor == "holds"
    says(article.document, "Nothing of it stands here any more, only this.", now=now)
    hear()
    assert set(article.appearances.values_list("anchor", flat=True)) <= {"removed", "reworded"}
    assert list(Claim.objects.open()) != []


def test_a_page_that_comes_back_takes_back_its_flags(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    pinned = held_against(page, one, by, now)
    Document.objects.filter(pk=page.pk).update(gone_at=now)
    for found in ("gone", "blind"):
        Change.objects.create(document=page, found=found, at=now, due_at=now)
    hear()
    assert set(one.flags.values_list("reason", flat=True)) == {"source_gone", "monitor_blind"}
    Document.objects.filter(pk=page.pk).update(gone_at=None)
    Change.objects.create(document=page, found="seen_again", at=now, due_at=now)
    hear()
    pinned.refresh_from_db()
    assert pinned.anchor == "holds"
    assert set(one.flags.values_list("cleared_how", flat=True)) == {"seen_again"}
    assert not one.flags.filter(cleared_by__isnull=False).exists()


def test_a_page_that_was_back_before_we_heard_that_it_was_gone_flags_nothing(
    now: datetime, page: Document, by: User
) -> None:
    one = claim(now)
    held_against(page, one, by, now)
    Change.objects.create(document=page, found="gone", at=now, due_at=now)
    hear()
    assert not one.flags.exists()


def test_a_difference_that_was_cleared_does_not_come_back_with_an_edit_elsewhere(
    now: datetime, page: Document, by: User
) -> None:
    one = claim(now)
    held_against(page, one, by, now)
    reworded = PAGE.replace(
        "Reports that the Kestrel crossing had fallen could not be", "That the crossing fell was not"
    )
    says(page, reworded, now=now)
    hear()
    assert flags.clear_flag(one.flags.get(), how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    says(page, f"{reworded} It rained.", now=now)
    hear()
    assert not Flag.objects.standing().exists()


def test_changes_heard_out_of_order_take_the_page_as_it_stands(now: datetime, page: Document, by: User) -> None:
    one = claim(now)
    pinned = held_against(page, one, by, now)
    first = says(page, PAGE + " It rained.", now=now)
    says(page, "Nothing of the sort happened, the ministry says.", now=now)
    Change.objects.filter(pk=first.pk).update(due_at=None)
    hear()
    Change.objects.filter(pk=first.pk).update(due_at=now)
    hear()
    pinned.refresh_from_db()
    assert pinned.anchor == "removed"


def test_evidence_is_pinned_to_what_the_page_says_when_it_is_attached(now: datetime, page: Document, by: User) -> None:
    stale_copy = Document.objects.select_related("snapshot").get(pk=page.pk)
    says(page, PAGE + " It rained.", now=now)
    assert held_against(stale_copy, claim(now), by, now).snapshot == page.snapshot


def test_a_stuck_review_goes_on_after_a_move(now: datetime, by: User) -> None:
    one = claim(now)
    Claim.objects.update(quarantined_at=now, attempts=3, due_at=now)
    verdicts.change_status(one, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED)
    one.refresh_from_db()
    assert (one.quarantined_at, one.attempts, one.due_at) == (None, 0, None)


def test_a_batch_of_reviews_flags_those_that_are_still_ours_and_grew_too_old(now: datetime, by: User) -> None:
    late, moved, fresh = (claim(now, f"Claim {number}.") for number in range(3))
    past = clock.now() - timedelta(hours=1)
    Claim.objects.update(due_at=past)
    Claim.objects.filter(pk__in=[late.pk, moved.pk]).update(holds_until=past)
    held = ledger.lease(ledger.register.works["review"])
    verdicts.change_status(moved, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED)
    Claim.objects.filter(pk=fresh.pk).update(holds_until=clock.now() + timedelta(hours=1))
    staleness.review_many(held, now=clock.now())
    assert list(Flag.objects.values_list("claim", "reason")) == [(late.pk, "too_old")]


def test_many_reviews_are_done_as_one(now: datetime) -> None:
    late = [claim(now, f"Claim {number}.") for number in range(5)]
    past = clock.now() - timedelta(hours=1)
    Claim.objects.update(due_at=past, holds_until=past)
    assert ledger.drain(ledger.register.works["review"]) == 5
    assert set(Flag.objects.values_list("claim", flat=True)) == {one.pk for one in late}
