"""What suggested pages seem to say of a claim: guessed by a machine, shown to the desk, deciding nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from claims.models import Claim, Evidence, StanceGuess
from claims.stance.model import Label, Stance
from factcheck import ledger
from sources.models import Document

AT_ONCE = 500
READ = "en"  # the one language that the model learnt
_LABELS = {
    Label.SUPPORTS: StanceGuess.Label.SUPPORTS,
    Label.REFUTES: StanceGuess.Label.REFUTES,
    Label.UNKNOWN: StanceGuess.Label.UNKNOWN,
}


def ask(claim: Claim, document: Document, *, now: datetime) -> None:
    """Let the page be read for the claim it was suggested for, once for each."""
    _ask(Evidence.objects.suggested().filter(claim=claim, document=document, guess=None), now=now)


def ask_for_the_rest(*, now: datetime) -> bool:
    """Let those be read that an older version of the program suggested; True where more are left."""
    return _ask(Evidence.objects.suggested().filter(guess=None).order_by("pk")[:AT_ONCE], now=now) == AT_ONCE


def _ask(suggested: QuerySet[Evidence], *, now: datetime) -> int:
    asked = [StanceGuess(evidence_id=pk, due_at=now) for pk in suggested.values_list("pk", flat=True)]
    StanceGuess.objects.bulk_create(asked, ignore_conflicts=True)
    return len(asked)


def ask_anew(page: Document, *, now: datetime) -> None:
    """Let the page be read again for every claim it is suggested for: it says something else now."""
    open_ones = StanceGuess.objects.filter(evidence__document=page, evidence__state=Evidence.State.SUGGESTED)
    ledger.reschedule(open_ones, due_at=now)


def guess(held: ledger.Lease, *, load: Callable[[], Stance]) -> None:
    """Read one page for one claim. A page that has no version yet is read when its first one comes."""
    asked = StanceGuess.objects.select_related("evidence__claim", "evidence__document__snapshot").get(pk=held.pk)
    evidence, page = asked.evidence, asked.evidence.document
    assert page is not None  # noqa: S101  only pages are suggested
    snapshot = page.snapshot
    found: dict[str, object] = {}
    if evidence.state == Evidence.State.SUGGESTED and snapshot is not None:
        found = {"label": StanceGuess.Label.UNREAD, "version": snapshot.number}
        if (page.language or READ).startswith(READ):
            found |= _read(load(), evidence.claim.text, snapshot.text)
    with transaction.atomic():
        ledger.finish(held, due_at=None, **found)


def _read(stance: Stance, claim: str, text: str) -> dict[str, object]:
    judged = stance.judge([(claim, text)])[0]
    return {
        "label": _LABELS[judged.label],
        "supports": judged.scores[Label.SUPPORTS],
        "refutes": judged.scores[Label.REFUTES],
        "start": judged.start,
        "end": judged.end,
        "model": stance.name,
    }
