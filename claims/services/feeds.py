"""What a watched feed told of comes in as an article: once, whoever was killed meanwhile."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from claims.services import articles
from factcheck import ledger
from factcheck.lib.addresses import UrlRefused
from sources.models import FeedEntry


@transaction.atomic
def enter(held: ledger.Lease, *, now: datetime) -> FeedEntry.Became:
    """Take one entry in, in the transaction that gives it back; raises LeaseLost.

    An article that was here already, sent in by somebody or told of by another feed, is found again.
    """
    entry = FeedEntry.objects.get(pk=held.pk)
    try:
        article, is_new = articles.submit_url(entry.url, now=now)
    except UrlRefused as refusal:
        ledger.finish(held, due_at=None, became=FeedEntry.Became.REFUSED, detail=str(refusal)[:300])
        return FeedEntry.Became.REFUSED
    became = FeedEntry.Became.TAKEN if is_new else FeedEntry.Became.KNOWN
    ledger.finish(held, due_at=None, became=became, document=article.document_id)
    return became
