"""Whose words a clause is: the block's outlet, the labelled speaker, the quotation's speaker, and the frames around."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from claims.splitting.clauses import Clause
from claims.splitting.frames import Frame, Stance, source_of
from claims.splitting.grammar import FIRST_PERSON, is_in, is_predicate, own_subject
from claims.splitting.mentions import Mentions
from claims.splitting.outlets import outlet_in
from claims.splitting.passage import Passage
from claims.splitting.quotes import QuoteRegion
from claims.splitting.sites import Rule
from claims.splitting.tree import Sentence, Word, plain
from claims.splitting.types import Attribution

Framed = Sequence[tuple[Sentence, Sequence[Frame]]]
BESIDE = 3
ASIDES = frozenset({Rule.APPOSITION, Rule.TITLE, Rule.AGE, Rule.EPITHET})


@dataclass(slots=True)
class Speech:
    """Follows an article passage by passage and knows who is speaking."""

    mentions: Mentions
    passage: Passage = field(default_factory=lambda: Passage(0, 0, ""))
    regions: list[QuoteRegion] = field(default_factory=list)
    names: dict[Frame, str] = field(default_factory=dict)
    speakers: dict[int, Attribution] = field(default_factory=dict)
    cues: set[Word] = field(default_factory=set)
    last: Attribution | None = None

    def enter(self, passage: Passage, regions: Sequence[QuoteRegion], framed: Framed) -> None:
        """Start on a passage: learn what its pronouns mean and who speaks each of its quotations."""
        self.passage = passage
        self.regions = [region for region in regions if region.is_speech]
        self.names, self.speakers, self.cues = {}, {}, set()
        self.mentions.turn_to(passage, self.regions, [frame for _, frames in framed for frame in frames])
        found: list[tuple[int, Attribution]] = []
        for sentence, frames in framed:
            self.mentions.read(sentence, frames)
            found.extend(self._sayings(frames))
            found.extend(self._bare_cues(sentence, frames))
        self._give_speakers(found)
        if not found:
            found = self._announced(framed)
        if found:
            self.last = found[-1][1]
        elif not self.regions:
            self.last = None

    def _sayings(self, frames: Sequence[Frame]) -> list[tuple[int, Attribution]]:
        found = []
        for frame in frames:
            self.names[frame] = self.mentions.name_of(frame.source)
            if self.names[frame] and frame.stance is Stance.REPORTS and self._region(frame.cue) is None:
                found.append((frame.cue.start, Attribution(self.names[frame], frame.cue.text)))
        return found

    def _announced(self, framed: Framed) -> list[tuple[int, Attribution]]:
        """Who is the subject of a paragraph that ends in a colon: what follows is his."""
        last = framed[-1][0] if framed else None
        if last is None or last.words[-1].text != ":":
            return []
        name = self.mentions.name_of(source_of(last.root))
        return [(last.root.start, Attribution(name, last.root.text))] if name else []

    def _bare_cues(self, sentence: Sentence, frames: Sequence[Frame]) -> list[tuple[int, Attribution]]:
        """Verbs of saying beside a quotation that the parser did not tie to it."""
        if any(frame.source and frame.stance is Stance.REPORTS for frame in frames):
            return []
        at = bisect_left(self.regions, sentence.start - BESIDE, key=attrgetter("end"))
        beside = at < len(self.regions) and self.regions[at].start <= sentence.end + BESIDE
        found = []
        for word in sentence.words if beside else ():
            if self._region(word) is None and _is_bare_cue(word):
                self.cues.add(word)
                name = self.mentions.name_of(source_of(word))
                found.extend([(word.start, Attribution(name, word.text))] if name else [])
        return found

    def _is_the_block(self, region: QuoteRegion) -> bool:
        """Whether the marks only quote the whole paragraph, whose speaker is known."""
        edges = region.start - self.passage.start, self.passage.end - region.end
        return bool(self.passage.speaker or self.passage.outlet) and max(edges) <= 1

    def _give_speakers(self, found: Sequence[tuple[int, Attribution]]) -> None:
        """A quotation is spoken by the nearest who is said to speak outside of it; else by the last one before."""
        unspoken = [region for region in self.regions if not self._is_the_block(region)]
        if not found:
            if self.last is not None:
                self.speakers = {region.start: self.last for region in unspoken}
            return
        numbers = {place: number for number, (place, _) in reversed(list(enumerate(found)))}
        places = sorted(numbers)
        for region in unspoken:
            beside = [
                places[at]
                for edge in (bisect_left(places, region.start), bisect_left(places, region.end))
                for at in (edge - 1, edge)
                if 0 <= at < len(places)
            ]
            nearest = min(beside, key=lambda place: (_distance(place, region), numbers[place]))
            self.speakers[region.start] = found[numbers[nearest]][1]

    def _region(self, word: Word) -> QuoteRegion | None:
        at = bisect_right(self.regions, word.start, key=attrgetter("start")) - 1
        return self.regions[at] if at >= 0 and word.start < self.regions[at].end else None

    def is_quoted(self, clause: Clause) -> bool:
        """Whether the clause stands in what somebody says word for word."""
        return bool(self.passage.speaker) or self._region(clause.head) is not None

    def is_cue(self, clause: Clause) -> bool:
        """Whether the clause only says who speaks the quotation beside it."""
        return clause.head in self.cues

    def frames_around(self, clause: Clause, frames: Sequence[Frame]) -> list[Frame]:
        """The frames whose content the clause is part of, outermost first.

        An aside (a title, a relative clause behind a comma) is the reporter's, but in a quotation the speaker's.
        """
        if (clause.site.rule in ASIDES or clause.site.is_aside) and self._region(clause.head) is None:
            return []
        return [frame for frame in frames if frame.holds(clause.head) and frame.cue is not clause.head]

    def sources(self, clause: Clause, holding: Sequence[Frame]) -> tuple[Attribution, ...]:
        """The chain of sources, outermost first."""
        chain: list[Attribution] = []
        if self.passage.outlet:
            chain.append(Attribution(self.passage.outlet, ""))
        if self.passage.speaker:
            chain.append(Attribution(self.mentions.named(self.passage.speaker), ""))
        framed = [link for frame in holding for link in self._links(frame)]
        region = self._region(clause.head)
        if region is not None and not framed and region.start in self.speakers:
            framed.append(self.speakers[region.start])
        return tuple(_without_repeats([*chain, *framed]))

    def _links(self, frame: Frame) -> list[Attribution]:
        """The outlet that was told, if any, and who told it."""
        if not frame.source or (len(frame.source) == 1 and frame.source[0].lower in FIRST_PERSON):
            return []
        told = frame.cue.first("dobj", "dative") if frame.cue.lemma == "tell" else None
        outlet = outlet_in(plain(told.subtree(), self.mentions.text)) if told is not None else ""
        named = Attribution(self.names[frame], frame.cue.text)
        return [Attribution(outlet, frame.cue.text), named] if outlet else [named]


def _distance(place: int, region: QuoteRegion) -> int:
    return min(abs(place - region.start), abs(place - region.end))


def _is_bare_cue(word: Word) -> bool:
    own = own_subject(word)
    if own is None or not is_predicate(word) or word.first("ccomp", "xcomp") is not None:
        return False
    said = word.first("dobj")
    heard = said is None or said.pos in {"PRON", "PROPN"} or word.lemma == "tell"
    return (is_in(word, "report") or word.lemma == "read") and heard


def _without_repeats(chain: Sequence[Attribution]) -> list[Attribution]:
    kept: list[Attribution] = []
    for link in chain:
        if not any(link.source == other.source for other in kept):
            kept.append(link)
    return kept
