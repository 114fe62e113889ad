"""Rates as they are written in settings."""

from __future__ import annotations

import pytest

from factcheck.lib.rate import Rate


def test_a_rate_is_so_many_in_so_many_seconds() -> None:
    assert Rate.read(" 600/60 ") == Rate(600, 60)
    assert Rate.read("1/86400") == Rate(1, 86400)


@pytest.mark.parametrize("text", ["0", "off", "None"])
def test_no_rate_is_said_too(text: str) -> None:
    assert Rate.read(text) is None


@pytest.mark.parametrize("text", ["", "600", "0/60", "600/0", "-1/60", "1/2/3", "٣/60", "1e9/1", "600/60 "[:-1] + "s"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="600/60"):
        Rate.read(text)
