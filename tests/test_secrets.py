"""A stolen dump or log opens nothing: known secrets go through the doors, then everything that is kept is searched."""

from __future__ import annotations

import base64
import json
import logging
import re
import secrets as random
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from factcheck.access.models import Client as Newsroom
from factcheck.access.models import User
from factcheck.access.roles import Role, Scope
from tests.access.browser import CODE, enrol, sign_in
from tests.access.provider import CLIENT_ID, Provider, running
from tests.claims.admin.conftest import said
from tests.factories import person

pytestmark = pytest.mark.django_db


class Kept(logging.Handler):
    """Keeps every log line, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    """Everything that is logged, at DEBUG, the queries too."""
    kept, root, level = Kept(), logging.getLogger(), logging.getLogger().level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    quiet = logging.getLogger("django").level
    logging.getLogger("django").setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield kept
    connection.force_debug_cursor = False
    root.removeHandler(kept)
    root.setLevel(level)
    logging.getLogger("django").setLevel(quiet)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider with a secret for us."""
    with running() as one:
        app = {
            "provider_id": "desk", "name": "N", "client_id": CLIENT_ID, "secret": "the provider's secret for us",
            "settings": {"server_url": one.issuer},
        }  # fmt: skip
        settings.OIDC_ISSUER = one.issuer
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield one


def dump() -> str:
    """Return every row of every table, as a backup holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert {"public.django_session", "public.mfa_authenticator", "public.access_token"} <= set(tables)
        parts = []
        for table in tables:
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as rows:
                parts += [bytes(piece).decode("utf-8", "replace") for piece in rows]
    return "".join(parts)


def unpacked(text: str) -> str:
    """Return the text with all that only looks closed: base64 that anybody opens, also where it is compressed."""
    opened = [text]
    for word in re.findall(r"[A-Za-z0-9_\-+/]{24,}={0,2}", text):
        padded = word.translate(str.maketrans("-_", "+/")).rstrip("=")
        try:
            raw = base64.b64decode(padded + "=" * (-len(padded) % 4))
        except ValueError:
            continue
        opened.append(raw.decode("utf-8", "replace"))
        try:
            opened.append(zlib.decompress(raw).decode("utf-8", "replace"))
        except zlib.error:
            continue
    return "\n".join(opened)


def come_in(client: Client, known: dict[str, str], name: str, role: Role, number: int) -> User:
    """Sign somebody in with a known password, with a second factor, and note every secret on the way."""
    password = known[f"password {number}"] = random.token_urlsafe(12)
    user = User.objects.create_user(username=name, password=password, role=role)
    known[f"mistyped {number}"] = password[::-1]
    sign_in(client, name, password[::-1])
    sign_in(client, name, password)
    known[f"session before {number}"] = client.cookies["session"].value
    seed, codes = enrol(client)
    known[f"seed {number}"] = seed
    known |= {f"recovery {number}.{place}": code for place, code in enumerate(codes[:6])}
    known[f"session {number}"] = client.cookies["session"].value
    return user


def use_the_doors(known: dict[str, str], settings: Any) -> Client:
    """Make the secrets and use them."""
    chief = Client()
    come_in(chief, known, "chief", Role.ADMIN, 0)
    for number in (1, 2, 3):
        come_in(Client(), known, f"checker{number}", Role.FACT_CHECKER, number)
    newsroom = Newsroom.objects.create(name="A newsroom")
    for number in range(4):
        form = {"name": f"token {number}", "client": newsroom.pk, "scopes": [Scope.READ_ALL.value]}
        answer = chief.post(reverse("admin:access_token_add"), form, follow=True)
        known[f"token {number}"] = re.findall(r"fct_[\w-]{43}", answer.content.decode())[0]
        bearer: Any = {"HTTP_AUTHORIZATION": f"Bearer {known[f'token {number}']}"}
        assert Client().get("/api/v1/claims", **bearer).status_code == 200
        assert Client().post("/api/v1/claims", b"{", content_type="application/json", **bearer).status_code >= 400
    known["csrf"] = chief.get("/accounts/second-factor/off/").cookies["csrf"].value
    known["SECRET_KEY"] = settings.SECRET_KEY
    return chief


def use_the_provider(known: dict[str, str], provider: Provider) -> None:
    """Come in by the provider once."""
    person(Role.READER, email="ilka@desk.example")
    provider.person = {"email": "ilka@desk.example", "email_verified": True}
    client = Client()
    back = provider.authorize(client.get("/accounts/oidc/desk/login/")["Location"]).partition("/accounts")
    assert client.get(f"/accounts{back[2]}").status_code == 302
    known["session of the provider's"] = client.cookies["session"].value
    known["OIDC_CLIENT_SECRET"] = "the provider's secret for us"


def pages(chief: Client) -> str:
    """Return what the admin shows of people, tokens and clients, and the page for what breaks."""
    users, token = User.objects.order_by("pk"), reverse("admin:access_token_changelist")
    urls = [token, reverse("admin:access_user_changelist"), reverse("admin:access_client_changelist")]
    urls += [reverse("admin:access_user_change", args=[user.pk]) for user in users]
    urls += [reverse("admin:access_user_history", args=[user.pk]) for user in users]
    return "\n".join(chief.get(url).content.decode() for url in urls)


def test_fifty_secrets_are_in_no_dump_no_log_and_no_page(log: Kept, provider: Provider, settings: Any) -> None:
    settings.SECRET_KEY = "a key of this test " + random.token_urlsafe(30)
    known: dict[str, str] = {}
    chief = use_the_doors(known, settings)
    use_the_provider(known, provider)
    shown = pages(chief)
    dumped = unpacked(dump())
    with connection.cursor() as cursor:  # a bug in the middle of a login: its page, and its traceback in the log
        cursor.execute("ALTER TABLE access_tally RENAME TO gone")
    known["password in a bug"] = random.token_urlsafe(12)
    broken = sign_in(Client(raise_request_exception=False), "chief", known["password in a bug"])
    assert broken.status_code == 500
    assert len(known) >= 50
    kept = {
        "dump": dumped,
        "log": unpacked("\n".join(log.lines)),
        "admin": shown,
        "500": said(broken),
    }
    assert len(log.lines) > 100
    found = [(where, what) for where, text in kept.items() for what, secret in known.items() if secret in text]
    assert found == []


def test_the_search_finds_what_is_there(log: Kept) -> None:
    """A search that finds nothing ever would pass as well."""
    User.objects.create_user(username="u", email="a-secret-that-was-left@desk.example")
    hidden = base64.b64encode(zlib.compress(json.dumps({"seed": "another secret left"}).encode())).decode()
    logging.getLogger("tests").debug("logged: %s", hidden)
    assert "a-secret-that-was-left" in unpacked(dump())
    assert "another secret left" in unpacked("\n".join(log.lines))


def test_what_a_dump_holds_of_a_session_opens_no_door() -> None:
    person(Role.ADMIN)
    client = Client()
    sign_in(client, "admin")
    from django.contrib.sessions.models import Session

    thief = Client()
    thief.cookies["session"] = Session.objects.get().session_key
    assert thief.get("/admin/").status_code == 302
    assert thief.get(CODE).status_code == 302
