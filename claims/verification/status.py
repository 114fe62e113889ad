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


class Code(StrEnum):
    """Why a claim is closed without a verdict, where no words are asked for."""

    NOT_A_CLAIM = "not_a_claim"
    OPINION = "opinion"
    TOO_VAGUE = "too_vague"
    NO_WAY_TO_KNOW = "no_way_to_know"
    NOT_FOR_US = "not_for_us"
    SPLIT_UP = "split_up"  # by the one who split it
    OTHER = "other"  # which the reason says


# What a person may choose; the others come with what else is done, or said.
OFFERED = (Code.NOT_A_CLAIM, Code.OPINION, Code.TOO_VAGUE, Code.NO_WAY_TO_KNOW, Code.NOT_FOR_US)


class Need(StrEnum):
    """What a move asks for beside its target."""

    REASON = "reason"
    CODE = "code"  # or a reason in words
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
    if new is Status.NOT_CHECKABLE:
        return frozenset({Need.CODE})
    return frozenset()


def at_birth(certainties: frozenset[str]) -> Status:
    """Return a new claim's status: what its own article calls unconfirmed starts as that."""
    return Status.UNCONFIRMED if "unconfirmed" in certainties else Status.UNREVIEWED
