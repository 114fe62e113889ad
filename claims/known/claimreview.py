"""schema.org's ClaimReview, however it is wrapped (https://schema.org/ClaimReview, JSON-LD 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from claims.known.making import Said

MOST_NODES = 50_000
MOST_REFERRED, MOST_WRAPPED = 20, 8
Node = Mapping[str, Any]
_TYPES = frozenset({"ClaimReview"})
_DATED = ("datePublished", "dateCreated", "dateModified")


def is_claim_review(node: Node) -> bool:
    """Say whether a node is one, by whichever spelling of its type."""
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _bare(name) in _TYPES for name in names)


def _bare(name: str) -> str:
    for sign in "/#:":
        name = name.rpartition(sign)[2]
    return name


def nodes(value: Any) -> Iterator[Node]:
    """Yield every object in a document, in its order, so many at most; those within a ClaimReview are its own."""
    waiting, seen = [value], 0
    while waiting and seen < MOST_NODES:
        one = waiting.pop()
        seen += 1
        if isinstance(one, list):
            waiting += reversed(one[:MOST_NODES])
        elif isinstance(one, dict):
            yield one
            if not is_claim_review(one):
                waiting += reversed([child for child in one.values() if isinstance(child, (dict, list))])


def named(found: list[Node]) -> dict[str, Node]:
    """Return the nodes that others may refer to by name alone: graphs say {"@id": "#author"}."""
    return {one["@id"]: one for one in found if isinstance(one.get("@id"), str) and len(one) > 1}


def said(node: Node, known: Mapping[str, Node], *, url: str = "", language: str = "") -> Said:
    """Return the fields of a ClaimReview; `url` and `language` are the page's, for what it leaves open."""
    claim = _one(node.get("itemReviewed"), known)
    rating = _one(node.get("reviewRating"), known)
    value, words = _text(rating.get("ratingValue")), _first(rating, "alternateName", "name")
    if not words and not any(letter.isdigit() for letter in value):
        value, words = "", value  # some put the words in the number's place
    by = [_one(node.get(role), known) for role in ("publisher", "author", "sdPublisher")]
    checker = next((one for one in by if _text(one.get("name"))), {})
    return Said(
        url=address(node.get("url")) or address(node.get("mainEntityOfPage")) or url,
        text=_text(node.get("claimReviewed")) or _first(claim, "name", "text", "description"),
        rating=words,
        publisher=_text(checker.get("name")),
        site=address(checker.get("url")) or address(checker.get("sameAs")),
        claimant=_text(_one(claim.get("author") or claim.get("creator"), known).get("name")),
        title=_first(node, "headline", "name"),
        language=_language(node.get("inLanguage")) or language,
        value=value,
        best=_text(rating.get("bestRating")),
        worst=_text(rating.get("worstRating")),
        reviewed=_first(node, *_DATED),
        claimed=_first(claim, *_DATED),
    )


def _one(value: Any, known: Mapping[str, Node]) -> Node:
    """Return the node that a field holds, the first that says something; text is taken as a name."""
    for one in islice(value, MOST_REFERRED) if isinstance(value, list) else [value]:
        if isinstance(one, str) and one.strip():
            return known.get(one) or {"name": one}
        if isinstance(one, dict) and one:
            is_name_only = set(one) <= {"@id", "@type"} and isinstance(one.get("@id"), str)
            return known.get(one["@id"], one) if is_name_only else one
    return {}


def _text(value: Any, deep: int = MOST_WRAPPED) -> str:
    """Return what a field says: text, a number, or the first of a list of them, also as {"@value": …}.

    What is wrapped deeper than anybody writes says nothing: one such field is not to break the reading of a file.
    """
    if isinstance(value, (list, dict)) and not deep:
        return ""
    if isinstance(value, list):
        return next((text for one in value[:MOST_REFERRED] if (text := _text(one, deep - 1))), "")
    if isinstance(value, dict):
        return _text(value.get("@value"), deep - 1)
    is_said = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).strip() if is_said else ""


def _first(node: Node, *names: str) -> str:
    return next((text for name in names if (text := _text(node.get(name)))), "")


def address(value: Any) -> str:
    """Return the address that a field gives; '' where it gives something else."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    text = _text(value)
    return text if text.startswith(("http://", "https://", "/", "#")) else ""


def _language(value: Any) -> str:
    return _text(value) or (_first(value, "alternateName", "name") if isinstance(value, dict) else "")
