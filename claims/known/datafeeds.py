"""Files of ClaimReviews: schema.org's DataFeed as Data Commons publishes it, a list, or a graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from claims.known import bodies, claimreview
from claims.known.claimreview import Node
from claims.known.making import Making
from claims.known.types import Told
from sources.fetching.decoding import cleaned, decoded

MOST_A_FILE = 10_000
# Beyond this, only what can be read element by element is.
MAX_WHOLE = 20_000_000


def read(body: bytes, *, charset: str, url: str, latest: datetime, most: int = MOST_A_FILE) -> Told:
    """Read all fact-checks of a file, or the newest `most` of them."""
    text = cleaned(decoded(body, charset))
    making = Making(latest, base=url)
    problems: list[str] = []
    if bodies.is_datafeed(text):
        problems += _taken_one_by_one(text, making)
    else:
        problems += _taken_whole(text, making)
    return making.told(*problems, most=most)


def _taken_one_by_one(text: str, making: Making) -> list[str]:
    place = 0
    try:
        for place, element in enumerate(bodies.elements(text), 1):
            _take(place, element, making)
    except ValueError:
        return [f"The file breaks off after {place} elements; those before are read."]
    return []


def _taken_whole(text: str, making: Making) -> list[str]:
    document = bodies.loads(text) if len(text) <= MAX_WHOLE else None
    if document is None:
        return ["This is no JSON that can be read. Give the address of a DataFeed of ClaimReviews."]
    _take(1, document, making)
    if not making.made and not making.refused:
        return ["This JSON holds no ClaimReview."]
    return []


def _take(place: int, element: object, making: Making) -> None:
    every = list(claimreview.nodes(element))
    known = claimreview.named(every)
    address = claimreview.address(every[0].get("url")) if every else ""
    reviews: Iterator[Node] = (node for node in every if claimreview.is_claim_review(node))
    for count, node in enumerate(reviews):
        number = place if isinstance(element, dict) and "item" in element else place + count
        making.take(number, claimreview.said(node, known, url=address))
