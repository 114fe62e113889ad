"""Writes a clause's words as the article does, with names for what is short or a pronoun, where that is safe."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claims.splitting.edits import Piece
from claims.splitting.grammar import SUBJECTS, is_in, own_subject
from claims.splitting.inflect import possessive_of, present_of
from claims.splitting.mentions import Mentions, Spelling
from claims.splitting.referents import Referent
from claims.splitting.tree import Word, by_index

COMMON = frozenset({"DET", "PRON", "ADP", "SCONJ", "ADV", "VERB", "AUX", "ADJ", "NUM"})
OPENING = re.compile(r"""(?:^|[.!?:;…\n"“”'‘’(\[—–-])\s*$""")
NEAR = 4  # characters before a word that tell whether it opens a sentence or a quotation
SPEAKER = frozenset({"i", "me", "my"})
SINGULAR = {"are": "is", "am": "is", "were": "was", "have": "has", "do": "does"}
CONTRACTED = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}
CONTRACTION = "a contraction written out"
CUT = frozenset({"'s", "'re", "'ve", "'ll", "'d"})
STEMS = {"wo": "will", "ca": "can"}
PARTY = re.compile(r"\s*\([DRI]-[^)]*\)")
STRAIGHT = str.maketrans("’", "'")


@dataclass(frozen=True, slots=True)
class Change:
    """What to write in place of a word, and why; of all of `words`, where they are given."""

    now: str
    why: str
    words: tuple[Word, ...] = ()


@dataclass(slots=True)
class Scribe:
    """Writes the words of one clause, its `own`; `told` are those named so far, `unresolved` what stays a riddle."""

    text: str
    mentions: Mentions
    speaker: str
    changes: Mapping[Word, Change] = field(default_factory=dict)
    own: Collection[Word] = ()
    told: set[Referent] = field(default_factory=set)
    unresolved: list[Word] = field(default_factory=list)
    singled: set[Word] = field(default_factory=set)

    def write(self, words: Sequence[Word]) -> list[Piece]:
        """The words as pieces, those that the article glues together (Anna's) without a space."""
        pieces: list[Piece] = []
        ordered = sorted(words, key=by_index)
        at = 0
        while at < len(ordered):
            word = ordered[at]
            is_glued = at > 0 and word.start == ordered[at - 1].end and pieces[-1].now != ""
            is_cut = not is_glued and word.lower.translate(STRAIGHT) in CUT and word.tag in {"VBZ", "VBP", "MD"}
            spelling = self._spelling(ordered, at)
            if spelling is not None:
                end = spelling.words[-1].end
                pieces.append(Piece(word.start, end, spelling.now, spelling.why, is_glued))
                at += len(spelling.words)
                continue
            full = self._written_out(word) if is_glued or is_cut else ""
            if is_cut and full:
                pieces.append(Piece(word.start, word.end, full, CONTRACTION))
            elif full:
                before = pieces.pop()
                why = before.why or CONTRACTION
                pieces.append(Piece(before.start, word.end, f"{before.now} {full}", why, before.is_glued))
            else:
                now, why = self._shown(word)
                pieces.append(Piece(word.start, word.end, now, why, is_glued))
            at += 1
        return pieces

    def _written_out(self, word: Word) -> str:
        short = word.lower.translate(STRAIGHT)
        if word in self.changes and short in CUT:
            return self.changes[word].now
        if short in CONTRACTED:
            return SINGULAR[CONTRACTED[short]] if self._is_singled(word) and short != "n't" else CONTRACTED[short]
        if short == "'s" and word.tag in {"VBZ", "VBP"}:
            return "has" if word.lemma == "have" else "is"
        return ("would" if word.tag == "MD" else "had") if short == "'d" else ""

    def _spelling(self, words: Sequence[Word], at: int) -> Change | Spelling | None:
        """What is written for the phrase that starts there: a date, or the fuller form of what is not told yet."""
        change = self.changes.get(words[at])
        if change is not None and change.words and tuple(words[at : at + len(change.words)]) == change.words:
            return change
        spelling = self.mentions.spellings.get(words[at])
        if spelling is None or tuple(words[at : at + len(spelling.words)]) != spelling.words:
            return None
        if spelling.beside is not None and spelling.beside in self.own:
            return None
        if self._knows(spelling.referent) or any(word in self.changes for word in spelling.words):
            return None
        if not spelling.referent.is_named and any(known.is_named and known.name in spelling.now for known in self.told):
            return None
        self._tell([spelling.referent, *spelling.referent.members])
        return spelling

    def _shown(self, word: Word) -> tuple[str, str]:
        if word in self.changes and not self.changes[word].words:
            return self.changes[word].now, self.changes[word].why
        shown = PARTY.sub("", self.text[word.start : word.end])
        if word.tag in {"PRP", "PRP$"}:
            return self._pronoun(word, shown)
        self._tell(self.mentions.referents.get(word, ()))
        if self._is_singled(word):
            return SINGULAR.get(word.lower) or present_of(word.lemma), "the verb agrees with the name"
        if word.lower in STEMS and word.dep == "aux":
            return STEMS[word.lower], CONTRACTION
        capital = word.pos in COMMON and not word.entity and (shown[1:].islower() or shown == "A")
        return (shown.lower() if capital and not self._is_named_so(word) else shown), ""

    def _is_named_so(self, word: Word) -> bool:
        """Whether an adjective or a number has its capital from a name or a people, not from a sentence's start."""
        if word.pos not in {"ADJ", "NUM"}:
            return False
        return is_in(word, "demonyms") or OPENING.search(self.text[max(0, word.start - NEAR) : word.start]) is None

    def _tell(self, named: Iterable[Referent]) -> None:
        """Note who has been named; who is named one by one is named together."""
        self.told.update(named)

    def _knows(self, referent: Referent) -> bool:
        return referent in self.told or (bool(referent.members) and self.told.issuperset(referent.members))

    def _is_singled(self, word: Word) -> bool:
        """Whether the word is a plural verb whose subject has become one name."""
        verb = word.head if word.dep in {"aux", "auxpass"} else word
        plural = word.tag == "VBP" or (word.lower == "were" and word.tag == "VBD")
        return plural and own_subject(verb) in self.singled

    def _pronoun(self, word: Word, shown: str) -> tuple[str, str]:
        referent = self.mentions.meant.get(word)
        if word.lower in SPEAKER and self.speaker:
            name, is_one = self.speaker, True
        elif word in self.mentions.empty:
            return shown.lower(), ""
        elif referent is None:
            self.unresolved.append(word)
            return (shown if word.lower == "i" else shown.lower()), ""
        elif self._knows(referent):
            return shown.lower(), ""
        else:
            name, is_one = referent.name, not referent.is_many
            self._tell([referent, *referent.members])
        if is_one and word.dep in SUBJECTS:
            self.singled.add(word)
        return (possessive_of(name) if word.tag == "PRP$" else name), f"{word.lower} is {name}"
