"""The made-up pages: what they said from when on, what became of the looks at them, and their rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from factcheck.management.seeding.cast import Outlet
from factcheck.management.seeding.copying import Rows, reserved
from factcheck.management.seeding.words import Text, chosen
from sources.fetching.digest import digest
from sources.models import Change, Check, Document, Snapshot
from sources.models.document import blind_after

# What became of pages that are cited, and of articles: what a page under fifty claims loses would fill the queue.
CITED = (
    ("steady", 76), ("edited", 16), ("gated", 2), ("unreachable", 2), ("blind", 2), ("gone", 1), ("unsupported", 1),
)  # fmt: skip
ARTICLES = (("steady", 86), ("edited", 14))
CALM = frozenset({"steady", "edited"})
LOOKS, CHUNK = 5, 500
BECAUSE = "made up by manage.py seed: there is no such page"
CORRECTED = ", according to a corrected count"
# Looked at no sooner, and most of them never: the addresses do not exist.
RESTS = timedelta(days=30)
_STATUS = {"gated": 403, "gone": 404, "unreachable": None, "unsupported": 200}


class Keys:
    """Primary keys that nobody else gets, fetched many at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self.left: dict[type[Model], list[int]] = {}

    def __call__(self, model: type[Model]) -> int:
        """Return the next one."""
        if not self.left.get(model):
            self.left[model] = reserved(model, CHUNK)[::-1]
        return self.left[model].pop()


def uid(rng: Random) -> str:
    """Return a UUID of version 4."""
    hexed = f"{rng.getrandbits(128):032x}"
    return f"{hexed[:8]}-{hexed[8:12]}-4{hexed[13:16]}-a{hexed[17:20]}-{hexed[20:]}"


@dataclass(frozen=True, slots=True)
class Version:
    """What a page said from a moment on; `weight` is that of the edit that led here."""

    pk: int
    text: str
    at: datetime
    weight: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its versions, the oldest first."""

    pk: int
    uid: str
    url: str
    outlet: Outlet
    said: Text
    fate: str
    versions: Sequence[Version]
    first: tuple[int, int]  # where its first sentence stands
    seen: datetime
    checked: datetime

    @property
    def lost_at(self) -> datetime | None:
        """Since when it is gone, or could not be looked at for too long."""
        return {"gone": self.seen, "blind": self.seen + blind_after()}.get(self.fate)

    @property
    def corrected_at(self) -> datetime | None:
        """Since when its first sentence reads otherwise."""
        return next((one.at for one in self.versions if CORRECTED in one.text), None)


def made(
    rng: Random, keys: Keys, outlet: Outlet, said: Text, *, at: datetime, now: datetime, first: tuple[int, int]
) -> Page:
    """Make one page that is first seen at a moment; one whose `first` sentence claims are pinned to may reword it."""
    name = "-".join(said.headline.lower().replace(",", "").split()[:8])
    url = f"https://{outlet.domain}/{at:%Y/%m}/{name}-{rng.getrandbits(40):010x}"
    fate = chosen(rng, CITED if first[1] else ARTICLES)
    pk = keys(Document)
    versions = [Version(keys(Snapshot), said.text, at, "")]
    if fate == "edited":
        versions += _edits(rng, keys, said.text, at=at, now=now, first=first)
    checked = max(versions[-1].at, now - timedelta(minutes=rng.randrange(1, 1200)))
    ago = {"blind": rng.uniform(3, 20), "gone": rng.uniform(3, 20)}.get(fate, rng.uniform(0.9, 1.5))
    seen = checked if fate in CALM else max(at, min(checked, now - timedelta(days=ago)))
    return Page(pk, uid(rng), url, outlet, said, fate, versions, first, seen, checked if fate != "blind" else seen)


def _edits(
    rng: Random, keys: Keys, text: str, *, at: datetime, now: datetime, first: tuple[int, int]
) -> Iterator[Version]:
    for number in range(1 + int(rng.expovariate(0.8))):
        at += timedelta(hours=rng.expovariate(1 / 40))
        if at >= now:
            return
        is_substantive = rng.random() < 0.5  # noqa: PLR2004  every other one
        if is_substantive and CORRECTED not in text and first[1]:
            text = text[: first[1]] + CORRECTED + text[first[1] :]
        elif is_substantive:
            text = f"{text}\n\nUpdate {number + 1}: the council met again on day {at:%d} of the month."
        else:
            text = f"{text}\n\nLast read through on {at:%d %B}."
        yield Version(keys(Snapshot), text, at, "substantive" if is_substantive else "minor")


def write(page: Page, rows: Rows, rng: Random, *, now: datetime) -> None:
    """Add a page's rows. Nobody looks at one that is well: it is paused."""
    outcome, is_calm, born = page.fate if page.fate in _STATUS else "unchanged", page.fate in CALM, page.versions[0].at
    due = None if is_calm else now + RESTS + timedelta(minutes=rng.randrange(14400))
    rows[Document].append((
        page.pk, page.uid, page.url, page.url, page.outlet.host, page.outlet.pk, page.said.headline, "en", outcome,
        "", page.checked, page.seen, page.versions[-1].at if len(page.versions) > 1 else None,
        page.lost_at if page.fate == "gone" else None, page.lost_at if page.fate == "blind" else None,
        now if is_calm else None, 0 if outcome == "unchanged" else 3, LOOKS, due, BECAUSE, "", 0, "", "", born, 0, "",
    ))  # fmt: skip
    before = None
    for number, one in enumerate(page.versions, start=1):
        rows[Snapshot].append((
            one.pk, page.pk, number, one.at, "fetch", page.said.headline, "", born, "en", one.text,
            json.dumps(page.said.blocks), "[]", digest(one.text), True, "",
        ))  # fmt: skip
        is_stealth = one.weight == "substantive" and rng.random() < 0.4  # noqa: PLR2004  that many say nothing
        rows[Change].append((
            page.pk, "changed" if before else "first", before, one.pk, one.at, one.weight, is_stealth,
            one.weight == "substantive" and not is_stealth, 0, "",
        ))  # fmt: skip
        before = one.pk
    if page.lost_at:
        rows[Change].append((page.pk, page.fate, None, None, page.lost_at, "", False, False, 0, ""))
    rows[Check] += _looks(page, outcome)


def _looks(page: Page, outcome: str) -> Iterator[tuple[Any, ...]]:
    """Yield the looks at it: those that found a version, some that found nothing new, and the last."""
    found = {one.at: one for one in page.versions}
    born = page.versions[0].at
    apart = (page.seen - born) / LOOKS
    calm = {born + apart * number for number in range(1, LOOKS)} if apart else set()
    for at in sorted({*found, *calm}):
        one = found.get(at)
        yield page.pk, at, at, "changed" if one else "unchanged", "", 200, 180, one.pk if one else None
    if outcome != "unchanged" and page.checked not in {*found, *calm}:
        yield page.pk, page.checked, page.checked, outcome, "", _STATUS[outcome], 900, None
