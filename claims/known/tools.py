"""Google's Fact Check Tools: answers of `claims:search` (API v1alpha1), and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from claims.known import bodies
from claims.known.making import Making, Said
from claims.known.types import Told
from sources.fetching.decoding import cleaned, decoded

A_PAGE = 100  # what the service gives at most
MAX_TOKEN, MAX_SAID = 1_000, 200


def address(base: str, *, query: str, language: str, site: str, max_age_days: int) -> str:
    """Return the address of a search, without its key: that goes in a field of the request, and stands in no log."""
    asked = {"query": query, "reviewPublisherSiteFilter": site, "languageCode": language}
    named = {name: value for name, value in asked.items() if value}
    aged = {"maxAgeDays": max_age_days} if max_age_days else {}
    return f"{base}?{urlencode({**named, **aged, 'pageSize': A_PAGE})}"


def next_page(url: str, token: str) -> str:
    """Return the address of the page behind one."""
    return f"{url}&{urlencode({'pageToken': token})}" if token else url


def read(body: bytes, *, charset: str, latest: datetime) -> Told:
    """Read the fact-checks of one page of an answer."""
    answer = bodies.loads(cleaned(decoded(body, charset)))
    if not isinstance(answer, dict) or not isinstance(answer.get("claims", []), list):
        return Told(problems=("It answered something else than claims:search does.",), complete=False)
    making = Making(latest)
    place = 0
    for claim in answer.get("claims", [])[: A_PAGE * 2]:
        reviews = claim.get("claimReview") if isinstance(claim, dict) else None
        for review in reviews[:A_PAGE] if isinstance(reviews, list) else []:
            place += 1
            if isinstance(review, dict):
                making.take(place, _said(claim, review))
    more = _text(answer, "nextPageToken")
    return making.told(most=place, more=more if len(more) <= MAX_TOKEN else "")


def _said(claim: Mapping[str, Any], review: Mapping[str, Any]) -> Said:
    publisher = review.get("publisher")
    named = publisher if isinstance(publisher, dict) else {}
    return Said(
        url=_text(review, "url"),
        text=_text(claim, "text"),
        rating=_text(review, "textualRating"),
        publisher=_text(named, "name"),
        site=_text(named, "site"),
        claimant=_text(claim, "claimant"),
        title=_text(review, "title"),
        language=_text(review, "languageCode"),
        reviewed=_text(review, "reviewDate"),
        claimed=_text(claim, "claimDate"),
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def fault(body: bytes) -> str:
    """Return what the service says where it refuses, bounded; '' where it says nothing."""
    answer = bodies.loads(cleaned(decoded(body[:100_000])))
    error = answer.get("error") if isinstance(answer, dict) else None
    return _text(error, "message")[:MAX_SAID] if isinstance(error, dict) else ""
