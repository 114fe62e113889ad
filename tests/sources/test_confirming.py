"""What must be seen more than once before it counts."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from factcheck.lib import clock
from factcheck.lib.answers import Response
from sources.fetching.types import Outcome
from sources.models import Change, Document
from tests.sources.pages import WORDS, Look, Site, answer, html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_look_confirms")]


TEN = timedelta(minutes=10)
CLOSED, OPEN = answer(html(f"{WORDS}\nIt is closed.")), answer(html(f"{WORDS}\nIt is open."))
OTHER = answer(html(f"{WORDS}\nThe advert of the day is number 1."))


@pytest.fixture
def _two_looks_confirm(settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600


@pytest.fixture
def looks(look: Look, _two_looks_confirm: None) -> Callable[..., list[Outcome]]:
    """Look every ten minutes at what the page says each time, after two looks that saw it as it is kept."""
    start = clock.now()
    look(at=start - 2 * TEN)
    look(at=start - TEN)
    times = (start + number * TEN for number in itertools.count())
    return lambda *said: [look(one, at=next(times)) for one in said]


Looks = Callable[..., list[Outcome]]
PENDING, CHANGED, UNCHANGED = Outcome.CHANGE_PENDING, Outcome.CHANGED, Outcome.UNCHANGED


def test_a_change_must_be_seen_twice_and_far_enough_apart_where_the_desk_wants_it(look: Look, settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600
    look()
    start = clock.now()
    assert look(CLOSED, at=start) is PENDING
    assert look(answer(), at=start + 2 * TEN) is UNCHANGED
    assert look(CLOSED, at=start + 3 * TEN) is PENDING, "it was not there in between"
    page = Document.objects.get()
    assert page.due_at == start + 4 * TEN
    assert look(CLOSED, at=start + timedelta(minutes=31)) is PENDING, "too soon to confirm anything"
    assert look(CLOSED, at=start + 4 * TEN) is CHANGED
    assert Document.objects.get().snapshots.count() == 2


def test_a_counter_that_counts_is_no_change(look: Look) -> None:
    read_by = f"{WORDS}\n{{}} people are reading this story now.\nThe ferry runs until the bridge opens, the port said."
    look(answer(html(read_by.format(35))))
    assert look(answer(html(read_by.format(41)))) is UNCHANGED
    assert Document.objects.get().snapshots.count() == 1


def test_another_text_is_no_confirmation(looks: Looks) -> None:
    assert looks(CLOSED, OPEN) == [PENDING, PENDING]
    assert looks(OPEN) == [CHANGED]


def test_what_two_looks_agree_on_counts_whatever_else_they_saw(looks: Looks) -> None:
    """A live blog says more at each look; its first entry is confirmed by the look that finds the second."""
    entries = [answer(html("\n".join([WORDS, *(f"Entry {one} came in." for one in range(most))]))) for most in (1, 2)]
    assert looks(*entries) == [PENDING, CHANGED]
    assert Document.objects.get().unstable_since is None


def test_a_page_that_shows_two_versions_by_chance_changes_once_at_most_and_is_told_unstable(looks: Looks) -> None:
    rng = random.Random(11)
    seen = looks(*(rng.choice([answer(), OTHER]) for _ in range(60)))
    page = Document.objects.get()
    assert seen.count(CHANGED) <= 1
    assert seen[30:] == [UNCHANGED] * 30, "looked at as often as any page that does not change"
    assert page.unstable_since is not None
    assert page.changes.filter(found="unstable").count() == 1
    assert page.changes.filter(found="changed").count() <= 1
    assert {one.text.endswith("number 1.") for one in page.snapshots.all()} == {True, False}, "both are kept"


def test_of_two_versions_in_strict_turn_neither_is_a_change_and_the_other_one_is_kept(looks: Looks) -> None:
    seen = looks(*[OTHER, answer()] * 10)
    page = Document.objects.get()
    assert CHANGED not in seen
    told = page.changes.get(found="unstable")
    assert told.before == page.snapshot
    assert told.after is not None
    assert told.after.text.endswith("number 1.")
    assert page.snapshots.count() == 2


def test_a_page_with_a_sentence_of_its_own_for_each_look_neither_floods_nor_hides_an_edit(looks: Looks) -> None:
    def visited(by: int, text: str = WORDS) -> Response:
        return answer(html(f"{text}\nYou are the visitor with the number {by}."))

    assert CHANGED not in looks(*map(visited, range(20)))
    assert Document.objects.get().unstable_since is not None
    edited = f"{WORDS}\nIt is closed."
    seen = looks(*(visited(by, edited) for by in range(20, 26)))
    assert seen.count(CHANGED) == 1
    assert seen.index(CHANGED) <= 3
    shorter = looks(*(visited(by) for by in range(26, 32)))
    assert shorter.count(CHANGED) <= 1


def test_a_page_that_has_settled_is_no_longer_unstable(looks: Looks) -> None:
    looks(*[OTHER, answer()] * 5)
    assert Document.objects.get().unstable_since is not None
    seen = looks(*[OTHER] * 30)
    assert seen.count(CHANGED) == 1
    page = Document.objects.get()
    assert page.unstable_since is None
    assert page.snapshot is not None
    assert page.snapshot.text.endswith("number 1.")


def test_an_edit_that_is_taken_back_is_believed_when_it_stays_so(looks: Looks) -> None:
    assert looks(CLOSED, CLOSED) == [PENDING, CHANGED]
    seen = looks(*[answer()] * 16)
    assert seen.count(CHANGED) == 1
    assert seen.index(CHANGED) == 11
    assert seen[-1] is UNCHANGED


def test_the_server_is_asked_for_the_whole_page_while_another_version_is_about(looks: Looks, site: Site) -> None:
    looks(answer(etag='"ours"'), CLOSED, answer(b"", status=304))
    assert site.asked[-2].etag == '"ours"'
    assert site.asked[-1] is None, "its word that nothing changed may be about the other version"


def test_pages_that_are_calm_remember_nothing(looks: Looks) -> None:
    looks(answer())
    page = Document.objects.get()
    assert (page.sightings, page.pending_digest, page.pending_since) == ([], "", None)
    looks(CLOSED, CLOSED, *[CLOSED] * 24)
    page = Document.objects.get()
    assert (page.sightings, page.pending_digest, page.pending_since) == ([], "", None)


def test_an_order_that_changes_at_every_look_is_no_change(looks: Looks) -> None:
    teasers = [f"Teaser {number} is about the town." for number in range(4)]
    rng = random.Random(3)
    said = [answer(html("\n".join([WORDS, *rng.sample(teasers, 4)]))) for _ in range(20)]
    assert looks(*said).count(CHANGED) <= 1


def test_a_page_that_comes_and_goes_is_gone_no_more_than_twice(looks: Looks) -> None:
    missing = answer(b"gone", status=404)
    rng = random.Random(5)
    looks(*(rng.choice([missing, answer()]) for _ in range(60)))
    page = Document.objects.get()
    assert page.changes.filter(found="gone").count() <= 2
    assert page.unstable_since is not None
    looks(missing)
    assert Document.objects.get().changes.filter(found="gone").count() <= 2


def test_a_page_that_is_back_with_another_text_is_seen_again(looks: Looks) -> None:
    missing = answer(b"gone", status=410)
    assert looks(missing, missing, CLOSED, CLOSED) == [PENDING, Outcome.GONE, PENDING, CHANGED]
    assert list(Change.objects.order_by("pk").values_list("found", flat=True)) == [
        "first", "gone", "seen_again", "changed",
    ]  # fmt: skip


def test_a_304_drops_what_awaited_its_second_look(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS = 2
    changed = answer(html(f"{WORDS}\nIt is closed."))
    assert look(changed) is Outcome.CHANGE_PENDING
    assert look(answer(b"", status=304)) is Outcome.UNCHANGED
    assert look(changed) is Outcome.CHANGE_PENDING


def test_a_page_is_gone_after_two_looks_and_said_so_once(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 0
    missing = answer(b"gone", status=404)
    assert look(missing) is Outcome.CHANGE_PENDING
    assert look(missing) is Outcome.GONE
    assert look(missing) is Outcome.GONE
    page = Document.objects.get()
    assert page.changes.filter(found="gone").count() == 1
    assert page.gone_at is not None
    assert page.snapshot is not None, "what it said is kept"
    assert look(answer()) is Outcome.UNCHANGED
    assert Document.objects.get().gone_at is None
    assert Change.objects.get(found="seen_again").document == page
    assert look() is Outcome.UNCHANGED
    assert Change.objects.filter(found="seen_again").count() == 1


def test_a_page_that_says_it_was_not_found_is_on_its_way_to_gone(look: Look, settings: Any) -> None:
    look()
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 0
    missing = answer(html("Page not found. Perhaps the search helps."))
    assert look(missing) is Outcome.CHANGE_PENDING
    assert look(missing) is Outcome.GONE
