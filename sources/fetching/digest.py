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
_PLAIN = str.maketrans({shape: plain for plain, shapes in SHAPES.items() for shape in shapes})


def normalised(text: str) -> str:
    """Return the text without what a template changes and no editor means: spaces, quotes, dashes."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_PLAIN)).strip()


def digest(text: str) -> str:
    """Return the SHA-256 (hex) of the normalised text: equal for texts of the same letters and signs."""
    return hashlib.sha256(normalised(text).encode("utf-8", "surrogatepass")).hexdigest()
