"""From a feed's bytes to its entries: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom (RFC 4287) and JSON Feed 1.1.

docs/adr/0013 says why the reader is our own.
"""

import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from factcheck.lib import jail
from factcheck.lib.addresses import UrlRefused, absolute_url
from sources.fetching.decoding import cleaned, decoded
from sources.fetching.metadata import moment
from sources.fetching.passages import collapsed
from sources.fetching.types import Entry, FeedReading, Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ENTRIES = 200
MAX_TITLE, MAX_SUMMARY, MAX_URL = 500, 2_000, 2_000
MAX_EXPANDED = 1_000_000
JAILED = "sources.fetching.feeds:jailed"
Run = Callable[[str, bytes], jail.Finished | jail.Broken]

_DECLARED = re.compile(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[(.*?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]{1,80})\s+(?:\"([^\"]*)\"|'([^']*)')\s*>")
_NAMED = re.compile(r"&(\w{1,31});")
_REFERS = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\w{1,8});)|%")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MARKUP = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_PARENTS = frozenset({"channel", "rdf", "feed", "rss"})
_NAMES: Mapping[str, tuple[str, ...]] = {
    "guid": ("guid", "id"),
    "title": ("title",),
    "summary": ("description", "summary", "encoded", "content"),
    "published": ("pubdate", "published", "issued", "date", "created"),
    "modified": ("updated", "modified"),
}
MAX_HEAD, MOST_LINKS, MOST_OTHERS = 300_000, 500, 10
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_LINK = re.compile(r"<link\s[^>]{0,3000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w-]{1,20})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
Fields = Mapping[str, str]


class NotAFeed(Exception):
    """Why there is nothing to read: 'not_a_feed' or 'entities', and what to do in words."""


def read_feed(body: bytes, *, media_type: str, url: str) -> FeedReading:
    """Read a feed that came from `url`. For hostile bytes use `read_feed_in_jail`."""
    text = cleaned(_decoded(body))
    try:
        is_json = "json" in media_type or text.lstrip()[:1] in {"{", "["}
        title, home, found, fault = _from_json(text) if is_json else _from_xml(text)
    except NotAFeed as why:
        others = _named_by_a_page(text, url) if why.args[0] == "not_a_feed" else ()
        return FeedReading("", "", (), complete=False, truncated=why.args[0], problems=(why.args[1],), others=others)
    home, _refused = _absolute(home, url)
    entries = {entry.key: entry for entry in (_entry(fields, home or url) for fields in reversed(found))}
    newest = _newest(list(reversed(entries.values())))
    problems = [fault] if fault else []
    if len(newest) < len(entries):
        problems.append(f"It has {len(entries)} entries; the newest {len(newest)} are read.")
    truncated = "syntax" if fault else "entries" if len(newest) < len(entries) else ""
    return FeedReading(_plain(title, MAX_TITLE), home, newest, not truncated, truncated, tuple(problems))


def read_feed_in_jail(body: bytes, *, media_type: str, url: str, run: Run = jail.run) -> FeedReading | Unreadable:
    """Read a feed in a child that may break."""
    ended = run(JAILED, json.dumps({"media_type": media_type, "url": url}).encode() + b"\n" + body)
    if isinstance(ended, jail.Broken):
        return Unreadable(ended.reason, ended.detail)
    return FeedReading.from_json(json.loads(ended.output))


def jailed(payload: bytes) -> bytes:
    """Read inside the jail: a line of JSON and the body in, JSON out."""
    head, _, body = payload.partition(b"\n")
    return json.dumps(read_feed(body, **json.loads(head)).as_json()).encode()


def prepare() -> None:
    """Load what reading needs, before the jail closes."""
    from lxml import etree  # noqa: F401


def _decoded(body: bytes) -> str:
    declared = _DECLARED.match(body[:400].decode("ascii", "replace"))
    return decoded(body, declared[1] if declared else "")


# -- XML -------------------------------------------------------------------------------------------


def _from_xml(text: str) -> tuple[str, str, list[Fields], str]:
    """Return title, home, the entries' fields in the feed's order, and what is wrong with it."""
    from lxml import etree

    source = _NAMED.sub(_character, _without_entities(_DECLARATION.sub("", text)))
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(source.strip().encode("utf-8", "replace"), parser=parser) if source.strip() else None
    if root is None or _name(root) not in _PARENTS:
        raise NotAFeed("not_a_feed", "This is no feed. Give the address of an RSS, Atom or JSON feed.")
    elements = [one for one in root.iter("{*}item", "{*}entry") if _name(one.getparent()) in _PARENTS]
    faults = [str(entry.message) for entry in parser.error_log.filter_from_fatals()]
    if faults and len(elements) > len(re.findall(r"</(?:\w+:)?(?:item|entry)\s*>", source)):
        elements.pop()  # it stops before its end
    channel = next(root.iter("{*}channel"), root)
    about = _fields(channel)
    return about["title"], about["link"], [_fields(one) for one in elements], faults[0] if faults else ""


def _without_entities(text: str) -> str:
    """Put the entities that a feed declares for itself in their places: those that are plain text, and not too many.

    Raises NotAFeed for one that reads a file, an address or another entity (XXE, billion laughs).
    """
    doctype = _DOCTYPE.search(text[:MAX_EXPANDED])
    if doctype is None:
        return text
    known = {name: one or other for name, one, other in _ENTITY.findall(doctype[1] or "")}
    is_odd = (doctype[1] or "").upper().count("<!ENTITY") != len(known) or any(map(_REFERS.search, known.values()))
    text = text[: doctype.start()] + text[doctype.end() :]
    used = (known.get(name, "") for name in _NAMED.findall(text))
    if is_odd or sum(map(len, used)) > MAX_EXPANDED:
        raise NotAFeed("entities", "It declares entities that read others or grow without end; it is not read.")
    return _NAMED.sub(lambda found: known.get(found[1], found[0]), text)


def _character(named: re.Match[str]) -> str:
    """Return what HTML calls so: feeds write &nbsp; that XML does not know."""
    return named[0] if named[1] in _OWN else html.unescape(named[0])


def _name(element: "_Element | None") -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2].lower()


def _fields(element: "_Element") -> Fields:
    found: dict[str, str] = {}
    for child in element.iterchildren("*"):
        name = _name(child)
        if name == "link" and child.get("href"):
            if child.get("rel", "alternate") == "alternate":
                found.setdefault(name, child.get("href") or "")
        elif text := " ".join(str(said) for said in child.itertext()):
            found.setdefault(name, text)
            if name == "guid" and (child.get("isPermaLink") or "true").lower() == "true" and "://" in text:
                found["permalink"] = text
    return {
        "link": found.get("link") or found.get("permalink") or "",
        **{field: next((found[name] for name in names if name in found), "") for field, names in _NAMES.items()},
    }


# -- JSON Feed -------------------------------------------------------------------------------------


def _from_json(text: str) -> tuple[str, str, list[Fields], str]:
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        raise NotAFeed("not_a_feed", "This is no JSON that can be read.") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeed("not_a_feed", "This JSON is no JSON Feed: it has no list of items.")
    names = {"guid": "id", "link": "url", "title": "title", "published": "date_published", "modified": "date_modified"}
    found: list[Fields] = []
    for one in feed["items"]:
        if isinstance(one, dict):
            summary = next((one[name] for name in ("summary", "content_text", "content_html") if name in one), "")
            found.append({field: _said(one.get(name)) for field, name in names.items()} | {"summary": _said(summary)})
    return _said(feed.get("title")), _said(feed.get("home_page_url")), found, ""


def _said(value: object) -> str:
    is_said = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if is_said else ""


# -- pages that are no feed ------------------------------------------------------------------------


def _named_by_a_page(text: str, base: str) -> tuple[str, ...]:
    """Return the feeds that a page's head names (RSS Advisory Board, RSS Autodiscovery), each once."""
    tags = [{name.lower(): html.unescape(said) for name, said in _ATTRIBUTE.findall(tag)} for tag in _links_in(text)]
    named = [
        _absolute(tag.get("href", "").strip("\"' "), base)[0]
        for tag in tags
        if tag.get("type", "").strip("\"' ").lower() in _FEEDS and "alternate" in tag.get("rel", "").lower()
    ]
    return tuple(dict.fromkeys(filter(None, named)))[:MOST_OTHERS]


def _links_in(text: str) -> list[str]:
    return _LINK.findall(text[:MAX_HEAD])[:MOST_LINKS]


# -- entries ---------------------------------------------------------------------------------------


def _entry(fields: Fields, base: str) -> Entry:
    url, refused = _absolute(fields["link"].strip(), base)
    title, summary = _plain(fields["title"], MAX_TITLE), _plain(fields["summary"], MAX_SUMMARY)
    named = fields["guid"].strip() or ("" if url else f"{title}\n{summary}")
    return Entry(
        key=hashlib.sha256(f"{named}\n{url}".encode("utf-8", "replace")).hexdigest(),
        url=url,
        title=title,
        summary=summary,
        published_at=moment(fields["published"]) or moment(fields["modified"]),
        modified_at=moment(fields["modified"]),
        refused=refused,
    )


def _newest(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return the newest, newest first; one without a time is as old as the one before it."""
    dated: list[tuple[float, int, Entry]] = []
    at = float("inf")
    for place, entry in enumerate(entries):
        at = entry.published_at.timestamp() if entry.published_at else at
        dated.append((-at, place, entry))
    return tuple(entry for _, _, entry in sorted(dated, key=lambda one: one[:2])[:MOST_ENTRIES])


def _absolute(href: str, base: str) -> tuple[str, str]:
    """Return the address, or '' and why there is none; both '' where there is no link."""
    if len(href) > MAX_URL:
        return "", f"Its link has {len(href)} characters; one of {MAX_URL} at most can be followed."
    try:
        return (absolute_url(href, base), "") if href else ("", "")
    except UrlRefused as refusal:
        return "", str(refusal)


def _plain(markup: str, most: int) -> str:
    """Return what a reader sees of a title or summary, which may be HTML."""
    return collapsed(cleaned(html.unescape(_MARKUP.sub(" ", markup[: most * 20]))))[:most]
