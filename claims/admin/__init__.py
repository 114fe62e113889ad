"""The desk's pages about articles, claims and policies; importing them registers them."""

from claims.admin import articles, claims, documents, feeds, policies

__all__ = ["articles", "claims", "documents", "feeds", "policies"]
