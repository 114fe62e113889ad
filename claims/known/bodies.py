"""JSON that came from outside: read whole or element by element, without what no database should hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

_LIST = re.compile(r'"dataFeedElement"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")


def _no_number(_name: str) -> None:
    """NaN and Infinity are no JSON, and no ratings."""


def _finite(digits: str) -> float | None:
    """1e999 is no rating either, and “inf” no word for one."""
    number = float(digits)
    return number if math.isfinite(number) else None


_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_number, parse_float=_finite)


def loads(text: str) -> Any:
    """Return what the JSON says; None where it is none."""
    try:
        return _DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        return None


def elements(text: str) -> Iterator[Any]:
    """Yield the elements of a DataFeed one by one, so that a large one never stands in memory whole.

    Raises ValueError where it breaks off; what came before is good.
    """
    begin = _LIST.search(text)
    place = _GAP.match(text, begin.end() if begin else len(text)).end()  # type: ignore[union-attr]  # matches nothing, too
    while begin and not text.startswith("]", place):
        try:
            one, place = _DECODER.raw_decode(text, place)
        except RecursionError:
            raise ValueError("nested too deep") from None
        yield one
        place = _GAP.match(text, place).end()  # type: ignore[union-attr]  # matches nothing, too


def is_datafeed(text: str) -> bool:
    """Say whether there is a list of elements to be read one by one."""
    return _LIST.search(text) is not None
