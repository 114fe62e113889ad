"""What a rule of `clauses` or `nominals` found."""

from dataclasses import dataclass

from claims.splitting.tree import Word


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where a statement stands in a sentence.

    `shared` are words taken over from elsewhere, `only` replaces what hangs on the head, `leaves`: the
    statement is no part of the one it hangs on, which is cut at `cut` (the head, if not said);
    `is_aside`: it stands behind a comma, so that it is said by whoever writes.
    """

    head: Word
    rule: str
    leaves: bool = False
    shared: tuple[Word, ...] = ()
    only: tuple[Word, ...] | None = None
    cut: Word | None = None
    is_background: bool = False
    is_aside: bool = False
