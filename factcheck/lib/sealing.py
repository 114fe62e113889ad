"""Text that the server must be able to read again, sealed with a key that is not in the database."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBroken(Exception):
    """None of the keys opens it: a key is missing, or the text was changed."""


class Seal:
    """AES-128-CBC with HMAC-SHA256 (Fernet) under keys that HKDF derives, one set for each purpose."""

    def __init__(self, keys: Sequence[str], *, purpose: str) -> None:
        """Seal with the first of the keys, open with any, so that a new key is put in front of the old ones."""
        self._fernet = MultiFernet([Fernet(_derived(key, purpose)) for key in keys])

    def seal(self, text: str) -> str:
        """Return the sealed text, in letters that fit anywhere."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return what was sealed; raises SealBroken."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as broken:
            raise SealBroken("None of the keys opens it.") from broken


def _derived(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"factcheck {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
