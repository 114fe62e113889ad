"""Headlines deny, report or tell; long sentences are left to the model."""

from __future__ import annotations

import pytest

from claims.stance.frames import Frame, frame

CLAIM = "The harbour bridge collapsed."


@pytest.mark.parametrize(
    ("passage", "framed"),
    [
        ("Harbour bridge collapses at dawn", Frame.PLAIN),
        ("Mayor denies that harbour bridge collapsed", Frame.DENIED),
        ("No, the harbour bridge did not collapse", Frame.DENIED),
        ("Report: harbour bridge collapsed", Frame.REPORTED),
        ("Did the harbour bridge collapse?", Frame.REPORTED),
        ("Witness says harbour bridge collapsed", Frame.REPORTED),
        (f"The mayor denies {'very ' * 20} much that the harbour bridge collapsed", Frame.PLAIN),
    ],
)
def test_a_headline_is_framed(passage: str, framed: Frame) -> None:
    assert frame(CLAIM, passage) == framed


def test_a_claim_framed_alike_is_answered_plainly() -> None:
    assert frame("The mayor denied the report.", "Mayor denies report") == Frame.PLAIN
    assert frame("A witness says that it fell.", "Witness says bridge fell") == Frame.PLAIN
