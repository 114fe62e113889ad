"""From a body's bytes to the fact-checks in it, in this process or in the jail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from claims.known import archives, datafeeds, pages, tools
from claims.known.types import Shape, Told
from factcheck.lib import jail
from sources.fetching.types import Unreadable

JAILED = "claims.known.reading:jailed"
# A file of tens of thousands takes longer than a page.
CPU_S, WALL_S = 12, 20.0
Run = Callable[..., jail.Finished | jail.Broken]


def read(body: bytes, *, shape: Shape, charset: str, url: str, latest: datetime) -> Told:
    """Read a body that came from `url`; times after `latest` are none. For hostile bytes use `read_in_jail`."""
    if shape is Shape.PAGE:
        return pages.read(body, charset=charset, url=url, latest=latest)
    if shape is Shape.DATAFEED:
        return datafeeds.read(body, charset=charset, url=url, latest=latest)
    if shape is Shape.TOOLS:
        return tools.read(body, charset=charset, latest=latest)
    return archives.read(body, charset=charset, latest=latest)


def read_in_jail(
    body: bytes, *, shape: Shape, charset: str, url: str, latest: datetime, run: Run = jail.run
) -> Told | Unreadable:
    """Read a body in a child that may break."""
    head = json.dumps({"shape": shape, "charset": charset, "url": url, "latest": latest.isoformat()})
    ended = run(JAILED, head.encode() + b"\n" + body, cpu_s=CPU_S, wall_s=WALL_S)
    if isinstance(ended, jail.Broken):
        return Unreadable(ended.reason, ended.detail)
    return Told.from_json(json.loads(ended.output))


def jailed(payload: bytes) -> bytes:
    """Read inside the jail: a line of JSON and the body in, JSON out."""
    head, _, body = payload.partition(b"\n")
    asked = json.loads(head)
    told = read(
        body,
        shape=Shape(asked["shape"]),
        charset=asked["charset"],
        url=asked["url"],
        latest=datetime.fromisoformat(asked["latest"]),
    )
    return json.dumps(told.as_json()).encode()


def prepare() -> None:
    """Load what reading needs, before the jail closes."""
    from lxml import html  # noqa: F401
    from tld import get_tld
    from w3lib import url  # noqa: F401

    from factcheck.lib.addresses import trackers

    get_tld("http://example.org/", fail_silently=True)
    trackers()
