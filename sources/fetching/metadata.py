"""What a page says about itself: JSON-LD first, then meta elements, then what stands in its body."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from sources.fetching.decoding import cleaned
from sources.fetching.passages import collapsed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_JSON = 500_000
MAX_FIELD = 500
MAX_BYLINE = 100
MAX_PEOPLE = 50
_EARLY = re.compile(r"(?:\s|^)0\d{3}\b")
_YEARS = range(1900, 2200)
_ARTICLE = re.compile(r"(Article|BlogPosting|Posting|Report|Review|Statement)$")
_BY = re.compile(r"^(?:by|von|par|por|door)\s+", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2})(?:[-_]\w+)*\s*")
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date"),
    *("dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate"),
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_BYLINES = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title")


@dataclass(frozen=True)
class Metadata:
    """What a page says about itself; '' and None where it says nothing."""

    title: str = ""
    byline: str = ""
    publisher: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    canonical: str = ""
    base: str = ""


def metadata(tree: "HtmlElement") -> Metadata:
    """Collect it from the whole tree, before anything is taken out."""
    article = _article(tree)
    meta = _meta(tree)
    title = _words(article.get("headline")) or _first(meta, _TITLES)
    return Metadata(
        title=title or _title_element(tree),
        byline=_people(article.get("author")) or _byline(meta) or _shown_author(tree),
        publisher=_people(article.get("publisher")) or _first(meta, ("og:site_name", "application-name")),
        published_at=moment(article.get("datePublished")) or _moment_of(meta, _PUBLISHED) or _time(tree),
        modified_at=moment(article.get("dateModified")) or _moment_of(meta, _MODIFIED),
        language=_language(tree, article, meta),
        canonical=_href(tree, ".//link[@rel='canonical']") or _first(meta, ("og:url",)),
        base=_href(tree, ".//base"),
    )


# -- JSON-LD ---------------------------------------------------------------------------------------


def _article(tree: "HtmlElement") -> Mapping[str, Any]:
    """Return the first node of JSON-LD that is an article, or else one that has a headline, or {}."""
    nodes = [node for script in tree.iter("script") for node in _nodes(script)]
    articles = (node for node in nodes if any(_ARTICLE.search(name) for name in _strings(node.get("@type"))))
    named = (node for node in nodes if "headline" in node or "datePublished" in node)
    node = next(articles, None) or next(named, {})
    known = {str(one["@id"]): one for one in nodes if "@id" in one and "name" in one}
    return {**node, **{role: _referred(node[role], known) for role in ("author", "publisher") if role in node}}


def _nodes(script: "HtmlElement") -> Iterator[Mapping[str, Any]]:
    source = script.text or ""
    if "ld+json" not in (script.get("type") or "").lower() or len(source) > MAX_JSON:
        return
    try:
        waiting: list[Any] = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting[:0] = node
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node]


def _referred(value: object, known: Mapping[str, Mapping[str, Any]]) -> object:
    """Put the nodes in the place of what names them only: graphs say {"@id": "#author"} (JSON-LD 1.1, 3.3)."""
    if isinstance(value, list):
        return [_referred(one, known) for one in value[:MAX_PEOPLE]]
    is_name_only = isinstance(value, dict) and "@id" in value and "name" not in value
    return known.get(str(value["@id"]), value) if isinstance(value, dict) and is_name_only else value


def _strings(value: object) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _people(value: object) -> str:
    """Return the names of persons or organisations, however they are wrapped."""
    names = []
    for one in value if isinstance(value, list) else [value]:
        name = _words(one.get("name") if isinstance(one, dict) else one)
        if name and "://" not in name:
            names.append(name)
    return ", ".join(dict.fromkeys(names))[:MAX_FIELD]


def _words(value: object) -> str:
    return collapsed(cleaned(value))[:MAX_FIELD] if isinstance(value, str) else ""


# -- meta elements ---------------------------------------------------------------------------------


def _meta(tree: "HtmlElement") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = _words(element.get("content"))
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _first(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _byline(meta: Mapping[str, list[str]]) -> str:
    return next((people for name in _BYLINES if (people := _people(meta.get(name, [])))), "")


def _moment_of(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> datetime | None:
    return next((at for name in names for text in meta.get(name, []) if (at := moment(text))), None)


def moment(value: object) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 time; UTC where it names no zone; None for what is none or absurd."""
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        return None
    try:
        at = _iso(value.strip()) or parsedate_to_datetime(value.strip()[:MAX_BYLINE])
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    is_early = _EARLY.search(value) is not None  # which would be read as a year of this century
    return at if at.year in _YEARS and not is_early else None


def _iso(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


# -- the body --------------------------------------------------------------------------------------


def _title_element(tree: "HtmlElement") -> str:
    title = tree.find(".//title")
    return "" if title is None else _words(title.text_content())


def _shown_author(tree: "HtmlElement") -> str:
    authors = tree.xpath("//*[@rel='author' or @itemprop='author' or @class='byline' or @class='author']")
    shown = [collapsed(element.text_content()) for element in authors[:10]]
    return _people([_BY.sub("", text) for text in shown if len(text) <= MAX_BYLINE][:1])


def _time(tree: "HtmlElement") -> datetime | None:
    times = tree.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime | //article//time/@datetime")
    return next((at for text in times[:10] if (at := moment(str(text)))), None)


def _href(tree: "HtmlElement", path: str) -> str:
    element = tree.find(path)
    return "" if element is None else (element.get("href") or "").strip()


def _language(tree: "HtmlElement", article: Mapping[str, Any], meta: Mapping[str, list[str]]) -> str:
    declared = (
        tree.get("lang"),
        tree.get("xml:lang"),
        *_strings(article.get("inLanguage")),
        _first(meta, ("content-language", "og:locale", "language")),
    )
    matches = (_LANGUAGE.fullmatch(text) for text in declared if text)
    return next((match[1].lower() for match in matches if match), "")
