"""The body of real articles, through the command line, beside trafilatura as it comes."""

import contextlib
import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from sources.fetching.__main__ import main as command

SET = "article_extraction"


class Asked(NamedTuple):
    """Which parts of the page it is to give."""

    comments: bool = True
    tables: bool = True


# The ways of asking it that people use; the best of them is the yardstick, and no page may fall behind any.
ASKED = (Asked(), Asked(comments=False), Asked(comments=False, tables=False))


@dataclass(frozen=True)
class Page:
    """A page of the set: its bytes, where it is from, and what people took for its body."""

    html: bytes
    url: str
    body: str

    @property
    def site(self) -> str:
        """The name of its host."""
        return urlsplit(self.url).hostname or ""


def measure(sets: Sets) -> Figures:
    """Return F1 of word 4-grams, ours and trafilatura's, and the page where we are furthest behind it.

    No rule may be of one site alone: `left_out` is the smallest gain over all pages but those of one site.
    """
    pages = [
        Page(gzip.decompress((sets.benchmarks / SET / row["html"]).read_bytes()), _absolute(row["url"]), row["body"])
        for row in sets.rows(SET)
    ]
    ours = _printed(pages)
    theirs = [[_extracted(page, asked) for page in pages] for asked in ASKED]
    best = max(theirs, key=lambda texts: f1(sets, pages, texts))
    sites = {page.site for page in pages}
    return {
        "f1": f1(sets, pages, ours),
        "bare": f1(sets, pages, best),
        "gain": f1(sets, pages, ours) - f1(sets, pages, best),
        "worst": min(
            f1(sets, [page], [us]) - f1(sets, [page], [them])
            for texts in theirs
            for page, us, them in zip(pages, ours, texts, strict=True)
        ),
        "left_out": min(f1(sets, pages, ours, site) - f1(sets, pages, best, site) for site in sites),
    }


def f1(sets: Sets, pages: Sequence[Page], texts: Sequence[str], left_out: str = "") -> float:
    """Return the set's own score of these texts, a site's pages left out."""
    kept = [(page.body, text) for page, text in zip(pages, texts, strict=True) if page.site != left_out]
    score: float = sets.scorer().body_prf([body for body, _ in kept], [text for _, text in kept])[2]
    return score


def _absolute(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _printed(pages: Sequence[Page]) -> list[str]:
    """Return what `python -m sources.fetching` prints as `text`, page by page."""
    texts = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        for page in pages:
            path.write_bytes(page.html)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                command([str(path), "--url", page.url])
            texts.append(json.loads(said.getvalue())["text"])
    return texts


def _extracted(page: Page, asked: Asked) -> str:
    from trafilatura import extract

    return extract(page.html, include_comments=asked.comments, include_tables=asked.tables) or ""
