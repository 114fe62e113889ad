"""What breaks a constraint: a world with one row of everything, and ways past its services; see test_constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, models

from claims.models import Evidence, Flag
from claims.services import evidence, verdicts
from claims.verification.status import Status
from factcheck.access.models import Client
from sources.models import Snapshot, Source
from tests.factories import claim, person, split_article


class World:
    """One row of everything, made through the services."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.by = person()
        self.article = split_article(now)
        self.document = self.article.document
        self.snapshot = Snapshot.objects.get(document=self.document)
        self.appearance = self.article.appearances.order_by("id")[0]
        self.claim = claim(now)
        self.evidence = evidence.attach(
            self.claim, self.document, quote="cracks", stance=Evidence.Stance.CONTEXT, by=self.by, now=now
        )
        self.change = verdicts.change_status(
            self.claim, to=Status.IN_REVIEW, by=self.by, now=now, seen=Status.UNREVIEWED
        )
        self.flag = Flag.objects.create(claim=self.claim, reason="too_old", since=now)
        self.source = Source.objects.create(name="A")
        self.client = Client.objects.create(name="CMS")


def row(model: type[models.Model], **fields: Any) -> Callable[[World], Any]:
    """Break a constraint by creating a row; callables among the fields are asked for their value."""
    return lambda world: model._default_manager.create(
        **{name: value(world) if callable(value) else value for name, value in fields.items()}
    )


def change(what: Callable[[World], Any], **fields: Any) -> Callable[[World], Any]:
    """Break a constraint by changing a row past its service."""

    def act(world: World) -> Any:
        chosen = what(world)
        given = {name: value(world) if callable(value) else value for name, value in fields.items()}
        return type(chosen)._default_manager.filter(pk=chosen.pk).update(**given)

    return act


def delete(what: Callable[[World], Any]) -> Callable[[World], Any]:
    """Try to delete a row."""
    return lambda world: type(what(world))._default_manager.filter(pk=what(world).pk)._raw_delete("default")


def empty(table: str) -> Callable[[World], Any]:
    """Try to empty a table and all that refers to it."""

    def act(_world: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {table} CASCADE")

    return act
