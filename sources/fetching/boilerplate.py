"""What stands on the page of an article and is none of it, by where it stands.

What a passage says of itself is in kinds.py. Here it is judged by the names of the elements around it, and by headings
that announce other pieces. Whatever is found so is marked, not cut: the article's own bulk is never marked, whatever
its elements are called.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sources.fetching.kinds import TEASING
from sources.fetching.passages import Passage
from sources.fetching.phrases import BOX, OTHERS
from sources.fetching.types import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element

BULK = 3
HALF = 2
MAX_HEADING = 60

_AROUND = frozenset({"nav", "aside", "footer", "form", "menu", "dialog"})


def out_of_place(found: Sequence[Passage]) -> frozenset[int]:
    """Return which of the passages stand in a box around the article, or under a heading that announces others."""
    words = [len(passage.text.split()) for passage in found]
    boxes: dict[str, set[int]] = {}
    boxed = _Boxes()
    for index, passage in enumerate(found):
        for name in boxed.around(passage.element):
            boxes.setdefault(name, set()).add(index)
    total = sum(words)
    small = [inside for inside in boxes.values() if sum(words[index] for index in inside) * BULK <= total]
    teasers, behind = _announced(found)
    is_behind = sum(words[index] for index in behind) * HALF <= total
    return frozenset().union(*small, teasers, behind if is_behind else ())


class _Boxes:
    """The boxes that an element stands in, by the name of their class: one box a paragraph is the article."""

    def __init__(self) -> None:
        self._known: dict[_Element, tuple[str, ...]] = {}

    def around(self, element: "_Element | None") -> tuple[str, ...]:
        if element is None:
            return ()
        if element not in self._known:
            parent = element.getparent()
            own = _named(str(element.tag), element.get("class") or "", element.get("id") or "")
            self._known[element] = (*self.around(parent), *([own] if own else []))
        return self._known[element]


@lru_cache(maxsize=4096)
def _named(tag: str, classes: str, identity: str) -> str:
    """Return the name of the box that such an element is, or ''."""
    says = BOX.search(f"{classes} {identity}".lower().replace("_", "-"))
    return f"{tag} {classes}" if says or tag in _AROUND else ""


def _announced(found: Sequence[Passage]) -> tuple[set[int], set[int]]:
    """Return the headings that announce other pieces, with those pieces: within the article, and behind it.

    In the element that holds the article they go as far as they are mostly links, or articles of their own; behind it,
    to its next passage.
    """
    is_own = holder(found)
    heading: Passage | None = None
    within: set[int] = set()
    behind: set[int] = set()
    for index, passage in enumerate(found):
        if _announces(passage):
            heading = passage
        elif heading and not (_is_teaser(passage, heading) if is_own(heading) else not is_own(passage)):
            heading = None
        if heading:
            (within if is_own(heading) else behind).add(index)
    return within, behind


def _is_teaser(passage: Passage, heading: Passage) -> bool:
    is_listed = passage.kind is BlockKind.LIST_ITEM and passage.linked > 0
    return is_listed or passage.linked >= TEASING or _article(passage) is not _article(heading)


def _article(passage: Passage) -> "_Element | None":
    return next((above for above in _above(passage.element) if above.tag == "article"), None)


def _announces(passage: Passage) -> bool:
    text = passage.text
    is_sentence = text.endswith((".", "!")) and not text.endswith("...")
    return len(text) <= MAX_HEADING and not is_sentence and OTHERS.fullmatch(text) is not None


def holder(found: Sequence[Passage]) -> Callable[[Passage], bool]:
    """Return what tells whether a passage stands in the element that holds most of the words of those found.

    It is the closest one around several passages. Elements of its class are others of its kind: pages cut their
    articles in pieces, to put something in between.
    """
    inside = Counter(above for passage in found for above in _above(passage.element))
    homes: Counter[_Element] = Counter()
    for passage in found:
        if passage.kind is not BlockKind.HEADLINE:
            home = next((above for above in _above(passage.element) if inside[above] > 1), None)
            homes.update({} if home is None else {home: len(passage.text.split())})
    body = homes.most_common(1)[0][0] if homes else None

    def holds(passage: Passage) -> bool:
        return body is not None and any(above is body or _is_like(above, body) for above in _above(passage.element))

    return holds


def _above(element: "_Element | None") -> "Iterator[_Element]":
    while element is not None:
        yield element
        element = element.getparent()


def _is_like(one: "_Element", other: "_Element") -> bool:
    return one.tag == other.tag and one.get("class") == other.get("class") is not None
