"""The table of moves: where the desk's verification may stand, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Status(StrEnum):
    """Where the desk's verification of a claim stands. Verdicts are AVeriTeC's labels (Schlichtkrull et al., 2023)."""

    UNREVIEWED = "unreviewed"
    UNCONFIRMED = "unconfirmed"
    IN_REVIEW = "in_review"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONFLICTING = "conflicting"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    NOT_CHECKABLE = "not_checkable"
    WITHDRAWN = "withdrawn"


BIRTH = frozenset({Status.UNREVIEWED, Status.UNCONFIRMED})
OPEN = BIRTH | {Status.IN_REVIEW}
VERDICTS = frozenset({Status.SUPPORTED, Status.REFUTED, Status.CONFLICTING, Status.NOT_ENOUGH_EVIDENCE})
CLOSED = frozenset({Status.NOT_CHECKABLE, Status.WITHDRAWN})

_FROM_BIRTH = VERDICTS | {Status.IN_REVIEW, Status.NOT_CHECKABLE}
_REOPEN = frozenset({Status.IN_REVIEW})

MAY_FOLLOW: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.UNREVIEWED: _FROM_BIRTH,
        Status.UNCONFIRMED: _FROM_BIRTH,
        Status.IN_REVIEW: VERDICTS | CLOSED | BIRTH,
        Status.SUPPORTED: _REOPEN,
        Status.REFUTED: _REOPEN,
        Status.CONFLICTING: _REOPEN,
        Status.NOT_ENOUGH_EVIDENCE: _REOPEN,
        Status.NOT_CHECKABLE: _REOPEN,
        Status.WITHDRAWN: _REOPEN,
    }
)


class Need(StrEnum):
    """What a move asks for beside its target."""

    REASON = "reason"
    EVIDENCE = "evidence"  # at least one accepted piece
    SEARCH_LOG = "search_log"  # where we looked, whom we asked


def needs(old: Status, new: Status) -> frozenset[Need]:
    """Return what must be given with the move; a legal move is assumed."""
    if new is Status.NOT_ENOUGH_EVIDENCE:
        return frozenset({Need.REASON, Need.SEARCH_LOG})
    if new in VERDICTS:
        return frozenset({Need.REASON, Need.EVIDENCE})
    if new is Status.WITHDRAWN or old in VERDICTS | CLOSED:
        return frozenset({Need.REASON})
    return frozenset()


def at_birth(certainties: frozenset[str]) -> Status:
    """Return a new claim's status: what its own article calls unconfirmed starts as that."""
    return Status.UNCONFIRMED if "unconfirmed" in certainties else Status.UNREVIEWED
