"""What comes in, typed and bounded: fields that take one type only, bodies and queries without unknown names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from factcheck.api.problems import QueryInvalid

LONGEST_PARAMETER = 2100
LONGEST_CURSOR = 100


class Text(serializers.CharField):
    """Text, and no number taken for text."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Uid(serializers.UUIDField):
    """A uid as we write it: no braces, no number taken for one."""

    _WRITTEN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

    def to_internal_value(self, data: Any) -> Any:
        """Refuse anything but the usual spelling."""
        if not isinstance(data, str) or not self._WRITTEN.fullmatch(data):
            self.fail("invalid", value=str(data)[:50])
        return super().to_internal_value(data)


class Word(serializers.ChoiceField):
    """One word of a named list; the schema holds the list once, under its name."""

    def __init__(self, name: str, choices: Iterable[Any], **kwargs: Any) -> None:
        self.list_name = name
        super().__init__(choices=list(choices), **kwargs)


class Switch(serializers.BooleanField):
    """`true` or `false` in a query."""

    def to_internal_value(self, data: Any) -> bool:
        """Take these two words and no other."""
        if data not in {"true", "false"}:
            self.fail("invalid", input=str(data)[:50])
        return bool(data == "true")


class Count(serializers.IntegerField):
    """A whole number in a query, in ASCII digits."""

    def to_internal_value(self, data: Any) -> int:
        """Take digits only; more than nine are cut down to what fits, since the greatest is capped anyway."""
        if not re.fullmatch(r"[0-9]{1,300}", str(data)):
            self.fail("invalid")
        return super().to_internal_value(min(int(data), 10**9))


class Body(serializers.Serializer[Any]):
    """A body without unknown fields."""

    default_error_messages = {
        "unknown_field": gettext_lazy("There is no such field here, or it cannot be set."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """Refuse a body with a name that is not one of the fields."""
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            said = ErrorDetail(str(self.error_messages["unknown_field"]), code="unknown_field")
            raise serializers.ValidationError({name: [said] for name in unknown})
        return super().to_internal_value(data)


class Query(serializers.Serializer[Any]):
    """Query parameters without unknown names; one without fields lets nothing through."""

    @classmethod
    def read(cls, sent: QueryDict) -> dict[str, Any]:
        """Return the parameters by name, or raise QueryInvalid."""
        reading = cls(data={})
        errors: dict[str, list[ErrorDetail]] = {}
        plain: dict[str, Any] = {}
        for name, values in sent.lists():
            is_list = isinstance(reading.fields.get(name), serializers.ListField)
            if refused := _refused(name in reading.fields, values, is_list=is_list):
                errors[name.replace("\x00", "\ufffd")] = [refused]
            plain[name] = values if is_list else values[0]
        if errors:
            raise QueryInvalid(errors)
        reading = cls(data=plain)
        if not reading.is_valid():
            raise QueryInvalid(reading.errors)
        return dict(reading.validated_data)


def _refused(is_known: bool, values: list[str], *, is_list: bool) -> ErrorDetail | None:  # noqa: FBT001
    if not is_known:
        return ErrorDetail(_("There is no such parameter here."), code="unknown_parameter")
    if len(values) > 1 and not is_list:
        return ErrorDetail(_("It may stand once only."), code="repeated")
    if any("\x00" in value or len(value) > LONGEST_PARAMETER for value in values):
        return ErrorDetail(_("It holds U+0000 or is too long."), code="character_not_allowed")
    return None


class Page(Query):
    """What every list takes."""

    cursor = Text(
        required=False, max_length=LONGEST_CURSOR, help_text="Where to go on, as `next` and `previous` give it."
    )
    page_size = Count(required=False, min_value=1, help_text="50 unless given; at most 200, more is cut to that.")
