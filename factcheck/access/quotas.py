"""Hard quotas, exact: what is used is counted in PostgreSQL, in the transaction of what uses it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from factcheck import chores
from factcheck.access.models import Client, Usage
from factcheck.api.problems import Problem

ARTICLES = "articles-a-day"
KEPT = timedelta(days=400)

# One statement: of two requests at once the second waits for the first one's row, then counts on from what it left.
_TAKE = """
    INSERT INTO access_usage (client_id, day, articles) VALUES (%(client)s, %(day)s, 1)
    ON CONFLICT (client_id, day) DO UPDATE SET articles = access_usage.articles + 1
    WHERE access_usage.articles < %(quota)s
    RETURNING articles
"""


class QuotaExceeded(Problem):
    """The client used up what it may use today."""


def take_article(client: Client | None, *, now: datetime) -> None:
    """Count a new article against its client's day; raises QuotaExceeded. A person has no quota.

    Call it last in the transaction that makes the article, so that what is refused or rolled back uses nothing.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a quota is taken in the transaction of what uses it")
    quota = client and (client.articles_a_day or settings.ARTICLES_A_DAY)
    if not client or not quota:
        return
    today = now.astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"client": client.pk, "day": today, "quota": quota})
        if cursor.fetchone():
            return
    resets_at = datetime.combine(today + timedelta(days=1), time(), UTC)
    raise QuotaExceeded(
        "quota_exceeded",
        _("“%(name)s” may send in %(quota)s new articles a day; the next day begins at %(at)s.")
        % {"name": client.name, "quota": quota, "at": f"{resets_at:%Y-%m-%d %H:%M} UTC"},
        after_s=math.ceil((resets_at - now).total_seconds()),
        policies=(ARTICLES,),
    )


def forget(now: datetime) -> int:
    """Delete the counts that nobody asks for any more; return how many."""
    deleted, _by_model = Usage.objects.filter(day__lt=(now - KEPT).date()).delete()
    return deleted


chores.add("forget old usage", every=timedelta(days=1), do=forget)
