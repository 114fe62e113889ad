"""What rests on a page is told to those who look at it: claims by where they stand, and a story that is fresh."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from claims.models import Claim, Evidence
from claims.services import evidence, stakes, verdicts
from claims.tasks import tell_stakes
from claims.verification.status import Status
from factcheck.lib import clock
from sources.models import Document, Snapshot
from sources.services import documents
from sources.services.pacing import Stake
from tests import factories

pytestmark = pytest.mark.django_db


def never() -> bool:
    return False


def page(name: str) -> Document:
    return documents.watch(f"https://news.example.org/{name}", now=clock.now())[0]


def resting_on(document: Document, status: Status, number: int = 1) -> list[Claim]:
    made = []
    for place in range(number):
        claim = factories.claim(clock.now(), f"The Selmar bridge has {place} cracks and is {status}.")
        for through in (Status.IN_REVIEW, status):
            Claim.objects.filter(pk=claim.pk).exclude(status=through).update(status=through)
        evidence.suggest(claim, document, because="it links there", now=clock.now())
        made.append(claim)
    return made


def stake(document: Document) -> tuple[float, str]:
    document.refresh_from_db()
    return document.stake, document.stake_why


def test_unconfirmed_claims_weigh_most_and_are_named() -> None:
    grave, light, bare = page("grave"), page("light"), page("bare")
    resting_on(grave, Status.UNCONFIRMED, 3)
    resting_on(light, Status.WITHDRAWN)
    assert stakes.refresh(now=clock.now(), until=never) is False
    assert stake(grave) == (7, "3 unconfirmed claims rest on it")
    assert stake(light) == (1, "1 claim rests on it")
    assert stake(bare) == (1, "")


def test_what_was_dismissed_rests_on_nothing() -> None:
    document = page("dismissed")
    resting_on(document, Status.UNCONFIRMED)
    Evidence.objects.update(state=Evidence.State.DISMISSED)
    stakes.refresh(now=clock.now(), until=never)
    assert stake(document) == (1, "")


def test_each_page_is_told_once_in_a_while_and_the_rest_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stakes, "BATCH", 1)
    document, _other, now = page("again"), page("other"), clock.now()
    assert stakes.refresh(now=now, until=lambda: True) is True
    assert stakes.refresh(now=now, until=never) is False
    resting_on(document, Status.IN_REVIEW)
    stakes.refresh(now=now + timedelta(minutes=1), until=never)
    assert stake(document)[0] == 1
    tell_stakes(now + stakes.AGAIN)
    assert stake(document) == (2.5, "1 claim rests on it")


def test_a_fresh_story_counts_double_and_a_stake_has_its_limit() -> None:
    assert stakes.of({Status.SUPPORTED: 2}, is_fresh=True) == Stake(6, "2 claims rest on it, a fresh story")
    assert stakes.of({Status.UNCONFIRMED: 500}, is_fresh=False).weight == stakes.MOST
    assert stakes.of({}, is_fresh=True) == Stake(2, "a fresh story")


def test_a_page_published_today_is_fresh(now: datetime) -> None:
    documents_at = {"old": now - timedelta(days=2), "new": now - timedelta(hours=2)}
    for name, at in documents_at.items():
        document = page(name)
        document.snapshot = Snapshot.objects.create(
            document=document, number=1, taken_at=now, captured_by="fetch", text="x", digest="0", published_at=at
        )
        document.save(update_fields=["snapshot"])
    stakes.refresh(now=now, until=never)
    assert set(Document.objects.values_list("stake", "stake_why")) == {(1, ""), (2, "a fresh story")}


def test_splitting_evidence_and_verdicts_tell_at_once(
    now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by = factories.person()
    with django_capture_on_commit_callbacks(execute=True):
        article = factories.split_article(now)
    document = article.document
    resting = stake(document)
    assert resting[0] > 1
    assert resting[1].endswith("unconfirmed claim rests on it")
    one = factories.claim(now, "The Selmar bridge is closed.")
    with django_capture_on_commit_callbacks(execute=True):
        held = evidence.attach(one, document, quote="cracks", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    attached = stake(document)[0]
    assert attached == resting[0] + stakes.WEIGHTS[Status.UNREVIEWED]
    with django_capture_on_commit_callbacks(execute=True):
        verdicts.change_status(one, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED)
    assert stake(document)[0] == resting[0] + stakes.WEIGHTS[Status.IN_REVIEW]
    with django_capture_on_commit_callbacks(execute=True):
        evidence.dismiss(held, by=by, now=now)
    assert stake(document) == resting
