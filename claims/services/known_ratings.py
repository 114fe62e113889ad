"""What ratings of others come to in ours, and what is lost on the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count

from claims.known import ratings
from claims.known.ratings import Meaning, Rule, Table
from claims.models import KnownCheck, KnownRating

MOST_SHOWN = 100


def table() -> Table:
    """Return the rows as the rules read them."""
    rows = KnownRating.objects.values_list("pk", "status", "words", "site", "low", "high")
    return Table(Rule(*row) for row in rows)


def meaning_of(known: KnownCheck, rules: Table) -> Meaning:
    """Return what a fact-check's rating comes to."""
    place = ratings.place(known.value, known.best, known.worst)
    return rules.meaning(known.rating, publisher=known.site, place=place)


# One statement for however many fact-checks; what keeps its meaning is not written.
_REMAP = """
    UPDATE claims_knowncheck AS known
    SET status = means.status, rule_id = means.rule, status_because = means.because
    FROM unnest(%(sites)s::text[], %(ratings)s::text[], %(values)s::float8[], %(bests)s::float8[], %(worsts)s::float8[],
            %(statuses)s::text[], %(rules)s::bigint[], %(becauses)s::text[])
        AS means (site, rating, value, best, worst, status, rule, because)
    WHERE known.site = means.site AND known.rating = means.rating
        AND (known.value, known.best, known.worst) IS NOT DISTINCT FROM (means.value, means.best, means.worst)
        AND (known.status, known.rule_id, known.status_because)
            IS DISTINCT FROM (means.status, means.rule, means.because)
"""
_RATED = ("site", "rating", "value", "best", "worst")


@transaction.atomic
def remap() -> int:
    """Give every fact-check what its rating comes to by the rows as they are now; return how many came to another."""
    rules = table()
    rated = list(KnownCheck.objects.order_by().values_list(*_RATED).distinct())
    if not rated:
        return 0
    means = [rules.meaning(row[1], publisher=row[0], place=ratings.place(*row[2:])) for row in rated]
    columns = [list(column) for column in zip(*rated, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            _REMAP,
            dict(zip(("sites", "ratings", "values", "bests", "worsts"), columns, strict=True))
            | {
                "statuses": [one.status for one in means],
                "rules": [one.rule for one in means],
                "becauses": [one.because for one in means],
            },
        )
        return int(cursor.rowcount)


# -- what is lost ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lost:
    """What the mapping loses. Ratings come with how many fact-checks have them, the most frequent first.

    `unmapped` fit no row; `left_out` fit one that leads nowhere; `collapsed` are several that come to one of ours, by
    our status; `loosely` those that count by how they begin or by their number alone.
    """

    checks: int
    unmapped: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]
    collapsed: Mapping[str, tuple[tuple[str, int], ...]]
    loosely: Mapping[str, int]
    more: int = 0

    @property
    def without(self) -> int:
        """Count the fact-checks whose rating comes to nothing of ours."""
        return sum(count for _rating, count in (*self.unmapped, *self.left_out)) + self.more


def lost() -> Lost:
    """Count what the mapping loses, over every fact-check that was not erased."""
    groups = KnownCheck.objects.filter(erased_at__isnull=True).order_by()
    counted = groups.values_list("status", "rule", "rating", "status_because").annotate(many=Count("pk"))
    unmapped, left_out, loosely = Counter[str](), Counter[str](), Counter[str]()
    by_status: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for status, rule, rating, because, many in counted:
        words = ratings.normalised(rating) or "–"
        if status:
            by_status[status][words] += many
            loosely[because] += many
        else:
            (unmapped if rule is None else left_out)[words] += many
    return Lost(
        checks=sum(map(sum, (one.values() for one in (unmapped, left_out, loosely)))),
        unmapped=tuple(unmapped.most_common(MOST_SHOWN)),
        left_out=tuple(left_out.most_common(MOST_SHOWN)),
        collapsed={
            status: tuple(found.most_common(MOST_SHOWN))
            for status, found in sorted(by_status.items())
            if len(found) > 1
        },
        loosely={because: many for because, many in loosely.items() if because != "its words"},
        more=sum(
            sum(found.values()) - sum(dict(found.most_common(MOST_SHOWN)).values()) for found in (unmapped, left_out)
        ),
    )
