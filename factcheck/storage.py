"""Where the bytes of pages lie: compressed beside their row, or in an S3-compatible store outside.

An object is named by the SHA-256 of its body and by chance, and written before the transaction of its row: it belongs
to that row alone, and one that no row ever named is an orphan that a chore removes. A row holds the object's whole
address, so that it stays readable whatever the setting says later. An object beside them, `desk`, says whose they are:
a restored copy of the database reads them, and removes none.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import connection

CONNECT_WITHIN_S, ANSWER_WITHIN_S, TRIES = 3, 10, 3
LONGEST_ADDRESS = 500
# What lies under a prefix and is ours. Names without the part that is chance are from before there was one.
_NAME = re.compile(r"(?:^|/)[0-9a-f]{2}/[0-9a-f]{64}(-[0-9a-f]{16})?\.z$")
_MARK = "desk"
_WHO = """
    SELECT system_identifier || '-' || timeline_id || '-' || (SELECT oid FROM pg_database
        WHERE datname = current_database()) FROM pg_control_system(), pg_control_checkpoint()
"""


class Unavailable(Exception):
    """The store does not answer, or refuses: nothing was kept, nothing is lost. Try again later."""


class NotOurs(Unavailable):
    """The objects there belong to another desk, of which this one may be a copy: nothing was removed."""


class Damaged(Exception):
    """What the store gave back is not what was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A body that was kept: compressed in `content`, or under the address `key` outside."""

    content: bytes | None
    key: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket and where in it, as `s3://bucket/prefix?endpoint=…&region=…` says."""

    bucket: str
    path: str
    options: str

    @classmethod
    def of(cls, address: str) -> Place:
        """Read an address."""
        parts = urlsplit(address)
        return cls(parts.netloc, parts.path.strip("/"), parts.query)

    def address(self, path: str) -> str:
        """Return the address of an object in the same bucket."""
        return f"s3://{self.bucket}/{path}" + (f"?{self.options}" if self.options else "")

    def new_path(self, digest: str) -> str:
        """Return where in the bucket a body of that digest may lie: each time another place, for one row alone."""
        return f"{self.path}/{digest[:2]}/{digest}-{secrets.token_hex(8)}.z"

    @property
    def mark(self) -> str:
        """Where it stands whose objects these are, for a place, and for the address of an object in it."""
        prefix = _NAME.sub("", self.path)
        return f"{prefix}/{_MARK}" if prefix else _MARK


def keep(body: bytes) -> Kept:
    """Keep a body for one row; call it before the row's transaction. Raises Unavailable.

    The bytes of a row that is not written are an orphan, no more.
    """
    digest, packed = hashlib.sha256(body).hexdigest(), zlib.compress(body, 6)
    if not settings.RAW_STORAGE:
        return Kept(packed, "", len(body), digest)
    place = Place.of(settings.RAW_STORAGE)
    _own(settings.RAW_STORAGE, _desk())
    path = place.new_path(digest)
    _asked(place, "put_object", Key=path, Body=packed)
    return Kept(None, place.address(path), len(body), digest)


def body_of(kept: Kept) -> bytes:
    """Return the body as it was kept; raises Unavailable, or Damaged where it is another one."""
    packed = _fetched(kept.key) if kept.content is None else kept.content
    try:
        body = zlib.decompress(packed)
    except zlib.error as error:
        raise Damaged(f"{kept.key or 'a body in the database'} cannot be unpacked: {error}") from error
    if kept.digest and hashlib.sha256(body).hexdigest() != kept.digest:
        raise Damaged(f"{kept.key or 'a body in the database'} is not what was kept")
    return body


def _fetched(key: str) -> bytes:
    place = Place.of(key)
    answer = _asked(place, "get_object", Key=place.path)
    packed: bytes = answer["Body"].read()
    return packed


def remove(key: str) -> None:
    """Remove an object; harmless where it is gone. Raises Unavailable, and NotOurs."""
    place = Place.of(key)
    if owner := _owner(place):
        _ours_only(owner, place)
    _asked(place, "delete_object", Key=place.path)


def spot(key: str) -> str:
    """Return an address without its query: where an object lies, however the way to it is written."""
    return key.partition("?")[0]


def is_for_one_row(key: str) -> bool:
    """Say whether an object was named for one row alone; older ones may serve several rows with the same body."""
    found = _NAME.search(spot(key))
    return bool(found and found[1])


def lying_since(before: datetime) -> Iterator[list[str]]:
    """Yield the addresses, in batches, of our objects under the setting's place that were written before that time.

    It begins anywhere and goes round, so that whoever stops early sees the others next time.
    """
    if not settings.RAW_STORAGE:
        return
    place = Place.of(settings.RAW_STORAGE)
    middle = f"{place.path}/{secrets.token_hex(1)}"
    for first, last in ((middle, ""), ("", middle)):
        for objects in _listed(place, StartAfter=first):
            names = [one["Key"] for one in objects if one["LastModified"] < before]
            ours = [name for name in names if _NAME.fullmatch(name.removeprefix(f"{place.path}/"))]
            yield [place.address(name) for name in ours if not last or name < last]
            if last and objects and objects[-1]["Key"] > last:
                break


def refuse_others() -> None:
    """Raise NotOurs unless this database is known to have written what lies under the setting's place."""
    if settings.RAW_STORAGE:
        place = Place.of(settings.RAW_STORAGE)
        _ours_only(_owner(place), place)


def _listed(place: Place, **more: str) -> Iterator[list[Any]]:
    while True:
        answer = _asked(place, "list_objects_v2", Prefix=f"{place.path}/", **more)
        yield answer.get("Contents", [])
        if not answer.get("IsTruncated"):
            return
        more = {"ContinuationToken": answer["NextContinuationToken"]}


def _desk() -> str:
    """Return what this database is known by, and no restored copy of it, of a dump or of the server's files."""
    with connection.cursor() as cursor:
        cursor.execute(_WHO)
        return str(cursor.fetchone()[0])


def _owner(place: Place) -> str:
    """Return whose objects lie there; empty where nobody said so."""
    found = _asked(place, "list_objects_v2", Prefix=place.mark, MaxKeys=1).get("Contents", [])
    if [one["Key"] for one in found] != [place.mark]:
        return ""
    answer = _asked(place, "get_object", Key=place.mark)
    return str(answer["Body"].read().decode())


def _ours_only(owner: str, place: Place) -> None:
    if owner != _desk():
        raise NotOurs(
            f"s3://{place.bucket}/{place.mark} names another desk, or none: nothing is removed there. "
            "See “A copy of the desk” in docs/operating.md."
        )


@lru_cache(maxsize=8)
def _own(address: str, desk: str) -> None:
    """Write once that what lies there is this desk's, unless it is another one's."""
    place = Place.of(address)
    if not _owner(place):
        _asked(place, "put_object", Key=place.mark, Body=desk.encode())


def _asked(place: Place, what: str, **more: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return getattr(_client(place.options), what)(Bucket=place.bucket, **more)
    except (BotoCoreError, ClientError, OSError) as error:
        raise Unavailable(f"the store of raw pages does not answer as it should: {error}") from error


@lru_cache(maxsize=8)
def _client(options: str) -> Any:
    """Return a client with bounds on everything; imported here, for most desks have no such store."""
    import boto3
    from botocore.config import Config

    given = {name: values[0] for name, values in parse_qs(options).items()}
    config = Config(
        connect_timeout=CONNECT_WITHIN_S,
        read_timeout=ANSWER_WITHIN_S,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        # Stores that are not Amazon's know neither buckets as host names nor its newer checksums.
        s3={"addressing_style": "path" if "endpoint" in given else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.session.Session().client(
        "s3", endpoint_url=given.get("endpoint"), region_name=given.get("region"), config=config
    )
