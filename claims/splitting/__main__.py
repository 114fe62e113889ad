"""`python -m claims.splitting FILE…`: one JSON object a file and line, in the shape of the annotated articles.

With `--attributions` who says what, with `--units` the smallest statements; `--sentences`, `--factuality` and
`--propositions` answer rows, line by line.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from claims.splitting import LANGUAGES, FoundClaim, LanguageNotSupported, Splitting, rows, split
from claims.splitting.attributions import attribute
from claims.splitting.explain import explain

ENGLISH = "en"


class Unreadable(ValueError):
    """A file is no text."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer what is asked of files or of rows; return 2 after the first that cannot be read."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if bool(asked.files) == bool(asked.rows):
        parser.error("no FILE goes with rows: they come by standard input" if asked.rows else "name a FILE")
    if asked.language != ENGLISH and (asked.rows or asked.read is not _claims):
        parser.error("--language goes with claims: the other answers know English only")
    reading = partial(_claims, language=asked.language) if asked.read is _claims else asked.read
    answers = map(_line, asked.rows(sys.stdin.buffer)) if asked.rows else map(reading, asked.files)
    try:
        for answer in answers:
            print(answer)
    except (Unreadable, LanguageNotSupported, rows.BadRow) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m claims.splitting", description="Split articles into claims.")
    parser.add_argument("files", nargs="*", metavar="FILE", help="a text file in UTF-8")
    parser.add_argument("--language", metavar="CODE", default=ENGLISH, help=f"of the claims: {', '.join(LANGUAGES)}")
    parser.set_defaults(read=_claims, rows=None)
    asked = parser.add_mutually_exclusive_group()
    for name, reading, meaning in (
        ("attributions", _attributions, "who says what: character spans of source, cue and content"),
        ("units", _units, "what each text states at its smallest: standalone claims, then propositions"),
        ("explain", _explained, "for people: each sentence with its frames, its claims and the rules that decided"),
    ):
        asked.add_argument(f"--{name}", dest="read", action="store_const", const=reading, help=meaning)
    for name, answering, meaning in (
        (
            "sentences",
            rows.judgements,
            "read rows with text or tokens: is it worth checking, an opinion, uncertain?",
        ),
        (
            "factuality",
            rows.factualities,
            "read rows with text and targets: how sure is it that each happened, -3 to 3",
        ),
        ("propositions", rows.propositions, "read rows with text, tokens and offsets: the tokens of each proposition"),
    ):
        asked.add_argument(f"--{name}", dest="rows", action="store_const", const=answering, help=meaning)
    return parser


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot read {name}: {error}") from None


def _line(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _claims(name: str, *, language: str) -> str:
    return _line(as_json(Path(name).name, split(_text(name), language=language)))


def _attributions(name: str) -> str:
    found = attribute(_text(name))
    attributions = [asdict(one) for one in found.found]
    return _line({"article": Path(name).name, "attributions": attributions, "truncated": found.truncated})


def _units(name: str) -> str:
    found = rows.units_of(_text(name))
    return _line({"article": Path(name).name, "units": found.stated, "truncated": found.truncated})


def _explained(name: str) -> str:
    return "\n".join(explain(_text(name), colour=_is_coloured()))


def as_json(article: str, splitting: Splitting) -> dict[str, Any]:
    """One article's claims as plain values."""
    return {
        "article": article,
        "claims": [_claim(claim) for claim in splitting.claims],
        "truncated": splitting.truncated,
    }


def _is_coloured() -> bool:
    """Whether somebody looks on who wants colours (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _claim(claim: FoundClaim) -> dict[str, Any]:
    return {
        "quote": [span.quote for span in claim.spans],
        "spans": [[span.start, span.end] for span in claim.spans],
        "claim": claim.text,
        "sources": [link.source for link in claim.sources],
        "certainty": claim.certainty,
        "kind": claim.kind,
        "checkable": claim.checkable,
        "salience": claim.salience,
        "also": [span.quote for span in claim.also],
        "check_worthy": claim.check_worthy,
        "because": list(claim.because),
        "edits": [asdict(edit) for edit in claim.edits],
        "unresolved": [asdict(span) for span in claim.unresolved],
    }


if __name__ == "__main__":
    sys.exit(main())
