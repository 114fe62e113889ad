"""Whose request it is: what of the desk they see, and in whose name the services act."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from rest_framework.request import Request

from claims.models import Article, Claim
from claims.models.article import ArticleQuerySet
from claims.models.claim import ClaimQuerySet
from factcheck.access.models import Client, Token, User
from factcheck.access.roles import Action

# Whoever may not see the desk sees what they sent in themselves.
SEE = (Action.SEE_DESK, Action.SUBMIT)


class Owner(TypedDict):
    """In whose name a service acts."""

    by: User | None
    client: Client | None


def token(request: Request) -> Token:
    """Return the token; the doors let nobody in without."""
    shown: Any = request.auth
    return cast(Token, shown)


def owner(request: Request) -> Owner:
    """Return the person or the client."""
    return {"by": token(request).user, "client": token(request).client}


def person(request: Request) -> User:
    """Return the person; only a person's token comes this far."""
    return cast(User, token(request).user)


def articles_for(request: Request) -> ArticleQuerySet:
    """Return the articles that they may see."""
    return Article.objects.all() if token(request).may(Action.SEE_DESK) else Article.objects.of(_self(request))


def claims_for(request: Request) -> ClaimQuerySet:
    """Return the claims that they may see."""
    return Claim.objects.all() if token(request).may(Action.SEE_DESK) else Claim.objects.of(_self(request))


def _self(request: Request) -> User | Client:
    shown: Any = request.user
    return cast(User | Client, shown)
