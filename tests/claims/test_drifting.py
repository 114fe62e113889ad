"""A text that says more than the text it has it from is found, told once, and left to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

import pgtrigger
import pytest

from claims.matching import drift as matching
from claims.models import Appearance, Article, Claim, Deciding, Drift, Event, Evidence
from claims.services import articles, claims, drifting, linking
from claims.services.drifting import DriftRefused
from factcheck.access.models import User
from sources.models import Snapshot, Source
from sources.services import sources
from tests.claims.relating import consider
from tests.claims.test_linking import NARROWER
from tests.factories import person

pytestmark = pytest.mark.django_db

OPEN = "The bridge may have been closed to lorries."
FIRM = "The bridge has been closed to lorries."


@pytest.fixture
def by() -> User:
    return person()


def told(now: datetime, quote: str, outlet: str, certainty: str, *names: str) -> Appearance:
    """Make a claim that stands in an article of its own, taken from these names."""
    article, _new = articles.submit_text(f"Beside the river.\n\n{quote} So says {outlet}.", now=now, outlet=outlet)
    Article.objects.filter(pk=article.pk).update(due_at=None)
    return within(article, now, quote, certainty, *names)


def within(article: Article, now: datetime, quote: str, certainty: str, *names: str) -> Appearance:
    claim = claims.make(quote, now=now, article=article, quote=quote, certainty=certainty)
    place = claim.appearances.get()
    chain: list[tuple[str, Source | None]] = [(str(article.document.publisher), article.document.publisher)]
    chain += [(name, None if name.islower() else sources.find_or_make(name)) for name in names]
    for position, (name, source) in enumerate(chain):
        place.chain.create(position=position, name=name, source=source)
    return place


def join(one: Appearance, other: Appearance, by: User, now: datetime) -> None:
    linking.join(one.claim, other.claim, by=by, now=now)


def test_an_article_that_asserts_what_the_outlet_it_names_left_open_is_told_of_once(by: User, now: datetime) -> None:
    source = told(now, OPEN, "The Courier", "possible")
    place = told(now, FIRM, "The Echo", "asserted", "The Courier")
    join(place, source, by, now)
    drift = Drift.objects.get()
    assert (drift.claim, drift.appearance, drift.source) == (place.claim, place, source)
    assert (drift.kind, drift.state, drift.by) == ("hedge_dropped", "suggested", None)
    assert (drift.said, drift.source_said) == (FIRM, OPEN)
    assert drift.because
    drifting.consider([place.claim_id], now=now)
    event = Event.objects.get(type="claim.certainty_drifted")
    assert event.subject_uid == place.claim.uid
    assert event.payload == {
        "drift": str(drift.uid), "kind": "hedge_dropped", "appearance": str(place.uid), "source": str(source.uid),
    }  # fmt: skip
    assert list(Claim.objects.saying_more()) == [place.claim]
    assert list(drifting.of_claim(source.claim)) == [drift]


def test_a_link_to_the_other_page_is_as_good_as_its_name(by: User, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "officials")
    page = source.article.document
    Evidence.objects.create(
        claim=place.claim, document=page, state="suggested", at=now, suggested_because="the sentence links to it"
    )
    join(place, source, by, now)
    assert Drift.objects.get().appearance == place


def test_nothing_is_said_of_texts_that_do_not_have_it_from_each_other(by: User, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Gazette")
    join(place, source, by, now)
    again = told(now, FIRM, "The Courier", "asserted")  # its own outlet is no source of it
    join(again, source, by, now)
    assert not Drift.objects.exists()


def test_nor_where_it_was_published_before_that(by: User, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    with pgtrigger.ignore():
        for one, at in ((source, now), (place, now - timedelta(days=1))):
            Snapshot.objects.filter(pk=one.snapshot_id).update(published_at=at)
    join(place, source, by, now)
    assert not Drift.objects.exists()


def test_within_an_article_its_own_voice_has_it_from_what_it_reports(by: User, now: datetime) -> None:
    article, _new = articles.submit_text(f"{FIRM} {OPEN}", now=now, outlet="Quay Notes")
    own = within(article, now, FIRM, "asserted")
    reported = within(article, now, OPEN, "unconfirmed", "reports")
    join(own, reported, by, now)
    drift = Drift.objects.get()
    assert (drift.appearance, drift.source) == (own, reported)


def test_claims_need_not_be_joined_where_one_is_narrower(now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    consider(source.claim, {place.claim: NARROWER}, now=now)
    assert Drift.objects.get().appearance == place


def test_what_is_no_more_is_taken_back_and_what_a_person_decided_stays(by: User, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    join(place, source, by, now)
    drifting.consider([source.claim_id], now=now, tell=lambda _source, _article: None)
    assert Drift.objects.get().state == Deciding.DISMISSED
    assert not Claim.objects.saying_more().exists()
    other = matching.Drift("number_hardened", "about 200 became 200")
    drifting.consider([source.claim_id], now=now, tell=lambda _source, _article: other)
    drift = Drift.objects.get(appearance=place)
    assert (drift.state, drift.kind, drift.because) == ("suggested", other.kind, [other.because])
    drifting.dismiss(drift, by=by, now=now)
    drifting.consider([source.claim_id], now=now)
    assert Drift.objects.get().state == Deciding.DISMISSED
    drifting.accept(drifting.undo(drift, by=by, now=now), by=by, now=now)
    Appearance.objects.filter(pk=source.pk).update(ended_at=now)
    drifting.consider([place.claim_id], now=now)
    assert Drift.objects.get().state == Deciding.ACCEPTED
    types = [event.type for event in Event.objects.of(place.claim.uid)]
    assert types[:3] == ["claim.drift_accepted", "claim.drift_undone", "claim.drift_dismissed"]


def test_a_drift_is_decided_on_once(by: User, now: datetime) -> None:
    source, place = told(now, OPEN, "The Courier", "possible"), told(now, FIRM, "The Echo", "asserted", "The Courier")
    join(place, source, by, now)
    drift = drifting.accept(Drift.objects.get(), by=by, now=now)
    with pytest.raises(DriftRefused, match="accepted") as refused:
        drifting.dismiss(drift, by=by, now=now)
    assert refused.value.code == "already_decided"


def test_what_was_erased_says_nothing(by: User, now: datetime) -> None:
    source, place = (
        told(now, "█████ ██.", "The Courier", "possible"),
        told(now, FIRM, "The Echo", "asserted", "The Courier"),
    )
    join(place, source, by, now)
    assert not Drift.objects.exists()
