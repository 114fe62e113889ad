"""Pages, feeds and PDF files made to hold up whoever reads them, and whole ones broken by a seed."""

import random
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sources.fetching.outcomes import PDF_TYPE

MAX_BODY = 5 * 1024 * 1024
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


_WHOLE: tuple[tuple[str, bytes], ...] = (
    (
        "text/html",
        (
            b"<html lang=en><head><title>Bridge shut</title><base href=/news/><script type=application/ld+json>"
            b'{"@type":"NewsArticle","headline":"Bridge shut","author":[{"name":"Ann Lee"}]}</script></head><body>'
            b"<nav><a href=/>Start</a></nav><article><h1>Bridge shut</h1><p>The bridge in <a href=/h>Hartwell</a> shut."
            b"<blockquote cite=/x><p>It holds, \xe2\x80\x9csaid\xe2\x80\x9d the town.</blockquote>"
            b"<ul><li>One<li>Two</ul><table><tr><td>1<td>2</table><figure>"
            b"<figcaption>At noon</figcaption></figure><aside class=related>"
            b"<h3>Related stories</h3><a href=/r>Rain</a></aside><p>Correction: It was Monday.</p></article>"
            b"<footer>(c)</footer></body></html>"
        ),
    ),
    ("application/rss+xml", _RSS % _many(5, b"<item><title>Piece #</title><link>https://a.test/#</link></item>")),
    ("application/json", b'{"version":"1.1","title":"t","items":[{"id":"1","url":"/a","content_html":"<p>x</p>"}]}'),
    (
        "application/pdf",
        one_page(b"BT /F1 12 Tf 72 720 Td 14 TL (The bridge shut on Tuesday.) Tj T* (It holds.) Tj ET"),
    ),
)
_SPLINTERS = (
    b"<",
    b">",
    b'"',
    b"&",
    b"<!--",
    b"]]>",
    b"<article>",
    b"</p>",
    b"<q>",
    b"\0",
    b"\xff\xfe",
    b"<!ENTITY x 'y'>",
)


def mutated(seed: int) -> tuple[str, bytes]:
    """Return a whole page, feed or PDF file, broken in up to twenty places by this seed, with its media type."""
    rng = random.Random(seed)  # noqa: S311 - the same files at every run
    media_type, whole = _WHOLE[seed % len(_WHOLE)]
    body = bytearray(whole)
    for _ in range(rng.randint(1, 20)):
        at, length = rng.randrange(len(body)), rng.randint(1, 80)
        piece = bytes(body[at : at + length])
        replaced = rng.choice((b"", piece * rng.randint(2, 40), rng.randbytes(1), rng.choice(_SPLINTERS) + piece))
        body[at : at + length] = replaced or b" "
    return media_type, bytes(body)


def made(name: str) -> tuple[str, bytes]:
    """Return the bomb of that name with its media type, as much of it as is ever fetched."""
    kinds = ((HTML, "text/html"), (FEEDS, "application/xml"), (PDFS, PDF_TYPE))
    media_type, make = next((media_type, bombs[name]) for bombs, media_type in kinds if name in bombs)
    return media_type, make()[:MAX_BODY]
