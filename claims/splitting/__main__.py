"""`python -m claims.splitting FILE…`: one JSON object a file and line, in the shape of the annotated articles."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from claims.splitting import FoundClaim, Splitting, split
from claims.splitting.explain import explain


def main(arguments: Sequence[str] | None = None) -> int:
    """Split each file and print it; return 2 after the first file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m claims.splitting", description="Split articles into claims.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a text file in UTF-8")
    parser.add_argument("--explain", action="store_true", help="for people: each sentence with its frames and rules")
    options = parser.parse_args(arguments)
    for name in options.files:
        try:
            text = Path(name).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            print(f"cannot read {name}: {error}", file=sys.stderr)
            return 2
        if options.explain:
            print(*explain(text, colour=_is_coloured()), sep="\n")
        else:
            print(json.dumps(as_json(Path(name).name, split(text)), ensure_ascii=False))
    return 0


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
    }


if __name__ == "__main__":
    sys.exit(main())
