"""Pages that live for a month by a seeded script: edits, live blogs, moods, failures; and what a desk must hear."""

import itertools
import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape

from bench.edits import AROUND, KINDS, WITHIN, edited, names_of, quotable
from factcheck.lib.answers import Failed, Failure, Response, Validators
from sources.fetching.changes import sentences
from sources.fetching.kinds import is_notice
from sources.fetching.reading import read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
APART = 36 * HOUR  # no edit is so short-lived that the longest gap between two looks can hide it
LIVE_FOR = 6 * DAY
ENTRIES_A_DAY, OPENING = 16, 6
LIVE_EDITS, LIVE_QUOTE_EDITS = 10, 2
_SWAPPED = re.compile(r"\b([a-z]{2})([a-z])(?!\2)([a-z])([a-z]{2,})\b")
FAILURES = ("500", "503", "deadline", "wall", "empty", "404")


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be heard: of which claim of the page, for which reason, and from when on."""

    claim: str
    reason: str
    at: datetime


@dataclass
class Page:
    """One page: what it says from when on, in which mood it is shown, and what must be heard of it."""

    number: int
    mood: str
    text: str
    quote: str
    calm_quote: str
    start: datetime
    rng: random.Random
    versions: list[tuple[datetime, str]] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
    away: int = 0
    down: tuple[datetime, datetime] | None = None
    gone_at: datetime | None = None
    has_failed: bool = False

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://outlet-{self.number}.example.org/news/{self.number}"

    def says(self, at: datetime, text: str) -> None:
        """Say that from then on."""
        self.text = text
        self.versions.append((at, text))

    def text_at(self, at: datetime) -> str:
        """Return what an editor would find there."""
        return self.versions[max(0, bisect_right([since for since, _ in self.versions], at) - 1)][1]

    def answer(self, at: datetime, validators: Validators | None) -> Response | Failed:
        """Answer a look as the page's mood wants it."""
        if self.down and self.down[0] <= at < self.down[1]:
            return Failed(Failure.DEADLINE, "20 s", 20.0, self.url)
        if self.gone_at and at >= self.gone_at:
            return self._response(404, b"gone")
        if self.mood == "flaky" and not self.has_failed and self.rng.random() < 0.3:  # noqa: PLR2004
            self.has_failed = True
            return self._failing(self.rng.choice(FAILURES))
        self.has_failed = False
        body = html(self._in_its_mood(self.text_at(at)))
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if validators and validators.etag == etag:
            return self._response(304, b"", etag=etag)
        return self._response(200, body, etag=etag)

    def _in_its_mood(self, text: str) -> str:
        if self.mood == "flapping":
            plan = self.rng.choice(("Summer", "Winter"))
            return _amid(text, f"Readers in the north take the {plan} ticket and travel for less from today on.")
        if self.mood == "clock":
            return _amid(
                text, f"Together with you, {self.rng.randrange(9999)} others are with this story at the moment."
            )
        return text

    def _failing(self, how: str) -> Response | Failed:
        if how == "deadline":
            return Failed(Failure.DEADLINE, "20 s", 20.0, self.url)
        if how == "wall":
            return self._response(200, html("Verify you are human to go on."))
        return self._response(int(how), b"sorry") if how.isdigit() else self._response(200, b"")

    def _response(self, status: int, body: bytes, **headers: str) -> Response:
        return Response(self.url, status, headers, body, "text/html", "utf-8", (), 0.01, truncated=False)


def _amid(text: str, sentence: str) -> str:
    first, gap, rest = text.partition("\n\n")
    return f"{first}\n\n{sentence}{gap}{rest}"


def html(text: str) -> bytes:
    """Return a page of that text."""
    paragraphs = "".join(f"<p>{escape(one.strip())}</p>\n" for one in re.split(r"\n\s*\n", text) if one.strip())
    return (
        f"<!doctype html><html lang=en><head><title>The Outlet</title></head><body><article>{paragraphs}</article>"
        "</body></html>"
    ).encode()


def newsroom(texts: Sequence[str], *, pages: int, live: int, days: int, start: datetime, seed: int) -> list[Page]:
    """Make so many pages, `live` of them live blogs, with a script for so many days."""
    texts = [_without_notices(text) for text in texts]
    long = [text for text in texts if len(quotable(text)) >= 8]  # noqa: PLR2004
    names = names_of(texts)
    made = []
    for number in range(pages):
        rng = random.Random(f"{seed} {number}")  # noqa: S311
        text = _opening(texts, rng) if number < live else long[number % len(long)]
        mood = "live" if number < live else _MOODS[number % len(_MOODS)]
        made.append(_page(number, mood, text, rng, start))
        _write(made[-1], texts, names, days)
    return made


def _without_notices(text: str) -> str:
    """Leave out what looks like a correction already: its place on a page is the script's to choose."""
    kept = [one for one in re.split(r"\n\s*\n", text) if not any(map(is_notice, (one, *sentences(one))))]
    return "\n\n".join(kept)


_MOODS = (*["calm"] * 20, "flapping", "flapping", "clock", "clock", "flaky", "whole", "whole", "typos", "gone", "dark")


def _page(number: int, mood: str, text: str, rng: random.Random, start: datetime) -> Page:
    seen = read(html(text), media_type="text/html", charset="utf-8", url="https://outlet.example.org/1").text
    stand = [text[first:last] for first, last in quotable(text) if seen.count(text[first:last]) == 1]
    quote, calm = rng.sample(stand, 2)
    page = Page(number, mood, text, quote, calm, start, rng)
    page.says(start, text)
    return page


def _write(page: Page, texts: Sequence[str], names: Sequence[str], days: int) -> None:
    """Write the page's month."""
    end = page.start + days * DAY
    if page.mood == "live":
        _live(page, texts, names, end)
        return
    if page.mood == "gone":
        page.gone_at = page.start + page.rng.uniform(0.2, 0.7) * (end - page.start)
        page.truths += [Truth(claim, "source_gone", page.gone_at) for claim in ("quoted", "calm")]
    if page.mood == "dark" and days > 5:  # noqa: PLR2004
        since = page.start + 2 * DAY
        page.down = since, since + 3 * DAY
        # Two days after the last look that saw it, which was up to a day before.
        page.truths += [Truth(claim, "monitor_blind", since + DAY) for claim in ("quoted", "calm")]
    at = page.start + page.rng.uniform(4, 60) * HOUR
    current = page.quote
    while at < end - APART and page.mood not in {"gone", "dark"}:
        current = _edit(page, current, texts, names, at)
        at += APART + page.rng.expovariate(1 / 120) * HOUR


def _edit(page: Page, current: str, texts: Sequence[str], names: Sequence[str], at: datetime) -> str:
    """Edit the page once; return what stands where the quote stood, '' for nothing."""
    kind = "typo" if page.mood == "typos" else page.rng.choice((*KINDS, "typo", "elsewhere", "elsewhere"))
    if kind in WITHIN and current:
        new = WITHIN[kind](page.quote, page.rng, names)
        if new is not None and new not in {current, page.quote}:
            page.says(at, page.text.replace(current, new))
            _must_be_heard(page, at, "quote_changed")
            return new
    elif kind == "typo" and current:
        new = _SWAPPED.sub(r"\1\3\2\4", current, count=1)
        if current == page.quote and new != current:
            page.says(at, page.text.replace(current, new))
            page.says(at + APART / 2, page.text.replace(new, current))
    elif kind in AROUND and current:
        start = page.text.index(current)
        text = edited(kind, page.text, start, start + len(current), page.rng, texts=texts)
        if text is not None and text.count(current) == text.count(page.calm_quote) == 1:
            page.says(at, text)
            _must_be_heard(page, at, {"paragraph": "added", "correction": "correction"}.get(kind, ""))
    else:
        _elsewhere(page, current, names, at)
    return current


def _must_be_heard(page: Page, at: datetime, what: str) -> None:
    """Note what this edit must raise: on the quoted claim, on both, or where the page is pinned as a whole."""
    if what == "quote_changed":
        page.truths.append(Truth("quoted", what, at))
    if what == "correction":
        page.truths += [Truth(claim, what, at) for claim in claims_of(page)]
    if what and page.mood == "whole":
        page.truths.append(Truth("whole", "source_changed", at))


def claims_of(page: Page) -> tuple[str, ...]:
    """Return the claims that rest on it: on a quote that is edited, on one that is not, and perhaps on the whole."""
    return ("quoted", "calm", "whole") if page.mood == "whole" else ("quoted", "calm")


def _elsewhere(page: Page, current: str, names: Sequence[str], at: datetime, among: str = "") -> bool:
    """Change a number, a name or a negation in a sentence that nobody quoted; say whether there was one."""
    free = [page.text[first:last] for first, last in quotable(page.text)]
    free = [one for one in free if one not in {current, page.calm_quote, page.quote} and (not among or one in among)]
    page.rng.shuffle(free)
    for sentence, kind in itertools.product(free[:12], ("number", "name", "negation")):
        new = WITHIN[kind](sentence, page.rng, names)
        if new is not None and new != sentence:
            page.says(at, page.text.replace(sentence, new))
            page.away += 1
            _must_be_heard(page, at, "elsewhere")
            return True
    return False


def _opening(texts: Sequence[str], rng: random.Random) -> str:
    return "\n\n".join(_entry(texts, rng) for _number in range(OPENING))


def _entry(texts: Sequence[str], rng: random.Random) -> str:
    while True:
        text = rng.choice(texts)
        first, last = rng.choice(quotable(text) or [(0, 0)])
        if last:
            return " ".join(text[first:last].split())


def _live(page: Page, texts: Sequence[str], names: Sequence[str], end: datetime) -> None:
    """Let entries come in on top for some days, and old ones be edited meanwhile: away from the quotes, and in one."""
    over = min(page.start + LIVE_FOR, end - APART)
    mornings = [page.start + day * DAY for day in range(int((over - page.start) / DAY) or 1)] * ENTRIES_A_DAY
    moments = [(morning + page.rng.uniform(1, 15) * HOUR, "entry") for morning in mornings]
    span = (over - page.start) / (LIVE_EDITS + 1)
    moments += [(page.start + span * (one + page.rng.random()), "away") for one in range(LIVE_EDITS)]
    span = (over - page.start) / LIVE_QUOTE_EDITS
    moments += [(page.start + 2 * HOUR + span * one, "quote") for one in range(LIVE_QUOTE_EDITS)]
    current = page.quote
    for at, what in sorted(moments):
        if what == "entry":
            page.says(at, f"{_entry(texts, page.rng)}\n\n{page.text}")
        elif what == "away":
            _elsewhere(page, current, names, at)
        else:
            current = _quoted(page, current, names, at)


def _quoted(page: Page, current: str, names: Sequence[str], at: datetime) -> str:
    for kind in page.rng.sample(("number", "name", "negation", "hedge_added"), 4):
        new = WITHIN[kind](page.quote, page.rng, names)
        if new is not None and new != current:
            page.says(at, page.text.replace(current, new))
            _must_be_heard(page, at, "quote_changed")
            return new
    return current
