"""Write the signed heads of all chains where the database cannot reach, and hold the database against them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection

from claims.verification import chain
from claims.verification import heads as rules

ENDING = ".head"
BATCH = 5000

_HEADS = """
    SELECT DISTINCT ON (subject_uid) subject || ':' || subject_uid, sequence, digest,
        (SELECT coalesce(max(position), 0) FROM claims_feed)
    FROM claims_event ORDER BY subject_uid, sequence DESC
"""
_PRESENT = """
    SELECT e.digest FROM unnest(%s::uuid[], %s::int[]) WITH ORDINALITY AS w (uid, sequence, place)
    LEFT JOIN claims_event AS e ON e.subject_uid = w.uid AND e.sequence = w.sequence ORDER BY place
"""
_BEHIND = """
    SELECT DISTINCT ON (w.place) w.place, e.sequence
    FROM unnest(%s::uuid[], %s::int[]) WITH ORDINALITY AS w (uid, sequence, place)
    JOIN claims_event AS e ON e.subject_uid = w.uid AND e.sequence > w.sequence AND e.at < %s
    ORDER BY w.place, e.sequence
"""


class NoKey(Exception):
    """There is no key on this machine; the message says what to do."""


def make_key(path: Path) -> None:
    """Make the key that signs heads, for its owner's eyes only, unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write_once(path, made)


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the key that signs heads; raises NoKey where there is none."""
    if not path.exists():
        raise NoKey(
            f"There is no key at {path} (AUDIT_KEY_FILE). The machine that writes heads makes one with its first: "
            "`manage.py audit_head`. `audit_head --public-key` there prints what others name in "
            "`audit_verify --public-key FILE`."
        )
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key: name another in AUDIT_KEY_FILE.")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return what others keep in order to check our signatures."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> Ed25519PublicKey:
    """Read what `public_pem` wrote."""
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("This is no Ed25519 key: `manage.py audit_head --public-key` prints ours.")
    return key


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the head files of a folder in order."""
    for path in sorted(folder.glob(f"*{ENDING}")):
        yield path.name, path.read_bytes()


def write(folder: Path, key_file: Path, *, now: datetime) -> Path:
    """Write the next head file: whole or not at all, and never over another."""
    folder.mkdir(parents=True, exist_ok=True)
    record = rules.Record()
    list(rules.read(files(folder), record, keys=()))  # audit_verify tells the faults; today's head is written anyway
    heads, position = _today()
    make_key(key_file)
    content = rules.signed(record, heads, at=now, position=position, key=signing_key(key_file))
    path = folder / f"{record.count + 1:06d}-{now:%Y-%m-%d}{ENDING}"
    _write_once(path, content)
    return path


def _today() -> tuple[rules.Heads, int]:
    heads: rules.Heads = {}
    position = 0
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        for subject, sequence, digest, position in cursor:  # noqa: B007  the same in every row
            heads[subject] = (sequence, digest)
    return heads, position


def _write_once(path: Path, content: bytes) -> None:
    """Write beside it, force it to the disk, then give it its name unless that is taken."""
    number, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        Path(beside).unlink()


def held_against(folder: Path, *keys: Ed25519PublicKey) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the files, each signed by any of the keys, and what is not as they say."""
    record = rules.Record()
    yield from rules.read(files(folder), record, keys=keys)
    if record.at is None:
        yield str(folder), "there is no head file in it"
        return
    yield from rules.differences(record, _present(record))
    heads, position = _today()
    yield from _put_back(record, heads, record.at)
    if position < record.position:
        yield f"feed place {position + 1}", f"it is gone: the newest file records {record.position} places"


def _present(record: rules.Record) -> list[str | None]:
    found: list[str | None] = []
    for part in _parts([(subject, sequence) for _file, subject, sequence, _digest in record.recorded]):
        with connection.cursor() as cursor:
            cursor.execute(_PRESENT, _columns(part))
            found += [digest for (digest,) in cursor]
    return found


def _put_back(record: rules.Record, heads: rules.Heads, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield events behind the newest heads that are dated before the file that does not know them."""
    moved = [
        (subject, record.heads[subject][0] if subject in record.heads else 0)
        for subject, head in heads.items()
        if record.heads.get(subject) != head
    ]
    for part in _parts(moved):
        with connection.cursor() as cursor:
            cursor.execute(_BEHIND, [*_columns(part), at - chain.PUT_BACK])
            for place, sequence in cursor:
                yield f"{part[place - 1][0]} event {sequence}", f"it is dated before the head of {at:%Y-%m-%d %H:%M}"


def _parts(rows: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _columns(rows: Sequence[tuple[str, int]]) -> list[list[object]]:
    return [[subject.partition(":")[2] for subject, _number in rows], [number for _subject, number in rows]]
