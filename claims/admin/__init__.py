"""The desk's pages about articles, claims and policies; importing them registers them."""

from claims.admin import (
    articles,
    claims,
    documents,
    feeds,
    known,
    known_feeds,
    known_ratings,
    policies,
    seconding,
    triage,
)

__all__ = [
    "articles",
    "claims",
    "documents",
    "feeds",
    "known",
    "known_feeds",
    "known_ratings",
    "policies",
    "seconding",
    "triage",
]
