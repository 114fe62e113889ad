"""Sources, and the documents that are looked at."""

from sources.models.document import Change, Check, Document, RawBytes, Snapshot
from sources.models.erasure import ErasedText, Erasure, ErasureSalt
from sources.models.host import Host
from sources.models.price import Price
from sources.models.source import Source, SourceName

__all__ = [
    "Change",
    "Check",
    "Document",
    "ErasedText",
    "Erasure",
    "ErasureSalt",
    "Host",
    "Price",
    "RawBytes",
    "Snapshot",
    "Source",
    "SourceName",
]
