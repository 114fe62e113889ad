"""ClaimReview in a page: scripts of JSON-LD, and microdata (WHATWG HTML, 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from claims.known import bodies, claimreview
from claims.known.claimreview import Node
from claims.known.making import Making
from claims.known.types import Told
from factcheck.lib.addresses import registrable_domain
from sources.fetching.decoding import cleaned, decoded
from sources.fetching.markup import parsed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_A_PAGE = 100
MOST_SCRIPTS, MAX_SCRIPT, MOST_DEEP = 200, 2_000_000, 8
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")


def read(body: bytes, *, charset: str, url: str, latest: datetime) -> Told:
    """Read all of a page's ClaimReviews."""
    tree, truncated = parsed(cleaned(decoded(body, charset)))
    if tree is None:
        return Told()
    making = Making(latest, base=url, own_site=registrable_domain(url))
    problems = [f"The page is nested too deep or too long to be read whole ({truncated})."] if truncated else []
    found, broken = _documents(tree)
    if broken:
        problems.append(f"{broken} of its scripts of JSON-LD cannot be read: they are no JSON, or too long.")
    language = tree.get("lang") or ""
    every = [node for document in found for node in claimreview.nodes(document)]
    known = claimreview.named(every)
    reviews = [node for node in [*every, *_microdata(tree)] if claimreview.is_claim_review(node)]
    for place, node in enumerate(reviews, 1):
        making.take(place, claimreview.said(node, known, url=url, language=language))
    return making.told(*problems, most=MOST_A_PAGE)


def _documents(tree: HtmlElement) -> tuple[list[Any], int]:
    """Return what the scripts of JSON-LD hold, and how many hold nothing that can be read."""
    found, broken = [], 0
    scripts = [one for one in tree.iter("script") if "ld+json" in (one.get("type") or "").lower()]
    for script in scripts[:MOST_SCRIPTS]:
        source = _WRAPPING.sub("", script.text or "")
        document = bodies.loads(source) if len(source) <= MAX_SCRIPT else None
        if document is not None:
            found.append(document)
        elif source.strip():
            broken += 1
    return found, broken + max(0, len(scripts) - MOST_SCRIPTS)


def _microdata(tree: HtmlElement) -> Iterator[Node]:
    for element in tree.iter("*"):
        if (element.get("itemtype") or "").rpartition("/")[2].strip() == "ClaimReview":
            yield _scope(element, MOST_DEEP)


def _scope(element: HtmlElement, deep: int) -> dict[str, Any]:
    """Return an element's properties as JSON-LD would have them."""
    node: dict[str, Any] = {"@type": (element.get("itemtype") or "").strip().rpartition("/")[2]}
    waiting = list(reversed(element))
    while waiting:
        one = waiting.pop()
        is_scope = one.get("itemscope") is not None
        for name in (one.get("itemprop") or "").split()[:MOST_DEEP]:
            node.setdefault(name, _scope(one, deep - 1) if is_scope and deep else _value(one))
        if not is_scope:
            waiting += reversed(one)
    return node


def _value(element: HtmlElement) -> str:
    given = (element.get(name) for name in ("content", "datetime", "href", "src"))
    return next((text for text in given if text), None) or str(element.text_content())
