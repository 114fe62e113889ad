"""The table of moves, row by row as the domain has it."""

from __future__ import annotations

import pytest

from claims.verification.status import BIRTH, CLOSED, MAY_FOLLOW, OPEN, VERDICTS, Need, Status, at_birth, needs

S = Status
TABLE = {
    S.UNREVIEWED: {S.IN_REVIEW, S.NOT_CHECKABLE, *VERDICTS},
    S.UNCONFIRMED: {S.IN_REVIEW, S.NOT_CHECKABLE, *VERDICTS},
    S.IN_REVIEW: {*VERDICTS, S.UNCONFIRMED, S.NOT_CHECKABLE, S.WITHDRAWN, S.UNREVIEWED},
    **{verdict: {S.IN_REVIEW} for verdict in VERDICTS},
    S.NOT_CHECKABLE: {S.IN_REVIEW},
    S.WITHDRAWN: {S.IN_REVIEW},
}


def test_the_table_is_the_domains() -> None:
    assert {old: set(new) for old, new in MAY_FOLLOW.items()} == TABLE


def test_every_status_is_open_a_verdict_or_closed_and_only_one_of_them() -> None:
    assert set(Status) == OPEN | VERDICTS | CLOSED
    assert not OPEN & VERDICTS
    assert not VERDICTS & CLOSED
    assert not OPEN & CLOSED
    assert BIRTH < OPEN


def test_a_verdict_never_turns_straight_into_another() -> None:
    assert not any(MAY_FOLLOW[verdict] & VERDICTS for verdict in VERDICTS)


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        (S.IN_REVIEW, S.SUPPORTED, {Need.REASON, Need.EVIDENCE}),
        (S.UNREVIEWED, S.REFUTED, {Need.REASON, Need.EVIDENCE}),
        (S.IN_REVIEW, S.NOT_ENOUGH_EVIDENCE, {Need.REASON, Need.SEARCH_LOG}),
        (S.IN_REVIEW, S.WITHDRAWN, {Need.REASON}),
        (S.SUPPORTED, S.IN_REVIEW, {Need.REASON}),
        (S.WITHDRAWN, S.IN_REVIEW, {Need.REASON}),
        (S.UNREVIEWED, S.IN_REVIEW, set()),
        (S.UNREVIEWED, S.NOT_CHECKABLE, {Need.CODE}),
        (S.IN_REVIEW, S.UNCONFIRMED, set()),
    ],
)
def test_a_move_asks_for_what_the_domain_says(old: Status, new: Status, asked: set[Need]) -> None:
    assert needs(old, new) == asked


def test_what_its_own_article_calls_unconfirmed_starts_as_that() -> None:
    assert at_birth(frozenset({"unconfirmed", "asserted"})) is S.UNCONFIRMED
    assert at_birth(frozenset({"asserted"})) is S.UNREVIEWED
