"""What is read of a fact-check by others, whichever shape it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

MAX_TEXT, MAX_NAME, MAX_RATING, MAX_TITLE, MAX_LANGUAGE = 2_000, 300, 300, 300, 12


class Shape(StrEnum):
    """What a body is read as."""

    PAGE = "page"  # HTML with ClaimReview as JSON-LD or microdata
    DATAFEED = "datafeed"  # schema.org DataFeed, or ClaimReviews as bare JSON
    TOOLS = "tools"  # an answer of Google's Fact Check Tools, claims:search
    ARCHIVE = "archive"  # a desk's own: CSV or JSON


@dataclass(frozen=True, slots=True)
class Published:
    """One fact-check as it was published. `identity` is what it is known again by, `site` its publisher's domain.

    `value`, `best` and `worst` are the rating in numbers: all three or none, with worst <= value <= best.
    """

    identity: str
    url: str
    text: str
    rating: str = ""
    publisher: str = ""
    site: str = ""
    claimant: str = ""
    title: str = ""
    language: str = ""
    value: float | None = None
    best: float | None = None
    worst: float | None = None
    reviewed_at: datetime | None = None
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was there and is not taken: by its place (the line of a CSV file, else counted from 1), and why."""

    place: int
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that was read of one body.

    `problems` are remarks in words on what is missing; where anything is that might be a fact-check, `complete` is
    False. `more` is what asks for the next page of an answer, '' at its end.
    """

    published: tuple[Published, ...] = ()
    refused: tuple[Refused, ...] = ()
    problems: tuple[str, ...] = ()
    complete: bool = True
    more: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes and `from_json` takes back."""
        return asdict(self) | {"published": [asdict(one) | _ats(one) for one in self.published]}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Told:
        """Build what `as_json` was made of."""
        return cls(
            published=tuple(
                Published(**one | {name: _at(one[name]) for name in _TIMES}) for one in fields["published"]
            ),
            refused=tuple(Refused(**one) for one in fields["refused"]),
            problems=tuple(fields["problems"]),
            complete=fields["complete"],
            more=fields["more"],
        )


_TIMES = ("reviewed_at", "claimed_at")


def _ats(one: Published) -> dict[str, str | None]:
    ats: dict[str, datetime | None] = {name: getattr(one, name) for name in _TIMES}
    return {name: at.isoformat() if at else None for name, at in ats.items()}


def _at(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
