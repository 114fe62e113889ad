"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a POST whose answer got lost can be sent again.

The key's row is written in the transaction of what the request does: both are there, or neither. While a request is
being done it holds a lock that PostgreSQL lets go of with its connection, so a key whose server died is free again by
itself. A refused request does nothing and leaves its key free.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck import chores
from factcheck.access.models import AnsweredKey, Token
from factcheck.api.problems import Problem

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 255
_LOCKS = 0x66636964  # the keys' own part of the advisory locks
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE = re.compile(r"[\x21\x23-\x7e]+")


@dataclass(frozen=True, slots=True)
class Made:
    """What a POST came to: its status, and the name by which the view's `show` finds what it made."""

    status: int
    what: str


Make = Callable[..., Made]
Post = Callable[..., Response]


def once(make: Make) -> Post:
    """Make a `post` of a function that does the work and returns Made; `view.show(made)` writes the answer.

    With an Idempotency-Key the work is done once, and its answer given as often as it is asked for.
    """

    @wraps(make)
    def post(view: Any, request: Request, **place: Any) -> Response:
        sent = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if sent is None:
            shown: Response = view.show(make(view, request, **place), **place)
            return shown
        made, is_replay = _once(_read(sent), request, lambda: make(view, request, **place), view.refusals, view.now)
        shown = view.show(made, **place)
        if is_replay:
            shown["Idempotency-Replayed"] = "true"
        return shown

    post.takes_key = True  # type: ignore[attr-defined]  # for the schema
    return post


def _read(sent: str) -> str:
    """Return the key, written as a string of Structured Fields or bare."""
    quoted = _QUOTED.fullmatch(sent.strip())
    bare = sent.strip() if _BARE.fullmatch(sent.strip()) else ""
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else bare
    if not 1 <= len(key) <= LONGEST:
        said = _('Send a key of 1 to %(most)s printable ASCII characters, such as "%(uuid)s".')
        example = "8e03978e-40d5-43dd-bc93-6894a57f9324"
        raise Problem("idempotency_key_invalid", said % {"most": LONGEST, "uuid": example})
    return key


def _once(
    key: str, request: Request, make: Callable[[], Made], refusals: tuple[type[Exception], ...], now: datetime
) -> tuple[Made, bool]:
    token: Any = request.auth
    owner = _owner(token)
    asked = _digest(request)
    expected: tuple[type[Exception], ...] = (Problem, *refusals)
    with transaction.atomic():
        _lock(f"{owner}{key}")
        before = AnsweredKey.objects.filter(**owner, key=key).first()
        if before and before.at > now - KEPT:
            return _replayed(before, asked), True
        if before:
            before.delete()
        try:
            made = make()
        except expected as refusal:
            # What a service keeps in spite of its refusal (a page that is watched from now on) stays, as without a key.
            refused = refusal
        else:
            AnsweredKey.objects.create(**owner, key=key, asked=asked, status=made.status, made=made.what, at=now)
            return made, False
    raise refused


def _owner(token: Token) -> dict[str, int | None]:
    return {"user_id": token.user_id, "client_id": token.client_id}


def _digest(request: Request) -> str:
    """Tell one request from another: its method, its path, its body."""
    plain = request._request  # noqa: SLF001  DRF's own name for Django's request
    body = hashlib.sha256(plain.body).hexdigest()
    return hashlib.sha256(f"{plain.method} {plain.path} {body}".encode()).hexdigest()


def _lock(name: str) -> None:
    """Hold the key until the transaction ends, however it ends; refuse where another request does."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, number])
        if not cursor.fetchone()[0]:
            said = _("A request with this key is still being answered. Send it again in a second.")
            raise Problem("idempotency_key_in_use", said, after_s=1)


def _replayed(before: AnsweredKey, asked: str) -> Made:
    if before.asked != asked:
        said = _("This key stood for another request on %(at)s. Take a new key for each new request.")
        raise Problem("idempotency_key_reused", said % {"at": f"{before.at:%Y-%m-%d %H:%M} UTC"})
    return Made(before.status, before.made)


def forget(now: datetime) -> int:
    """Delete the keys whose time is over; return how many."""
    deleted, _by_model = AnsweredKey.objects.filter(at__lte=now - KEPT).delete()
    return deleted


chores.add("forget idempotency keys", every=timedelta(hours=1), do=forget)
