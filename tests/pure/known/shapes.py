"""ClaimReviews of our own, and how each shape is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from claims.known.reading import read
from claims.known.types import Shape, Told

URL = "https://checkers.example.org/2026/harbour-bridge"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def review(**fields: Any) -> dict[str, Any]:
    """Return a ClaimReview; a field of None is left out."""
    known = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": URL,
        "claimReviewed": "The harbour bridge cost 90 million euros.",
        "author": {"@type": "Organization", "name": "Harbour Checkers", "url": "https://www.checkers.example.org/"},
        "datePublished": "2026-05-31",
        "inLanguage": "en-GB",
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Ada Okafor"},
            "datePublished": "2026-05-20",
        },
        "reviewRating": {
            "@type": "Rating", "ratingValue": 2, "bestRating": 5, "worstRating": 1, "alternateName": "Mostly false"
        },
    }  # fmt: skip
    return {name: value for name, value in (known | fields).items() if value is not None}


def page(*documents: Any, lang: str = "en") -> bytes:
    """Return a page with these as JSON-LD; texts go in as they are."""
    said = [one if isinstance(one, str) else json.dumps(one) for one in documents]
    scripts = "".join(f"<script type='application/ld+json'>{one}</script>" for one in said)
    return f"<html lang={lang}><head>{scripts}</head><body><p>We checked it.</p></body></html>".encode()


def of_page(*documents: Any, url: str = URL, lang: str = "en") -> Told:
    """Read a page with these."""
    return read(page(*documents, lang=lang), shape=Shape.PAGE, charset="", url=url, latest=NOW)


def of_file(document: Any, shape: Shape = Shape.DATAFEED) -> Told:
    """Read a file of JSON, or of whatever text or bytes."""
    body = document if isinstance(document, (str, bytes)) else json.dumps(document)
    raw = body.encode() if isinstance(body, str) else body
    return read(raw, shape=shape, charset="", url="https://feeds.example.org/all.json", latest=NOW)


def answer(*reviews: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return what claims:search answers, in the shape that its documentation has."""
    known = {
        "publisher": {"name": "Harbour Checkers", "site": "checkers.example.org"},
        "url": URL,
        "title": "Did the bridge cost 90 million?",
        "reviewDate": "2026-05-31T00:00:00Z",
        "textualRating": "Mostly false",
        "languageCode": "en",
    }
    claim = {
        "text": "The harbour bridge cost 90 million euros.",
        "claimant": "Ada Okafor",
        "claimDate": "2026-05-20T00:00:00Z",
        "claimReview": [known | one for one in reviews or ({},)],
    }
    return {"claims": [claim], **fields}
