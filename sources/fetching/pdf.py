"""From a PDF file's bytes to passages, by pypdf: the text that is in it, no letters that are pictures."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sources.fetching.decoding import cleaned
from sources.fetching.metadata import MAX_FIELD, Metadata, moment
from sources.fetching.passages import Passage, collapsed
from sources.fetching.types import BlockKind

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 500
RUNNING_PAGES = 3
EDGE = 2
FULL = 0.75
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:page\W+|p\.\W*)?\d{1,4}(?:\W+(?:of|/)\W+\d{1,4})?\W*", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[^\W\d])-$")
_FILE_NAME = re.compile(r"\.(?:docx?|indd|pdf|pptx?|qxd|odt)$|^microsoft word|^untitled", re.IGNORECASE)


# What pypdf meets in files that are not as they should be, beside its own errors.
_BROKEN = (ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError)


class Pdf(NamedTuple):
    """What a file has; `truncated` is 'encrypted', 'damaged', 'pages' or ''."""

    passages: list[Passage]
    about: Metadata
    title: str
    truncated: str


def read_pdf(body: bytes) -> Pdf:
    """Read a PDF file. For hostile ones do it in the jail: a stream may hold anything, and much of it."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return Pdf([], Metadata(), "", "encrypted")
        pages = [cleaned(reader.pages[n].extract_text()) for n in range(min(len(reader.pages), MOST_PAGES))]
        about, title = _about(reader)
        truncated = "pages" if len(reader.pages) > MOST_PAGES else ""
    except (PyPdfError, *_BROKEN):
        return Pdf([], Metadata(), "", "damaged")
    return Pdf(list(_passages(pages)), about, title, truncated)


def _about(reader: "PdfReader") -> tuple[Metadata, str]:
    said = {name: collapsed(cleaned(str(value)))[:MAX_FIELD] for name, value in (reader.metadata or {}).items()}
    title = said.get("/Title", "")
    about = Metadata(
        title=title,
        byline=said.get("/Author", ""),
        published_at=_moment(said.get("/CreationDate", "")),
        modified_at=_moment(said.get("/ModDate", "")),
    )
    return about, "" if _FILE_NAME.search(title) else title


def _moment(written: str) -> datetime | None:
    """Read a date as PDF writes it (ISO 32000-1, 7.9.4): D:20260302083000+01'00'."""
    match = re.fullmatch(r"(?:D:)?(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z.*|([+-]\d\d)'?(\d\d)?'?)?", written)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone, minutes = match.groups()
    at = f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}"
    return moment(f"{at}{zone}:{minutes or '00'}" if zone else f"{at}Z")


def _passages(pages: Sequence[str]) -> Iterator[Passage]:
    """Yield paragraphs across the ends of pages; what runs along their edges once, as boilerplate."""
    sheets = [[line.strip() for line in page.split("\n")] for page in pages]
    running = _running(sheets)
    told: set[str] = set()
    lines: list[str] = []
    for sheet in sheets:
        keys = [_NUMBER.sub("#", line) for line in sheet]
        lines += (
            "\n".join(line for line, key in zip(sheet, keys, strict=True) if key not in running).strip().split("\n")
        )
        for line, key in zip(sheet, keys, strict=True):
            if key in running and key not in told:
                told.add(key)
                yield Passage(BlockKind.BOILERPLATE, pieces=[(line, "")])
    for paragraph in _paragraphs(lines):
        yield Passage(BlockKind.PARAGRAPH, pieces=[(paragraph, "")])


def _running(sheets: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the lines, numbers aside, at the edges of half of the pages or more; and bare page numbers."""
    edges: Counter[str] = Counter()
    for sheet in sheets:
        said = [line for line in sheet if line]
        edges.update({_NUMBER.sub("#", line) for line in (*said[:EDGE], *said[-EDGE:])})
        edges.update({_NUMBER.sub("#", line): len(sheets) for line in said[-1:] if _PAGE_NUMBER.fullmatch(line)})
    often = max(RUNNING_PAGES, len(sheets) / 2)
    return frozenset(key for key, count in edges.items() if count >= often)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Join lines, and words that a hyphen parted: a paragraph ends at an empty line, or with one that is not full."""
    lengths = sorted(len(line) for line in lines if line)
    full = lengths[len(lengths) * 9 // 10] * FULL if lengths else 0
    paragraph = ""
    for line in [*lines, ""]:
        joined = _HYPHEN.sub("", paragraph) if line[:1].islower() else paragraph
        paragraph = joined + line if joined != paragraph else f"{joined} {line}"
        if paragraph.strip() and (not line or len(line) < full):
            yield paragraph
            paragraph = ""
