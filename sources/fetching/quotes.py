"""Where a text quotes: what stands between quotation marks, in the ways that newspapers set them."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

# Each mark that opens, with those that may close it: English, German, French, Swiss, Danish, Japanese.
CLOSING: Mapping[str, str] = MappingProxyType(
    {"\u201c": "\u201d", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u00bb": "\u00ab", "\u300c": "\u300d"}
    | {"\u300e": "\u300f", "\u2018": "\u2019", '"': '"'}
)
_MARK = re.compile('[\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f\u2018\u2019"]')
# Marks that also close, stand for feet and inches, or are apostrophes: they open between words only.
_DOUBTFUL = frozenset('"\u00bb\u2018')
_BEFORE = frozenset(' \u00a0([{\u2014\u2013-/:\u201c\u201e\u00ab"')
_GOES_ON = frozenset('\u201c\u201e\u00ab"')


def quoted(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of what stands between quotation marks in a paragraph, marks left out, inner ones too.

    What a paragraph opens and does not close goes to its end, where a mark begins it: so are speeches set that go on
    in the next paragraph.
    """
    start, closing = 0, ""
    for found in _MARK.finditer(text):
        mark, at = found[0], found.start()
        if not closing:
            if mark in CLOSING and _may_open(mark, text, at):
                start, closing = at + 1, CLOSING[mark]
        elif mark in closing and _may_close(mark, text, at):
            if text[start:at].strip():
                yield start, at
            closing = ""
    if closing and start == 1 and text[0] in _GOES_ON and text[1:].strip():
        yield 1, len(text)


def _may_open(mark: str, text: str, at: int) -> bool:
    is_between = at == 0 or text[at - 1] in _BEFORE
    return mark not in _DOUBTFUL or (is_between and not text[at + 1 : at + 2].isspace())


def _may_close(mark: str, text: str, at: int) -> bool:
    return mark not in '\u2019"' or not text[at + 1 : at + 2].isalnum()
