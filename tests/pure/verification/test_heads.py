"""Signed heads: whoever keeps the files finds out what is gone, different or written anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from claims.verification.heads import Heads, Record, differences, merkle, read, signed

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
A, B, C = (f"claim:{number:08d}-0000-0000-0000-000000000000" for number in (1, 2, 3))
DAYS: list[Heads] = [
    {A: (1, "a1")},
    {A: (1, "a1"), B: (2, "b2")},
    {A: (3, "a3"), B: (2, "b2"), C: (1, "c1")},
]


def folder(days: list[Heads] = DAYS, key: Ed25519PrivateKey = KEY) -> list[tuple[str, bytes]]:
    files: list[tuple[str, bytes]] = []
    for day, heads in enumerate(days):
        record = Record()
        assert list(read(files, record, keys=[key.public_key()])) == []
        files.append((f"{day + 1}", signed(record, heads, at=AT + timedelta(days=day), position=day, key=key)))
    return files


def faults(files: list[tuple[str, bytes]], key: Ed25519PrivateKey | None = KEY) -> list[tuple[str, str]]:
    return list(read(files, Record(), keys=[key.public_key()] if key else []))


def test_a_folder_tells_all_heads_and_each_file_only_those_that_moved() -> None:
    record, files = Record(), folder()
    assert list(read(files, record, keys=[KEY.public_key()])) == []
    assert (record.count, record.heads, record.position, record.at) == (3, DAYS[-1], 2, AT + timedelta(days=2))
    assert [set(json.loads(content.split(b"\n")[0])["moved"]) for _name, content in files] == [{A}, {B}, {A, C}]
    assert [(name, sequence) for name, subject, sequence, _digest in record.recorded if subject == A] == [
        ("1", 1),
        ("3", 3),
    ]


def test_the_root_depends_on_every_head() -> None:
    heads: Heads = {f"claim:{number}": (number, "x") for number in range(7)}
    roots = {merkle({**heads, f"claim:{number}": (number, "y")}) for number in range(7)} | {merkle(heads), merkle({})}
    assert len(roots) == 9


@pytest.mark.parametrize("name", range(3))
def test_a_file_that_was_edited_is_named(name: int) -> None:
    files = folder()
    files[name] = (files[name][0], files[name][1].replace(b'"position":', b'"position":1'))
    assert faults(files)[0] == (str(name + 1), "it is not signed by this key")
    assert "is missing" not in str(faults(files))
    if name < 2:
        assert faults(files, key=None)[0] == (str(name + 2), "it does not follow from the file before it")


def test_a_file_that_is_missing_replaced_or_cut_is_named() -> None:
    files = folder()
    assert faults([files[0], files[2]])[0] == ("3", "file number 2 is missing before it")
    assert faults(files[:1] + folder(key=Ed25519PrivateKey.generate())[1:])[0][1] == "it is not signed by this key"
    for junk in (b"", b"{}\n00", files[1][1][:40], b"[]\n", files[1][1].replace(b"claim:", b"x:")):
        wrong = faults([files[0], ("2", junk)], key=None)
        assert "2" in {name for name, _what in wrong}, junk


def test_a_root_that_is_not_that_of_its_heads_is_named() -> None:
    """As by somebody who has the key but not all the heads."""
    record = Record(heads={B: (9, "gone")})
    alone = signed(record, {**DAYS[0], B: (9, "gone")}, at=AT, position=0, key=KEY)
    assert faults([("1", alone)]) == [("1", "its root is not that of the heads so far")]
    empty = signed(Record(heads=dict(DAYS[0])), dict(DAYS[0]), at=AT, position=0, key=KEY)
    assert faults([("1", empty)]) == [("the last file", "its root is not that of the heads so far")]


def test_what_was_recorded_must_be_there_as_it_was() -> None:
    record = Record()
    list(read(folder(), record, keys=[KEY.public_key()]))
    assert list(differences(record, ["a1", "b2", "a3", "c1"])) == []
    found = dict(differences(record, ["a1", None, "other", "c1"]))
    assert found == {
        f"{B} event 2": "it is gone, but 2 records it",
        f"{A} event 3": "it is not the one that 3 records: its chain was written anew",
    }
