"""Answers for rows of the field's data sets, one JSON object a line: how the splitting is measured against others.

A row is bounded by its line; a line that is no such row raises `BadRow`, which names the line and what is wrong.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any, TypeVar

from claims.splitting.attributions import Attributed, attributions_in
from claims.splitting.caps import MOST_TEXT
from claims.splitting.factuality import MOST, factuality
from claims.splitting.parse import parse
from claims.splitting.passage import Passage
from claims.splitting.propositions import propositions_in, written
from claims.splitting.repair import repaired
from claims.splitting.sentences import judge
from claims.splitting.splitter import split
from claims.splitting.tree import Sentence, Word

AT_ONCE = 256  # rows that are parsed together
QUOTES = {"``": "“", "''": "”"}  # as treebanks write them
TELLING = frozenset({"VERB", "NOUN", "AUX", "ADJ"})

Labelled = tuple[str, int, int]
Target = tuple[int, int]
Row = TypeVar("Row")


class BadRow(ValueError):
    """A line is no row of its set."""


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A text and where each of its tokens starts and ends in it."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def covered(self, start: int, end: int) -> range:
        """The tokens that a stretch of the text touches."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))


@dataclass(frozen=True, slots=True)
class Judged:
    """A text and the tokens whose factuality is asked for."""

    line: Tokenized
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Units:
    """What a text states at its smallest; `truncated` says what was left out, or is empty."""

    stated: tuple[str, ...]
    truncated: str = ""


def judgements(lines: Iterable[str | bytes]) -> Iterator[dict[str, Any]]:
    """Answer rows with `text`, or with `tokens` and then also by the spans of who says what among them."""
    for rows in _batches(_read(lines, _worded)):
        spans = spans_of_each([row for row in rows if not isinstance(row, str)])
        for row in rows:
            text = row if isinstance(row, str) else spaced(row).text
            yield {**asdict(judge(text)), "spans": [] if isinstance(row, str) else next(spans)}


def factualities(lines: Iterable[str | bytes]) -> Iterator[dict[str, list[float]]]:
    """Answer rows with `text`, its tokens parted by single spaces, and `targets` that begin with [first, last)."""
    for rows in _batches(_read(lines, _judged)):
        for row, sentences in zip(rows, parsed([row.line for row in rows]), strict=True):
            yield {"factuality": [_factuality(row.line, target, sentences) for target in row.targets]}


def propositions(lines: Iterable[str | bytes]) -> Iterator[dict[str, list[list[int]]]]:
    """Answer rows with `text`, `tokens` and their `offsets` by the tokens of each proposition."""
    for rows in _batches(_read(lines, _offset)):
        for row, sentences in zip(rows, parsed(rows), strict=True):
            stated = [places for sentence in sentences for places in propositions_in(sentence, row.text)]
            found = [_touched(row, places) for places in stated]
            yield {"propositions": found or [list(range(len(row.starts)))]}


def spans_of(tokens: Sequence[str]) -> list[Labelled]:
    """Return who says what in one tokenized sentence: (source, cue or content, first token, token behind the last)."""
    return next(spans_of_each([tokens]))


def spans_of_each(sentences: Sequence[Sequence[str]]) -> Iterator[list[Labelled]]:
    """Yield the spans of each tokenized sentence; many at once are parsed faster."""
    lines = [spaced(tokens) for tokens in sentences]
    for line, read in zip(lines, parsed(lines), strict=True):
        found = attributions_in(_passage(line), read)
        yield sorted({label for one in found for label in _labels(line, one)}, key=lambda label: label[1:])


def units_of(text: str) -> Units:
    """Return what a text states, as standalone claims and then as its smallest propositions, without repeats."""
    splitting, text = split(text), text[:MOST_TEXT]
    claims = [claim.text for claim in splitting.claims]
    sentences = next(parsed([Tokenized(text, (), ())]))
    stated = [written(places, text) for sentence in sentences for places in propositions_in(sentence, text)]
    known = {claim.rstrip(".").casefold() for claim in claims}
    units = dict.fromkeys([*claims, *(one for one in stated if one.rstrip(".").casefold() not in known)])
    return Units(tuple(units), splitting.truncated)


def _labels(line: Tokenized, found: Attributed) -> Iterator[Labelled]:
    for name, places in (("source", found.source), ("cue", found.cue), ("content", found.content)):
        for start, end in places:
            tokens = line.covered(start, end)
            yield name, tokens.start, tokens.stop


def _touched(line: Tokenized, places: Iterable[tuple[int, int]]) -> list[int]:
    return sorted({token for start, end in places for token in line.covered(start, end)})


def _factuality(line: Tokenized, target: Target, sentences: Sequence[Sentence]) -> float:
    place = place_of(line, target, sentences)
    return factuality(*place) if place else MOST


def place_of(line: Tokenized, target: Sequence[int], sentences: Sequence[Sentence]) -> tuple[Word, Sentence] | None:
    """The word that some tokens [first, last) name, and its sentence; None where the parser sees none of them."""
    start, end = line.starts[target[0]], line.ends[target[1] - 1]
    touched = [
        (word, sentence) for sentence in sentences for word in sentence.words if word.start < end and word.end > start
    ]
    telling = [place for place in touched if place[0].pos in TELLING][-1:] or touched[:1]
    return telling[0] if telling else None


def parsed(lines: Sequence[Tokenized]) -> Iterator[list[Sentence]]:
    """Parse lines, each as a passage of its own, and mend them."""
    passages = [_passage(line) for line in lines]
    for passage, sentences in zip(passages, parse(passages), strict=True):
        yield list(repaired(passage, sentences))


def _passage(line: Tokenized) -> Passage:
    return Passage(0, len(line.text), line.text)


def spaced(tokens: Sequence[str]) -> Tokenized:
    """Lay tokens out with single spaces, a treebank's quotation marks as marks."""
    shown = [QUOTES.get(token, token) for token in tokens]
    ends = [end + at for at, end in enumerate(accumulate(map(len, shown)))]
    return Tokenized(" ".join(shown), [end - len(token) for end, token in zip(ends, shown, strict=True)], ends)


def _worded(row: Mapping[str, Any]) -> str | list[str]:
    if "tokens" not in row:
        return _text(row)
    tokens = row["tokens"]
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        raise BadRow("tokens: a list of strings is wanted")
    return tokens


def _judged(row: Mapping[str, Any]) -> Judged:
    line = spaced(_text(row).split(" "))
    targets = row.get("targets")
    if not isinstance(targets, list):
        raise BadRow("targets: a list is wanted")
    return Judged(line, [_target(target, len(line.starts)) for target in targets])


def _target(target: Any, count: int) -> Target:
    match target:
        case [int(first), int(last), *_] if 0 <= first < last <= count:
            return first, last
    raise BadRow(f"targets: {json.dumps(target)} names none of the {count} tokens")


def _offset(row: Mapping[str, Any]) -> Tokenized:
    text, tokens, starts = _text(row), row.get("tokens"), row.get("offsets")
    if not isinstance(tokens, list) or not isinstance(starts, list) or len(tokens) != len(starts):
        raise BadRow("tokens, offsets: two lists of the same length are wanted")
    reached = 0
    for token, start in zip(tokens, starts, strict=True):
        if not isinstance(token, str) or not isinstance(start, int) or not reached <= start <= len(text):
            raise BadRow(f"tokens, offsets: {json.dumps(token)} cannot stand at {json.dumps(start)}")
        reached = start
    return Tokenized(text, starts, [start + len(token) for token, start in zip(tokens, starts, strict=True)])


def _text(row: Mapping[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise BadRow("text: a string is wanted")
    return text


def _read(lines: Iterable[str | bytes], reading: Callable[[Mapping[str, Any]], Row]) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        try:
            row = reading(_object(line))
        except BadRow as error:
            raise BadRow(f"line {number}: {error}") from None
        yield row


def _object(line: str | bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadRow("not JSON") from None
    if not isinstance(row, dict):
        raise BadRow("an object is wanted")
    return row


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows by so many; those before a bad one are answered before it is told."""
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
    except BadRow:
        yield batch
        raise
    yield batch
