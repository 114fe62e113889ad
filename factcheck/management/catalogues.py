"""What people read, in other languages: found in the code, kept in catalogues, compiled for Django.

Only for whoever works on the program: Babel is one of its tools, not part of what runs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "factcheck" / "locale"
APPS = ("claims", "factcheck", "sources")
KEYWORDS: dict[str, Any] = {
    "_": None, "_now": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")


def paths(language: str) -> tuple[Path, Path]:
    """Return where a language's catalogue is, and what is compiled of it."""
    folder = LOCALE / language / "LC_MESSAGES"
    return folder / "django.po", folder / "django.mo"


def languages() -> list[str]:
    """Return the languages that there are catalogues of."""
    return sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())


def found() -> Catalog:
    """Return every text of the code that is marked for translation, with the file in which it stands."""
    catalog = Catalog(project="Factcheck", charset="utf-8", fuzzy=False)
    for path in _files():
        for _line, message, comments, context in _texts(path):
            where: Any = [(str(path.relative_to(ROOT)), None)]  # without lines, which every edit would move
            catalog.add(message, None, where, auto_comments=comments, context=context)
    return catalog


def _files() -> Iterator[Path]:
    for app in APPS:
        yield from sorted((ROOT / app).rglob("*.py"))
        yield from sorted((ROOT / app).rglob("*.html"))


def _texts(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # Django's own way of leaving nothing of a template but calls; no language's grammar, which this reader bears.
        source = templatize(source)
        yield from extract("javascript", io.BytesIO(source.encode()), keywords=KEYWORDS)
    else:
        yield from extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)


def read(language: str) -> Catalog:
    """Return a language's catalogue."""
    with paths(language)[0].open("rb") as file:
        return read_po(file, locale=language)


def renew(language: str) -> Catalog:
    """Bring a catalogue up to date with the code, and compile it; what is new in it has no translation yet."""
    catalog = read(language)
    catalog.update(found(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    source, compiled = paths(language)
    with source.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    compiled.write_bytes(compile_(catalog))
    return catalog


def compile_(catalog: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return which texts have no translation, or one that nobody looked at."""
    return [str(one.id) for one in catalog if one.id and (not all(_each(one.string)) or one.fuzzy)]


def wrong(language: str) -> list[str]:
    """Return what is amiss with a catalogue: texts that lack, say less than the code, or were not compiled."""
    catalog, code = read(language), found()
    missing = [f"not in the catalogue: {one.id}" for one in code if one.id and catalog.get(one.id, one.context) is None]
    gone = [f"no longer in the code: {one.id}" for one in catalog if one.id and code.get(one.id, one.context) is None]
    bare = [f"not translated: {text}" for text in untranslated(catalog)]
    unlike = [f"other places than in the code: {one.id}" for one in catalog if one.id and not _has_its_places(one)]
    stale = [] if paths(language)[1].read_bytes() == compile_(catalog) else ["not compiled since it was changed"]
    return [*missing, *gone, *bare, *unlike, *stale]


def _has_its_places(one: Message) -> bool:
    """Say whether each form names the places that the text names; a singular may leave its number out."""
    wanted = {place for text in _each(one.id) for place in _PLACE.findall(text)}
    forms = [set(_PLACE.findall(text)) for text in _each(one.string)]
    return all(places <= wanted for places in forms) and (not forms or forms[-1] == wanted)


def _each(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (list, tuple)) else (text,)
