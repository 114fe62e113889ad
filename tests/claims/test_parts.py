"""A claim that says several things is split up into several, and put together again where nobody worked on them."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Appearance, Article, Claim, Event, Evidence, StatusChange
from claims.services import evidence, linking, parts, rereading, verdicts, wording
from claims.services.attributions import Named
from claims.services.parts import Part, SplitRefused
from claims.verification.status import Code, Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.pages import typed
from tests.claims.test_versions import version
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
STORY = "Dara Voss said that the bridge had been closed and that the ferry had been sold.\n\nIt rained on Monday."
TWO = (
    Part("The bridge had been closed.", "the bridge had been closed"),
    Part("The ferry had been sold.", "the ferry had been sold"),
)


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def article(now: datetime) -> Article:
    return split_article(now, STORY)


@pytest.fixture
def both(article: Article, now: datetime, by: User) -> Claim:
    """One claim that says two things."""
    from claims.services import claims

    Appearance.objects.all().delete()
    text = "The bridge had been closed and the ferry sold."
    quote = "the bridge had been closed and that the ferry had been sold"
    chain = (Named("The Selmar Post"), Named("Dara Voss", "said"))
    return claims.make(
        text, now=now, by=by, article=article, quote=quote, certainty="unconfirmed", chain=chain, said_where="on air"
    )


def split(one: Claim, by: User, *said: Part, seen: str = "") -> list[Claim]:
    return parts.split_up(one, said or TWO, seen=seen or one.text, by=by, now=clock.now())


def code_of(refused: pytest.ExceptionInfo[SplitRefused]) -> str:
    return refused.value.code


def test_each_part_stands_where_the_whole_stood_with_whom_it_is_from(both: Claim, by: User) -> None:
    bridge, ferry = split(both, by)
    assert (bridge.text, bridge.origin, bridge.status, bridge.part_of) == (
        "The bridge had been closed.", "person", "unconfirmed", both,
    )  # fmt: skip
    place = ferry.appearances.get()
    assert (place.quote, place.certainty) == ("the ferry had been sold", "unconfirmed")
    assert place.snapshot.text[place.spans[0]["start"] : place.spans[0]["end"]] == place.quote
    assert [(link.name, link.cue) for link in place.chain.all()] == [("The Selmar Post", ""), ("Dara Voss", "said")]
    assert (bridge.said_where, bridge.check_worthiness) == ("on air", both.check_worthiness)


def test_the_whole_is_closed_and_leads_to_its_parts(both: Claim, by: User) -> None:
    made = split(both, by)
    both.refresh_from_db()
    assert both.status == "not_checkable"
    assert StatusChange.objects.get(claim=both).code == Code.SPLIT_UP
    assert list(both.parts.order_by("pk")) == made
    told = Event.objects.filter(subject_uid=both.uid, type="claim.split_up").get()
    assert told.payload == {"parts": [str(one.uid) for one in made]}
    assert both.appearances.standing().exists(), "splitting finds its words there again"
    assert not both.appearances.undivided().exists()
    assert "every chain holds" in typed("audit_verify")


def test_a_part_without_a_quote_keeps_the_whole_one(both: Claim, by: User) -> None:
    made = split(both, by, TWO[0], Part("The ferry is gone."))
    assert made[1].appearances.get().quote == both.appearances.get().quote
    assert made[1].appearances.get().spans == both.appearances.get().spans


def test_where_one_text_words_it_otherwise_its_whole_quote_stays(both: Claim, by: User, now: datetime) -> None:
    other = split_article(now, "The bridge was shut, the ferry auctioned off.", outlet="The Courier")
    place = other.appearances.earliest("pk")
    Appearance.objects.filter(pk=place.pk).update(claim=both)
    made = split(both, by)
    assert {one.quote for one in made[0].appearances.all()} == {"the bridge had been closed", place.quote}


def test_in_review_its_parts_begin_anew_and_it_goes_back_to_review(both: Claim, by: User, now: datetime) -> None:
    verdicts.change_status(both, to=Status.IN_REVIEW, seen=Status.UNCONFIRMED, by=by, now=now)
    made = split(both, by)
    assert {one.status for one in made} == {"unreviewed"}
    both.refresh_from_db()
    assert parts.put_together(both, by=by, now=clock.now()).pk == both.pk
    both.refresh_from_db()
    assert both.status == "in_review"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ((TWO[0],), "how_many"),
        (tuple(Part(f"It is {n}.") for n in range(7)), "how_many"),
        ((TWO[0], Part("the bridge had been CLOSED.")), "same"),
        ((TWO[0], Part("x" * 2001)), "claim_text"),
        ((TWO[0], Part("  ")), "claim_text"),
        ((TWO[0], Part("It is so.", "a quote of nobody")), "quote_not_found"),
        ((TWO[0], Part("It is so.", "It rained on Monday")), "quote_not_found"),
    ],
)
def test_what_are_no_parts_is_refused_whole(both: Claim, by: User, said: tuple[Part, ...], code: str) -> None:
    many = Claim.objects.count()
    with pytest.raises(SplitRefused) as refused:
        split(both, by, *said)
    assert code_of(refused) == code
    assert Claim.objects.count() == many


def test_an_erased_sentence_is_no_part(both: Claim, by: User, now: datetime) -> None:
    from claims.services import erasure
    from factcheck.lib.names import names_of

    words = "The widow of Osmund Karvelis keeps the bridge tower locked at night."
    claim(now, words)
    erasure.erase_person(names_of(["Osmund Karvelis"]), why="asked for", by=person(Role.ADMIN), now=clock.now())
    with pytest.raises(SplitRefused) as refused:
        split(both, by, TWO[0], Part(words))
    assert code_of(refused) == "erased"


def test_a_claim_that_moved_is_decided_or_joined_is_not_split(both: Claim, by: User, now: datetime) -> None:
    with pytest.raises(SplitRefused) as refused:
        split(both, by, seen="Another sentence.")
    assert code_of(refused) == "moved"
    link = linking.join(both, claim(now, "Another one."), by=by, now=now)
    with pytest.raises(SplitRefused) as refused:
        split(both, by)
    assert code_of(refused) == "joined"
    linking.undo(link, by=by, now=now)
    verdicts.change_status(
        both, to=Status.NOT_CHECKABLE, seen=Status.UNCONFIRMED, code=Code.OPINION, by=by, now=clock.now()
    )
    with pytest.raises(SplitRefused) as refused:
        split(both, by)
    assert code_of(refused) == "decided"


def test_put_together_it_stands_where_it_stood(both: Claim, by: User) -> None:
    made = split(both, by)
    parts.put_together(both, by=by, now=clock.now())
    both.refresh_from_db()
    assert both.status == "unconfirmed"
    assert not both.parts.exists()
    assert both.appearances.undivided().standing().exists()
    for one in made:
        one.refresh_from_db()
        assert (one.status, one.appearances.standing().exists()) == ("not_checkable", False)
    with pytest.raises(SplitRefused) as refused:
        parts.put_together(both, by=by, now=clock.now())
    assert code_of(refused) == "not_split"
    assert "every chain holds" in typed("audit_verify")


@pytest.mark.parametrize("work", ["move", "join", "edit", "read", "hold"])
def test_what_somebody_worked_on_is_not_put_together(both: Claim, by: User, now: datetime, work: str) -> None:
    bridge, _ferry = split(both, by)
    later = clock.now()
    place = bridge.appearances.get()
    page = place.article.document
    done = {
        "move": lambda: verdicts.change_status(bridge, to=Status.IN_REVIEW, seen=Status.UNCONFIRMED, by=by, now=later),
        "join": lambda: linking.join(bridge, claim(now, "The Selmar bridge is shut."), by=by, now=later),
        "edit": lambda: wording.edit(bridge, "It is shut.", seen=bridge.text, by=by, now=later),
        "read": lambda: rereading.reread(
            place, certainty="denied", kind="fact", chain=(), seen=rereading.digest(place), by=by, now=later
        ),
        "hold": lambda: evidence.attach(bridge, page, quote="", stance=Evidence.Stance.SUPPORTS, by=by, now=later),
    }
    done[work]()
    with pytest.raises(SplitRefused) as refused:
        parts.put_together(both, by=by, now=later)
    assert code_of(refused) == "worked_on"
    assert both.parts.count() == 2


def test_a_new_version_of_the_article_brings_no_part_twice(
    article: Article, both: Claim, by: User, now: datetime
) -> None:
    made = split(both, by)
    version(article, f"A first line.\n\n{STORY}", now=now)
    many = Claim.objects.count()
    version(article, f"Another line.\n\n{STORY}", now=now)
    assert Claim.objects.count() == many
    for one in made:
        assert one.appearances.standing().get().snapshot.number == 3
