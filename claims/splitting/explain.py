"""Why splitting found what it found: each sentence with the frames in it, its claims and their rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.splitting.attribution import find_frames
from claims.splitting.caps import MOST_TEXT
from claims.splitting.frames import Frame
from claims.splitting.parse import parse
from claims.splitting.passage import Passage
from claims.splitting.repair import repaired
from claims.splitting.segment import segment
from claims.splitting.splitter import split
from claims.splitting.tree import Sentence, plain
from claims.splitting.types import Block, BlockKind, Certainty, FoundClaim

BOLD, FAINT, LINED = "1", "2", "1;4"
RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "31", "32", "33", "34", "35", "36"
COLOURS = {
    Certainty.ASSERTED: GREEN,
    Certainty.PROBABLE: BLUE,
    Certainty.POSSIBLE: BLUE,
    Certainty.UNCONFIRMED: YELLOW,
    Certainty.DENIED: RED,
    Certainty.DOUBTFUL: RED,
}
OWN_VOICE = "the article itself"


def explain(text: str, *, blocks: Sequence[Block] = (), colour: bool = False) -> Iterator[str]:
    """Yield lines for people: whose passage it is, each sentence, its frames, its claims and why they are so.

    What the article writes cannot command a terminal: what is not printable is shown as a space.
    """
    return _Explanation(text, colour=colour).lines(blocks)


@dataclass(slots=True)
class _Explanation:
    text: str
    colour: bool

    def lines(self, blocks: Sequence[Block]) -> Iterator[str]:
        splitting = split(self.text, blocks=blocks)
        passages = segment(self.text[:MOST_TEXT], blocks)
        for passage, sentences in zip(passages, parse(passages), strict=True):
            yield from self._heading(passage)
            for sentence in repaired(passage, sentences):
                yield from self._sentence(sentence, splitting.claims)
            yield ""
        if splitting.truncated:
            yield self._paint(f"left out: {splitting.truncated}", RED)

    def _heading(self, passage: Passage) -> Iterator[str]:
        voice = " → ".join(name for name in (passage.outlet, passage.speaker) if name)
        if voice or passage.kind != BlockKind.PARAGRAPH:
            yield self._paint(f"[{passage.kind}{f' in the voice of {voice}' if voice else ''}]", MAGENTA)

    def _sentence(self, sentence: Sentence, claims: Sequence[FoundClaim]) -> Iterator[str]:
        here = [claim for claim in claims if sentence.start <= claim.spans[0].start < sentence.end]
        again = [claim for claim in claims if any(sentence.start <= span.start < sentence.end for span in claim.also)]
        yield self._underlined(sentence, here)
        for frame in find_frames(sentence):
            yield self._frame(frame)
        for claim in here:
            yield from self._claim(claim)
        for claim in again:
            yield f"  again    {self._paint(claim.text, FAINT)}"
        if not here and not again:
            yield f"  {self._paint('no claim of its own', FAINT)}"

    def _underlined(self, sentence: Sentence, claims: Sequence[FoundClaim]) -> str:
        """The sentence, with what its claims quote underlined."""
        quoted = {at for claim in claims for span in claim.spans for at in range(span.start, span.end)}
        places = range(sentence.start, sentence.end)
        ends = [at for at in places if at == sentence.start or (at in quoted) != (at - 1 in quoted)]
        pieces = zip(ends, [*ends[1:], sentence.end], strict=True)
        return "".join(self._paint(self.text[at:to], LINED if at in quoted else BOLD) for at, to in pieces)

    def _frame(self, frame: Frame) -> str:
        source = plain(frame.source, self.text) if frame.source else "nobody named"
        content = plain(frame.content.subtree(), self.text)
        cue = self._paint(f"“{frame.cue.text}” {frame.stance}", CYAN)
        return f"  frame    {self._paint(source, MAGENTA)} {cue}: {self._paint(content, FAINT)} [{frame.pattern}]"

    def _claim(self, claim: FoundClaim) -> Iterator[str]:
        chain = " → ".join(link.source for link in claim.sources) or OWN_VOICE
        certainty = self._paint(claim.certainty, COLOURS[claim.certainty])
        yield f"  claim    {self._paint(claim.text, BOLD)}"
        yield f"           {certainty} · {claim.kind} · {claim.salience} · {self._paint(chain, MAGENTA)}"
        yield f"           {self._paint('because ' + '; '.join(claim.because), FAINT)}"

    def _paint(self, words: str, code: str) -> str:
        safe = "".join(char if char.isprintable() else " " for char in words)
        return f"\x1b[{code}m{safe}\x1b[0m" if self.colour else safe
