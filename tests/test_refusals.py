"""Wrong settings stop web, worker, beat and dispatch within seconds, with a sentence that says what to do."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, Error, Tags, run_checks
from django.test import override_settings

from factcheck import checks, embedded, rules_of_settings

ROOT = Path(__file__).resolve().parent.parent
KEY = secrets.token_urlsafe(50)
DATABASE = "postgresql://desk:a-long-password@10.1.2.3/desk"
QUEUE = "redis://:another-password@10.1.2.4:6379/0"
# A desk in production; each row below spoils one thing of it.
RIGHT = {
    "SECRET_KEY": KEY,
    "SECRETS_KEY": KEY[::-1],
    "ALLOWED_HOSTS": "desk.example.org",
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "PROXIES": "1",
    "DATABASE_URL": DATABASE,
    "REDIS_URL": QUEUE,
    "USER_AGENT": "Desk/1.0 (+https://desk.example.org)",
    "DATABASE_WAIT": "0",
}
WRONG: list[tuple[dict[str, str], str]] = [
    ({"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
    ({"DEBUG": "1"}, "Set DEBUG=0"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* believes every Host header"),
    ({"ALLOWED_HOSTS": "https://desk.example.org"}, "Write names only"),
    ({"HTTPS": "0", "BEHIND_PROXY": "0"}, "passwords and tokens would travel in the clear"),
    ({"PLAIN_HTTP": "1"}, "HTTPS=1 and PLAIN_HTTP=1 contradict"),
    ({"HTTPS": "0", "PLAIN_HTTP": "1"}, "HTTPS=0 leaves cookies insecure"),
    ({"PROXIES": "0"}, "BEHIND_PROXY=1 and PROXIES=0 contradict"),
    ({"CSRF_TRUSTED_ORIGINS": "http://desk.example.org"}, "CSRF_TRUSTED_ORIGINS trusts http://desk"),
    ({"CLOCK_OFFSET": "soon"}, "CLOCK_OFFSET='soon' is not a number"),
    ({"CLOCK_OFFSET": "3600"}, "CLOCK_OFFSET shifts the clock"),
    ({"LOOPBACK_HOSTS": "news.test=127.0.0.1:8123"}, "Leave LOOPBACK_HOSTS out"),
    ({"HOST_GAP": "0"}, "Leave HOST_GAP out"),
    ({"REDIS_URL": "redis://10.1.2.4:6379/0"}, "REDIS_URL names 10.1.2.4 without a password"),
    ({"REDIS_URL": "rediss://:pw-of-queue@q.example.org/0?ssl_cert_reqs=none"}, "turns the certificate's check off"),
    ({"DATABASE_URL": "postgresql://desk@10.1.2.3/desk"}, "DATABASE_URL names 10.1.2.3 without a password"),
    ({"DATABASE_URL": "postgresql://desk:pw@db.example.org/desk?sslmode=disable"}, "Write sslmode=verify-full"),
    ({"DATABASE_POOL": "1", "DATABASE_URL": f"{DATABASE}?conn_max_age=60"}, "DATABASE_POOL=1 and conn_max_age"),
    ({"DATABASE_URL": "", "REDIS_URL": ""}, "The embedded PostgreSQL is for one machine"),
    ({"LOG_LEVEL": "DEBUG"}, "Set LOG_LEVEL=INFO"),
    ({"METRICS_TOKEN": "metrics"}, "METRICS_TOKEN can be guessed"),
    ({"METRICS_TOKEN": KEY}, "One secret is used twice"),
    ({"MONITOR_BLIND_AFTER": "86400"}, "every page would count as unseen"),
    ({"SECRETS_KEY": f"{KEY},hunter22"}, "SECRETS_KEY, or SECRET_KEY_FALLBACKS in its place, holds a key that can be"),
    ({"CLAIMS_LLM_URL": "https://models.example.org/v1"}, "CLAIMS_LLM_URL is set without CLAIMS_LLM_MODEL"),
    ({"ARCHIVE_KEY": "access:of-the-archive"}, "ARCHIVE_KEY is set, and ARCHIVE_URL is not"),
    ({"ARCHIVE_URL": "http://a.example/save", "ARCHIVE_KEY": "access:x"}, "ARCHIVE_URL begins with http://"),
    ({"ARCHIVE_URL": "https://10.0.0.7/save"}, "ARCHIVE_URL cannot be asked"),
    ({"ARCHIVE_URL": "https://a.example/save", "ARCHIVE_KEY": "another-password"}, "One secret is used twice"),
    ({"CLAIMS_LLM_KEY": "key-of-the-model"}, "CLAIMS_LLM_KEY is set without CLAIMS_LLM_URL"),
    (
        {
            "CLAIMS_LLM_URL": "http://models.example.org/v1",
            "CLAIMS_LLM_MODEL": "m",
            "CLAIMS_LLM_KEY": "key-of-the-model",
        },
        "CLAIMS_LLM_URL reaches models.example.org over http",
    ),
    (
        {"CLAIMS_LLM_URL": "https://models.example.org", "CLAIMS_LLM_MODEL": "m", "CLAIMS_LLM_KEY": "another-password"},
        "One secret is used twice",
    ),
    ({"CLAIMS_LLM_URL": "https://me:key-of-the-model@models.example.org"}, "CLAIMS_LLM_URL is wrong: leave out"),
    ({"CLAIMS_LLM_KEY": "key-of-the-model\u00e9"}, "CLAIMS_LLM_KEY cannot be sent as an HTTP header"),
    ({"CLAIMS_LANGUAGES": "en,tlh"}, "CLAIMS_LANGUAGES must name some of en, de; tlh"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL='loud' is none of DEBUG"),
    ({"TIME_ZONE": "Vienna"}, "TIME_ZONE='Vienna' is no time zone"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({}, "The database did not answer within 0 s"),
]
PROCESSES = {
    "web": ["-m", "gunicorn", "factcheck.wsgi", "-b", "127.0.0.1:0"],
    "worker": ["-m", "celery", "-q", "-A", "factcheck.celery", "worker", "-c", "1"],
    "beat": ["-m", "celery", "-q", "-A", "factcheck.celery", "beat", "--pidfile=", "--schedule=beat"],
    "dispatch": ["manage.py", "dispatch", "--once"],
}
# One process a wrong setting, in turn; REFUSALS=all tries each with each.
CASES = [
    (process, spoilt, says)
    for number, (spoilt, says) in enumerate(WRONG)
    for place, process in enumerate(PROCESSES)
    if os.environ.get("REFUSALS") == "all" or number % len(PROCESSES) == place
]


def started(process: str, settings: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], **RIGHT, **settings}
    if environ["DATABASE_URL"] == "":  # as manage.py fills them in
        place = embedded.place()
        environ |= {"DATABASE_URL": place.database_url, "REDIS_URL": place.redis_url}
    if environ["DATABASE_URL"] == DATABASE:  # a port of this machine at which nobody listens answers at once
        environ["DATABASE_URL"] = DATABASE.replace("10.1.2.3", "127.0.0.1:1")
    return subprocess.run(
        [sys.executable, *(word.replace("=beat", f"={folder}/beat") for word in PROCESSES[process])],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(("process", "spoilt", "says"), CASES)
def test_a_wrong_setting_stops_every_process_in_words(
    process: str, spoilt: dict[str, str], says: str, tmp_path: Path
) -> None:
    done = started(process, spoilt, tmp_path)
    assert done.returncode == checks.REFUSED, done.stderr
    assert says in done.stderr
    assert "Cannot start: " in done.stderr
    assert "Traceback" not in done.stderr
    for secret in (KEY, "a-long-password", "another-password", "pw-of-queue", "hunter22", "key-of-the-model"):
        assert secret not in done.stderr


def messages(**changed: Any) -> set[str]:
    """Return the ids of what the rules say of these settings."""
    with override_settings(**changed):
        return {str(message.id) for message in run_checks(tags=[Tags.security])}


def test_the_settings_of_the_tests_and_of_a_laptop_are_right() -> None:
    assert not messages(ALLOWED_HOSTS=["127.0.0.1", "localhost", "[::1]"])


def test_a_desk_in_production_is_right() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **RIGHT},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("key", "guessable"),
    [
        ("a" * 60, True),
        ("abcdefghij" * 6, True),
        ("please-change-this-key-before-you-go-into-production-0123", True),
        (secrets.token_hex(32), False),
        (secrets.token_urlsafe(50), False),
    ],
    ids=["one letter", "repeated", "a sentence", "hexadecimal", "any letters"],
)
def test_a_key_is_held_to_its_randomness_not_only_to_its_length(key: str, guessable: bool) -> None:
    assert ("factcheck.E001" in messages(SECRET_KEY=key, ALLOWED_HOSTS=["localhost"])) is guessable
    assert ("factcheck.E022" in messages(SECRETS_KEY=[KEY, key], ALLOWED_HOSTS=["localhost"])) is guessable


def test_a_key_in_two_places_is_told_once() -> None:
    assert messages(SECRET_KEY="short", SECRETS_KEY=["short"], ALLOWED_HOSTS=["localhost"]) == {"factcheck.E001"}


def test_a_wildcard_origin_is_nobodys() -> None:
    assert "factcheck.E008" in messages(CSRF_TRUSTED_ORIGINS=["https://*"])


def test_an_empty_list_of_hosts_answers_nobody() -> None:
    assert "factcheck.E004" in messages(ALLOWED_HOSTS=[])


def test_what_is_rarely_meant_is_told_and_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALOWED_HOSTS", "desk.example.org")
    told = messages(
        ALLOWED_HOSTS=["desk.example.org"], HTTPS=True, BEHIND_PROXY=False, CHANGE_LOOKS=1, USER_AGENT="Bot"
    )
    assert {"factcheck.W001", "factcheck.W002", "factcheck.W003", "factcheck.W004"} <= told
    [spelling] = [message for message in run_checks() if message.id == "factcheck.W004"]
    assert checks.said(spelling) == (
        "ALOWED_HOSTS is set, and nothing reads it. Was ALLOWED_HOSTS meant? (factcheck.W004)"
    )


@pytest.mark.parametrize(
    ("host", "remote", "far"),
    [
        ("", False, False),
        ("/run/postgresql", False, False),
        ("::1", False, False),
        ("postgres", True, False),
        ("10.0.0.3", True, False),
        ("db.desk.svc", True, False),
        ("8.8.8.8", True, True),
        ("db.example.org", True, True),
    ],
)
def test_a_name_tells_how_far_a_server_is(host: str, remote: bool, far: bool) -> None:
    assert rules_of_settings.is_remote(host) is remote
    assert rules_of_settings.is_far(host) is far


def test_what_a_settings_module_silences_does_not_stop_the_start() -> None:
    planted: list[CheckMessage] = [Error("What a rehearsal breaks on purpose.", id="factcheck.X001")]
    with pytest.raises(SystemExit):
        checks._tell(planted)
    with override_settings(SILENCED_SYSTEM_CHECKS=["factcheck.X001"]):
        checks._tell(planted)
