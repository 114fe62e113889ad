"""The desk's pages about articles, claims and policies; importing them registers them."""

from claims.admin import articles, claims, documents, policies

__all__ = ["articles", "claims", "documents", "policies"]
