"""JSON as a body must be: one object, in UTF-8, bounded in every direction, nothing read in two ways."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.utils.mediatypes import _MediaType  # what DRF itself chooses parsers with

from factcheck.api.problems import Problem

MOST_BYTES = 12 * 1024 * 1024
DEEPEST = 32
MOST_VALUES = 10_000
LONGEST_INTEGER = 19
_UTF8 = {"", "utf-8", "utf8"}


class StrictJSONParser(BaseParser):
    """Raises a Problem for anything but one plain JSON object; the code says what was wrong."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object that the body holds."""
        _check_media_type(media_type or "")
        meta = (parser_context or {})["request"].META
        if _length(meta.get("CONTENT_LENGTH", "")) > MOST_BYTES:
            raise _too_large()
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise _too_large()
        return parsed(body)


def _check_media_type(said: str) -> None:
    told = _MediaType(said)
    charset = str(told.params.get("charset", "")).strip("\"'").lower()
    if (told.main_type, told.sub_type) != ("application", "json") or charset not in _UTF8:
        raise UnsupportedMediaType(said)


def _length(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() else 0


def _too_large() -> Problem:
    return Problem("too_large", _("A body has at most %(most)s MB.") % {"most": MOST_BYTES // 1024 // 1024})


def parsed(body: bytes) -> dict[str, Any]:
    """Return the one JSON object in the bytes, or raise a Problem."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("not_utf8", _("Byte %(at)s is not UTF-8.") % {"at": error.start}) from None
    if not text.strip():
        raise Problem("empty_body", _("Send a JSON object."))
    counted = _Counted()
    try:
        value = json.loads(
            text,
            object_pairs_hook=counted.members,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise Problem(
            "malformed_json",
            _("Line %(line)s, column %(column)s: this is not JSON.") % {"line": error.lineno, "column": error.colno},
        ) from None
    if not isinstance(value, dict):
        raise Problem("not_an_object", _("Send a JSON object: { … }."))
    _walk(value)
    return value


class _Counted:
    """Makes the objects, and counts what is in them while they are made."""

    def __init__(self) -> None:
        self.made = 0

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.made += 1 + len(pairs)
        if self.made > MOST_VALUES:
            raise _too_many()
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _value in pairs]
            twice = Counter(names).most_common(1)[0][0]
            said = _("The key “%(name)s” stands twice in one object.") % {"name": _shown(twice)}
            raise Problem("duplicate_key", said)
        return made


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_INTEGER:
        raise Problem("number_out_of_range", _("A number has at most %(most)s digits.") % {"most": LONGEST_INTEGER})
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _no_number(digits)
    return number


def _no_number(said: str) -> NoReturn:
    raise Problem("number_out_of_range", _("“%(said)s” is not a number that JSON knows.") % {"said": said[:20]})


def _walk(value: dict[str, Any]) -> None:
    """Check depth, number and characters of everything inside; without recursion."""
    todo: list[tuple[Any, int]] = [(value, 1)]
    seen = 0
    while todo:
        one, depth = todo.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise _too_many()
        if isinstance(one, str):
            _check_characters(one)
            continue
        if not isinstance(one, (dict, list)):
            continue
        if depth > DEEPEST:
            raise _too_deep()
        if len(one) > MOST_VALUES:
            raise _too_many()
        todo.extend((inner, depth + 1) for inner in ([*one, *one.values()] if isinstance(one, dict) else one))


def _check_characters(text: str) -> None:
    if "\x00" in text:
        raise Problem("character_not_allowed", _("U+0000 is not allowed anywhere."))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Problem(
            "character_not_allowed",
            _("The lone surrogate U+%(code)04X is not allowed anywhere.") % {"code": ord(text[error.start])},
        ) from None


def _shown(name: str) -> str:
    return name[:50].encode("utf-8", "replace").decode()


def _too_deep() -> Problem:
    return Problem("too_deep", _("Nest at most %(most)s levels.") % {"most": DEEPEST})


def _too_many() -> Problem:
    return Problem("too_many_values", _("A body holds at most %(most)s values.") % {"most": MOST_VALUES})
