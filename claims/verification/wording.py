"""A claim's standalone sentence, and the article's own words for what was written in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?)\]])")


def with_own_words(written: str, edits: Iterable[Mapping[str, Any]]) -> str:
    """Return the sentence as it was written with these edits undone, each given as splitting gives it.

    `at` says where in the written sentence `now` stands for the article's `was`; either may be empty.
    """
    said = written
    for edit in sorted(edits, key=lambda one: -int(one["at"])):
        at, now, was = edit["at"], edit["now"], edit["was"]
        said = said[:at] + (was if now else f" {was} ") + said[at + len(now) :]
    plain = _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", said)).strip()
    return plain[:1].upper() + plain[1:]
