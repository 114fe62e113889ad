"""Sessions that are useless from a dump: the database holds the hash of the key, and what is in them sealed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from factcheck.lib import clock
from factcheck.lib.sealing import Seal, SealBroken

BEGAN, SEEN = "began_at", "seen_at"
KEY_LENGTH = 40  # the column's; 160 bits


def digest_of(session_key: str) -> str:
    """Return what the database holds of a session's key."""
    return hashlib.sha256(session_key.encode("utf-8", "replace")).hexdigest()[:KEY_LENGTH]


@cache
def _seal() -> Seal:
    return Seal(settings.SECRETS_KEY, purpose="sessions")


class SessionStore(db.SessionStore):
    """Django's sessions in the database, found by the hash of their key."""

    def _get_session_from_db(self) -> Session | None:
        stored = Session.objects.filter(
            session_key=digest_of(self.session_key or ""), expire_date__gt=clock.now()
        ).first()
        if stored is None:
            self._session_key = None
        return stored

    def exists(self, session_key: str) -> bool:
        """Say whether there is such a session."""
        return super().exists(digest_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of this session, with when it began and was last written."""
        now = clock.now().timestamp()
        data.setdefault(BEGAN, now)
        data[SEEN] = now
        row = cast(Session, super().create_model_instance(data))
        row.session_key = digest_of(row.session_key)
        row.expire_date = clock.now() + timedelta(seconds=self.get_expiry_age())
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session; this one unless another is named."""
        known = session_key or self.session_key
        if known:
            super().delete(digest_of(known))

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal what is in a session."""
        return _seal().seal(json.dumps(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Open what is in a session; one that no key opens is empty."""
        try:
            opened: dict[str, Any] = json.loads(_seal().open(str(session_data)))
        except SealBroken:
            return {}
        return opened


def forget_old(now: datetime) -> None:
    """Take away sessions that have ended."""
    Session.objects.filter(expire_date__lt=now).delete()
