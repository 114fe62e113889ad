"""A claim as it leaves the desk. What people said in confidence is not here: only pages that anybody may open are.

Nor is why the desk decided, which never leaves it. What is for the desk alone is named so: `desk_only`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from claims.exports.cells import Value

# Of a claim, in this order; the handbook says what each is.
COLUMNS: Sequence[str] = (
    "uid", "text", "language", "kind", "status", "status_since", "holds_until", "is_overdue", "claimant", "said_at",
    "said_where", "text_says", "articles", "article_titles", "outlets", "quotes", "evidence", "evidence_stances",
    "evidence_quotes", "joined_to", "origin", "created_at", "desk_only_check_worthiness",
    "desk_only_needs_another_look", "desk_only_quotes_today", "desk_only_created_by",
)  # fmt: skip
MOST_PLACES = 20
BETWEEN = " | "


def whole(claim: Any, *, now: datetime) -> dict[str, Any]:
    """Return a claim with its `places`, `open_flags` and `held` (accepted pages) as JSON has it: nothing joined."""
    standing = [place for place in claim.places if place.ended_at is None]
    return {
        "uid": str(claim.uid),
        "text": claim.text,
        "language": claim.language,
        "kind": claim.kind,
        "status": claim.status,
        "status_since": _at(claim.status_since),
        "holds_until": _at(claim.holds_until),
        "is_overdue": claim.is_overdue(now),
        "claimant": claim.claimant.name if claim.claimant else None,
        "said_at": _at(claim.said_at),
        "said_where": claim.said_where,
        "text_says": sorted({place.certainty for place in standing}),
        "articles": [_place(place) for place in standing],
        "evidence": [_held(one) for one in claim.held],
        "joined_to": str(claim.head.uid) if claim.head else None,
        "origin": claim.origin,
        "created_at": _at(claim.created_at),
        "desk_only": {
            "check_worthiness": claim.check_worthiness,
            "needs_another_look": sorted(flag.reason for flag in claim.open_flags),
            "quotes_today": sorted({one.anchor for one in claim.held if one.anchor}),
            "created_by": claim.created_by.username if claim.created_by else None,
        },
    }


def flat(exported: Mapping[str, Any]) -> dict[str, Value]:
    """Return what `whole` made as one row of a table, its lists joined; 20 of each at most, and how many more."""
    places, held, desk = exported["articles"], exported["evidence"], exported["desk_only"]
    plain = {name: value for name, value in exported.items() if name in COLUMNS and not isinstance(value, list)}
    return plain | {
        "text_says": _joined(exported["text_says"]),
        "articles": _joined(place["url"] for place in places),
        "article_titles": _joined(place["title"] for place in places),
        "outlets": _joined(dict.fromkeys(place["outlet"] for place in places if place["outlet"])),
        "quotes": _joined(place["quote"] for place in places),
        "evidence": _joined(one["url"] for one in held),
        "evidence_stances": _joined(one["stance"] for one in held),
        "evidence_quotes": _joined(one["quote"] for one in held),
        "desk_only_check_worthiness": desk["check_worthiness"],
        "desk_only_needs_another_look": _joined(desk["needs_another_look"]),
        "desk_only_quotes_today": _joined(desk["quotes_today"]),
        "desk_only_created_by": desk["created_by"],
    }


def _place(place: Any) -> dict[str, Any]:
    document = place.article.document
    return {
        "url": document.url or "",
        "title": document.title,
        "outlet": document.publisher.name if document.publisher else "",
        "quote": place.quote,
        "certainty": place.certainty,
    }


def _held(evidence: Any) -> dict[str, Any]:
    return {
        "url": evidence.document.url or "",
        "title": evidence.document.title,
        "stance": evidence.stance,
        "quote": evidence.exact,
        "seen_at": _at(evidence.snapshot.taken_at) if evidence.snapshot else None,
    }


def _joined(values: Iterable[str]) -> str:
    every = list(values)
    more = [f"+{len(every) - MOST_PLACES}"] if len(every) > MOST_PLACES else []
    return BETWEEN.join([*every[:MOST_PLACES], *more])


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
