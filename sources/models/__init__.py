"""Sources, and the documents that are looked at."""

from sources.models.archiving import Archiving
from sources.models.check import Check
from sources.models.document import Change, Document
from sources.models.erasure import ErasedText, Erasure, ErasureSalt
from sources.models.feed import Feed, FeedEntry
from sources.models.host import Host
from sources.models.naming import Grading, Merge, Seed
from sources.models.price import Price
from sources.models.snapshot import RawBytes, Snapshot
from sources.models.source import Source, SourceName

__all__ = [
    "Archiving",
    "Change",
    "Check",
    "Document",
    "ErasedText",
    "Erasure",
    "ErasureSalt",
    "Feed",
    "FeedEntry",
    "Grading",
    "Host",
    "Merge",
    "Price",
    "RawBytes",
    "Seed",
    "Snapshot",
    "Source",
    "SourceName",
]
