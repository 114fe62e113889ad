"""Which passages of a page are its article."""

from copy import deepcopy
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from sources.fetching.kinds import is_notice
from sources.fetching.passages import Passage, passages
from sources.fetching.types import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

RICHER = 2
FEW_WORDS = 100
HARDLY_ANY_WORDS = 15
MAX_ALIGNED = 3000
NOTICES_WITHIN = 3
MAX_CANDIDATES = 20
_AROUND = frozenset({"nav", "footer", "aside", "form", "menu", "dialog"})


def article_passages(tree: "HtmlElement") -> list[Passage]:
    """Return the passages of the page's article, in reading order; [] where there is none.

    trafilatura (Barbaresi 2021) says which text is the article; the page itself says what each passage is
    and where it leads. On short pages, and on some long ones, trafilatura sees a part only: an <article>
    with twice its words is taken instead, and for lack of one <main>, then the whole body.
    """
    found = _by_trafilatura(tree)
    words = _words(found)
    for path, at_most in (
        (".//article", None),
        (".//main | .//*[@role='main']", FEW_WORDS),
        (".", HARDLY_ANY_WORDS),
    ):
        if at_most is None or words <= at_most:
            own = _richest(tree, path)
            if _words(own) > RICHER * words:
                return own
    return _enriched(found, list(passages(tree)))


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


def _richest(tree: "HtmlElement", path: str) -> list[Passage]:
    """Return the passages of the element with the most words, what stands around articles left out."""
    candidates = [list(passages(_bare(element))) for element in tree.xpath(path)[:MAX_CANDIDATES]]
    return max(candidates, key=_words, default=[])


def _bare(element: "HtmlElement") -> "HtmlElement":
    copy = deepcopy(element)
    for around in [inner for inner in copy.iter("*") if inner.tag in _AROUND and inner is not copy]:
        if around.getparent() is not None:
            around.drop_tree()
    return copy


def _enriched(found: list[Passage], page: list[Passage]) -> list[Passage]:
    """Return the page's own passages for those found, with the captions and notices among them.

    trafilatura drops captions and what a quotation cites, and now and then a correction at the end.
    """
    if len(page) > MAX_ALIGNED or len(found) > MAX_ALIGNED:
        return found
    matcher = SequenceMatcher(
        a=[passage.text for passage in page], b=[passage.text for passage in found], autojunk=False
    )
    matches = [match for match in matcher.get_matching_blocks() if match.size]
    if not matches:
        return found
    first, last = matches[0].a, matches[-1].a + matches[-1].size
    enriched: list[Passage] = []
    for tag, begin, end, found_begin, found_end in matcher.get_opcodes():
        if tag == "equal":
            enriched += page[begin:end]
            continue
        enriched += found[found_begin:found_end]
        enriched += [
            passage
            for index, passage in enumerate(page[begin:end], begin)
            if (first < index < last and passage.kind is BlockKind.CAPTION)
            or (first < index < last + NOTICES_WITHIN and is_notice(passage.text))
        ]
    return enriched
