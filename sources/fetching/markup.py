"""From text that claims to be HTML to a tree, and what the parser left out on the way."""

import re
from typing import TYPE_CHECKING

from sources.fetching.decoding import without_references

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
# What is read aloud only, and what shows when a pointer rests on a name.
_HIDDEN_CLASS = re.compile(
    r"(?<![\w-])(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|assistive-text)(?![\w-])"
    r"|(?:rollover|tooltip|popover|hovercard)[\w-]*[-_]?(?:block|content|text|body|box|panel|card)(?![\w-])",
    re.IGNORECASE,
)
_OF_HEAD = frozenset({"title", "meta", "link", "base", "style", "script", "noscript", "template", "object", "bgsound"})
# Never text: programs, drawings, forms, what other pages or no reader see, what is struck out, furigana.
UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "video"}
    | {"audio", "select", "textarea", "button", "input", "datalist", "head", "title", "area", "map", "applet"}
    | {"del", "s", "strike", "rt", "rp"}
)


def parsed(text: str) -> tuple["HtmlElement | None", str]:
    """Return the tree, or None where there is nothing, and why it lacks something: 'depth', 'node' or ''.

    libxml2 gives up in silence at 256 nested elements and at ten million bytes in one node; only its
    error log says so.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    source = without_references(_XML_DECLARATION.sub("", text)).encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(source, parser=parser)
    except etree.ParserError:
        return None, ""
    _out_of_head(tree)
    fatal = "".join(str(entry.message) for entry in parser.error_log.filter_from_fatals())
    if not fatal:
        return tree, ""
    return tree, "depth" if "depth" in fatal else "node"


def _out_of_head(tree: "HtmlElement") -> None:
    """Put into the body what is none of the head's: libxml2 leaves an <article> there where a page omits <body>."""
    head = tree.find("head")
    inside = [] if head is None else list(head)
    first = next((place for place, one in enumerate(inside) if one.tag not in _OF_HEAD), len(inside))
    if first < len(inside):
        body = tree.find("body")
        if body is None:
            body = tree.makeelement("body")
            tree.append(body)
        body[:0] = inside[first:]


def without_hidden(tree: "HtmlElement") -> "HtmlElement":
    """Take out, in place, what a reader of the page does not see."""
    hidden = [element for element in tree.iter("*") if _is_hidden(element)]
    for element in hidden:
        parent = element.getparent()
        if parent is not None:
            element.drop_tree()
    return tree


def _is_hidden(element: "HtmlElement") -> bool:
    if element.tag in UNSEEN and element.tag not in {"head", "title"}:
        return True
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if element.tag == "sup" and element.find("a") is not None:
        return (element.find("a").get("href") or "").startswith("#")  # the number of a footnote
    if _HIDDEN_CLASS.search(element.get("class") or ""):
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None
