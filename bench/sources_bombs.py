"""Pages, feeds and PDF files made to hold up whoever reads them, read in the jail by a worker that must live.

Each is read twice: alone, and while other processes keep every core busy.
"""

import multiprocessing
import os
import resource
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import MappingProxyType

from bench.splitting_rows import Figures
from bench.splitting_sets import Sets
from factcheck.lib import templates
from sources.fetching.feeds import read_feed_in_jail
from sources.fetching.outcomes import PDF_TYPE
from sources.fetching.reading import read_in_jail
from sources.fetching.types import FeedReading, Reading, Unreadable

BURNERS = os.cpu_count() or 2
MAX_BODY = 5 * 1024 * 1024
PATIENCE_S = 60.0
Made = Callable[[], bytes]


def _page(inner: bytes) -> bytes:
    return b"<html lang=en><body><article>" + inner + b"</article></body></html>"


def _many(count: int, part: bytes) -> bytes:
    return b"".join(part.replace(b"#", b"%d" % n) for n in range(count))


def _nested(count: int, tag: bytes) -> bytes:
    return b"<%s>" % tag * count + b"deep" + b"</%s>" % tag * count


HTML: Mapping[str, Made] = MappingProxyType(
    {
        "attributes 40,000": lambda: b"<p " + _many(40_000, b"a#=1 ") + b">x</p>",
        "attributes 40,000 with brackets": lambda: b"<p " + _many(40_000, b"a#='<' ") + b">x</p>",
        "attributes of 200 kB": lambda: _page(b"<p class='" + b"x " * 100_000 + b"'>x</p>" * 20),
        "paragraphs 160,000": lambda: _page(b"<p>Some words stand here.</p>" * 160_000),
        "paragraphs equal, 2 MB": lambda: _page(b"<p>The same sentence stands here again.</p>" * 50_000),
        "paragraphs 14,000": lambda: _page(_many(14_000, b"<p>Sentence # of the page stands here.</p>")),
        "links 75,000": lambda: _page(_many(75_000, b"<p><a href=/x#>link # here</a></p>")),
        "links 100,000 in a line": lambda: _page(b"<p>" + _many(100_000, b"<a href=/x#>link</a> ") + b"</p>"),
        "links 14,000": lambda: _page(_many(14_000, b"<a href=/x#>link # here</a> ")),
        "brackets, 2 MB": lambda: b"<" * 2_000_000,
        "brackets closing, 2 MB": lambda: b"</" * 1_000_000,
        "ampersands, 3 MB": lambda: _page(b"&" * 3_000_000),
        "entities 500,000": lambda: _page(b"&#x1F600;" * 500_000),
        "divs nested 400": lambda: _page(_nested(400, b"div")),
        "divs nested 100,000": lambda: _page(_nested(100_000, b"div")),
        "tables nested 200": lambda: _page(_nested(200, b"table><tr><td")),
        "formatting nested 5,000": lambda: _page(_many(5_000, b"<b><i><u>") + b"x"),
        "paragraphs unclosed 300,000": lambda: _page(b"<p>" * 300_000 + b"x"),
        "text of 5 MB in one node": lambda: _page(b"<p>" + b"word " * 1_040_000),
        "word of 5 MB": lambda: _page(b"<p>" + b"a" * 5_200_000),
        "sentence of 100,000": lambda: _page(b"<p>" + b"a" * 100_000 + b".</p>"),
        "spaces, 5 MB": lambda: _page(b"<p>x" + b" " * 5_000_000 + b"y</p>"),
        "quotation marks 1,000,000": lambda: _page(b"<p>" + b'"a' * 1_000_000 + b"</p>"),
        "apostrophes, 2 MB": lambda: _page(b"<p>" + b"'" * 2_000_000 + b"</p>"),
        "colspan": lambda: _page(b"<table><tr><td colspan=9007199254740991>x</td></tr></table>" * 500),
        "cells 200,000": lambda: _page(b"<table>" + b"<tr><td>1</td><td>2</td></tr>" * 100_000 + b"</table>"),
        "line breaks 1,000,000": lambda: _page(b"<p>x" + b"<br>" * 1_000_000 + b"y</p>"),
        "JSON-LD of 5 MB": lambda: b"<script type=application/ld+json>" + b"[" * 5_000_000 + b"</script><p>x</p>",
        "JSON-LD 20,000 times": lambda: b'<script type=application/ld+json>{"a":1}</script>' * 20_000 + b"<p>x</p>",
        "headings 50,000": lambda: _page(_many(50_000, b"<h1>Heading #</h1>")),
        "quotations nested 200": lambda: _page(_nested(200, b"blockquote cite=/x")),
        "styles 50,000": lambda: _page(b"<p style='display:%snone'>x</p>" % (b" " * 50) * 50_000),
        "articles 20,000": lambda: _page(_many(20_000, b"<article><p>Piece # here.</p></article>")),
        "classes 100,000": lambda: _page(_many(100_000, b"<i class='related-# ad-# x#'>a</i>")),
        "dates of digits": lambda: _page(b"<p>Updated: " + b"1 " * 1_000_000 + b"</p>"),
        "spaces and bars": lambda: _page(b"<p>" + b"1  |" * 29 + b"</p>" + b"<p>" + b" |" * 1_000_000 + b"</p>"),
    }
)

_RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>%s</channel></rss>"
FEEDS: Mapping[str, Made] = MappingProxyType(
    {
        "feed of 50,000": lambda: (
            _RSS % _many(50_000, b"<item><title>Piece #</title><link>https://a.test/#</link></item>")
        ),
        "feed, author of 40 kB": lambda: _RSS % (b"<item><author>" + b"<" * 0 + b"a" * 40_000 + b" (</author></item>"),
        "feed, billion laughs": lambda: (
            b"<!DOCTYPE r [<!ENTITY a 'ha'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (n + 1, b"&%c;" % n * 10) for n in range(97, 107))
            + b"]>"
            + _RSS % b"<item><title>&k;</title></item>"
        ),
        "feed, quadratic": lambda: b"<!DOCTYPE r [<!ENTITY a '" + b"a" * 50_000 + b"'>]>" + _RSS % (b"&a;" * 50_000),
        "feed, file outside": lambda: b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + _RSS % b"&a;",
        "feed nested 100,000": lambda: _RSS % _nested(100_000, b"item"),
        "feed, attributes 40,000": lambda: _RSS % (b"<item " + _many(40_000, b"a#='1' ") + b"/>"),
        "feed, title of 5 MB": lambda: _RSS % (b"<item><title>" + b"t" * 5_000_000 + b"</title></item>"),
        "JSON feed nested": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 2_000_000,
        "JSON feed of 50,000": lambda: (
            b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":['
            + b",".join(b'{"id":"%d","title":"t"}' % n for n in range(50_000))
            + b"]}"
        ),
    }
)


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """Return a PDF file of these objects, numbered from 1."""
    file, offsets = b"%PDF-1.7\n", []
    for number, inner in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, len(file))
    )


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object of it, deflated."""
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), extra, packed)


def one_page(content: bytes, pages: int = 1, filters: bytes = b"") -> bytes:
    """Return a PDF file whose pages all show this content."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b"3 0 R " * pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        filters or stream(content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


PDFS: Mapping[str, Made] = MappingProxyType(
    {
        "PDF, stream of 1 GB": lambda: one_page(b" " * 1024**3),
        "PDF, packed twice": lambda: one_page(
            b"",
            filters=stream(zlib.compress(b" " * 500_000_000, 9)).replace(
                b"/FlateDecode", b"[/FlateDecode /FlateDecode]"
            ),
        ),
        "PDF, operators 3,000,000": lambda: one_page(b"BT /F1 12 Tf " + b"(a) Tj " * 3_000_000 + b"ET"),
        "PDF, pages 100,000": lambda: one_page(b"BT /F1 12 Tf (a) Tj ET", pages=100_000),
        "PDF, tree that holds itself": lambda: pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 2 0 R] >>"
        ),
        "PDF, arrays nested": lambda: pdf(b"[" * 1_000_000),
        "PDF of digits": lambda: b"%PDF-1.7\n" + b"1 0 obj " * 500_000,
    }
)


@dataclass(frozen=True)
class Answer:
    """What became of one bomb: its name, how it was answered, and the seconds it took."""

    name: str
    said: str
    seconds: float


def measure(_sets: Sets) -> Figures:
    """Return how many bombs there were, the slowest, the largest memory, and what was lost to them."""
    answers, lost, memory = [], 0, 0.0
    for load in (0, BURNERS):
        with _busy(load), _Worker() as worker:
            for name in (*HTML, *FEEDS, *PDFS):
                answer = worker.answer(name)
                answers.append(answer)
                print(f"  {answer.seconds:5.1f} s  {answer.said:<24} {name}{' (busy)' * bool(load)}", flush=True)
            memory = max(memory, worker.memory())
            lost += worker.lost
    return {
        "bombs": len(HTML) + len(FEEDS) + len(PDFS),
        "unanswered": sum(not answer.said for answer in answers),
        "slowest": max(answer.seconds for answer in answers),
        "memory": memory,
        "workers_lost": lost,
    }


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Keep so many processes counting meanwhile."""
    burners = [multiprocessing.get_context("spawn").Process(target=_burn, daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()


def _burn() -> None:
    while True:
        pass


class _Worker:
    """A process that reads what it is told to, as a worker of the service does; a fresh one when it is lost."""

    def __init__(self) -> None:
        self.lost = 0
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,))
        self._process.start()
        theirs.close()
        self._ours.recv()

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def answer(self, name: str) -> Answer:
        """Have the bomb of that name read; no answer where the worker ended or sat over it."""
        self._ours.send(name)
        with suppress(EOFError):
            if self._ours.poll(PATIENCE_S):
                said, seconds = self._ours.recv()
                return Answer(name, said, seconds)
        self.lost += 1
        self._process.kill()
        self._process.join()
        self._start()
        return Answer(name, "", PATIENCE_S)

    def memory(self) -> float:
        """Return the megabytes of the largest child so far."""
        self._ours.send("")
        largest: float = self._ours.recv()
        return largest


def _work(asked: "Connection[object, object]") -> None:
    _read("sentence of 100,000")
    asked.send("ready")
    while True:
        name = str(asked.recv())
        if name:
            asked.send(_read(name))
        else:
            templates.close_all()
            asked.send(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def _read(name: str) -> tuple[str, float]:
    """Read the bomb as a look does; return what came of it and the seconds it took."""
    url = "https://bombs.test/x"
    made = {**HTML, **FEEDS, **PDFS}[name]
    body, begun = made()[:MAX_BODY], time.perf_counter()
    answer: Reading | FeedReading | Unreadable
    if name in FEEDS:
        answer = read_feed_in_jail(body, media_type="application/xml", url=url)
    else:
        answer = read_in_jail(body, media_type=PDF_TYPE if name in PDFS else "text/html", charset="", url=url)
    seconds = time.perf_counter() - begun
    said = answer.reason if isinstance(answer, Unreadable) else answer.truncated or "complete"
    return said, seconds
