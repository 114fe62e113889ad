"""Whose words a clause is: the block's outlet, the labelled speaker, the quotation's speaker, and the frames around."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.splitting.attribution import Frame, Stance
from claims.splitting.clauses import Clause
from claims.splitting.grammar import is_in
from claims.splitting.mentions import HE_OR_SHE, Mentions
from claims.splitting.passage import Passage
from claims.splitting.quotes import QuoteRegion
from claims.splitting.tree import Sentence, Word, plain
from claims.splitting.types import Attribution

ASIDES = frozenset({"apposition", "title before a name"})


@dataclass(slots=True)
class Speech:
    """Follows an article passage by passage and knows who is speaking."""

    mentions: Mentions
    text: str
    passage: Passage | None = None
    regions: list[QuoteRegion] = field(default_factory=list)
    speakers: dict[int, str] = field(default_factory=dict)
    last_speaker: str = ""

    def enter(
        self, passage: Passage, regions: list[QuoteRegion], framed: Sequence[tuple[Sentence, Sequence[Frame]]]
    ) -> None:
        """Start on a passage: find out who speaks each of its quotations."""
        self.passage = passage
        self.regions = [region for region in regions if region.is_speech]
        self.speakers = {}
        found: list[tuple[int, str]] = []
        for _, frames in framed:
            for frame in frames:
                if frame.source and frame.stance is Stance.REPORTS:
                    found.append((frame.cue.start, self.name_of(frame.source)))
        for region in self.regions:
            self.speakers[region.start] = self._speaker(region, found)
        if found:
            self.last_speaker = found[-1][1]
        elif not self.regions:
            self.last_speaker = ""

    def _speaker(self, region: QuoteRegion, found: Sequence[tuple[int, str]]) -> str:
        """The nearest who is said to speak outside of the quotation; else the last one before the passage."""
        outside = [(at, name) for at, name in found if not region.start <= at < region.end]
        if not outside:
            return self.last_speaker
        return min(outside, key=lambda place: min(abs(place[0] - region.start), abs(place[0] - region.end)))[1]

    def frames_around(self, clause: Clause, frames: Sequence[Frame]) -> list[Frame]:
        """The frames whose content the clause is part of, outermost first."""
        holding = [frame for frame in frames if frame.holds(clause.head) and frame.cue is not clause.head]
        if clause.site.rule in ASIDES and self._region(clause.head) is None:
            return []
        return holding

    def _region(self, word: Word) -> QuoteRegion | None:
        return next((region for region in self.regions if region.start <= word.start < region.end), None)

    def sources(self, clause: Clause, holding: Sequence[Frame]) -> tuple[Attribution, ...]:
        """The chain of sources, outermost first."""
        chain: list[Attribution] = []
        passage = self.passage
        if passage is not None and passage.outlet:
            chain.append(Attribution(passage.outlet, ""))
        if passage is not None and passage.speaker:
            chain.append(Attribution(self.mentions.named(passage.speaker), ""))
        region = self._region(clause.head)
        framed = [
            Attribution(self.name_of(frame.source), frame.cue.text)
            for frame in holding
            if frame.source and not _is_first_person(frame.source)
        ]
        if region is not None and not framed and self.speakers.get(region.start):
            framed.append(Attribution(self.speakers[region.start], ""))
        return tuple(_without_repeats([*chain, *framed]))

    def name_of(self, source: Sequence[Word]) -> str:
        """A source as the article names it: a surname in full, a pronoun by whom it means, where that is known."""
        shown = plain(source, self.text)
        if len(source) == 1 and source[0].tag == "PRP":
            if source[0].lower in HE_OR_SHE:
                return self.last_speaker or self.mentions.person or shown
            return self.mentions.subject or shown
        people = [word for word in source if word.entity == "PERSON"]
        return self.mentions.named(plain(people, self.text)) if people and people[-1] is source[-1] else shown


def _is_first_person(source: Sequence[Word]) -> bool:
    return len(source) == 1 and source[0].lower in {"i", "we"}


def _without_repeats(chain: Sequence[Attribution]) -> list[Attribution]:
    kept: list[Attribution] = []
    for link in chain:
        if not kept or kept[-1].source != link.source:
            kept.append(link)
    return kept
