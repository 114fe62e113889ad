"""Rows for tests, made through the services that make them in production."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.models import Article, Claim
from claims.services import articles, claims
from factcheck import ledger
from factcheck.access.models import Token, User, mint
from factcheck.access.roles import Role, Scope

STORY = """Talks over the Selmar bridge collapsed on Monday, Mayor Ilka Brandt said.

The Harbour Courier reported that engineers had found cracks in two of the pillars. Reports that the bridge had already
been closed to lorries could not be independently confirmed.

The city council may vote on repairs next week."""


def person(role: Role | str = Role.FACT_CHECKER, **fields: Any) -> User:
    """Make a person of that role; the username is the role's unless given."""
    username = fields.pop("username", str(role) or "nobody")
    return User.objects.create_user(username=username, password="a long password", role=role, **fields)


def token(user: User, *scopes: Scope) -> str:
    """Make a token of that person with all scopes unless some are named; return its secret."""
    names = [scope.value for scope in scopes or (Scope.READ_ALL, Scope.WRITE_DESK)]
    return mint(name="test", scopes=names, user=user)[1]


# What is done with claims once they are there; a test of that does it itself.
COMPARING = frozenset({"match", "match_known", "stance"})


def split_article(now: datetime, text: str = STORY, *, outlet: str = "The Selmar Post", **fields: Any) -> Article:
    """Take in a text and split it, as a worker would."""
    article, _is_new = articles.submit_text(text, now=now, outlet=outlet, **fields)
    ledger.drain_all([work for name, work in ledger.register.works.items() if name not in COMPARING])
    article.refresh_from_db()
    return article


def claim(now: datetime, text: str = "The Selmar bridge is closed to lorries.", **fields: Any) -> Claim:
    """Make a claim by hand."""
    return claims.make(text, now=now, **fields)


__all__ = ["STORY", "Token", "claim", "person", "split_article", "token"]
