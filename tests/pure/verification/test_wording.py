"""The article's own words for what was written in their place."""

from __future__ import annotations

from typing import Any

import pytest

from claims.verification.wording import with_own_words

WRITTEN = "Ilka Brandt closed the Selmar bridge on 2 March."
NAME = {"at": 0, "was": "she", "now": "Ilka Brandt"}
LEFT_OUT = {"at": 12, "was": "also", "now": ""}
PUT_IN = {"at": 23, "was": "", "now": "Selmar"}
DATE = {"at": 40, "was": "Monday", "now": "2 March"}


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ([], WRITTEN),
        ([NAME], "She closed the Selmar bridge on 2 March."),
        ([LEFT_OUT], "Ilka Brandt also closed the Selmar bridge on 2 March."),
        ([PUT_IN], "Ilka Brandt closed the bridge on 2 March."),
        ([NAME, DATE], "She closed the Selmar bridge on Monday."),
        ([DATE, PUT_IN, LEFT_OUT, NAME], "She also closed the bridge on Monday."),
        ([{"at": 48, "was": "too", "now": ""}], "Ilka Brandt closed the Selmar bridge on 2 March. too"),
        ([{"at": 47, "was": "too", "now": ""}], "Ilka Brandt closed the Selmar bridge on 2 March too."),
        ([{"at": 0, "was": "It fell.", "now": WRITTEN}], "It fell."),
    ],
)
def test_any_of_the_edits_go_back_whatever_their_order(edits: list[dict[str, Any]], says: str) -> None:
    assert with_own_words(WRITTEN, edits) == says
