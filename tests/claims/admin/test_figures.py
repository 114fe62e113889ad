"""The desk in figures: what each counts, what it leads to, and what it says where it knows nothing."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.admin import charts, dashboard, figures
from claims.admin.figures import Decided, Period, Settled
from claims.models import Claim, Evidence, Flag, StatusChange, Triage
from claims.services import evidence, flags, triage, verdicts
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.management.seeding import cast, copying, planting
from factcheck.management.seeding.batch import Rules
from factcheck.management.seeding.planting import Plan
from sources.models import Change, Document, Snapshot, Source
from tests.claims.admin.conftest import flag, inline_in, listed, page_of, said, signed_in
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def by(db: None) -> User:
    return person(username="decider")


def born(at: datetime, text: str = "The Selmar bridge is closed.", **fields: Any) -> Claim:
    one = claim(at, text)
    Claim.objects.filter(pk=one.pk).update(created_at=at, **fields)
    one.refresh_from_db()
    return one


def decide(one: Claim, to: Status, by: User, at: datetime, page: Document) -> StatusChange:
    one.refresh_from_db()
    if not one.evidence.exists():
        evidence.attach(one, page, quote="", stance=Evidence.Stance.SUPPORTS, by=by, now=at)
    return verdicts.change_status(one, to=to, by=by, now=at, seen=Status(one.status), reason="It is so.")


def test_claims_are_counted_by_status_at_the_end_of_each_day(notice: Document, by: User, now: datetime) -> None:
    old = born(now - 40 * DAY)
    young = born(now - 2 * DAY)
    born(now - HOUR)
    decide(old, Status.IN_REVIEW, by, now - 3 * DAY, notice)
    decide(old, Status.SUPPORTED, by, now - DAY, notice)
    decide(young, Status.NOT_CHECKABLE, by, now - HOUR, notice)
    found = figures.by_status(Period(7, now))
    told = [
        tuple(many[code] for code in ("unreviewed", "in_review", "supported", "not_checkable"))
        for _d, many in found.days
    ]
    assert told == [(1, 0, 0, 0)] * 3 + [(0, 1, 0, 0), (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 1, 1)]  # fmt: skip
    assert found.days[-1][0] == now.date()
    assert (found.born, found.undecided) == (2, 1)
    assert sum(found.days[-1][1].values()) == Claim.objects.count()


def test_a_day_is_the_desks(settings: Any, now: datetime) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    late = datetime.fromisoformat("2026-03-02T20:00:00+00:00")
    assert Period(7, late).dates[-1] == date(2026, 3, 3)
    assert Period(7, late).start == datetime.fromisoformat("2026-02-25T00:00:00+13:00")
    born(late - 10 * HOUR)
    assert [many["unreviewed"] for _day, many in figures.by_status(Period(7, late)).days] == [0] * 5 + [1, 1]


def test_the_queue_is_told_by_how_long_its_claims_wait(notice: Document, by: User, now: datetime) -> None:
    decided = born(now - 60 * DAY)
    decide(decided, Status.SUPPORTED, by, now - 59 * DAY, notice)
    flag(decided, StaleReason.QUOTE_CHANGED, now=now - 2 * DAY, document=notice)
    born(now - 5 * HOUR)
    aside = born(now - 10 * DAY)
    triage.settle(Claim.objects.values_list("pk", flat=True), now=now)
    triage.snooze(aside, until=now + DAY, because="later", by=by, now=now)
    lapsed = Triage.objects.filter(lapses_at__lte=now).count()
    found = figures.backlog(Period(30, now))
    assert (found.ages, found.aside, found.unsettled, lapsed) == ([1, 1, 0, 0, 0], 1, 0, 0)
    Triage.objects.filter(pk=aside.pk).update(due_at=now - HOUR)
    assert figures.backlog(Period(30, now)).unsettled == 1


def test_first_verdicts_are_timed_and_what_has_none_is_not(notice: Document, by: User, now: datetime) -> None:
    assert figures.pace(Period(30, now)) == figures.Pace(0, None, None)
    for hours in range(1, 12):
        decide(born(now - 20 * HOUR), Status.SUPPORTED, by, now - 20 * HOUR + hours * HOUR, notice)
    born(now - 20 * HOUR)
    again = born(now - 200 * DAY)
    decide(again, Status.SUPPORTED, by, now - 199 * DAY, notice)
    decide(again, Status.IN_REVIEW, by, now - DAY, notice)
    decide(again, Status.SUPPORTED, by, now - HOUR, notice)
    assert figures.pace(Period(30, now)) == figures.Pace(11, 6 * HOUR, 10 * HOUR)


def test_a_verdict_that_became_another_is_a_flip(notice: Document, by: User, now: datetime) -> None:
    kept, turned = born(now - 9 * DAY), born(now - 9 * DAY, "The bridge is open.")
    for one, second in ((kept, Status.SUPPORTED), (turned, Status.REFUTED)):
        decide(one, Status.SUPPORTED, by, now - 8 * DAY, notice)
        decide(one, Status.IN_REVIEW, by, now - 3 * DAY, notice)
        decide(one, second, by, now - 2 * DAY, notice)
    (found,) = figures.flips(Period(30, now))
    assert (found.claim, found.old, found.new) == (turned.pk, "supported", "refuted")
    told = dashboard.of({"days": "7"}, now=now)
    assert [str(one.words) for one in told["flips"]] == ["supported → refuted"]
    assert figures.flips(Period(7, now + 20 * DAY)) == []


def test_what_was_checked_is_told_by_topic_and_by_who_says_so(notice: Document, by: User, now: datetime) -> None:
    minister = Source.objects.create(name="Ilka Brandt")
    about: list[dict[str, Any]] = [{"topic": "health", "claimant": minister}, {"topic": "health"}, {}]
    for number, fields in enumerate(about):
        one = born(now - 2 * DAY, f"Claim {number}.", **fields)
        decide(one, Status.SUPPORTED, by, now - DAY, notice)
    topics, speakers = figures.decided(Period(30, now))
    assert topics == [Decided("health", None, 2), Decided("", None, 1)]
    assert speakers == [Decided("", None, 2), Decided("Ilka Brandt", minister.pk, 1)]


def test_the_innermost_of_a_chain_is_who_says_so(article: Any, by: User, now: datetime) -> None:
    place = article.appearances.filter(chain__source__isnull=False).order_by("pk")[0]
    speaker = Source.objects.create(name="The port's harbour master")
    place.chain.create(position=9, name="the harbour master", source=speaker)
    decide(place.claim, Status.SUPPORTED, by, clock.now(), article.document)
    _topics, speakers = figures.decided(Period(30, clock.now()))
    assert [one.name for one in speakers] == ["The port's harbour master"]


def test_calls_that_made_no_difference_are_told_by_reason_and_publisher(bridge: Claim, by: User, now: datetime) -> None:
    outlet = Source.objects.create(name="Harbour Courier")
    for number, how in enumerate((Flag.Cleared.NO_DIFFERENCE, Flag.Cleared.NO_DIFFERENCE, Flag.Cleared.REVIEWED)):
        page = page_of("It is so.", now=now, url=f"https://courier.example/{number}")
        Document.objects.filter(pk=page.pk).update(publisher=outlet if number else None)
        one = flag(bridge, StaleReason.QUOTE_CHANGED, now=now - DAY, document=page)
        flags.clear_flag(one, how=how, now=now - HOUR, by=by)
    seen_again = flag(bridge, StaleReason.MONITOR_BLIND, now=now - DAY)
    flags.clear_flag(seen_again, how=Flag.Cleared.SEEN_AGAIN, now=now)
    reasons, publishers = figures.settled(Period(30, now))
    assert reasons == [Settled("quote_changed", None, 2, 3)]
    assert sorted(publishers, key=lambda one: one.name) == [
        Settled("", None, 1, 1), Settled("Harbour Courier", outlet.pk, 1, 2),
    ]  # fmt: skip
    assert [one.many for one in dashboard.of({}, now=now)["no_difference"]] == ["2 of 3"]


def test_pages_are_told_by_their_substantive_edits(notice: Document, now: datetime) -> None:
    version = Snapshot.objects.get(document=notice)
    for hours, weight, is_stealth in ((1, "substantive", True), (2, "substantive", False), (3, "minor", False)):
        Change.objects.create(
            document=notice, found="changed", after=version, at=now - hours * HOUR, weight=weight, is_stealth=is_stealth
        )
    (found,) = figures.edited(Period(7, now))
    assert (found.page, found.many, found.stealth) == (notice.pk, 2, 1)
    assert dashboard.of({}, now=now)["edited"][0].more == "1 without a notice that we found"
    assert figures.edited(Period(7, now + 30 * DAY)) == []


def test_what_we_cannot_see_is_counted(pinned: Evidence, now: datetime) -> None:
    gated = page_of("It is so.", now=now, url="https://wall.example/")
    Document.objects.filter(pk=gated.pk).update(outcome="gated", seen_at=now - 9 * DAY)
    flag(pinned.claim, StaleReason.MONITOR_BLIND, now=now, document=gated)
    assert pinned.document is not None
    Document.objects.filter(pk=pinned.document.pk).update(seen_at=now)
    found = figures.unseen(now)
    assert found == {"blind": 1, "gated": 1, "unreachable": 0, "unsupported": 0, "blocked": 0, "flagged": 1}


def test_an_empty_desk_says_of_each_figure_that_there_is_nothing(checker: Client) -> None:
    front = said(checker.get("/admin/"))
    for told in (
        "The queue is empty.",
        "No claim got its first verdict in the period.",
        "No verdict was changed to another one in the period.",
        "Nobody settled a call for another look in the period.",
        "No page that we watch was edited in substance in the period.",
        "No claim got a verdict in the period.",
    ):
        assert told in front, told


def plant(now: datetime, many: int, seed: int) -> None:
    plan = Plan(many, seed, now)
    copying.keep(planting.batch(plan, 0, cast.gathered(), Rules(5, timedelta(days=7))).finish())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the planner knows nothing yet of what nobody committed


def test_every_figure_leads_to_its_list_and_asks_as_often_for_many_claims_as_for_few(checker: Client) -> None:
    counts = []
    for seed, many in enumerate((400, 1_500)):
        plant(clock.now(), many, seed)
        with CaptureQueriesContext(connection) as seen:
            front = checker.get("/admin/?days=90")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 25
    assert inline_in(front) == []
    drawn = front.content.decode().split('aria-labelledby="figures"')[1].split('class="all-lists"')[0]
    links = {unescape(href) for href in re.findall(r'href="(/[^"]+)"', drawn)}
    assert len(links) > 40
    for link in sorted(links):
        assert checker.get(link).status_code == 200, link


@pytest.mark.parametrize("days", ["", "x", "31", "-7", "9" * 99, "%00", "٧"])
def test_an_address_that_asks_for_no_known_period_gets_the_usual_one(checker: Client, days: str) -> None:
    front = checker.get(f"/admin/?days={days}")
    assert re.search(r'days=30#figures"\s+aria-current="true"', front.content.decode())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("verdict=yes", {"kept", "turned"}), ("verdict=none", {"open"}), ("verdict=changed", {"turned"}),
        ("verdict=7", {"turned"}), ("verdict=90", {"kept", "turned"}), ("topic=health", {"open"}), ("topic=x", None),
        ("topic=%00", None), ("settled=quote_changed", {"kept"}), ("settled=too_old", set()),
    ],
)  # fmt: skip
def test_claims_are_narrowed_to_what_a_figure_counts(
    checker: Client, notice: Document, by: User, query: str, names: set[str] | None
) -> None:
    now = clock.now()
    ours = {name: born(now - 30 * DAY, f"The bridge of {name}.") for name in ("kept", "turned", "open")}
    Claim.objects.filter(pk=ours["open"].pk).update(topic="health")
    decide(ours["kept"], Status.SUPPORTED, by, now - 20 * DAY, notice)
    decide(ours["turned"], Status.SUPPORTED, by, now - 20 * DAY, notice)
    decide(ours["turned"], Status.IN_REVIEW, by, now - 3 * DAY, notice)
    decide(ours["turned"], Status.REFUTED, by, now - 2 * DAY, notice)
    told = flag(ours["kept"], StaleReason.QUOTE_CHANGED, now=now - 2 * DAY, document=notice)
    flags.clear_flag(told, how=Flag.Cleared.NO_DIFFERENCE, now=now, by=by)
    found = {one.pk for one in checker.get(f"{listed(Claim)}?{query}").context["cl"].result_list}
    assert {name for name, one in ours.items() if one.pk in found} == (set(ours) if names is None else names)


def test_a_line_says_what_it_shows_and_one_value_is_no_line() -> None:
    drawn = charts.line([3, 1, 2], title="Claims <b>", told="from 3 to 2")
    assert "<title" in drawn
    assert "Claims &lt;b&gt;" in drawn
    assert "from 3 to 2</desc>" in drawn
    assert charts.line([3], title="", told="") == ""
    flat = charts.line([2, 2], title="", told="")
    assert re.findall(r"L?[\d.]+ ([\d.]+)", flat.split('d="M')[1].split('"')[0]) == ["16.0", "16.0"]


@pytest.mark.parametrize(("value", "most", "width"), [(1, 4, "25.0"), (9, 4, "100.0"), (0, 0, "0.0")])
def test_a_bar_is_as_long_as_its_share(value: int, most: int, width: str) -> None:
    assert f'width="{width}"' in charts.bar(value, most=most)


@pytest.mark.parametrize(
    ("took", "told"),
    [
        (None, ""), (timedelta(seconds=5), "1 minute"), (timedelta(minutes=61), "1 hour 1 minute"),
        (timedelta(hours=49, minutes=9), "2 days 1 hour"), (timedelta(days=3), "3 days"),
    ],
)  # fmt: skip
def test_a_stretch_of_time_is_told_in_two_units(took: timedelta | None, told: str) -> None:
    assert dashboard._span(took) == told


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_whoever_may_see_the_desk_sees_its_figures(role: Role) -> None:
    assert "The desk in figures" in said(signed_in(role).get("/admin/"))
