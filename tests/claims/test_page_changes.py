"""What a change of a page says beside its quotes, and what a quote's fate says when the page cannot be seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from claims.admin.words import quote_today
from claims.models import Claim, Event, Evidence, Flag
from claims.services import evidence, flags
from factcheck import ledger
from factcheck.access.models import User
from factcheck.lib import clock
from sources.fetching.reading import read
from sources.fetching.weights import weigh
from sources.models import Change, Document, Snapshot
from sources.services import documents
from sources.services.comparing import seen_in
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db

HALL = "The town hall opens at nine on weekdays."
COUNT = "At least 12 people were hurt in the fire at the mill, the brigade said."
PAGE = f"{COUNT}\n\n{HALL}\n\nThe mill stood at the river since the days of the old bridge."
CORRECTION = "Correction: an earlier version of this article gave the wrong number of people hurt."


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def page(now: datetime) -> Document:
    """A page that was read once."""
    document, _new = documents.watch("https://news.example.org/mill", now=now)
    says(document, PAGE, now=now)
    return document


def says(document: Document, text: str, *, now: datetime) -> Change:
    """Let the page say that from now on, and have it heard."""
    before = document.snapshot
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    with transaction.atomic():
        fetch = Snapshot.CapturedBy.FETCH
        after = documents.keep(document, reading, raw=b"", media_type="text/plain", now=now, captured_by=fetch)
        about: dict[str, Any] = {"found": Change.Found.FIRST}
        if before is not None:
            weight = weigh(seen_in(before), seen_in(after))
            about = {"found": "changed", "before": before, "weight": weight.weight, "has_notice": bool(weight.notices)}
        change = Change.objects.create(document=document, after=after, at=now, due_at=now, **about)
    ledger.drain(ledger.register.works["hear"])
    return change


def held_against(page: Document, by: User, now: datetime, quote: str = "") -> tuple[Claim, Evidence]:
    one = claim(now, f"Twelve people were hurt in the fire. {quote}")
    return one, evidence.attach(one, page, quote=quote, stance=Evidence.Stance.SUPPORTS, by=by, now=now)


def reasons(one: Claim) -> list[str]:
    return sorted(one.flags.standing().values_list("reason", flat=True))


def test_a_grave_change_flags_where_the_page_was_pinned_without_a_quote_and_nowhere_else(
    now: datetime, page: Document, by: User
) -> None:
    whole, _ = held_against(page, by, now)
    another, _ = held_against(page, by, now)
    quoted, _ = held_against(page, by, now, HALL)
    says(page, PAGE.replace("12 people", "15 people"), now=now)
    assert reasons(whole) == reasons(another) == ["source_changed"]
    assert reasons(quoted) == []
    flag = whole.flags.get()
    assert flag.detail["was"] == COUNT
    assert flag.detail["today"] == COUNT.replace("12", "15")
    assert flag.detail["kinds"] == ["number"]
    assert flag.detail["version"] == 2


def test_a_minor_change_flags_nothing(now: datetime, page: Document, by: User) -> None:
    whole, _ = held_against(page, by, now)
    quoted, pinned = held_against(page, by, now, COUNT)
    change = says(page, PAGE.replace("nine on weekdays", "nine on working days").replace("people", "peolpe"), now=now)
    assert change.weight == "minor"
    assert reasons(whole) == reasons(quoted) == []
    pinned.refresh_from_db()
    assert pinned.anchor == "reworded", "what stands there today is shown all the same"


def test_a_change_that_was_taken_back_before_it_was_heard_flags_nothing(
    now: datetime, page: Document, by: User
) -> None:
    whole, _ = held_against(page, by, now)
    change = says(page, PAGE.replace("12 people", "15 people"), now=now)
    flags.clear_flag(whole.flags.get(), how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    says(page, PAGE, now=now)
    assert reasons(whole) == ["source_changed"], "since the version that was cleared, it changed"
    other, _ = held_against(page, by, now)
    Change.objects.filter(pk=change.pk).update(due_at=now)
    ledger.drain(ledger.register.works["hear"])
    assert reasons(other) == []


def test_what_a_person_cleared_is_told_again_for_a_new_grave_change_only(
    now: datetime, page: Document, by: User
) -> None:
    whole, _ = held_against(page, by, now)
    says(page, PAGE.replace("12 people", "15 people"), now=now)
    flags.clear_flag(whole.flags.get(), how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    second = PAGE.replace("12 people", "15 people").replace("weekdays", "working days")
    says(page, second, now=now)
    assert reasons(whole) == []
    says(page, second.replace("15 people", "19 people"), now=now)
    assert reasons(whole) == ["source_changed"]


def test_an_unstable_page_flags_quotes_only(now: datetime, page: Document, by: User) -> None:
    whole, _ = held_against(page, by, now)
    quoted, _ = held_against(page, by, now, COUNT)
    page.unstable_since = now
    page.save(update_fields=["unstable_since"])
    says(page, PAGE.replace("12 people", "15 people"), now=now)
    assert (reasons(whole), reasons(quoted)) == ([], ["quote_changed"])


def test_the_other_version_of_an_unstable_page_touches_nothing(now: datetime, page: Document, by: User) -> None:
    quoted, pinned = held_against(page, by, now, COUNT)
    before = page.snapshot
    other = says(page, "Something else.", now=now).after
    flags.clear_flag(quoted.flags.get(), how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    Change.objects.create(document=page, found="unstable", before=before, after=other, at=now, due_at=now)
    at = Evidence.objects.get(pk=pinned.pk).anchored_at
    ledger.drain(ledger.register.works["hear"])
    assert reasons(quoted) == []
    assert Evidence.objects.get(pk=pinned.pk).anchored_at == at


def test_a_correction_flags_what_rests_on_the_page_once(now: datetime, page: Document, by: User) -> None:
    quoted, _ = held_against(page, by, now, HALL)
    corrected = f"{PAGE}\n\n{CORRECTION}"
    says(page, corrected, now=now)
    assert reasons(quoted) == ["correction"]
    flag = quoted.flags.get()
    assert flag.detail["today"] == CORRECTION
    flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    says(page, PAGE, now=now)
    says(page, corrected, now=now)
    assert reasons(quoted) == [], "the same notice is told once"
    assert Event.objects.filter(type="claim.flagged_stale").count() == 1


def test_a_correction_of_the_article_flags_its_own_claims(now: datetime) -> None:
    article = split_article(now)
    text = article.document.snapshot.text if article.document.snapshot else ""
    says(article.document, f"{text}\n\n{CORRECTION}", now=now)
    assert {reason for one in article.appearances.all() for reason in reasons(one.claim)} == {"correction"}


def test_an_update_is_no_correction(now: datetime, page: Document, by: User) -> None:
    quoted, _ = held_against(page, by, now, HALL)
    assert not says(page, f"{PAGE}\n\nUpdate: this story now has the mayor's words.", now=now).has_notice
    assert reasons(quoted) == []


def test_a_difference_that_a_person_cleared_is_not_told_again_when_the_page_goes_back_and_forth(
    now: datetime, page: Document, by: User
) -> None:
    quoted, _ = held_against(page, by, now, COUNT)
    edited = PAGE.replace("12 people", "15 people")
    says(page, edited, now=now)
    flags.clear_flag(quoted.flags.get(), how=Flag.Cleared.NO_DIFFERENCE, by=by, now=now)
    for text in (PAGE, edited, PAGE, edited):
        says(page, text, now=now)
    assert reasons(quoted) == []
    says(page, PAGE.replace("12 people", "16 people"), now=now)
    assert reasons(quoted) == ["quote_changed"]


def test_erased_versions_raise_nothing(now: datetime, page: Document, by: User) -> None:
    whole, pinned = held_against(page, by, now)
    assert pinned.snapshot is not None
    Snapshot.objects.filter(pk=pinned.snapshot.pk).update(
        text="█" * len(PAGE), erased_at=now, erased_by=by, erased_why="asked for"
    )
    page.refresh_from_db()
    says(page, PAGE.replace("12 people", "15 people"), now=now)
    assert reasons(whole) == []


def test_that_a_page_cannot_be_seen_is_shown_and_never_written(now: datetime, page: Document, by: User) -> None:
    _, pinned = held_against(page, by, now, COUNT)
    page.due_at = clock.now() + timedelta(days=9)  # somebody will look: only what looks found is shown
    assert "unchanged" in quote_today(pinned.anchor, page)
    page.outcome, page.failures, page.seen_at, page.checked_at = "unreachable", 2, now, now + timedelta(days=2)
    assert "unchanged" in quote_today(pinned.anchor, page), "two failures are nothing to tell"
    page.failures = 3
    assert "could not be reached" in quote_today(pinned.anchor, page)
    assert "since" in quote_today(pinned.anchor, page)
    page.checked_at = now + timedelta(hours=23)
    assert "unchanged" in quote_today(pinned.anchor, page)
    page.outcome, page.failures = "gated", 1
    assert "behind a wall" in quote_today(pinned.anchor, page)
    pinned.refresh_from_db()
    assert pinned.anchor == "holds"
