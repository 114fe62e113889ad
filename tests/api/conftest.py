"""A caller with a token for every test of the REST door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from claims.models import Article, Claim
from claims.services import articles
from claims.services import claims as claims_service
from claims.splitting import FoundClaim, Splitting
from claims.splitting.types import Attribution, Certainty, Kind, Salience, Span
from factcheck import ledger
from factcheck.access.models import Client, mint
from factcheck.access.roles import Role, Scope
from factcheck.api.problems import type_of
from factcheck.lib import clock
from sources.models import Document
from tests.factories import person, split_article, token

API = "/api/v1"
PAGE = "https://courier.example/bridge"
TEXT = "The bridge is closed to lorries. Engineers found cracks in two pillars."


@dataclass
class Caller:
    """Speaks JSON under /api/v1 with one token."""

    secret: str
    browser: Browser = field(default_factory=lambda: Browser(raise_request_exception=False))

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self.browser.get(at(path), query, headers={**self.headers(), **(headers or {})})

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.raw(path, sent, headers=headers)

    def raw(
        self,
        path: str,
        body: bytes,
        *,
        method: str = "POST",
        media_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Any:
        sent = {**self.headers(), **(headers or {})}
        return self.browser.generic(method, at(path), body, content_type=media_type, headers=sent)


@pytest.fixture(autouse=True)
def _without_static_files(settings: Any) -> None:
    """Leave out the middleware that reads every static file when it starts: no route here needs it."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]


@pytest.fixture(autouse=True)
def _no_rate_of_the_address(settings: Any) -> None:
    """Every test comes from one address; tokens keep their rate, each its own."""
    settings.RATE_LIMIT_ADDRESS = None


def plain_split(text: str, **_more: Any) -> Splitting:
    """Make each sentence a claim of its own: what these tests look at is the door, not the splitting."""
    spans = [Span(found.start(), found.end(), found[0]) for found in re.finditer(r"[A-Z][^.]*\.", text)]
    return Splitting(
        tuple(
            FoundClaim(
                spans=(span,),
                text=" ".join(span.quote.split()),
                sources=(Attribution("officials", "said"),),
                certainty=Certainty.UNCONFIRMED if "confirmed" in span.quote else Certainty.ASSERTED,
                kind=Kind.FACT,
                checkable=True,
                salience=Salience.CORE,
                check_worthy=0.5,
            )
            for span in spans
        )
    )


@pytest.fixture(autouse=True)
def _plain_splitting(monkeypatch: pytest.MonkeyPatch) -> None:
    def split(held: ledger.Lease) -> None:
        articles.split_due(held, now=clock.now(), split=plain_split)

    monkeypatch.setitem(ledger.register.works, "split", ledger.Work("split", Article, split, batch=1))


def at(path: str) -> str:
    return path if path.startswith("/") else f"{API}/{path}"


@pytest.fixture
def checker(db: None) -> Caller:
    """A fact-checker with every scope that a person's token may have."""
    return Caller(token(person()))


@pytest.fixture
def reader(db: None) -> Caller:
    return Caller(token(person(Role.READER), Scope.READ_ALL))


@pytest.fixture
def suggester(db: None) -> Caller:
    """A client that may suggest."""
    return client_with(Scope.WRITE_SUGGEST)


@pytest.fixture
def subscriber(db: None) -> Caller:
    """A client that may read what is published."""
    return client_with(Scope.READ_PUBLISHED)


@pytest.fixture
def nobody() -> Caller:
    return Caller("")


def client_with(*scopes: Scope, name: str = "Newsroom") -> Caller:
    client, _made = Client.objects.get_or_create(name=name)
    return Caller(mint(name="cms", scopes=[scope.value for scope in scopes], client=client)[1])


@pytest.fixture
def today() -> datetime:
    """The time that the doors will read: rows made with it are neither old nor of tomorrow."""
    return clock.now()


@pytest.fixture
def article(db: None, today: datetime) -> Article:
    """A split article."""
    return split_article(today, title="Bridge talks collapse")


@pytest.fixture
def claim(db: None, today: datetime) -> Claim:
    """A claim by hand."""
    return claims_service.make("The bridge is closed to lorries.", now=today, by=person(username="author"))


@pytest.fixture
def page(db: None, today: datetime) -> Document:
    """A watched page that was read."""
    return read_page(today)


def read_page(now: datetime, url: str = PAGE, text: str = TEXT) -> Document:
    """Watch a page and keep a first version of it, as a look would."""
    from sources.fetching.reading import read
    from sources.models import Snapshot
    from sources.services import documents

    document, _new = documents.watch(url, now=now)
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    documents.keep(
        document, reading, raw=text.encode(), media_type="text/plain", now=now,
        captured_by=Snapshot.CapturedBy.FETCH,
    )  # fmt: skip
    Document.objects.filter(pk=document.pk).update(due_at=now + timedelta(hours=1), outcome="changed", seen_at=now)
    document.refresh_from_db()
    return document


Counts = Callable[[], dict[str, int]]


@pytest.fixture
def counts(db: None) -> Counts:
    """Count the rows of every table of ours; a token's last use is no row."""
    from django.apps import apps

    models = [model for label in ("claims", "sources", "access") for model in apps.get_app_config(label).get_models()]

    def counted() -> dict[str, int]:
        return {model.__name__: model._default_manager.count() for model in models}

    return counted


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is one of our problems, whole; return it."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.content)
    assert set(told) - {"errors", "violated-policies"} == {
        "type",
        "title",
        "status",
        "code",
        "detail",
        "instance",
        "request_id",
    }
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"] == type_of(code)
    assert told["request_id"] == answer["X-Request-ID"]
    assert "Traceback" not in answer.content.decode()
    return told
