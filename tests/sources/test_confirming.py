"""What must be seen more than once before it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factcheck.lib import clock
from sources.fetching.types import Outcome
from sources.models import Change, Document
from tests.sources.pages import WORDS, Look, answer, html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_look_confirms")]


def test_a_change_must_be_seen_twice_and_far_enough_apart_where_the_desk_wants_it(look: Look, settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600
    look()
    other, third = answer(html(f"{WORDS}\nIt is closed.")), answer(html(f"{WORDS}\nIt is open."))
    start = clock.now()
    assert look(other, at=start) is Outcome.CHANGE_PENDING
    assert look(third, at=start + timedelta(minutes=10)) is Outcome.CHANGE_PENDING, "another text is no confirmation"
    assert look(answer(), at=start + timedelta(minutes=20)) is Outcome.UNCHANGED
    assert look(other, at=start + timedelta(minutes=30)) is Outcome.CHANGE_PENDING
    page = Document.objects.get()
    assert page.due_at == start + timedelta(minutes=40)
    assert look(other, at=start + timedelta(minutes=31)) is Outcome.CHANGE_PENDING, "too soon to confirm anything"
    assert look(other, at=start + timedelta(minutes=40)) is Outcome.CHANGED
    assert Document.objects.get().snapshots.count() == 2


def test_a_page_that_differs_at_every_look_is_taken_as_it_is_after_a_while(look: Look, settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 2, 600
    look()
    start = clock.now()
    seen = [
        look(answer(html(f"{WORDS}\nVisitor {number} came.")), at=start + timedelta(minutes=10 * number))
        for number in range(4)
    ]
    assert seen == [Outcome.CHANGE_PENDING] * 3 + [Outcome.CHANGED]


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
