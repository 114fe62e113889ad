"""How a text is read, corrected by people: with a history, a way back, and nothing that a new version overwrites."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Appearance, Article, Claim, Event, Flag, Reread
from claims.services import claims, erasure, rereading
from claims.services.attributions import Named
from claims.services.rereading import RereadRefused
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from sources.models import Source
from tests.claims.pages import typed
from tests.claims.test_versions import CONFIRMED, RUMOUR, STORY, version
from tests.factories import person, split_article

pytestmark = pytest.mark.django_db
POST, REPORTS = Named("The Selmar Post"), Named("Reports", "could not be confirmed")


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def article(now: datetime) -> Article:
    return split_article(now, STORY)


@pytest.fixture
def place(article: Article) -> Appearance:
    return article.appearances.get(certainty="unconfirmed")


def reread(one: Appearance, *, by: User, now: datetime, **asked: object) -> Appearance:
    one = Appearance.objects.select_related("article", "claim").get(pk=one.pk)
    before = rereading.as_read(one)
    chain = tuple(Named(**link) for link in before.pop("chain"))
    given = {**before, "chain": chain, "seen": rereading.digest(one), **asked}
    return rereading.reread(one, **given, by=by, now=now)


def names(one: Appearance) -> list[str]:
    return [link.name for link in one.chain.order_by("position")]


def test_a_certainty_is_set_by_a_person_with_old_and_new_in_the_history(place: Appearance, by: User) -> None:
    assert reread(place, by=by, now=clock.now(), certainty="possible").certainty == "possible"
    row = Reread.objects.get()
    assert (row.what, row.was, row.by) == ("certainty", "unconfirmed", by)
    assert str(row) == "how sure the text is"
    told = Event.objects.filter(subject_uid=place.claim.uid, type="claim.reread").get()
    assert (told.payload["old"], told.payload["new"]) == ({"certainty": "unconfirmed"}, {"certainty": "possible"})
    assert "every chain holds" in typed("audit_verify")


def test_links_are_added_removed_renamed_and_put_in_another_order(place: Appearance, by: User, now: datetime) -> None:
    wire = Named("Dara Voss", "told")
    reread(place, by=by, now=now, chain=(POST, Named("Harbour Wire"), wire, REPORTS))
    assert names(place) == ["The Selmar Post", "Harbour Wire", "Dara Voss", "Reports"]
    assert Source.objects.filter(name="Dara Voss").exists()
    assert place.chain.get(name="Reports").source is None
    reread(place, by=by, now=now, chain=(wire, POST))
    assert names(place) == ["Dara Voss", "The Selmar Post"]
    assert Reread.objects.get().was[0]["name"] == "The Selmar Post", "splitting's own reading is kept"


def test_what_a_person_said_is_taken_back_one_by_one(place: Appearance, by: User, now: datetime) -> None:
    was = names(place)
    reread(place, by=by, now=now, certainty="denied", kind="opinion", chain=())
    place.claim.refresh_from_db()
    assert place.claim.kind == "opinion", "the claim stands nowhere else"
    for what in ("chain", "certainty", "kind"):
        rereading.take_back(place, what, by=by, now=now)
    place.refresh_from_db()
    place.claim.refresh_from_db()
    assert (place.certainty, place.kind, place.claim.kind, names(place)) == ("unconfirmed", "fact", "fact", was)
    assert not Reread.objects.exists()
    with pytest.raises(RereadRefused) as refused:
        rereading.take_back(place, "kind", by=by, now=now)
    assert refused.value.code == "already_decided"


def test_saying_what_splitting_says_takes_it_back(place: Appearance, by: User, now: datetime) -> None:
    reread(place, by=by, now=now, certainty="denied")
    reread(place, by=by, now=now, certainty="unconfirmed")
    assert not Reread.objects.exists()


def test_a_claim_that_stands_elsewhere_as_before_keeps_its_kind(place: Appearance, by: User, now: datetime) -> None:
    other = Appearance.objects.exclude(pk=place.pk).earliest("pk")
    Appearance.objects.filter(pk=other.pk).update(claim=place.claim, kind="fact")
    reread(place, by=by, now=now, kind="opinion")
    place.claim.refresh_from_db()
    assert place.claim.kind == "fact"


@pytest.mark.parametrize(
    ("asked", "code"),
    [({}, "same"), ({"seen": "x", "kind": "opinion"}, "moved"), ({"certainty": "sure"}, "unknown")],
)
def test_what_cannot_be_said_of_it_is_refused(
    place: Appearance, by: User, now: datetime, asked: dict[str, str], code: str
) -> None:
    with pytest.raises(RereadRefused) as refused:
        reread(place, by=by, now=now, **asked)
    assert refused.value.code == code


def test_of_a_sentence_that_is_gone_nothing_is_said(place: Appearance, by: User, now: datetime) -> None:
    Appearance.objects.filter(pk=place.pk).update(ended_at=now)
    with pytest.raises(RereadRefused) as refused:
        reread(place, by=by, now=now, kind="opinion")
    assert refused.value.code == "ended"


def test_a_new_version_overwrites_nothing_that_a_person_said(
    article: Article, place: Appearance, by: User, now: datetime
) -> None:
    reread(place, by=by, now=now, certainty="possible", kind="forecast", chain=(Named("Dara Voss"),))
    version(article, f"A first line.\n\n{STORY.replace(RUMOUR, CONFIRMED)}", now=now)
    place.refresh_from_db()
    assert (place.certainty, place.kind, names(place)) == ("possible", "forecast", ["Dara Voss"])
    row = Reread.objects.get(what="certainty")
    assert row.was == "asserted", "what splitting reads today is what comes back"
    assert rereading.take_back(place, "certainty", by=by, now=now).certainty == "asserted"


def test_where_the_text_says_by_now_what_the_person_said_nothing_is_called_for(
    article: Article, place: Appearance, by: User, now: datetime
) -> None:
    reread(place, by=by, now=now, certainty="asserted")
    version(article, STORY.replace(RUMOUR, CONFIRMED), now=now)
    assert not Flag.objects.filter(reason="certainty_changed").exists()


def test_a_claim_by_hand_keeps_what_its_author_said(article: Article, by: User, now: datetime) -> None:
    quote = "about 4,000 people had fled to Talvia"
    article.appearances.filter(quote__contains="4,000").delete()
    one = claims.make(
        "4,000 fled.", now=now, by=by, article=article, quote=quote, certainty="doubtful", chain=(POST, REPORTS)
    )
    version(article, f"A first line.\n\n{STORY}", now=now)
    version(article, f"Another line.\n\n{STORY}", now=now)
    place = one.appearances.get(ended_at=None)
    assert (place.certainty, names(place)) == ("doubtful", ["The Selmar Post", "Reports"])
    assert place.because == ["by hand"]


def test_an_erased_name_is_gone_from_what_splitting_read_too(place: Appearance, by: User, now: datetime) -> None:
    reread(place, by=by, now=now, chain=(Named("Osmund Karvelis"),))
    reread(place, by=by, now=now, chain=(POST,))
    Reread.objects.update(was=[{"name": "Osmund Karvelis", "cue": "said"}])
    place.chain.create(position=5, name="Osmund Karvelis")
    erasure.erase_person(names_of(["Osmund Karvelis"]), why="asked for", by=person(Role.ADMIN), now=clock.now())
    assert Reread.objects.get().was == []


def test_the_claim_is_compared_anew(place: Appearance, by: User, now: datetime) -> None:
    from claims.models import Representation

    Representation.objects.update(due_at=None, is_matched=True)
    reread(place, by=by, now=now, certainty="asserted")
    row = Representation.objects.get(pk=place.claim_id)
    assert (row.due_at, row.is_matched) == (now, False)
    assert Claim.objects.filter(pk=place.claim_id).exists()
