"""What a rule of `predicates`, `modifiers`, `framed` or `nominals` found."""

from dataclasses import dataclass
from enum import StrEnum

from claims.splitting.tree import Word


class Rule(StrEnum):
    """Which rule found a statement; the words are shown to whoever asks why there is a claim."""

    MAIN = "main clause"
    CONTENT = "content of a frame"
    FEELING = "what a feeling is about"
    ALONGSIDE = "clause alongside"
    FURTHER_CLAUSE = "further clause"
    FURTHER_PREDICATE = "further predicate"
    RELATIVE = "relative clause"
    PARTICIPLE = "participle"
    FREE_PARTICIPLE = "participle behind a comma"
    FREE_ADJECTIVE = "adjective before the clause"
    ADVERBIAL = "clause of"
    OUTCOME = "outcome"
    PREPOSITIONAL = "clause behind"
    AGE = "age"
    APPOSITION = "apposition"
    TITLE = "title before a name"
    PLAN = "owned plan"
    DEED = "deed with its doer"
    EPITHET = "telling epithet"
    OBSTACLE = "obstacle"
    AMOUNTS = "amounts side by side"
    ACCUSATION = "accusation"
    PROPOSAL = "proposal"
    INFINITIVE = "content in the infinitive"
    EVENT = "event of a report"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where a statement stands in a sentence.

    `opener` is the word that ties it to the rest, `shared` are words taken over from elsewhere, `only` replaces what
    hangs on the head, `leaves`: the statement is no part of the one it hangs on, which is cut at `cut` (the head, if
    not said); `is_aside`: it stands behind a comma, so that it is said by whoever writes.
    """

    head: Word
    rule: Rule
    leaves: bool = False
    shared: tuple[Word, ...] = ()
    only: tuple[Word, ...] | None = None
    cut: Word | None = None
    is_background: bool = False
    is_aside: bool = False
    opener: str = ""

    @property
    def because(self) -> str:
        """The rule in words, with the opener that it is named after."""
        return f"{self.rule} {self.opener}".rstrip()
