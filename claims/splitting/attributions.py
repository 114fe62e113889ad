"""Who says what, as stretches of the article: source, cue and content of every attribution.

The words come from `sayings`; here they meet the quotation marks, and quotations that no verb governs find their cue.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from claims.splitting.caps import MOST_TEXT, SENTENCE_LEFT_OUT, TEXT_CUT, WORD_LEFT_OUT, is_too_long
from claims.splitting.clauses import stretches
from claims.splitting.grammar import is_in, is_predicate
from claims.splitting.parse import hides_words, parse
from claims.splitting.passage import Passage
from claims.splitting.quotes import QuoteRegion, find_quotes
from claims.splitting.repair import repaired
from claims.splitting.sayings import Words, bare, cue_of, saying_at, source_of
from claims.splitting.segment import segment
from claims.splitting.tree import Sentence, Word

NEAR = 400  # how far from a quotation its cue may stand
TYPED = "''"  # a quotation mark, as some write it

Place = tuple[int, int]
Places = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Attributed:
    """One attribution: stretches of the text for each part; a part that is not named is empty."""

    source: Places
    cue: Places
    content: Places


@dataclass(frozen=True, slots=True)
class Attributions:
    """Every attribution found, in the order of the text; `truncated` says what was left out, or is empty."""

    found: tuple[Attributed, ...]
    truncated: str = ""


def attribute(text: str) -> Attributions:
    """Find who says what in an English article; a quotation that nobody is named for is none.

    Reads at most 200,000 characters, skips sentences over 5,000, and says so.
    """
    reasons = [TEXT_CUT] if len(text) > MOST_TEXT else []
    passages = segment(text[:MOST_TEXT].replace(TYPED, '" '))
    if any(map(hides_words, passages)):
        reasons.append(WORD_LEFT_OUT)
    found = labelled(passages, text)
    is_left_out = False
    for passage, sentences in zip(passages, parse(passages), strict=True):
        kept = [sentence for sentence in sentences if not is_too_long(sentence)]
        is_left_out |= len(kept) < len(sentences)
        said = attributions_in(passage, list(repaired(passage, kept)))
        found.extend(one for one in said if one.cue)
    if is_left_out:
        reasons.append(SENTENCE_LEFT_OUT)
    return Attributions(tuple(found), "; ".join(reasons))


def labelled(passages: Sequence[Passage], text: str) -> list[Attributed]:
    """What stands behind a label such as "ROWE:" or, in a headline, "Poll:", up to the next one."""
    found: list[Attributed] = []
    for passage in passages:
        label = text.rfind(passage.speaker, 0, passage.start) if passage.speaker else -1
        end = label + len(passage.speaker)
        content = (passage.start, passage.end)
        if label >= 0 and text[end : passage.start].strip() == ":":
            found.append(Attributed(((label, end),), ((end, text.index(":", end) + 1),), (content,)))
        elif found and found[-1].source == ((label, end),):
            found[-1] = replace(found[-1], content=(*found[-1].content, content))
    return found


def attributions_in(passage: Passage, sentences: Sequence[Sentence]) -> list[Attributed]:
    """Return every attribution of a passage, in the order of their cues."""
    reading = _Reading(passage)
    found: dict[Word | QuoteRegion, Attributed] = {}
    for sentence in sentences:
        for word in sentence.words:
            saying = saying_at(sentence, word) if reading.region(word) is None else None
            if saying is not None and (content := reading.content(saying.content)):
                found[word] = Attributed(reading.source(saying.source), reading.cue(saying.cue), content)
    opened = list(reading.open_regions())
    cues = [word for sentence in sentences for word in sentence.words if opened and _says(word, reading)]
    for region in opened:
        _add_quotation(found, region, cues, reading)
    return sorted(found.values(), key=lambda one: (one.cue or one.content)[0])


def _add_quotation(
    found: dict[Word | QuoteRegion, Attributed],
    region: QuoteRegion,
    cues: Sequence[Word],
    reading: "_Reading",
) -> None:
    """A quotation that no verb governs in the tree: the nearest verb of saying outside of it is its cue."""
    place = reading.whole(region)
    first = bisect_left(cues, place[0] - 2 * NEAR, key=attrgetter("start"))
    last = bisect_right(cues, place[1] + NEAR, key=attrgetter("start"))
    near = [word for word in cues[first:last] if _distance(word, place) < NEAR]
    verb = min(near, key=lambda word: _distance(word, place), default=None)
    if verb is None:
        found[region] = Attributed((), (), (place,))
        return
    known = found.get(verb) or Attributed(reading.source(source_of(verb)), reading.cue(cue_of(verb)), ())
    found[verb] = replace(known, content=tuple(sorted({*known.content, place})))


def _distance(word: Word, place: Place) -> int:
    return min(abs(word.start - place[1]), abs(place[0] - word.end))


def _says(word: Word, reading: "_Reading") -> bool:
    """Whether a verb outside of the quotations may be the cue of one."""
    if reading.region(word) is not None:
        return False
    return is_predicate(word) and (is_in(word, "report") or is_in(word, "quoting")) and bool(source_of(word))


@dataclass(slots=True)
class _Reading:
    """Turns words of a passage into stretches of the text, with the marks that belong to them."""

    passage: Passage
    regions: list[QuoteRegion] = field(init=False)
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.regions = [region for region in find_quotes(self.passage) if region.is_speech]

    def region(self, word: Word) -> QuoteRegion | None:
        """The quotation that a word stands in."""
        at = bisect_right(self.regions, word.start, key=attrgetter("start")) - 1
        return self.regions[at] if at >= 0 and word.start < self.regions[at].end else None

    def open_regions(self) -> Iterator[QuoteRegion]:
        """The quotations that are no part of any content so far."""
        return (region for region in self.regions if region.start not in self.used)

    def whole(self, region: QuoteRegion) -> Place:
        """A quotation with its marks."""
        return region.start - 1, min(region.end + 1, self.passage.start + len(self.passage.shown))

    def source(self, words: Words) -> Places:
        """Who says it; the comma that closes an aside is part of it."""
        places = _tight(words)
        if not places:
            return ()
        *before, (start, end) = places
        return (*before, (start, self._up_to(",", end) if "," in self._shown(start, end) else end))

    def cue(self, words: Words) -> Places:
        """What says so, with a colon right behind it."""
        *before, (start, end) = _tight(words)
        return (*before, (start, self._up_to(":", end)))

    def content(self, words: Words) -> Places:
        """What is said; one that lies in a quotation is the quotation."""
        regions = {self.region(word) for word in words}
        only = regions.pop() if len(regions) == 1 else None
        if only is not None:
            self.used.add(only.start)
            return (self.whole(only),)
        return tuple(self._with_marks(start, end) for start, end in _tight(bare(words)))

    def _with_marks(self, start: int, end: int) -> Place:
        for region in self.regions:
            opening, closing = self.whole(region)
            if opening <= start <= region.start + 1 < end:
                start = opening
            if region.start <= end <= closing and not any(char.isalnum() for char in self._shown(end, region.end)):
                end = closing
            if start <= region.start and region.end <= end:
                self.used.add(region.start)
        return start, end

    def _up_to(self, sign: str, end: int) -> int:
        rest = self._shown(end, self.passage.end)
        gap = len(rest) - len(rest.lstrip())
        return end + gap + 1 if rest.startswith(sign, gap) else end

    def _shown(self, start: int, end: int) -> str:
        return self.passage.shown[start - self.passage.start : end - self.passage.start]


def _tight(words: Words) -> Places:
    return tuple((stretch[0].start, stretch[-1].end) for stretch in stretches(words) if stretch)
