"""Which words of a sentence make a claim.

The rules of `predicates`, `modifiers`, `framed` and `nominals` yield sites: the word that heads a statement, what it
takes over from elsewhere in the sentence, and whether it leaves the statement it hangs on. Here the words are gathered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.splitting.framed import frame_sites
from claims.splitting.frames import Frame
from claims.splitting.grammar import NEGATING, own_subject, trimmed
from claims.splitting.nominals import nominal_sites
from claims.splitting.predicates import predicate_sites
from claims.splitting.silence import is_silent
from claims.splitting.sites import Rule, Site
from claims.splitting.tree import Sentence, Word, by_index

LEAST_WORDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A statement: the site it comes from and the words that carry it, in order."""

    site: Site
    words: tuple[Word, ...]

    @property
    def head(self) -> Word:
        """The word that heads the statement."""
        return self.site.head


def find_clauses(sentence: Sentence, frames: Sequence[Frame]) -> list[Clause]:
    """Return the statements of a sentence, in order of their first words."""
    sites = [site for word in sentence.words for site in _sites_at(sentence, word, frames)]
    cuts = {site.cut or site.head for site in sites if site.leaves}
    cuts |= {frame.cue.head for frame in frames if _is_means(frame)}
    framing = _framing_words(frames)
    clauses = [
        Clause(site, tuple(_words(site, cuts, framing)))
        for site in sites
        if not is_silent(sentence, site, sites, frames)
    ]
    stated = [clause for clause in clauses if len(clause.words) >= LEAST_WORDS]
    return sorted(stated, key=lambda clause: clause.words[0].index)


def _sites_at(sentence: Sentence, word: Word, frames: Sequence[Frame]) -> Iterator[Site]:
    yield from predicate_sites(sentence, word, frames)
    yield from frame_sites(word, frames)
    yield from nominal_sites(sentence, word)


def _is_means(frame: Frame) -> bool:
    """For "answered by saying that S"."""
    return frame.is_dropped and frame.cue.dep == "pcomp" and frame.cue.head.lower == "by"


def _framing_words(frames: Sequence[Frame]) -> set[Word]:
    """The words of frames that stand inside their own content: "according to X", "X said" in the middle."""
    inside = [frame for frame in frames if frame.is_dropped and frame.cue.is_under(frame.content)]
    return {word for frame in inside for word in frame.cue.subtree()}


def _words(site: Site, cuts: set[Word], framing: set[Word]) -> list[Word]:
    left_out = cuts if site.head in framing else cuts | framing
    own = [site.head]
    for word in own:
        own.extend(child for child in word.children if child not in left_out and not _ties(site, word, child))
    carried = sorted({*(own if site.only is None else site.only), *site.shared}, key=by_index)
    return [word for stretch in stretches(carried) for word in trimmed(stretch)]


def _ties(site: Site, word: Word, child: Word) -> bool:
    """Whether the child only ties the clause to what it hangs on."""
    if word is not site.head:
        return False
    opener, own = word.first("mark"), own_subject(word)
    if site.rule is Rule.CONTENT and own is not None and child.index < own.index and _says_when(child):
        return True
    if child.dep in {"mark", "intj"} or (
        child.dep in {"cc", "preconj"} and child.index < word.index and child.lower not in NEGATING
    ):
        return True
    return (opener is not None and child.index < opener.index) or (
        child.tag == "WRB" and word.dep in {"advcl", "pcomp", "ccomp"}
    )


def _says_when(word: Word) -> bool:
    """For "said this week S", "said on Friday S": when it was said."""
    day = word.first("pobj") if word.dep == "prep" and word.lower == "on" else word
    is_time = day is not None and day.entity in {"DATE", "TIME"} and word.dep in {"prep", "npadvmod"}
    return is_time and word.head.first("mark") is None


def stretches(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Cut a list of words where the sentence has other words between them."""
    stretch: list[Word] = []
    for word in words:
        if stretch and word.index != stretch[-1].index + 1:
            yield stretch
            stretch = []
        stretch.append(word)
    yield stretch
