"""What breaks the constraints of hosts; tests/test_constraints.py tries each."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

from sources.models import Host
from tests.breaking import row

host = partial(row, Host)

HOSTS = MappingProxyType({
    "sources_host_has_a_name": host(name=""),
    "sources_host_is_held_with_token": host(name="a.test", busy_until=lambda world: world.now),
    "sources_host_gap_is_no_less_than_nothing": host(name="a.test", gap_s=-1.0),
    "sources_host_is_visited_on_some_day": host(name="a.test", visit_every_days=0),
    "sources_host_was_visited_by_somebody": host(name="a.test", visited_at=lambda world: world.now),
})  # fmt: skip
