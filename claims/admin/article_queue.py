"""Where a claim of an article stands in the queue, and the one thing that is done about it from there; reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin import words
from claims.models import Claim, Triage
from claims.verification.status import OPEN, Status

A_WEEK = 7
# What is done with a row, by the name that the queue's own door knows, and what its button says.
BUTTONS: Mapping[str, Any] = MappingProxyType(
    {
        "promote": _("Put it into the queue"),
        "demote": _("Take it out again"),
        "snooze": _("Put it aside for a week"),
        "wake": _("Bring it back"),
        "": "",
    }
)


@dataclass(frozen=True, slots=True)
class InQueue:
    """Whether a claim is in the queue, in words, and what can be done about it: nothing where `do` is empty."""

    badge: SafeString | str
    do: str
    button: Any


def of(claim: Claim, now: datetime) -> InQueue:
    """Return where the claim stands, or the one that it is joined to."""
    head = claim.head or claim
    row: Triage | None = getattr(head, "triage", None)
    is_open = Status(head.status) in OPEN
    if row is None or row.priority is None or _has_lapsed(row, now):
        do = "promote" if is_open and head.erased_at is None else ""
        return InQueue("", do, BUTTONS[do])
    if row.snoozed_until is not None and row.snoozed_until > now:
        return InQueue(words.badge("queued", "aside", _("put aside"), since=None), "wake", BUTTONS["wake"])
    do = "demote" if row.promoted_at is not None else "snooze"
    return InQueue(words.badge("queued", "yes", _("in the queue")), do, BUTTONS[do])


def _has_lapsed(row: Triage, now: datetime) -> bool:
    return row.lapses_at is not None and row.lapses_at <= now
