"""How often a page is looked at: learnt from its looks, weighed by what rests on it, within a budget, and told."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from factcheck import ledger
from factcheck.lib import clock
from sources.fetching import allotting, rates
from sources.fetching.types import Outcome
from sources.models import Change, Check, Document, Price
from sources.services import checks, documents, pacing
from sources.services.pacing import Stake
from tests.sources.pages import answer, html

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NUMBERS = count(1)
REST = "The bridge of Selmar was built by the state in 1931, they say. " * 5


def page(**fields: object) -> Document:
    document, _is_new = documents.watch(f"https://news.example.org/{next(NUMBERS)}", now=clock.now())
    Document.objects.filter(pk=document.pk).update(**fields)
    document.refresh_from_db()
    return document


def look(document: Document, text: str, *, now: datetime) -> Document:
    """Look once at a page that says this; it is due by then."""
    Document.objects.update(due_at=None)
    Document.objects.filter(pk=document.pk).update(due_at=clock.now() - HOUR)
    held = ledger.lease(ledger.register.works["look"])[0]
    fresh = Document.objects.select_related("snapshot").get(pk=document.pk)
    seen = checks.look_at(fresh, fetch=lambda _url, *, validators: answer(html(text)))
    checks.record(held, seen, now=now, rng=random.Random(1))
    return Document.objects.get(pk=document.pk)


def hall(number: int) -> str:
    return f"The council met in hall {number} of Selmar and said so at length. " * 5


def wait(document: Document, now: datetime) -> timedelta:
    assert document.due_at is not None
    return document.due_at - now


def test_a_page_that_moves_is_looked_at_sooner_than_one_that_rests_and_says_why(settings: Any) -> None:
    settings.CHANGE_LOOKS, settings.CHANGE_LOOKS_APART = 1, 1
    moving, resting, start = page(), page(), clock.now()
    for hour in range(12):
        now = start + hour * HOUR
        moving = look(moving, hall(hour), now=now)
        moved_wait = wait(moving, now)
        resting = look(resting, REST, now=now)
    assert moving.rate_changes > 5
    assert resting.rate_changes == 0
    assert moved_wait < wait(resting, now)
    assert moving.due_because.endswith(" min: 6 edits in the last 6 h")
    assert resting.due_because.endswith(": no edit for 11 hours")


def test_an_edit_that_is_confirmed_counts_once_and_from_when_it_was_seen_first() -> None:
    moved, start = page(), clock.now()
    moved = look(moved, hall(1), now=start)
    moved = look(moved, hall(2), now=start + HOUR)
    assert (moved.outcome, moved.rate_changes, moved.rate_at) == ("change_pending", 0, start)
    moved = look(moved, hall(2), now=start + 1.2 * HOUR)
    assert moved.outcome == "changed"
    assert 0.9 < moved.rate_changes < 1
    assert 0.5 < moved.rate_hours < 0.8, "half of the hour in which it came, and the wait in which nothing else did"
    assert moved.rate_at == start + 1.2 * HOUR


def test_a_page_that_moves_while_it_is_confirmed_counts_for_each_time_it_moved() -> None:
    lively, start = page(), clock.now()
    for entries, hours in ((1, 0), (2, 1), (3, 1.2)):
        lively = look(
            lively, "\n".join(f"{hall(number)} {REST}" for number in range(entries)), now=start + hours * HOUR
        )
    assert lively.outcome == "changed"
    assert lively.rate_changes > 1.9
    assert lively.rate_at == start + 1.2 * HOUR


def test_what_is_minor_or_comes_to_nothing_is_no_edit() -> None:
    document, start = page(), clock.now()
    document = look(document, REST, now=start)
    document = look(document, hall(1), now=start + HOUR)
    assert document.outcome == "change_pending"
    document = look(document, REST, now=start + 2 * HOUR)
    assert (document.outcome, document.rate_changes, document.rate_hours) == ("unchanged", 0, 2)
    spelled = REST.replace("by the state", "by teh state")
    for at in (3, 3.2):
        document = look(document, spelled, now=start + at * HOUR)
    assert (document.outcome, Change.objects.get(found="changed").weight) == ("changed", "minor")
    assert document.rate_changes == 0
    assert document.due_because.endswith(": a new text just now")


@pytest.mark.parametrize("outcome", [Outcome.UNREACHABLE, Outcome.GATED, Outcome.GONE, Outcome.CHANGE_PENDING])
def test_a_page_that_could_not_be_seen_teaches_nothing(outcome: Outcome, now: datetime) -> None:
    document = page(seen_at=now, rate_changes=2, rate_hours=8, rate_at=now)
    pacing.learn(document, outcome, [(now + HOUR, False)], on=pacing.terms())
    assert (document.rate_changes, document.rate_hours, document.rate_at) == (2, 8, now)


def test_no_look_teaches_twice(now: datetime) -> None:
    document = page(seen_at=now, rate_changes=2, rate_hours=8, rate_at=now)
    looks = [(now - HOUR, True), (now, False), (now + HOUR, False)]
    pacing.learn(document, Outcome.CHANGED, looks, on=pacing.terms())
    assert document.rate_at == now + HOUR
    assert 8.5 < document.rate_hours < 9
    assert document.rate_changes < 2


def test_the_time_for_which_a_page_was_not_there_is_not_counted(now: datetime) -> None:
    document = page(seen_at=now, rate_changes=2, rate_hours=8, rate_at=now, gone_at=now)
    pacing.learn(document, Outcome.UNCHANGED, [(now + HOUR, False)], on=pacing.terms())
    assert (document.rate_changes, document.rate_hours, document.rate_at) == (2, 8, now + HOUR)


def test_a_page_that_an_older_version_of_the_program_watched_is_known_to_have_been_quiet(now: datetime) -> None:
    old = page(seen_at=now, changed_at=now - 30 * DAY, created_at=now - 60 * DAY)
    young = page(seen_at=now, changed_at=now, created_at=now - 60 * DAY)
    on = pacing.terms()
    for document in (old, young):
        pacing.learn(document, Outcome.UNCHANGED, [(now + HOUR, False)], on=on)
    assert old.rate_hours > 700
    assert young.rate_hours == 1
    asked: dict[str, Any] = {"failures": 0, "asked": None, "edits_lately": 0, "now": now, "on": on}
    waits = [pacing.when_next(one, Outcome.UNCHANGED, rng=random.Random(1), **asked).at - now for one in (old, young)]
    assert waits[0] > 10 * HOUR
    assert waits[1] < 3 * HOUR


def test_a_new_story_is_looked_at_often_however_still_all_other_pages_are(now: datetime) -> None:
    Price.objects.create(prior_changes=0.05, prior_hours=720)
    new, old = page(created_at=now, changed_at=now), page(created_at=now - 3 * DAY, changed_at=now)
    asked: dict[str, Any] = {"failures": 0, "asked": None, "edits_lately": 0, "now": now, "on": pacing.terms()}
    waits = [pacing.when_next(one, Outcome.CHANGED, rng=random.Random(1), **asked).at - now for one in (new, old)]
    assert waits[0] < 2 * HOUR
    assert waits[1] > 10 * HOUR


def test_what_rests_on_a_page_brings_its_looks_forward_and_is_told() -> None:
    light, heavy, now = page(), page(), clock.now()
    pacing.set_stakes({heavy.pk: Stake(9, "3 unconfirmed claims rest on it")}, now=now)
    light, heavy = look(light, REST, now=now), look(heavy, REST, now=now)
    assert wait(heavy, now) < 0.6 * wait(light, now)
    assert heavy.due_because.endswith(", 3 unconfirmed claims rest on it")


def test_a_page_on_which_more_rests_now_is_not_kept_waiting_and_not_all_are_due_at_once(now: datetime) -> None:
    known: dict[str, Any] = {"outcome": "unchanged", "seen_at": now, "changed_at": now - 9 * DAY, "rate_at": now}
    known |= {"rate_hours": 240, "created_at": now - 30 * DAY, "due_at": now + DAY, "looks_since_change": 9}
    pages = [page(**known) for _number in range(40)]
    pacing.set_stakes({one.pk: Stake(9, "2 claims rest on it") for one in pages}, now=now)
    due = sorted(wait(one, now) for one in Document.objects.filter(pk__in=[one.pk for one in pages]))
    assert due[-1] < 5 * HOUR
    assert max(due[place + 8] - due[place] for place in range(32)) > 0.1 * due[-1]
    assert due[20] > 0.2 * due[-1]
    because = Document.objects.filter(due_because__contains="no edit for 9 days, 2 claims rest on it")
    assert because.count() == len(pages)


@pytest.mark.parametrize(
    "as_it_is",
    [
        {"outcome": "unreachable"},
        {"outcome": "change_pending"},
        {"outcome": "unchanged", "quarantined_at": clock.now()},
        {"outcome": "unchanged", "due_at": clock.now() + timedelta(seconds=1)},
        {"outcome": "unchanged", "due_at": None},
    ],
)
def test_a_page_that_does_not_wait_by_its_pace_is_left_alone(as_it_is: dict[str, Any]) -> None:
    now = clock.now()
    document = page(**{"due_at": now + DAY, "due_because": "as it was"} | as_it_is)
    pacing.set_stakes({document.pk: Stake(9, "2 claims rest on it")}, now=now, rng=random.Random(1))
    after = Document.objects.get()
    assert (after.due_at, after.due_because, after.stake) == (document.due_at, "as it was", 9)


def test_a_lower_stake_is_heeded_by_the_next_look_and_an_equal_one_changes_nothing(now: datetime) -> None:
    document = page(stake=9, stake_why="x", outcome="unchanged", due_at=now + DAY)
    pacing.set_stakes({document.pk: Stake(9, "x")}, now=now)
    pacing.set_stakes({document.pk: Stake(2, "1 claim rests on it")}, now=now)
    after = Document.objects.get()
    assert (after.due_at, after.stake, after.stake_at) == (now + DAY, 2, now)


def test_without_a_budget_a_look_costs_what_it_usually_costs(now: datetime) -> None:
    assert pacing.reprice(now=now).price == allotting.USUAL_PRICE
    assert str(Price.objects.get()) == "0.03"


def test_what_all_pages_have_taught_is_believed_of_one_that_nobody_knows(now: datetime) -> None:
    for number in range(20):
        page(rate_changes=number, rate_hours=24)
    assert pacing.reprice(now=now).prior != rates.NOTHING_KNOWN
    assert pacing.terms().prior == Price.objects.get().prior


def test_a_budget_makes_looks_dearer_and_all_waits_keep_to_it(settings: Any, now: datetime) -> None:
    for _page in range(20):
        page(rate_changes=12, rate_hours=24)
    settings.LOOKS_A_DAY = 100
    price = pacing.reprice(now=now).price
    bounds = allotting.Bounds(1 / 6, 24)
    assert 24 / allotting.gap(0.5, 1, price=price, bounds=bounds) * 20 <= 100
    assert price > 10 * allotting.USUAL_PRICE
    assert pacing.terms().is_scarce


def test_what_was_spent_above_the_budget_is_planned_less(settings: Any) -> None:
    settings.LOOKS_A_DAY = 100
    busy, now = page(), clock.now()
    for _page in range(20):
        page(rate_changes=12, rate_hours=24)
    before = pacing.reprice(now=now).price
    for minutes in range(0, 25 * 60, 6):
        at = now - timedelta(minutes=minutes)
        Check.objects.create(document=busy, due_at=at, at=at, outcome="unchanged", took_ms=1)
    assert pacing.reprice(now=now).price > before


def test_all_pages_are_priced_in_a_few_questions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _page in range(30):
        page(rate_changes=1, rate_hours=24)
    pacing.reprice(now=clock.now())
    with django_assert_num_queries(5):
        pacing.reprice(now=clock.now())
