"""The heads of all chains, signed, for a place that nobody with the database can reach.

A file holds one line of JSON and one line with its Ed25519 signature. It names the file before it by hash, the heads
that moved since, and the Merkle root over all heads (RFC 6962's hashing). Whoever keeps the files and the public key
can say later whether anything that was there is gone or different, also where a whole chain was written anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from claims.verification.chain import canonical

FORM = 1
# By subject ("claim:UID"): the number and digest of its last event.
Heads = dict[str, tuple[int, str]]


@dataclass(slots=True)
class Record:
    """What a folder of head files says, taken together."""

    count: int = 0
    last: str = ""
    at: datetime | None = None
    position: int = 0
    root: str = ""
    heads: Heads = field(default_factory=dict)
    # Every head that was ever recorded, with the file that says so.
    recorded: list[tuple[str, str, int, str]] = field(default_factory=list)


def merkle(heads: Mapping[str, tuple[int, str]]) -> str:
    """Return the root over all heads, in the order of their subjects."""
    row = [hashlib.sha256(b"\0" + canonical([subject, *heads[subject]])).digest() for subject in sorted(heads)] or [
        hashlib.sha256().digest()
    ]
    while len(row) > 1:
        pairs = [
            hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        row = pairs + row[len(pairs) * 2 :]
    return row[0].hex()


def signed(record: Record, heads: Heads, *, at: datetime, position: int, key: Ed25519PrivateKey) -> bytes:
    """Return the next file behind those that are recorded."""
    body = {
        "form": FORM,
        "number": record.count + 1,
        "at": at.isoformat(),
        "events": sum(sequence for sequence, _digest in heads.values()),
        "subjects": len(heads),
        "position": position,
        "root": merkle(heads),
        "moved": {subject: head for subject, head in heads.items() if record.heads.get(subject) != head},
        "previous": record.last,
    }
    line = canonical(body)
    return line + b"\n" + key.sign(line).hex().encode() + b"\n"


def read(
    files: Iterable[tuple[str, bytes]], record: Record, *, keys: Sequence[Ed25519PublicKey]
) -> Iterator[tuple[str, str]]:
    """Take files in, in order; yield by name what is wrong. Without any key signatures are not looked at.

    A file that none of the keys signed is taken in as well: whatever it hides is named, and nothing behind it is.
    """
    for name, content in files:
        try:
            line, signature = content.rstrip(b"\n").split(b"\n")
            body = json.loads(line)
            faults = [_follows(body, record)]
            _take(name, content, body, record)
        except (ValueError, KeyError, TypeError):
            faults = ["it is no head file, or was cut"]
        else:
            if keys and not any(_is_signed(line, signature, key) for key in keys):
                faults.insert(0, "it is not signed by this key")
        yield from ((name, fault) for fault in faults if fault)
    if record.count and merkle(record.heads) != record.root:
        yield record.recorded[-1][0] if record.recorded else "the last file", "its root is not that of the heads so far"


def _is_signed(line: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(signature.decode()), line)
    except (InvalidSignature, ValueError):
        return False
    return True


def _follows(body: Mapping[str, Any], record: Record) -> str:
    if body["number"] != record.count + 1:
        return f"file number {record.count + 1} is missing before it"
    return "" if body["previous"] == record.last else "it does not follow from the file before it"


def _take(name: str, content: bytes, body: Mapping[str, Any], record: Record) -> None:
    moved = {subject: (int(sequence), str(digest)) for subject, (sequence, digest) in body["moved"].items()}
    for subject in moved:
        UUID(subject.partition(":")[2])
    record.at, record.position = datetime.fromisoformat(body["at"]), int(body["position"])
    record.count, record.root, record.last = body["number"], body["root"], hashlib.sha256(content).hexdigest()
    record.heads.update(moved)
    record.recorded += [(name, subject, *head) for subject, head in moved.items()]


def differences(record: Record, present: Sequence[str | None]) -> Iterator[tuple[str, str]]:
    """Hold every recorded head against the digest that is there today under its subject and number."""
    for (name, subject, sequence, digest), today in zip(record.recorded, present, strict=True):
        if today is None:
            yield f"{subject} event {sequence}", f"it is gone, but {name} records it"
        elif today != digest:
            yield f"{subject} event {sequence}", f"it is not the one that {name} records: its chain was written anew"
