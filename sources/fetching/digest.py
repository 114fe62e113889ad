"""When two texts are the same."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_SPACE = re.compile(r"\s+")
# How each sign is written by one template or another.
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "'": "\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`",
        '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb",
        "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
        "...": "\u2026",
    }
)
# What older versions kept of a page, and readers never saw: soft hyphens and what has no width.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_PLAIN = str.maketrans({shape: plain for plain, shapes in SHAPES.items() for shape in shapes})

# No letter has more marks than these (UAX #15, 12.1, Stream-Safe Text Format): normalising takes time that grows with
# the square of their number.
MARKS_ON_A_LETTER = 30
_JOINER = "\u034f"
_STACKED = re.compile(rf"[^\w\s\x00-\u02ff]{{{MARKS_ON_A_LETTER + 1},}}")


def normalised(text: str) -> str:
    """Return the text without what a template changes and no editor means: spaces, quotes, dashes."""
    told = _STACKED.sub(_parted, _UNSEEN.sub("", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", told).translate(_PLAIN)).strip()


def _parted(run: re.Match[str]) -> str:
    """Put a joiner, which is no mark, after as many marks as a letter may have."""
    parts, stacked = [], 0
    for letter in run[0]:
        if stacked == MARKS_ON_A_LETTER:
            parts.append(_JOINER)
            stacked = 0
        stacked = stacked + 1 if unicodedata.combining(letter) else 0
        parts.append(letter)
    return "".join(parts)


def digest(text: str) -> str:
    """Return the SHA-256 (hex) of the normalised text: equal for texts of the same letters and signs."""
    return hashlib.sha256(normalised(text).encode("utf-8", "surrogatepass")).hexdigest()
