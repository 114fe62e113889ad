"""What people do about hosts reaches the next look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factcheck.lib import clock
from sources.models import Document, Host
from sources.models.walls import CLOSED_BY_ROBOTS
from sources.services import hosts, robots, tending
from tests.sources.test_hosts import failed, give_back, host, page, take

pytestmark = pytest.mark.django_db


def test_one_page_tries_a_host_again_and_if_it_fails_the_host_is_left_alone_again() -> None:
    for number in range(3):
        page(f"http://a.test/{number}", ago=-timedelta(hours=number + 1))
    asleep = host(open_until=clock.now() + timedelta(minutes=5), fail_count=5, next_allowed_at=clock.now() + hosts.OPEN)
    assert take() == []
    tried = tending.try_again(asleep, now=clock.now())
    (held,) = take()
    assert held.page == tried == Document.objects.get(url="http://a.test/0")
    give_back(held, failed())
    again = host()
    assert again.open_until is not None
    assert again.open_until > clock.now()
    assert take() == []


def test_a_stuck_page_is_no_probe() -> None:
    page("http://a.test/1", quarantined_at=clock.now(), attempts=3)
    assert tending.try_again(host(), now=clock.now()) is None


def test_a_host_that_used_up_its_day_is_asked_again_when_it_is_allowed_more() -> None:
    now = clock.now()
    page("http://a.test/1")
    used = host(day=now.date(), looks_today=3, most_a_day=3, next_allowed_at=hosts.tomorrow(now))
    with pytest.raises(tending.TendingRefused, match="3 looks of today") as refused:
        tending.try_again(used, now=now)
    assert refused.value.code == "used_up"
    tending.set_pace(used, gap_s=None, most_a_day=2, visit_every_days=None, now=now)
    assert host().next_allowed_at == hosts.tomorrow(now)
    tending.set_pace(used, gap_s=0.5, most_a_day=4, visit_every_days=None, now=now)
    assert host().next_allowed_at == now + timedelta(seconds=0.5)


def test_a_host_that_is_allowed_less_than_it_had_waits_until_tomorrow() -> None:
    now = clock.now()
    page("http://a.test/1")
    tending.set_pace(host(day=now.date(), looks_today=3), gap_s=None, most_a_day=3, visit_every_days=None, now=now)
    assert host().next_allowed_at == hosts.tomorrow(now)
    assert take() == []


def test_what_a_host_asked_for_itself_outlasts_a_greater_number() -> None:
    now = clock.now()
    page("http://a.test/1")
    wanted = hosts.tomorrow(now) + timedelta(hours=3)
    used = host(day=now.date(), looks_today=3, most_a_day=3, next_allowed_at=wanted)
    tending.set_pace(used, gap_s=None, most_a_day=4, visit_every_days=None, now=now)
    assert host().next_allowed_at == wanted


def test_robots_is_asked_for_again_and_closed_pages_are_looked_at_then() -> None:
    now = clock.now()
    later = timedelta(days=3)
    page("http://a.test/closed", ago=-later, outcome="blocked", outcome_detail=CLOSED_BY_ROBOTS)
    page("http://a.test/open", ago=-later, outcome="unchanged")
    known = host(robots_at=now, robots_status=200, robots_text="User-agent: *\nDisallow: /closed")
    assert robots.is_known(known, now=now)
    tried = tending.read_robots_again(known, now=now)
    assert not robots.is_known(host(), now=now)
    assert tried == Document.objects.get(due_at=now)
    assert tried.url == "http://a.test/closed"
    assert Host.objects.get().robots_text, "what was read holds until then"
