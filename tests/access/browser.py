"""A browser at the login's doors, and the authenticator app of a test."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from factcheck.access.models import User

PASSWORD = "a long password"
LOGIN, CODE, ENROL, OFF = (
    "/accounts/login/", "/accounts/second-factor/code/", "/accounts/second-factor/enrol/",
    "/accounts/second-factor/off/",
)  # fmt: skip


def sign_in(client: Client, name: str, password: str = PASSWORD, *, to: str = "/admin/", **more: Any) -> Any:
    """Send the login form."""
    return client.post(LOGIN, {"login": name, "password": password, "next": to}, **more)


def code_of(seed: str, *, step: int = 0) -> str:
    """Return what the app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30 + step)))


def enrol(client: Client) -> tuple[str, list[str]]:
    """Set up a second factor in a signed-in browser; return the seed and the recovery codes."""
    page = client.get(ENROL).content.decode()
    seed = re.findall(r'<code class="seed-words">([A-Z2-7]+)</code>', page)[0]
    answer = client.post(ENROL, {"code": code_of(seed)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/recovery-codes/"), answer.content.decode()
    return seed, re.findall(r"<code>(\d{8})</code>", client.get("/accounts/recovery-codes/").content.decode())


def has_second_factor(user: User) -> bool:
    """Look into the database."""
    return bool(Authenticator.objects.filter(user=user, type="totp").exists())
