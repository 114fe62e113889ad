"""What hangs on an erased claim: evidence, flags, reasons, and what its events say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from claims.models import Claim, Event, Evidence, Flag, KnownMatch, Payload, Proposal, StatusChange
from claims.services import events, verdicts
from claims.verification.status import OPEN, Status
from sources.fetching import redaction
from sources.fetching.redaction import Redactor
from sources.models import Erasure

CHUNK = 500
WHY = "erased on request"
_QUOTED = ("exact", "prefix", "suffix", "sentence", "anchor_sentence", "suggested_because")

_QUOTING = ("claim.flagged_stale", "claim.reworded", "claim.reread")


def erase(claims: Iterable[int], redactor: Redactor, erasure: Erasure) -> Counter[str]:
    """Erase everything that was written about these claims, and what elsewhere names the person; return how much."""
    counts = Counter[str]()
    erased = Claim.objects.filter(pk__in=set(claims))
    for held in Evidence.objects.filter(claim__in=erased):
        blacken_quote(held)
        counts["claims.Evidence"] += 1
    counts["claims.StatusChange"] = _black_out_reasons(erased, redactor, erasure)
    counts["claims.Payload"] = _erase_payloads(erased, redactor, erasure)
    counts["claims.Flag"] = _black_out_flags(erased)
    # What a match is for is told of in the claim's own words.
    counts["claims.KnownMatch"] = KnownMatch.objects.filter(claim__in=erased).delete()[0]
    counts["claims.Proposal"] = _black_out_proposals(erased)
    for claim in erased:
        _settle(claim, erasure)
    return counts


def blacken_quote(held: Evidence) -> None:
    """Black out what a piece of evidence quotes; that it was held against the claim stays."""
    for name in _QUOTED:
        setattr(held, name, redaction.blackened(getattr(held, name)))
    held.save(update_fields=_QUOTED)


def erase_words_of(claims: QuerySet[Claim], erasure: Erasure) -> None:
    """Erase what flags and events quote of these claims' pages; the claims and their history stay."""
    _black_out_flags(claims)
    uids = claims.values_list("uid", flat=True)
    quoting = Event.objects.filter(subject_uid__in=uids, type__in=_QUOTING, kept__erased_at__isnull=True)
    for event in quoting.iterator(CHUNK):
        if _has_words(event.payload):
            events.erase(event, why=erasure.why, by=erasure.by, now=erasure.at)


def _black_out_reasons(erased: QuerySet[Claim], redactor: Redactor, erasure: Erasure) -> int:
    about = set(erased.values_list("pk", flat=True))
    count = 0
    for one in StatusChange.objects.exclude(why="", search_log="").iterator(CHUNK):
        change = redaction.blackened if one.claim_id in about else redactor.of
        said = {"why": one.why, "search_log": one.search_log}
        less = {name: change(text) for name, text in said.items()}
        if less != said:
            count += StatusChange.objects.filter(pk=one.pk).update(
                **less, salt=None, erased_at=erasure.at, erased_by=erasure.by, erased_why=erasure.why
            )
    return count


def _erase_payloads(erased: QuerySet[Claim], redactor: Redactor, erasure: Erasure) -> int:
    about = set(erased.values_list("uid", flat=True))
    said = Payload.objects.filter(erased_at__isnull=True).select_related("event")
    hit = [
        one.event
        for one in said.iterator(CHUNK)
        if redactor.hits(one.body)
        or (one.event.subject_uid in about and one.event.type not in _TOLD and _has_words(one.body))
    ]
    for event in hit:
        events.erase(event, why=erasure.why, by=erasure.by, now=erasure.at)
    return len(hit)


# What they tell is that something was erased, and why: it stays unless it names the person.
_TOLD = frozenset({"claim.erased", "document.erased", "document.taken_down", "erasure.made"})


def _has_words(body: Any) -> bool:
    """Say whether something in it is more than a code, a number, a date or an address."""
    found = False

    def look(text: str) -> str:
        nonlocal found
        found = found or " " in text.strip()
        return text

    redaction.mapped(body, look)
    return found


def _black_out_flags(claims: QuerySet[Claim]) -> int:
    count = 0
    for flag in Flag.objects.filter(claim__in=claims).exclude(detail={}):
        flag.detail = redaction.mapped(flag.detail, lambda text: redaction.blackened(text) if " " in text else text)
        flag.save(update_fields=["detail"])
        count += 1
    return count


def _black_out_proposals(claims: QuerySet[Claim]) -> int:
    rows = list(Proposal.objects.filter(claim__in=claims))
    for one in rows:
        one.why, one.search_log, one.closed_why = map(redaction.blackened, (one.why, one.search_log, one.closed_why))
    return Proposal.objects.bulk_update(rows, ["why", "search_log", "closed_why"])


def _settle(claim: Claim, erasure: Erasure) -> None:
    """Close what is open on an erased claim: nobody can decide on it any more. A verdict stays as it is."""
    now, by = erasure.at, erasure.by
    cleared = Flag.objects.standing().filter(claim=claim)
    if reasons := sorted(cleared.values_list("reason", flat=True)):
        cleared.update(cleared_at=now, cleared_by=by, cleared_how=Flag.Cleared.ERASED)
        events.record(claim, "claim.flags_cleared", now=now, by=by, reasons=reasons, how=Flag.Cleared.ERASED)
    seen = Status(claim.status)
    if seen in OPEN:
        verdicts.change_status(claim, to=Status.NOT_CHECKABLE, by=by, now=now, seen=seen, reason=WHY)
        Claim.objects.filter(Q(pk=claim.pk)).update(due_at=None, holds_until=None)
