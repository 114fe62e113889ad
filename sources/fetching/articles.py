"""Which passages of a page are its article."""

import re
from copy import deepcopy
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sources.fetching.boilerplate import holder
from sources.fetching.kinds import TEASING, is_notice, is_of_itself
from sources.fetching.passages import Passage, passages
from sources.fetching.types import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

RICHER = 2
FEW_WORDS = 100
HARDLY_ANY_WORDS = 15
MAX_ALIGNED = 1500
MAX_ELEMENTS = 15_000
NOTICES_WITHIN = 3
MAX_CANDIDATES = 20
_NO_WORD = re.compile(r"\W+")
_AROUND = frozenset({"nav", "footer", "aside", "form", "menu", "dialog"})


def article_passages(tree: "HtmlElement") -> list[Passage]:
    """Return the passages of the page's article, in reading order; [] where there is none.

    trafilatura (Barbaresi 2021) says which text is the article; the page itself says what each passage is
    and where it leads. On long pages trafilatura now and then sees a part only: an <article> with twice
    its words is taken instead. Short pages it flattens: there the one <article>, or <main>, or, where it
    saw next to nothing, the whole body is taken. It needs seconds for pages of very many elements: those are read
    without it.
    """
    articles, mains = tree.xpath(".//article"), tree.xpath(".//main | .//*[@role='main']")
    if tree.xpath("count(.//*)") > MAX_ELEMENTS:
        return _richest(articles) or _richest(mains) or _richest([tree])
    found = _by_trafilatura(tree)
    words = _words(found)
    if words > FEW_WORDS:
        own = _richest(articles)
        return own if _words(own) > words * RICHER else _enriched(found, list(passages(tree)))
    for elements in (articles, mains):
        own = _richest(elements) if len(elements) == 1 else []
        if _words(own) * RICHER > words:
            return own
    return _enriched(found, list(passages(tree))) if words > HARDLY_ANY_WORDS else _richest([tree])


def _words(some: list[Passage]) -> int:
    return sum(len(passage.text.split()) for passage in some)


def _by_trafilatura(tree: "HtmlElement") -> list[Passage]:
    from trafilatura import bare_extraction

    document: Any = bare_extraction(
        deepcopy(tree),
        include_comments=False,
        include_links=True,
        include_tables=True,
        with_metadata=False,
    )
    return [] if document is None or document.body is None else list(passages(document.body))


def _richest(elements: list["HtmlElement"]) -> list[Passage]:
    """Return the passages of the element with the most words, what stands around articles left out."""
    candidates = [
        [passage for passage in passages(element) if is_notice(passage.text) or not _is_around(passage, element)]
        for element in elements[:MAX_CANDIDATES]
    ]
    return max(candidates, key=_words, default=[])


def _is_around(passage: Passage, article: "HtmlElement") -> bool:
    inner = passage.element
    while inner is not None and inner is not article:
        if inner.tag in _AROUND:
            return True
        inner = inner.getparent()
    return False


def _enriched(found: list[Passage], page: list[Passage]) -> list[Passage]:
    """Return the page's own passages for those found, with the captions and notices among them.

    trafilatura drops captions and what a quotation cites, and now and then a correction at the end, an embedded post or
    a heading: whatever the element that holds the article has between two passages of it is taken, unless it is links.
    """
    if len(page) > MAX_ALIGNED or len(found) > MAX_ALIGNED:
        return found
    keys = [_key(passage) for passage in page]
    found = [part for passage in found for part in _parts(passage, page, keys)]
    found_keys = [_key(passage) for passage in found]
    matcher = SequenceMatcher(a=keys, b=found_keys, autojunk=False)
    matches = [match for match in matcher.get_matching_blocks() if match.size]
    if not matches:
        return found
    first, last = matches[0].a, matches[-1].a + matches[-1].size
    is_own = holder([passage for match in matches for passage in page[match.a : match.a + match.size]])
    enriched: list[Passage] = []
    for tag, begin, end, found_begin, found_end in matcher.get_opcodes():
        if tag == "equal" or "".join(keys[begin:end]) == "".join(found_keys[found_begin:found_end]):
            enriched += page[begin:end]
            continue
        enriched += found[found_begin:found_end]
        enriched += [
            passage
            for index, passage in enumerate(page[begin:end], begin)
            if (first < index < last and passage.kind is BlockKind.CAPTION)
            or (first < index < last + NOTICES_WITHIN and is_notice(passage.text))
            or is_of_itself(passage.text)
            or (tag == "delete" and first < index < last and passage.linked < TEASING and is_own(passage))
        ]
    return enriched


def _key(passage: Passage) -> str:
    """Return the passage's letters and digits: trafilatura adds spaces between elements."""
    return _NO_WORD.sub("", passage.text)


def _parts(passage: Passage, page: list[Passage], keys: list[str]) -> list[Passage]:
    """Return the page's passages that trafilatura ran together into this one, or the passage itself."""
    whole = _key(passage)
    for begin, key in enumerate(keys):
        if not whole.startswith(key):
            continue
        end, length = begin, 0
        while end < len(keys) and whole.startswith(keys[end], length):
            length += len(keys[end])
            end += 1
        if length == len(whole):
            return page[begin:end]
    return [passage]
