"""Where the bytes of pages lie: compressed beside their row, or in an S3-compatible store outside.

An object is named by the SHA-256 of its body and written before the transaction of its row: one that no row ever
named is an orphan that a chore removes. A row holds the object's whole address, so that it stays readable whatever
the setting says later.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

CONNECT_WITHIN_S, ANSWER_WITHIN_S, TRIES = 3, 10, 3
LONGEST_ADDRESS = 500


class Unavailable(Exception):
    """The store does not answer, or refuses: nothing was kept, nothing is lost. Try again later."""


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

    def path_of(self, digest: str) -> str:
        """Return where in the bucket the body of that digest lies."""
        return "/".join(part for part in (self.path, digest[:2], f"{digest}.z") if part)


def keep(body: bytes) -> Kept:
    """Keep a body; call it before the transaction of its row. Raises Unavailable; harmless when done twice."""
    digest, packed = hashlib.sha256(body).hexdigest(), zlib.compress(body, 6)
    if not settings.RAW_STORAGE:
        return Kept(packed, "", len(body), digest)
    place = Place.of(settings.RAW_STORAGE)
    path = place.path_of(digest)
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
    """Remove an object; harmless where it is gone. Raises Unavailable."""
    place = Place.of(key)
    _asked(place, "delete_object", Key=place.path)


def lying_since(before: datetime) -> Iterator[list[str]]:
    """Yield the addresses, in batches, of the objects under the setting's place that were written before that time."""
    if not settings.RAW_STORAGE:
        return
    place = Place.of(settings.RAW_STORAGE)
    prefix = f"{place.path}/" if place.path else ""
    token: dict[str, str] = {}
    while True:
        answer = _asked(place, "list_objects_v2", Prefix=prefix, **token)
        yield [place.address(one["Key"]) for one in answer.get("Contents", ()) if one["LastModified"] < before]
        if not answer.get("IsTruncated"):
            return
        token = {"ContinuationToken": answer["NextContinuationToken"]}


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
