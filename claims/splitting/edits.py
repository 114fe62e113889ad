"""From pieces to a standalone sentence with its edits, and back to the article's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.splitting.types import Edit

SPACED = re.compile(r"\s+")
BEFORE_MARK = re.compile(r"\s+([,.;:!?)\]])")
MARKS = frozenset(",.;:!?)]")
HIDDEN = re.compile(r'["“”«»\[\]\u00ad\u200b-\u200f\u2060\ufeff]|\.\.\.|…')
STRAIGHT = str.maketrans("’‘", "''")
EDGES = " ,;:—–-"


@dataclass(slots=True)
class Piece:
    """A stretch of the sentence to be, for the article's characters from `start` to `end`.

    `why` is empty where it says what the article says; `is_glued`: no space stands before it.
    """

    start: int
    end: int
    now: str
    why: str = ""
    is_glued: bool = False


def assemble(pieces: Sequence[Piece], article: str) -> tuple[str, tuple[Edit, ...]]:
    """Write pieces as one sentence, with a capital and a final stop, and say what was changed on the way."""
    written = ""
    edits: list[Edit] = []
    for piece in pieces:
        now = " ".join(HIDDEN.sub("", piece.now.translate(STRAIGHT)).split()).strip(EDGES if not written else " ")
        if now and written and not piece.is_glued and now[0] not in MARKS:
            written += " "
        if piece.why:
            was = article[piece.start : piece.end]
            edits.append(Edit(piece.start, piece.end, was, now, piece.why, len(written)))
        written += now
    plain = _capital(written.rstrip(EDGES))
    shown = tuple(
        replace(edit, at=min(edit.at, len(plain)), now=edit.now if edit.at else plain[: len(edit.now)])
        for edit in edits
    )
    return plain if plain.endswith((".", "!")) else f"{plain}.", shown


def _capital(sentence: str) -> str:
    first = sentence[:1].upper()
    return first + sentence[1:] if len(first) == 1 else sentence


def undo(text: str, edits: Sequence[Edit]) -> str:
    """Put the article's own words back into a standalone sentence; give some of its edits to undo only those.

    Edits undone one by one are undone from the last to the first: an edit's `at` counts on those before it.
    """
    for edit in reversed(edits):
        was = edit.was if edit.now else f" {edit.was} "
        text = text[: edit.at] + was + text[edit.at + len(edit.now) :]
    return _capital(BEFORE_MARK.sub(r"\1", SPACED.sub(" ", text)).strip())
