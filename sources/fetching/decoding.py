"""From a body's bytes to clean text."""

import codecs
import html
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What may be asked of Python's codecs: 'hex', 'zlib' or 'unicode_escape' are names of codecs too.
_CHARSET = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(iso[-_]?8859|windows|cp|ibm)[-_]?\d{1,5}|latin-?\d{1,2}|us-ascii|ascii"
    r"|koi8-?[ru]|gbk|gb2312|gb18030|big5(-?hkscs)?|shift[-_]?jis|sjis|euc[-_]?(jp|kr)|iso-2022-jp|mac-?roman"
)
_WESTERN = re.compile(r"iso[-_]?8859[-_]?1|latin-?1|us-ascii|ascii|cp819")
# What browsers take further names for (WHATWG Encoding, 4.2): the larger set, of which pages use the rest unsaid.
_LARGER = (
    (re.compile(r"gb2312|gbk"), "gb18030"),
    (re.compile(r"shift[-_]?jis|sjis"), "cp932"),
    (re.compile(r"euc[-_]?kr"), "cp949"),
    (re.compile(r"big5(-?hkscs)?"), "big5hkscs"),
    (re.compile(r"iso[-_]?8859[-_]?9|latin-?5"), "cp1254"),
)
_BROKEN_AT_MOST = 50  # one letter in so many is unreadable: the declared charset is right, and some bytes are not
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4096
_SNIFFED = 1024

# Controls but tab and newline, lone surrogates, non-characters, and what hides in text without being seen:
# soft hyphens, zero-width spaces, byte-order marks, bidirectional overrides and isolates. Joiners stay:
# Persian, the scripts of India and emoji mean something by them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});")


def decoded(body: bytes, charset: str = "") -> str:
    """Return the body as text, whatever its charset claims; bytes that fit nowhere become U+FFFD.

    A byte-order mark wins; then UTF-16 that shows; then UTF-8 if every byte agrees, which other charsets
    do not by chance; then what HTTP and the page declare.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    found = _META.search(body[:_META_WITHIN])
    declared = (charset, found[1].decode("ascii", "replace") if found else "")
    names = (_utf16_without_mark(body), _iso_2022(declared), "utf-8", *map(_python_name, declared))
    for name in filter(None, names):
        try:
            return body.decode(name)
        except (UnicodeError, LookupError):
            continue
    return _forgiving(body, [name for name in map(_python_name, declared) if name])


def _forgiving(body: bytes, declared: list[str]) -> str:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 4 <= len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", body)):
        return text
    for name in declared:
        text = _replaced(body, name)
        if text.count("\ufffd") * _BROKEN_AT_MOST <= len(text):
            return text
    return body.decode("cp1252", "replace")


def _replaced(body: bytes, name: str) -> str:
    try:
        return body.decode(name, "replace")
    except LookupError:
        return "\ufffd"


def _utf16_without_mark(body: bytes) -> str:
    sample = body[:_SNIFFED]
    half = len(sample) // 2
    if half and sample[1::2].count(0) * 10 > half * 7 and sample[::2].count(0) * 10 < half:
        return "utf-16-le"
    if half and sample[::2].count(0) * 10 > half * 7 and sample[1::2].count(0) * 10 < half:
        return "utf-16-be"
    return ""


def _iso_2022(declared: tuple[str, ...]) -> str:
    """The one charset in use whose bytes are all ASCII, and so look like UTF-8."""
    return "iso-2022-jp" if "iso-2022-jp" in {name.lower() for name in declared} else ""


def _python_name(declared: str) -> str:
    name = declared.strip().lower()
    if _WESTERN.fullmatch(name):
        return "cp1252"  # what browsers take these names for
    larger = next((known for names, known in _LARGER if names.fullmatch(name)), name)
    return larger if _CHARSET.fullmatch(name) else ""


def cleaned(text: str) -> str:
    """Drop what no reader sees and no database should hold; ends of lines become newlines."""
    return _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def without_references(markup: str) -> str:
    """Drop what `cleaned` drops where HTML spells it out, such as &shy; and &#8203;: a parser would put it back."""
    return _REFERENCE.sub(_unless_dropped, markup)


def _unless_dropped(reference: re.Match[str]) -> str:
    said = html.unescape(reference[0])
    clean = cleaned(said)
    return reference[0] if said and clean == said else clean
