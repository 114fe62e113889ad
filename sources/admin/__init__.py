"""The desk's pages about sources, documents and hosts; importing them registers them."""

from sources.admin import documents, feeds, hosts, sources

__all__ = ["documents", "feeds", "hosts", "sources"]
