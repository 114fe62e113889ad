"""The work of sources: looking at pages that are due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from factcheck import chores, ledger
from factcheck.lib import clock
from factcheck.lib.crashpoints import crashpoint
from sources.models import Document
from sources.services import checks, erasure


def look(held: ledger.Lease) -> None:
    """Look at one page that is due."""
    document = Document.objects.select_related("snapshot").get(pk=held.pk)
    checks.record(held, checks.look_at(document), now=clock.now())
    crashpoint("check.after_commit")


def tell_blind() -> None:
    """Tell of pages that nobody could see for too long."""
    checks.tell_blind(now=clock.now())


ledger.register.sweep("blind", tell_blind)
ledger.register.add(ledger.Work("look", Document, look, batch=1, queue=ledger.FETCH, title=_("Looking at pages")))


def remove_erased_objects(_now: datetime) -> bool:
    """Remove from the store outside what was erased; True where more is left."""
    is_over = chores.a_turn()
    while erasure.remove_erased_objects():
        if is_over():
            return True
    return False


def remove_orphans(now: datetime) -> None:
    """Remove from the store outside what no row names; what a turn does not reach, another day's will."""
    erasure.remove_orphans(now=now, until=chores.a_turn())


chores.add("erased objects", every=timedelta(hours=1), do=remove_erased_objects)
chores.add("orphaned objects", every=timedelta(days=1), do=remove_orphans)
