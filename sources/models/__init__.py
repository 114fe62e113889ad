"""Sources, and the documents that are looked at."""

from sources.models.document import Change, Check, Document, RawBytes, Snapshot
from sources.models.source import Source, SourceName

__all__ = ["Change", "Check", "Document", "RawBytes", "Snapshot", "Source", "SourceName"]
