"""Heads outside the database: written daily, signed, never over another, and held against what is there."""

from __future__ import annotations

import io
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from claims.models import Claim, Event, Feed
from claims.services import events, heads
from factcheck import chores
from tests.claims.test_audit import tamper, verified
from tests.factories import claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "secret" / "key.pem"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "heads"


def public(key: Path) -> Path:
    """Where others keep the public key."""
    path = key.with_name("public.pem")
    heads.make_key(key)
    path.write_bytes(heads.public_pem(heads.signing_key(key)))
    return path


def add(one: Claim, *, now: datetime) -> None:
    with transaction.atomic():
        events.record(one, "claim.seen", now=now)


def compared(folder: Path, key: Path) -> str:
    return verified("--heads", str(folder), "--public-key", str(public(key)))


def findings(folder: Path, key: Path) -> list[tuple[str, str]]:
    return list(heads.held_against(folder, heads.public_key(public(key).read_bytes())))


def test_each_day_adds_a_small_file_and_the_database_agrees_with_all(now: datetime, folder: Path, key: Path) -> None:
    ones = [claim(now) for _claim in range(3)]
    first = heads.write(folder, key, now=now)
    assert first.name == "000001-2026-03-02.head"
    add(ones[0], now=now + timedelta(hours=1))
    second = heads.write(folder, key, now=now + timedelta(days=1))
    assert second.name == "000002-2026-03-03.head"
    assert second.read_text().count("claim:") == 1
    third = heads.write(folder, key, now=now + timedelta(days=2))
    assert third.read_text().count("claim:") == 0
    assert "every chain holds.\n" in compared(folder, key)
    assert "not held against signed heads" in verified()
    assert sorted(path.name for path in folder.iterdir()) == [first.name, second.name, third.name]


def test_the_key_is_made_once_and_for_its_owner_only(key: Path) -> None:
    with pytest.raises(heads.NoKey, match="AUDIT_KEY_FILE"):
        heads.signing_key(key)
    heads.make_key(key)
    one = key.read_bytes()
    heads.make_key(key)
    assert key.read_bytes() == one
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_another_kind_of_key_is_refused_in_words(key: Path) -> None:
    other = generate_private_key(SECP256R1())
    key.parent.mkdir()
    key.write_bytes(other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    with pytest.raises(TypeError, match="AUDIT_KEY_FILE"):
        heads.signing_key(key)
    pem = other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(TypeError, match="no Ed25519 key"):
        heads.public_key(pem)


def test_no_file_is_written_over(now: datetime, folder: Path, key: Path) -> None:
    folder.mkdir()
    (folder / "000001-2026-03-02.head").mkdir()
    with pytest.raises((FileExistsError, IsADirectoryError)):
        heads.write(folder, key, now=now)
    assert [path.name for path in folder.iterdir()] == ["000001-2026-03-02.head"]


def test_an_empty_folder_proves_nothing(now: datetime, folder: Path, key: Path) -> None:
    assert findings(folder, key) == [(str(folder), "there is no head file in it")]


def test_a_chain_that_was_written_anew_without_a_fault_is_found_by_its_head(
    now: datetime, folder: Path, key: Path
) -> None:
    one = claim(now)
    add(one, now=now)
    heads.write(folder, key, now=now)
    tamper("DELETE FROM claims_outbox; DELETE FROM claims_payload; DELETE FROM claims_event")
    with transaction.atomic():
        events.record(one, "claim.created", now=now, status="unreviewed")
        events.record(one, "claim.seen", now=now, note="a forgery")
    assert "every chain holds" in verified()
    assert [(where, what.split(":")[0]) for where, what in findings(folder, key)] == [
        (f"claim:{one.uid} event 2", "it is not the one that 000001-2026-03-02.head records"),
    ]
    with pytest.raises(CommandError, match="1 rows do not fit"):
        compared(folder, key)


def test_an_older_state_is_found_by_what_is_gone(now: datetime, folder: Path, key: Path) -> None:
    one = claim(now)
    events.number_all(now=now)
    heads.write(folder, key, now=now)
    tamper("DELETE FROM claims_outbox; DELETE FROM claims_payload;DELETE FROM claims_feed; DELETE FROM claims_event")
    assert Event.objects.count() == Feed.objects.count() == 0
    assert findings(folder, key) == [
        (f"claim:{one.uid} event 1", "it is gone, but 000001-2026-03-02.head records it"),
        ("feed place 1", "it is gone: the newest file records 1 places"),
    ]


def test_an_event_that_is_dated_before_the_newest_head_is_found(now: datetime, folder: Path, key: Path) -> None:
    one, other = claim(now), claim(now)
    heads.write(folder, key, now=now + timedelta(days=1))
    add(other, now=now + timedelta(days=1))
    add(one, now=now + timedelta(hours=1))
    new = claim(now)
    at = f"it is dated before the head of {now + timedelta(days=1):%Y-%m-%d %H:%M}"
    assert set(findings(folder, key)) == {(f"claim:{one.uid} event 2", at), (f"claim:{new.uid} event 1", at)}


def test_the_command_writes_a_head_and_prints_the_key(now: datetime, folder: Path, key: Path) -> None:
    claim(now)
    out = io.StringIO()
    call_command("audit_head", stdout=out)
    written = Path(out.getvalue().strip())
    assert written.parent == settings.AUDIT_HEADS_DIR
    assert '"number":' in written.read_text()
    out = io.StringIO()
    call_command("audit_head", "--public-key", stdout=out)
    assert out.getvalue().startswith("-----BEGIN PUBLIC KEY-----\n")


def test_verifying_makes_no_key_and_says_what_to_do(folder: Path, key: Path) -> None:
    with override_settings(AUDIT_KEY_FILE=key):
        with pytest.raises(CommandError, match="audit_head"):
            call_command("audit_head", "--public-key")
        with pytest.raises(CommandError, match="--public-key FILE"):
            verified("--heads", str(folder))
        with pytest.raises(CommandError, match=r"Nothing was verified: .*desk\.pub"):
            verified("--heads", str(folder), "--public-key", str(folder / "desk.pub"))
    assert not key.exists()


def test_a_folder_that_two_keys_signed_is_verified_with_both(now: datetime, folder: Path, key: Path) -> None:
    other = key.parent / "newer" / "key.pem"
    claim(now)
    heads.write(folder, key, now=now)
    heads.write(folder, other, now=now + timedelta(days=1))
    both = ["--public-key", str(public(key)), "--public-key", str(public(other))]
    assert "every chain holds" in verified("--heads", str(folder), *both)
    only = list(heads.held_against(folder, heads.public_key(public(other).read_bytes())))
    assert only == [("000001-2026-03-02.head", "it is not signed by this key")]


def test_our_own_key_is_taken_where_none_is_named(now: datetime) -> None:
    chores.ROUTINES["audit_head"].do(now)
    files = list(heads.files(settings.AUDIT_HEADS_DIR))
    assert chores.ROUTINES["audit_head"].every == timedelta(days=1)
    assert files
    with pytest.raises(CommandError) as refusal:
        verified("--heads", str(settings.AUDIT_HEADS_DIR.parent))
    assert "do not fit" in str(refusal.value)
