"""Plant a made-up desk: a batch a transaction, so that whatever is there when somebody breaks it off is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random

from django.conf import settings
from django.db import connection

from claims.models import Article, Representation
from factcheck.management.seeding import cast, copying, indexing
from factcheck.management.seeding.batch import AN_ARTICLE, Batch, Rules
from factcheck.management.seeding.cast import Cast
from factcheck.management.seeding.copying import COLUMNS
from factcheck.management.seeding.pages import uid
from factcheck.rules_of_settings import open_hosts

BATCH = 100  # articles
Tell = Callable[[str, int, int], None]


class SeedRefused(Exception):
    """Nothing was planted; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Plan:
    """How many claims, in articles that came in over the last `days` before `now`; the same seed plants the same."""

    claims: int
    seed: int
    now: datetime
    days: int = 90
    with_vectors: bool = True


def check(plan: Plan, *, into_existing: bool) -> None:
    """Raise SeedRefused where claims that nobody made may do harm, or where these were planted already."""
    if Article.objects.filter(uid=_uid(plan, 0)).exists():
        raise SeedRefused("planted_before", f"Seed {plan.seed} is planted here already: choose another with --seed.")
    if into_existing:
        return
    if names := open_hosts():
        raise SeedRefused(
            "open_desk",
            f"This desk answers as {names[0]}: made-up claims are for development."
            " If it is for that, say so with --into-existing.",
        )
    if Article.objects.exists():
        raise SeedRefused(
            "not_empty",
            "This desk has articles already, and what is planted cannot be taken out again."
            " Begin anew with `make fresh`, or add to them with --into-existing.",
        )


def plant(plan: Plan, *, tell: Tell) -> None:
    """Plant it all; `tell` hears what is being done, how many claims are done and how many there will be."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    players = cast.gathered()
    rules = Rules(settings.QUEUE_AN_ARTICLE, timedelta(days=settings.QUEUE_LAPSES_DAYS))
    done = 0
    for number in range(ceil(plan.claims / (BATCH * AN_ARTICLE))):
        copying.keep(batch(plan, number, players, rules).finish())
        done = min(plan.claims, done + BATCH * AN_ARTICLE)
        tell("claims", done, plan.claims)
    indexing.index(plan.seed, with_vectors=plan.with_vectors, tell=tell)
    tell("tidying", plan.claims, plan.claims)
    with connection.cursor() as cursor:
        for table in (*(model._meta.db_table for model in COLUMNS), Representation._meta.db_table):
            cursor.execute(f"VACUUM ANALYZE {connection.ops.quote_name(table)}")


def batch(plan: Plan, number: int, players: Cast, rules: Rules) -> Batch:
    """Make one batch: it depends on the plan and its number alone, so that several could be made at once."""
    made = Batch(players, _rng(plan, number), now=plan.now, rules=rules)
    for place, at, new in _articles(plan, number):
        made.article(_uid(plan, place), at, new)
    return made


def _articles(plan: Plan, number: int) -> Iterator[tuple[int, datetime, int]]:
    """Yield the number of each article of a batch, when it came in, and how many new claims it has."""
    every = ceil(plan.claims / AN_ARTICLE)
    apart = timedelta(days=plan.days) / every
    for place in range(number * BATCH, min(every, (number + 1) * BATCH)):
        # The last one some minutes ago: its claims were split by now.
        at = plan.now - timedelta(minutes=5) - apart * (every - 1 - place)
        yield place, at, min(AN_ARTICLE, plan.claims - place * AN_ARTICLE)


def _rng(plan: Plan, number: int) -> Random:
    return Random(f"{plan.seed}:{number}")  # noqa: S311  the same each time


def _uid(plan: Plan, place: int) -> str:
    return uid(Random(f"{plan.seed}/{place}"))  # noqa: S311
