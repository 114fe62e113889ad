"""What became of a made-up claim: how the desk moved it, and when its status grew too old. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from claims.verification import staleness
from claims.verification.priority import ASKED_FOR
from claims.verification.staleness import Holding, StaleReason
from claims.verification.status import VERDICTS, Status
from factcheck.management.seeding.words import BECAUSE, SEARCHED, chosen

RATED = (("supported", 45), ("refuted", 27), ("conflicting", 14), ("not_enough_evidence", 14))
# What becomes of a claim that asks for a verdict, by its share of a thousand; the rest is never touched.
FATES = (
    (30, ("verdict",)), (3, ("verdict", "in_review", "verdict")), (2, ("verdict", "in_review")), (4, ("in_review",)),
    (15, ("not_checkable",)), (2, ("in_review", "withdrawn")),
)  # fmt: skip
# A worker is not at it at once.
NOTICED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a claim by one of the desk's people."""

    old: str
    new: str
    at: datetime
    by: int
    why: str
    search_log: str


@dataclass(slots=True)
class Raised:
    """A flag, and how somebody cleared it, if anybody did."""

    reason: str
    since: datetime
    detail: dict[str, Any]
    document: int | None = None
    document_uid: str | None = None
    cleared_at: datetime | None = None
    cleared_how: str = ""
    cleared_by: int | None = None


def moves(
    rng: Random, birth: str, kind: str, *, born: datetime, now: datetime, people: Sequence[int]
) -> Iterator[Move]:
    """Yield how the desk moved a claim, as far as there was time until now."""
    status, at = birth, born
    for step in _steps(rng, kind):
        at += timedelta(hours=rng.lognormvariate(1.5, 1.0))
        if at >= now:
            return
        new = _verdict(rng, but=status) if step == "verdict" else step
        asks_why = new in VERDICTS or new == Status.WITHDRAWN or status in VERDICTS
        yield Move(
            status, new, at, rng.choice(people), rng.choice(BECAUSE) if asks_why else "",
            SEARCHED if new == Status.NOT_ENOUGH_EVIDENCE else "",
        )  # fmt: skip
        status = new


def _steps(rng: Random, kind: str) -> Iterator[str]:
    left = rng.random() * 1000 if kind in ASKED_FOR else 1000.0
    for share, fate in FATES:
        left -= share
        if left < 0:
            verdicts = 0
            for step in fate:
                verdicts += step == "verdict"
                if step == "verdict" and rng.random() < 0.6 and verdicts == 1:  # noqa: PLR2004  many are taken first
                    yield "in_review"
                yield step
            return


def _verdict(rng: Random, *, but: str) -> str:
    return next(word for word in iter(lambda: chosen(rng, RATED), None) if word != but)


def grown_old(
    birth: str, kind: str, moved: Sequence[Move], holdings: Sequence[Holding], *, born: datetime, now: datetime
) -> Iterator[Raised]:
    """Yield the flags for a status older than it held; the next verdict settles each."""
    open_one: Raised | None = None
    statuses = [(birth, born), *((one.new, one.at) for one in moved)]
    ends = [*(one.at for one in moved), now]
    for place, ((status, since), until) in enumerate(zip(statuses, ends, strict=True)):
        if place and open_one and status in VERDICTS:
            open_one.cleared_at, open_one.cleared_how = since, "reviewed"
            open_one.cleared_by, open_one = moved[place - 1].by, None
        held_for = staleness.holds_for(holdings, status=Status(status), kind=kind)
        late = staleness.due_at(since, held_for)
        if late and late + NOTICED < until and open_one is None:
            told = {"status": status, "since": since.isoformat()}
            open_one = Raised(StaleReason.TOO_OLD.value, late + NOTICED, told)
            yield open_one
