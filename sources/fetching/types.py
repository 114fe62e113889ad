"""What reading a page gives, and what one look at it came to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


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

    @property
    def substance(self) -> str:
        """The text without its boilerplate, unless it is nothing else: what digests and differences are of."""
        kept = [block for block in self.blocks if block.kind is not BlockKind.BOILERPLATE]
        return "\n\n".join(self.text[block.start : block.end] for block in kept) or self.text

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes and `from_json` takes back."""
        return asdict(self) | {
            "published_at": self.published_at and self.published_at.isoformat(),
            "modified_at": self.modified_at and self.modified_at.isoformat(),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Reading":
        """Build the reading from what `as_json` gave."""
        return cls(
            **{
                **fields,
                "published_at": _moment(fields["published_at"]),
                "modified_at": _moment(fields["modified_at"]),
                "blocks": tuple(Block(**block | {"kind": BlockKind(block["kind"])}) for block in fields["blocks"]),
                "links": tuple(Link(**link) for link in fields["links"]),
            }
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Unreadable:
    """No reading: 'cpu', 'memory', 'wall' or 'crashed', and what is known of it."""

    reason: str
    detail: str = ""
