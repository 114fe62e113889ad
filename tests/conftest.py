"""Fixtures of every test: a clock, people by role, closed sockets."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib import import_module

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from pytest_django.plugin import blocking_manager_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_configure() -> None:
    """Hash passwords quickly: no test is about their strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """A test with real commits empties every table behind it, past the triggers that forbid it: put back the seed."""
    marker = item.get_closest_marker("django_db")
    commits = (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())
    with pgtrigger.ignore() if commits else nullcontext():
        yield
    if commits and nextitem is not None:  # behind the last test the database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            for seeding in ("0002_policies", "0013_known"):
                import_module(f"claims.migrations.{seeding}").seed(apps, None)


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test out of this machine: UNIX sockets and loopback only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
