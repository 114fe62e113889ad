"""What reading a page gives, and what one look at it came to."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar


class BlockKind(StrEnum):
    """What a stretch of a page is; whose voice it is, splitting decides."""

    HEADLINE = "headline"
    PARAGRAPH = "paragraph"
    QUOTATION = "quotation"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    NOTICE = "notice"
    BOILERPLATE = "boilerplate"


class Outcome(StrEnum):
    """What one look at a document came to."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    CHANGE_PENDING = "change_pending"
    GONE = "gone"
    THROTTLED = "throttled"
    GATED = "gated"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Block:
    """`text[start:end]` is a block of this kind; `cite` is where a quotation says it is from, or ''."""

    kind: BlockKind
    start: int
    end: int
    cite: str = ""


@dataclass(frozen=True)
class Link:
    """`text[start:end]`, which is `text`, leads to `url`."""

    start: int
    end: int
    url: str
    text: str


@dataclass(frozen=True)
class Quote:
    """`text[start:end]` stands between quotation marks, or in an element that quotes; nobody is named yet.

    `cite` is where the page says it is from, or ''.
    """

    start: int
    end: int
    cite: str = ""


Span = TypeVar("Span", Block, Link, Quote)
BETWEEN = "\n\n"
_AROUND_THE_BODY = frozenset({BlockKind.CAPTION, BlockKind.BOILERPLATE})


def has_whole_text(truncated: str) -> bool:
    """Tell whether what is missing, by its reason, is no text."""
    return truncated in {"", "links", "quotes"}


@dataclass(frozen=True)
class Reading:
    """A page as people read it.

    Offsets are Unicode code points of `text`, in which blocks are separated by a blank line. `truncated`
    says why something is missing ('' when nothing is: then, and only then, it is `complete`); `truncated`
    of 'empty_extraction' means that no text was found at all. `language` has two letters, or is ''.
    """

    url: str
    title: str
    byline: str
    published_at: datetime | None
    modified_at: datetime | None
    language: str
    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    publisher: str
    complete: bool
    truncated: str
    quotes: tuple[Quote, ...] = ()

    @property
    def has_whole_text(self) -> bool:
        """Tell whether no text is missing: where links or quotes are too many, all of the text is there still."""
        return has_whole_text(self.truncated)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the page says of its own corrections and updates, in reading order."""
        return tuple(self.text[block.start : block.end] for block in self.blocks if block.kind is BlockKind.NOTICE)

    @property
    def substance(self) -> str:
        """The text without its boilerplate, unless it is nothing else: what digests and differences are of."""
        kept = [block for block in self.blocks if block.kind is not BlockKind.BOILERPLATE]
        return BETWEEN.join(self.text[block.start : block.end] for block in kept) or self.text

    def printed(self) -> "Reading":
        """Return the article's body alone: its title, captions and boilerplate left out, offsets counted anew."""
        kept: list[Block] = []
        shifts: list[int] = []
        length = 0
        for block in self.blocks:
            is_title = block.kind is BlockKind.HEADLINE and block.start == 0 and self.title != ""
            if not is_title and block.kind not in _AROUND_THE_BODY:
                start = length + len(BETWEEN) * bool(kept)
                kept.append(block)
                shifts.append(start - block.start)
                length = start + block.end - block.start
        return replace(
            self,
            text=BETWEEN.join(self.text[block.start : block.end] for block in kept),
            blocks=tuple(_moved(kept, kept, shifts)),
            links=tuple(_moved(self.links, kept, shifts)),
            quotes=tuple(_moved(self.quotes, kept, shifts)),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes and `from_json` takes back."""
        return asdict(self) | _told(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Reading":
        """Build the reading from what `as_json` gave."""
        return cls(
            **{
                **fields,
                **{name: _moment(fields[name]) for name in _TIMES},
                "blocks": tuple(Block(**block | {"kind": BlockKind(block["kind"])}) for block in fields["blocks"]),
                "links": tuple(Link(**link) for link in fields["links"]),
                "quotes": tuple(Quote(**quote) for quote in fields.get("quotes", ())),
            }
        )


def _moved(spans: Iterable[Span], kept: Sequence[Block], shifts: Sequence[int]) -> Iterator[Span]:
    """Yield those spans that lie in the blocks kept, where they then stand."""
    starts = [block.start for block in kept]
    for span in spans:
        index = bisect_right(starts, span.start) - 1
        if index >= 0 and span.end <= kept[index].end:
            yield replace(span, start=span.start + shifts[index], end=span.end + shifts[index])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Entry:
    """One article that a feed tells of.

    `key` is the same at every reading of the feed while its identifier and its link stay (64 hexadecimal
    digits); `url` is absolute and public, or '' where the entry leads nowhere: then `refused` says why it does,
    if it has a link at all. Times the feed does not give, or that no article can have, are None.
    """

    key: str
    url: str
    title: str
    summary: str
    published_at: datetime | None
    modified_at: datetime | None
    refused: str = ""


@dataclass(frozen=True)
class FeedReading:
    """A feed as it was read: its newest entries first, at most 200.

    `complete` is False where something is missing, and `truncated` says what: 'not_a_feed', 'entities',
    'syntax' (the entries before the fault are kept) or 'entries'. `problems` are remarks in words. `others` are the
    feeds that a page names which is none itself.
    """

    title: str
    home: str
    entries: tuple[Entry, ...]
    complete: bool
    truncated: str
    problems: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes and `from_json` takes back."""
        return asdict(self) | {"entries": [asdict(entry) | _told(entry) for entry in self.entries]}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "FeedReading":
        """Build the reading from what `as_json` gave."""
        entries = tuple(Entry(**entry | {name: _moment(entry[name]) for name in _TIMES}) for entry in fields["entries"])
        told = {name: tuple(fields[name]) for name in ("problems", "others")}
        return cls(**{**fields, **told, "entries": entries})


_TIMES = ("published_at", "modified_at")


def _told(timed: Entry | Reading) -> dict[str, str | None]:
    ats: dict[str, datetime | None] = {name: getattr(timed, name) for name in _TIMES}
    return {name: at.isoformat() if at else None for name, at in ats.items()}


@dataclass(frozen=True)
class Unreadable:
    """No reading: 'cpu', 'memory', 'wall' or 'crashed', and what is known of it."""

    reason: str
    detail: str = ""
