"""The headline that readers of a page see."""

import re
from typing import TYPE_CHECKING

from sources.fetching.digest import normalised
from sources.fetching.metadata import Metadata
from sources.fetching.passages import collapsed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_TITLE = 500
_SITE = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022-]\s+(?=[^|\u2013\u2014\u00b7\u2022]*$)|\s+::\s+")


def headline(tree: "HtmlElement", about: Metadata) -> str:
    """Return the <h1> that agrees with the page's title, else the title without the site's name."""
    shown = [text for h1 in tree.iter("h1") if (text := collapsed(h1.text_content()))][:10]
    agreeing = next((text for text in shown if _agrees(text, about.title)), "")
    if agreeing or not about.title:
        return (agreeing or next(iter(shown), ""))[:MAX_TITLE]
    return _without_site(about.title, about.publisher)


def same_words(one: str, other: str) -> bool:
    """Tell whether two lines have the same words, whatever their case and punctuation."""
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", normalised(text).casefold())


def _agrees(shown: str, title: str) -> bool:
    """Tell whether half of the words of the shorter stand in the longer."""
    one, other = sorted((set(_words(shown)), set(_words(title))), key=len)
    return bool(one) and len(one & other) * 2 >= len(one)


def _without_site(title: str, publisher: str) -> str:
    parts = _SITE.split(title)
    if len(parts) > 1 and publisher and same_words(parts[-1], publisher):
        return title[: title.rindex(parts[-1])].rstrip(" |\u2013\u2014\u00b7\u2022:-")
    return title
