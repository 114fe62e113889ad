"""A log that cannot be edited unseen: each event holds the digest of the one before it on the same subject.

What an event says about people stands apart, behind a salted commitment (SHA-256 over salt and text), so that it can be
erased while the chain still verifies. After Haber & Stornetta, How to Time-Stamp a Digital Document (1991).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SALT_BYTES = 16
# Who waits for another to commit may be dated a little before him; a clock that was put back is further off.
PUT_BACK = timedelta(minutes=15)
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """One event as the chain sees it; `body` and `salt` are None where it was erased."""

    subject: str
    sequence: int
    type: str
    at: datetime
    by: int | None
    commitment: str
    prev: str
    digest: str
    body: Mapping[str, Any] | None = None
    salt: bytes | None = None


# One for all: json.dumps would make one for each value, and verifying is little else.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Any) -> bytes:
    """Return the one way to write a JSON value: sorted keys, no spaces, UTF-8."""
    return _ENCODER.encode(value).encode()


def commitment(salt: bytes, body: Mapping[str, Any]) -> str:
    """Return what the chain holds of a body; without the salt nobody can guess the body from it."""
    return hashlib.sha256(salt + canonical(body)).hexdigest()


def digest(*, prev: str, subject: str, sequence: int, type: str, at: datetime, by: int | None, commitment: str) -> str:  # noqa: A002
    """Return an event's own digest, over everything that it says and the digest before it."""
    facts = [prev, subject, sequence, type, at.astimezone(UTC).isoformat(timespec="microseconds"), by, commitment]
    return hashlib.sha256(canonical(facts)).hexdigest()


def grounds(why: str, search_log: str, snapshot_ids: Sequence[int]) -> dict[str, Any]:
    """Return what a move of status rests on, as its event commits to it: the words themselves stay at the desk."""
    return {"why": why, "search_log": search_log, "snapshots": list(snapshot_ids)}


def breaks(links: Iterable[Link]) -> Iterable[tuple[Link, str]]:
    """Yield each link that does not fit, with what is wrong, for links in the order of subject and sequence."""
    last: Link | None = None
    for link in links:
        wrong = _wrong(link, last if last is not None and last.subject == link.subject else None)
        if wrong:
            yield link, wrong
        last = link


def _wrong(link: Link, before: Link | None) -> str:
    if link.sequence != (before.sequence + 1 if before else 1):
        return "an event before it is missing, or two changed places"
    if link.prev != (before.digest if before else GENESIS):
        return "it does not follow from the event before it"
    expected = digest(
        prev=link.prev,
        subject=link.subject,
        sequence=link.sequence,
        type=link.type,
        at=link.at,
        by=link.by,
        commitment=link.commitment,
    )
    if link.digest != expected:
        return "what it says was changed"
    if link.body is not None and (link.salt is None or commitment(link.salt, link.body) != link.commitment):
        return "its payload was changed"
    if before and link.at < before.at - PUT_BACK:
        return "it is dated before the event that it follows"
    return ""
