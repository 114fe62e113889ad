"""The made-up history: events chained by hash as services.events chains them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from claims.models import Event, Outbox, Payload
from claims.verification import chain
from factcheck.management.seeding.copying import Rows
from factcheck.management.seeding.pages import Keys

Told = tuple[datetime, str, int | None, Mapping[str, Any]]


class Chains:
    """Writes whole histories of subjects, each event on the one before it."""

    def __init__(self, keys: Keys, rng: Random, rows: Rows, now: datetime) -> None:
        """Add to these rows."""
        self.keys, self.rng, self.rows, self.now = keys, rng, rows, now

    def write(self, subject: str, uid: str, told: Sequence[Told]) -> None:
        """Write all that happened to a subject, in its order: when, what, by whom, and what it says."""
        prev = chain.GENESIS
        for sequence, (at, what, by, body) in enumerate(told, start=1):
            salt = self.rng.randbytes(chain.SALT_BYTES)
            committed = chain.commitment(salt, body)
            digest = chain.digest(
                prev=prev, subject=f"{subject}:{uid}", sequence=sequence, type=what, at=at, by=by, commitment=committed
            )
            pk = self.keys(Event)
            self.rows[Event].append((pk, subject, uid, sequence, what, at, by, committed, prev, digest))
            self.rows[Payload].append((pk, salt, json.dumps(body), ""))
            self.rows[Outbox].append((pk, self.now))
            prev = digest
