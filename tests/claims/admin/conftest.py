"""A desk with people, one article, and one claim that rests on a page."""

from __future__ import annotations

from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Article, Claim, Evidence, Flag
from claims.services import evidence, flags
from claims.verification.staleness import StaleReason
from factcheck.access.roles import Role
from sources.fetching.reading import read
from sources.models import Document, Snapshot
from sources.services import documents
from tests.factories import claim, person, split_article

NOTICE = "Traffic notice 14.\n\nThe Selmar bridge stays open to lorries. Drivers keep a distance."


def signed_in(role: Role | str, **fields: object) -> Client:
    """Return a browser in which a person of that role is signed in."""
    client = Client()
    client.force_login(person(role, **fields))
    return client


def page_of(words: str, *, now: datetime, url: str = "https://traffic.example/notices/14") -> Document:
    """Make a watched page that says these words."""
    document, _is_new = documents.watch(url, now=now)
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url=url)
    fetch = Snapshot.CapturedBy.FETCH
    documents.keep(document, reading, raw=words.encode(), media_type="text/plain", now=now, captured_by=fetch)
    return document


def flag(claim: Claim, reason: StaleReason, *, now: datetime, document: Document | None = None, **detail: str) -> Flag:
    """Raise a flag as a check would."""
    from django.db import transaction

    with transaction.atomic():
        flags.raise_flag(claim, reason, now=now, document=document, **detail)
    return Flag.objects.filter(claim=claim).latest("id")


def said(response: Any) -> str:
    """Return the page's words, white space folded."""
    return " ".join(response.content.decode().split())


class Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {value}" for value in given.values() if (value or "").strip().startswith("javascript:")]


def inline_in(response: Any) -> list[str]:
    """Return every inline style, script and handler of a page."""
    parser = Inline()
    parser.feed(response.content.decode())
    return parser.found


@pytest.fixture
def article(db: None, now: datetime) -> Article:
    """The story of the bridge, split."""
    return split_article(now, title="Bridge talks collapse")


@pytest.fixture
def bridge(db: None, now: datetime) -> Claim:
    """A claim by hand."""
    return claim(now, by=person(username="maker"))


@pytest.fixture
def notice(db: None, now: datetime) -> Document:
    """A page that was read."""
    return page_of(NOTICE, now=now)


@pytest.fixture
def pinned(bridge: Claim, notice: Document, now: datetime) -> Evidence:
    """The claim with a sentence of that page as evidence."""
    by = person(username="attacher")
    quote = "The Selmar bridge stays open to lorries."
    return evidence.attach(bridge, notice, quote=quote, stance=Evidence.Stance.REFUTES, by=by, now=now)


@pytest.fixture
def checker(db: None) -> Client:
    """A fact-checker's browser."""
    return signed_in(Role.FACT_CHECKER)


def at(row: object, name: str = "change", *more: int | str) -> str:
    """Return the address of a row's page or action."""
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk, *more])  # type: ignore[attr-defined]


def listed(model: type, name: str = "changelist") -> str:
    """Return the address of a model's list, or of another page without a row."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")  # type: ignore[attr-defined]


LATER = timedelta(days=400)


@pytest.fixture(autouse=True)
def _quick_and_quiet(settings: Any) -> None:
    """Serve static files where they lie (a checkout has no collected ones, of which WhiteNoise warns); hash quickly."""
    settings.STATIC_ROOT = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
