"""Starts PostgreSQL and Valkey for the tests before settings are read; an operator's own servers win."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile

import pytest

from factcheck import embedded

_HOLDS: list[embedded.Hold] = []
_FOLDERS: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Bring up the embedded servers once; workers of xdist inherit their addresses from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    if "AUDIT_HEADS_DIR" not in os.environ:
        _FOLDERS.append(tempfile.mkdtemp(prefix="heads"))
        os.environ["AUDIT_HEADS_DIR"] = _FOLDERS[-1]
        os.environ["AUDIT_KEY_FILE"] = f"{_FOLDERS[-1]}/key.pem"
    os.environ.setdefault("SECOND_FACTOR", "optional")
    try:
        if embedded.wanted(os.environ):
            hold = embedded.Hold(embedded.place(os.environ.get("TEST_SERVICES", "test")))
            _HOLDS.append(hold)
            os.environ["DATABASE_URL"] = hold.place.database_url
            os.environ["REDIS_URL"] = hold.place.redis_url
            # Tests make and empty databases, so they run as the owner; tests/test_grants.py and the desks of
            # tests/chaos come as the application.
            os.environ["DATABASE_OWNER_URL"] = hold.place.owner_url
            os.environ["DATABASE_AS_OWNER"] = "1"
    except embedded.Refused as refusal:
        raise pytest.UsageError(str(refusal)) from refusal


def pytest_unconfigure() -> None:
    """Stop what was started."""
    while _HOLDS:
        _HOLDS.pop().release()
    while _FOLDERS:
        shutil.rmtree(_FOLDERS.pop(), ignore_errors=True)
