"""From a page's bytes to a Reading, in this process or in the jail."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from factcheck.lib import jail
from factcheck.lib.addresses import UrlRefused, absolute_url, registrable_domain
from sources.fetching.articles import article_passages
from sources.fetching.boilerplate import out_of_place
from sources.fetching.decoding import cleaned, decoded
from sources.fetching.kinds import kind_of
from sources.fetching.language import language_of
from sources.fetching.markup import parsed, without_hidden
from sources.fetching.metadata import Metadata, metadata
from sources.fetching.outcomes import PDF_TYPE, outcome_of, why
from sources.fetching.passages import MAX_PASSAGES, Passage
from sources.fetching.pdf import read_pdf
from sources.fetching.prose import MAX_LINKS, Prose, Resolved
from sources.fetching.titles import headline, same_words
from sources.fetching.types import BlockKind, Reading, Unreadable
from sources.fetching.walls import looks_gated

__all__ = ["jailed", "looks_gated", "outcome_of", "prepare", "read", "read_in_jail", "why"]

Run = Callable[[str, bytes], jail.Finished | jail.Broken]

JAILED = "sources.fetching.reading:jailed"
_TITLE_WITHIN = 5


def read(body: bytes, *, media_type: str, charset: str, url: str) -> Reading:
    """Read HTML, or plain text or a PDF file where `media_type` says so. For hostile bytes use `read_in_jail`."""
    return _with_language(_read(body, media_type, charset, url))


def read_in_jail(body: bytes, *, media_type: str, charset: str, url: str, run: Run = jail.run) -> Reading | Unreadable:
    """Read a page in a child that may break: every page is hostile until it has been read."""
    head = json.dumps({"media_type": media_type, "charset": charset, "url": url})
    ended = run(JAILED, head.encode() + b"\n" + body)
    if isinstance(ended, jail.Broken):
        return Unreadable(ended.reason, ended.detail)
    return _with_language(Reading.from_json(json.loads(ended.output)))


def jailed(payload: bytes) -> bytes:
    """Read inside the jail: a line of JSON and the body in, JSON out."""
    head, _, body = payload.partition(b"\n")
    return json.dumps(_read(body, **json.loads(head)).as_json()).encode()


def prepare() -> None:
    """Load what reading needs, before the jail closes."""
    import pypdf  # noqa: F401
    import trafilatura  # noqa: F401


def _read(body: bytes, media_type: str, charset: str, url: str) -> Reading:
    if media_type == PDF_TYPE:
        file = read_pdf(body)
        return _reading(file.passages, url, file.about, file.title, file.truncated)
    text = cleaned(decoded(body, charset))
    return _read_plain(text, url) if media_type == "text/plain" else _read_html(text, url)


def _with_language(reading: Reading) -> Reading:
    """Settle the language, outside the jail: clean text is safe, and the model loads once a process."""
    return replace(reading, language=language_of(reading.text, reading.language))


def _read_plain(text: str, url: str) -> Reading:
    pieces = re.split(r"\n\s*\n", text)
    found = [Passage(BlockKind.PARAGRAPH, pieces=[(piece, "")]) for piece in pieces if piece.strip()]
    return _reading(found, url, Metadata(), "", "")


def _read_html(text: str, url: str) -> Reading:
    tree, truncated = parsed(text)
    if tree is None:
        return _reading([], url, Metadata(), "", truncated)
    about = metadata(tree)
    without_hidden(tree)
    return _reading(article_passages(tree), url, about, headline(tree, about), truncated)


def _reading(found: list[Passage], url: str, about: Metadata, title: str, truncated: str) -> Reading:
    prose = Prose(_resolver(url, about.base))
    if found and title:
        prose.add(Passage(BlockKind.HEADLINE, pieces=[(title, "")]), BlockKind.HEADLINE)
    elsewhere = out_of_place(found)
    for index, passage in enumerate(found):
        if index >= _TITLE_WITHIN or not title or not same_words(passage.text, title):
            prose.add(passage, kind_of(passage, about.byline, about.publisher, is_elsewhere=index in elsewhere))
    truncated = truncated or ("passages" if len(found) >= MAX_PASSAGES else "")
    is_empty = all(block.kind is BlockKind.HEADLINE for block in prose.blocks)
    reason = truncated or ("empty_extraction" if is_empty else prose.lacks)
    return Reading(
        url=_canonical(url, about.canonical),
        title=title,
        byline=about.byline,
        published_at=about.published_at,
        modified_at=about.modified_at,
        language=about.language,
        text=prose.text,
        blocks=tuple(prose.blocks),
        links=tuple(prose.links),
        publisher=about.publisher,
        complete=not reason,
        truncated=reason,
        quotes=tuple(prose.quotes),
    )


def _resolver(url: str, base: str) -> Resolved:
    """Return what makes a link of the page absolute; '' for what is not on the web."""
    start = _joined(url, base) or url

    @lru_cache(maxsize=MAX_LINKS)
    def resolved(href: str) -> str:
        return "" if href.startswith("#") else _joined(start, href)

    return resolved


def _joined(start: str, href: str) -> str:
    try:
        return absolute_url(href, start) if href else ""
    except UrlRefused:
        return ""


def _canonical(url: str, canonical: str) -> str:
    """Return the page's own name for itself, where it is a page of the same registered domain."""
    named = _joined(url, canonical)
    is_front_page = urlsplit(named).path == "/" and urlsplit(url).path not in {"", "/"}
    is_own = named and not is_front_page and registrable_domain(named) == registrable_domain(url)
    return named if is_own else url
