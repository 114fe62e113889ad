"""Claims that are due are put into the index and held against what is there; those of before come to it by and by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, Window
from django.db.models.functions import RowNumber

from claims.models import Appearance, Claim, Representation
from claims.services import index, known_matching, linking, representing, terms
from claims.services.representing import NoEmbedder, Said, Vector
from factcheck import ledger
from factcheck.lib.crashpoints import crashpoint

QUOTES = 3  # of a claim, by whose words it is found too
WITHOUT_EMBEDDER = timedelta(hours=1)  # until it is tried again
CHUNK = 1000
# Claims of before are made due one after another, so that new ones go first and nobody is told that work piles up.
A_SECOND = 10
# What is nearest is parsed and compared, at some 4 ms each: an article of 40 claims is to take no more than seconds. Of
# those that share words few are looked at, since what says the same is near by its meaning too.
NEIGHBOURS, SHARING = 6, 400


def match_many(held: Sequence[ledger.Lease], *, now: datetime) -> None:
    """Put claims into the index, then hold each against the others; what their leases no longer cover is left."""
    rows = {one.pk: one for one in Representation.objects.filter(pk__in=[lease.pk for lease in held])}
    claims = Claim.objects.in_bulk(rows)
    try:
        name, why = representing.embedder().name, ""
    except NoEmbedder as lacking:
        name, why = "", str(lacking)
    vectors = representing.represent(held, _said(claims), kept={
        pk: row.vector for pk, row in rows.items() if row.vector is not None and row.model == name
    })  # fmt: skip
    crashpoint("match.between")
    for one in held:
        if vectors[one.pk] is None:
            _wait(one, why=why, now=now)
        else:
            _consider(one, claims[one.pk], vectors[one.pk], is_new=not rows[one.pk].is_matched, now=now)


def match_due(held: ledger.Lease, *, now: datetime) -> None:
    """Do one of them."""
    match_many([held], now=now)


def _said(claims: dict[int, Claim]) -> dict[int, Said]:
    quotes: dict[int, list[str]] = {}
    # Of each claim the first few: it may stand in thousands of places, and each new one brings us here.
    place = Window(RowNumber(), partition_by="claim", order_by="id")
    first = Appearance.objects.filter(claim__in=claims).annotate(place=place).filter(place__lte=QUOTES)
    for claim, quote in first.order_by("id").values_list("claim", "quote"):
        quotes.setdefault(claim, []).append(quote)
    return {
        pk: Said(claim.text, language=claim.language, more="\n".join(quotes.get(pk, ())))
        for pk, claim in claims.items()
    }


def _consider(held: ledger.Lease, claim: Claim, vector: Vector | None, *, is_new: bool, now: datetime) -> None:
    """Hold a claim against its neighbours, then end its lease: done twice, that writes the same.

    Should its text change meanwhile, the lease is lost and the claim is due anew; what was found of the old text is
    taken back then, or was not written.
    """
    if is_new:
        near = index.nearest(claim.text, vector, limit=NEIGHBOURS, but=claim.pk, language=claim.language, most=SHARING)
        linking.consider(claim, near, now=now)
        crashpoint("match.linked")
        known_matching.consider(claim, vector, now=now)
    with transaction.atomic():
        # Who rewords a claim holds it, and then what is made of it: the same way round here.
        Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        ledger.finish_many([held], due_at=None, is_matched=True)


@transaction.atomic
def _wait(held: ledger.Lease, *, why: str, now: datetime) -> None:
    """Its words are found; what it means is read as soon as there is an embedder."""
    ledger.finish_many([held], due_at=now + WITHOUT_EMBEDDER)
    Representation.objects.filter(pk=held.pk, lease_token=None).update(last_error=why[-ledger.ERROR_LENGTH :])


_MISSING = """
    INSERT INTO claims_representation (claim_id, due_at, attempts, last_error, model, is_matched)
    SELECT id, %(now)s + row_number() OVER (ORDER BY id DESC) * %(apart)s, 0, '', '', true
    FROM (
        SELECT id FROM claims_claim AS claim WHERE id < %(before)s AND erased_at IS NULL
            AND NOT EXISTS (SELECT FROM claims_representation WHERE claim_id = claim.id)
        ORDER BY id DESC LIMIT %(most)s
    ) AS missing
    ON CONFLICT (claim_id) DO NOTHING RETURNING claim_id
"""


def represent_missing(*, now: datetime, until: Callable[[], bool]) -> bool:
    """Make claims due that the index does not have, the newest first; True where some may be left.

    Those are claims of before there was an index: others find them, they themselves are not held against anything.
    """
    before, made = 1 << 62, 0
    while not until():
        values: dict[str, Any] = {
            "now": now + timedelta(seconds=made / A_SECOND), "apart": timedelta(seconds=1 / A_SECOND),
            "before": before, "most": CHUNK,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, values)
            rows = [pk for (pk,) in cursor.fetchall()]
        if not rows:
            return False
        before, made = min(rows), made + len(rows)
    return True


def represent_anew(*, now: datetime) -> int:
    """Make rows due that another embedder read, or none; return how many, up to a chunk."""
    try:
        name = representing.embedder().name
    except NoEmbedder:
        return 0
    other = Representation.objects.filter(~Q(model=name), due_at=None, quarantined_at=None, claim__erased_at=None)
    return ledger.reschedule(Representation.objects.filter(pk__in=other.values("pk")[:CHUNK]), due_at=now)


def count_terms() -> None:
    """Count the index's words anew."""
    terms.count_again()
