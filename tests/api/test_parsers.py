"""What a body may be."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rest_framework.exceptions import UnsupportedMediaType

from factcheck.api.parsers import DEEPEST, MOST_BYTES, MOST_VALUES, StrictJSONParser, parsed
from factcheck.api.problems import Problem

REFUSED = [
    (b"", "empty_body"),
    (b" \n", "empty_body"),
    (b'{"a":', "malformed_json"),
    (b"{'a': 1}", "malformed_json"),
    (b'{"a": 1} {}', "malformed_json"),
    (b'\xef\xbb\xbf{"a": 1}', "malformed_json"),
    (b'{"a": "\n"}', "malformed_json"),
    (b'{"a": "\x00"}', "malformed_json"),
    (b'{"a": "\xff"}', "not_utf8"),
    (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
    ('{"a": 1}'.encode("utf-16"), "not_utf8"),
    (b"[]", "not_an_object"),
    (b"null", "not_an_object"),
    (b'"text"', "not_an_object"),
    (b"5", "not_an_object"),
    (b'{"a": 1, "a": 1}', "duplicate_key"),
    (b'{"a": {"b": 1, "\\u0062": 2}}', "duplicate_key"),
    (b'{"\\ud800": 1, "\\ud800": 2}', "duplicate_key"),
    (b'{"a": NaN}', "number_out_of_range"),
    (b'{"a": -Infinity}', "number_out_of_range"),
    (b'{"a": 1e400}', "number_out_of_range"),
    (b'{"a": ' + b"9" * 5000 + b"}", "number_out_of_range"),
    (b'{"a": -12345678901234567890}', "number_out_of_range"),
    (b'{"a": "\\u0000"}', "character_not_allowed"),
    (b'{"a\\u0000": 1}', "character_not_allowed"),
    (b'{"a": ["\\ud800"]}', "character_not_allowed"),
    (b'{"\\udfff": 1}', "character_not_allowed"),
    (b'{"a": ' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", "too_deep"),
    (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
    (b'{"a": [' + b"1," * MOST_VALUES + b"1]}", "too_many_values"),
    (b'{"a": [' + b"[1,2,3]," * (MOST_VALUES // 3) + b"1]}", "too_many_values"),
    (b'{"a": [' + b"{}," * MOST_VALUES + b"1]}", "too_many_values"),
]


@pytest.mark.parametrize(("body", "code"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_can_be_read_in_two_ways_or_without_bound_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        parsed(body)
    assert refused.value.code == code
    str(refused.value.detail).encode()


def test_a_plain_object_is_read_as_it_is() -> None:
    deep = b'{"a": ' + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1) + b"}"
    assert parsed(deep)["a"]
    assert parsed('{"a": "\\ud83d\\ude00é", "n": -9223372036854775808, "f": 1.5, "t": true, "z": null}'.encode()) == {
        "a": "😀é", "n": -9223372036854775808, "f": 1.5, "t": True, "z": None,
    }  # fmt: skip


class _Asked:
    def __init__(self, length: str) -> None:
        self.META = {"CONTENT_LENGTH": length}


def parse(body: bytes, length: str, media_type: str = "application/json") -> Any:
    return StrictJSONParser().parse(io.BytesIO(body), media_type, {"request": _Asked(length)})


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    class Unread(io.BytesIO):
        def read(self, *_args: Any) -> bytes:
            raise AssertionError

    with pytest.raises(Problem) as refused:
        StrictJSONParser().parse(Unread(), "application/json", {"request": _Asked(str(MOST_BYTES + 1))})
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("length", ["", "-5", "x", "٣"])
def test_a_body_without_an_honest_length_is_bounded_all_the_same(length: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(b" " * (MOST_BYTES + 1), length)
    assert refused.value.code == "too_large"
    assert parse(b"{}", length) == {}


@pytest.mark.parametrize("said", ["application/json; charset=utf-16", "application/*", "*/*", "text/json", ""])
def test_another_media_type_or_charset_is_not_supported(said: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        parse(b"{}", "2", said)


@pytest.mark.parametrize(
    "said", ["application/json", "application/json; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_in_utf_8_is_supported(said: str) -> None:
    assert parse(b"{}", "2", said) == {}
