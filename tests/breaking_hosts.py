"""What breaks the constraints of hosts; tests/test_constraints.py tries each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sources.models import Host


def host(**fields: Any) -> Callable[[Any], Any]:
    """Make a host with these columns; callables are asked for their value."""
    return lambda world: Host.objects.create(
        **{name: value(world) if callable(value) else value for name, value in {"name": "a.test", **fields}.items()}
    )


HOSTS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "sources_host_has_a_name": host(name=""),
    "sources_host_is_held_with_token": host(busy_until=lambda world: world.now),
    "sources_host_gap_is_no_less_than_nothing": host(gap_s=-1.0),
    "sources_host_is_visited_on_some_day": host(visit_every_days=0),
    "sources_host_was_visited_by_somebody": host(visited_at=lambda world: world.now),
})  # fmt: skip
