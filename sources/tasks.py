"""The work of sources: looking at pages that are due."""

from __future__ import annotations

from factcheck import ledger
from factcheck.lib import clock
from sources.models import Document
from sources.services import checks


def look(held: ledger.Lease) -> None:
    """Look at one page that is due."""
    document = Document.objects.select_related("snapshot").get(pk=held.pk)
    checks.record(held, checks.look_at(document), now=clock.now())


def tell_blind() -> None:
    """Tell of pages that nobody could see for too long."""
    checks.tell_blind(now=clock.now())


ledger.register.sweep("blind", tell_blind)
ledger.register.add(ledger.Work("look", Document, look, batch=1, queue=ledger.FETCH))
