"""What the made-up articles say: sentences out of templates, about places and people that do not exist. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from types import MappingProxyType

from claims.verification.anchors import CONTEXT

TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "transport": (
            "The {place} bridge was closed to lorries after {n} cracks were found",
            "Trains between {place} and {other} were late on {p} percent of all working days in {year}",
            "The {place} tunnel cost {n} million euros more than planned",
            "Every bus in {place} will run on batteries by {year}",
        ),
        "health": (
            "The hospital in {place} turned away {n} patients in {month} {year}",
            "{p} percent of children in {place} were vaccinated in {year}",
            "The waiting time for a scan in {place} rose to {n} days",
            "Nurses in {place} earn {p} percent less than those in {other}",
        ),
        "economy": (
            "Rents in {place} rose by {p} percent in {year}",
            "The shipyard of {place} dismissed {n} workers in {month}",
            "{n} shops in {place} closed in {year}",
            "The council of {place} owes its banks {n} million euros",
        ),
        "elections": (
            "{n} ballots in {place} were counted twice",
            "Turnout in {place} fell to {p} percent in {year}",
            "The mayor of {place} took {n} thousand euros from a builder in {other}",
            "The council of {place} voted {p} to {n} for the new budget",
        ),
        "climate": (
            "The river at {place} stood {n} centimetres above its banks in {month}",
            "{year} was the driest year in {place} since records began",
            "The forest of {place} lost {p} percent of its trees in {year}",
            "The dam above {place} holds {n} million litres less than in {year}",
        ),
        "security": (
            "Police in {place} recorded {n} burglaries in {month} {year}",
            "{n} soldiers were moved from {place} to {other} in {month}",
            "Fighters seized the crossing at {place} on the border with {other}",
            "Fires in {place} killed {n} people in {year}",
        ),
        "education": (
            "{p} percent of pupils in {place} left school without a certificate in {year}",
            "The school of {place} has one teacher for {n} pupils",
            "The university of {place} closed {n} courses in {year}",
            "{place} spends {p} percent of its budget on schools",
        ),
        "migration": (
            "{n} people came to {place} from {other} in {year}",
            "The shelter in {place} has room for {n} families",
            "{p} percent of those who came to {place} in {year} have found work",
            "{place} sent {n} families back to {other} in {month}",
        ),
    }
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
PLACES = tuple(map("".join, product(
    ("Sel", "Kes", "Tal", "Bran", "Or", "Mar", "Vel", "Hal", "Rin", "Dor", "Esk", "Fen", "Gar", "Lum", "Nor", "Pel"),
    ("mar", "trel", "via", "wick", "holm", "den", "sted", "ford", "by", "gard", "mouth", "ton"),
)))  # fmt: skip
FIRST = ("Ilka", "Tomas", "Mira", "Jorin", "Salla", "Edo", "Petra", "Anselm", "Runa", "Kasper", "Lene", "Oskar")
LAST = ("Brandt", "Velmar", "Ostrow", "Halden", "Marsk", "Tindal", "Orley", "Quist", "Renner", "Sorel", "Udal", "Wenk")
PEOPLE = tuple(" ".join(name) for name in product(FIRST, LAST))
PAPERS = ("Courier", "Gazette", "Observer", "Post", "Herald")
OUTLETS = tuple(f"{place} {paper}" for place, paper in zip(PLACES[::4], PAPERS * 10, strict=False))[:40]
CUES = ("said", "told reporters", "wrote", "insisted")
CERTAINTIES = (("asserted", 82), ("probable", 5), ("possible", 5), ("unconfirmed", 3), ("denied", 3), ("doubtful", 2))
KINDS = (("fact", 82), ("opinion", 8), ("forecast", 5), ("conditional", 3), ("directive", 2))
# What stands before and behind the claim's words in an article, by how sure it is.
FRAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "asserted": ("", "."),
        "probable": ("In all likelihood ", "."),
        "possible": ("It is possible that ", "."),
        "unconfirmed": ("Reports that ", " could not be independently confirmed."),
        "denied": ("A spokeswoman denied that ", "."),
        "doubtful": ("Hardly anybody believes that ", "."),
    }
)
BECAUSE = (
    "The office's own table says so.",
    "We called and got the minutes.",
    "Two sources that do not know each other.",
)
SEARCHED = "Asked the council and the archive, searched three registers: no answer, no entry."
A_PARAGRAPH = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What a claim says, and how an article says it: `quote` stands there word for word between its frame."""

    text: str
    quote: str
    topic: str
    kind: str
    certainty: str
    speaker: int | None
    cue: str


@dataclass(frozen=True, slots=True)
class Text:
    """A whole article, its blocks, and where each quote begins in it."""

    headline: str
    text: str
    blocks: Sequence[Mapping[str, object]]
    starts: Sequence[int]


def chosen(rng: Random, shares: Sequence[tuple[str, int]]) -> str:
    """Return one of these, each by its share of a hundred."""
    left = rng.random() * 100
    for word, share in shares:
        left -= share
        if left < 0:
            return word
    return shares[0][0]


def sentence(rng: Random, year: int) -> tuple[str, str]:
    """Return a statement without its full stop, and its topic."""
    topic = rng.choice(tuple(TOPICS))
    filled = rng.choice(TOPICS[topic]).format(
        place=rng.choice(PLACES), other=rng.choice(PLACES), n=rng.randrange(3, 9000), p=rng.randrange(2, 99),
        year=year - rng.randrange(4), month=rng.choice(MONTHS),
    )  # fmt: skip
    return filled, topic


def said(rng: Random, year: int) -> Said:
    """Return a claim with the words that an article has for it."""
    text, topic = sentence(rng, year)
    certainty = chosen(rng, CERTAINTIES)
    is_told = certainty == "asserted" and rng.random() < 0.45  # noqa: PLR2004  some name who says so
    quote = text if certainty == "asserted" or not text.startswith("The ") else f"t{text[1:]}"
    speaker = rng.randrange(len(PEOPLE)) if is_told else None
    cue = rng.choice(CUES) if is_told else ""
    return Said(f"{text}.", quote, topic, chosen(rng, KINDS), certainty, speaker, cue)


def article(told: Sequence[Said]) -> Text:
    """Return an article that says all of this, in paragraphs of three sentences under a headline."""
    headline = told[0].text.rstrip(".")
    parts, at = [headline], len(headline)
    blocks: list[Mapping[str, object]] = [{"kind": "headline", "start": 0, "end": at, "cite": ""}]
    starts = []
    for place, one in enumerate(told):
        before, after = FRAMES[one.certainty]
        if one.speaker is not None:
            after = f", {PEOPLE[one.speaker]} {one.cue}."
        gap = " " if place % A_PARAGRAPH else "\n\n"
        start = at + len(gap)
        parts += [gap, before, one.quote, after]
        starts.append(start + len(before))
        at = start + len(before) + len(one.quote) + len(after)
        if place % A_PARAGRAPH == 0:
            blocks.append({"kind": "paragraph", "start": start, "end": at, "cite": ""})
        else:
            blocks[-1] = {**blocks[-1], "end": at}
    return Text(headline, "".join(parts), blocks, starts)


def span(text: str, start: int, end: int) -> dict[str, object]:
    """Return the selector of a stretch of a text, as `anchors.quote_at` gives it."""
    return {
        "exact": text[start:end], "prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT],
        "start": start, "end": end,
    }  # fmt: skip
