"""`python -m claims.matching --claims CLAIMS.jsonl QUERIES.jsonl`: the five claims that each query is likeliest about.

Claims are rows with `vclaim_id`, `vclaim` and maybe `title`; queries rows with `id` and `text`. Prints a line a query,
`{"id": …, "ranked": [five ids]}`; how far it is goes to standard error.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from claims.matching import rows
from claims.matching.embedding import NoEmbedder, load
from claims.matching.ranking import Shelf

BEST = 5
AT_ONCE = 50  # queries between two lines of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """Rank the claims for every query; return 2 where something cannot be read, with what and where."""
    parser = argparse.ArgumentParser(prog="python -m claims.matching", description="Find the claims of texts.")
    parser.add_argument("--claims", required=True, metavar="CLAIMS.jsonl", help="rows with vclaim_id, vclaim, title")
    parser.add_argument("queries", metavar="QUERIES.jsonl", help="rows with id and text")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="another model than MiniLM: docs/models.md")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="default: all cores")
    asked = parser.parse_args(arguments)
    try:
        for answer in _answers(asked.claims, asked.queries, asked.model, max(1, asked.threads)):
            print(answer)
    except (rows.BadRow, NoEmbedder) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _answers(claims: str, queries: str, model: Path | None, threads: int) -> Iterator[str]:
    known = rows.read(claims, key="vclaim_id", fields=("vclaim", "title"))
    asked = rows.read(queries, key="id", fields=("text",))
    if not known:
        raise rows.BadRow(f"{claims} has no rows")
    shelf = Shelf([one.texts for one in known], load(model, threads=threads), told=_told)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for query, places in zip(some, shelf.ranked([one.texts[0] for one in some], limit=BEST), strict=True):
            yield json.dumps({"id": query.id, "ranked": [known[place].id for place in places]}, ensure_ascii=False)
        _told("queries ranked", start + len(some), len(asked))


def _told(what: str, done: int, of: int) -> None:
    print(f"{done:,} of {of:,} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
