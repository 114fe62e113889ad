"""The desk's pages about sources and documents; importing them registers them."""

from sources.admin import documents, feeds, sources

__all__ = ["documents", "feeds", "sources"]
