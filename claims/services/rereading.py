"""How sure a text is, of what kind, and whom it has it from: where splitting misread it, a person says so.

What a person said stands until it is taken back, whatever a new version of the article brings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Appearance, Claim, Representation, Reread
from claims.models.claim import CERTAINTIES, KINDS
from claims.services import attributions, drifting, events, groups, policies
from claims.services.attributions import Named
from claims.services.voices import Voices
from factcheck import ledger
from factcheck.access.models import User
from sources.models import Document

What = Reread.What
CODES: Mapping[str, Sequence[str]] = {
    What.CERTAINTY: [code for code, _word in CERTAINTIES],
    What.KIND: [code for code, _word in KINDS],
}


class RereadRefused(Exception):
    """The place is read as before; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def as_read(one: Appearance) -> dict[str, Any]:
    """Return how a place is read today."""
    chain = [asdict(link) for link in attributions.of(one)]
    return {What.CERTAINTY.value: one.certainty, What.KIND.value: one.kind, What.CHAIN.value: chain}


def digest(one: Appearance) -> str:
    """Return what tells whether a place is read as somebody saw it."""
    return hashlib.sha256(json.dumps(as_read(one), sort_keys=True).encode()).hexdigest()[:32]


@transaction.atomic
def reread(
    one: Appearance,
    *,
    certainty: str,
    kind: str,
    chain: Sequence[Named],
    seen: str,
    by: User,
    now: datetime,
) -> Appearance:
    """Say how a place is to be read, of which `seen` is the digest that its reader saw; raises RereadRefused."""
    locked = _locked(one)
    if digest(locked) != seen:
        raise RereadRefused("moved", _("Meanwhile it is read otherwise. Look at it again, then correct it."))
    before = as_read(locked)
    asked = {
        What.CERTAINTY.value: certainty,
        What.KIND.value: kind,
        What.CHAIN.value: [asdict(link) for link in chain[: attributions.MOST_LINKS]],
    }
    changed = {what: value for what, value in asked.items() if value != before[what]}
    if any(value not in CODES[what] for what, value in changed.items() if what in CODES):
        raise RereadRefused("unknown", _("Choose one of the words that are offered."))
    if not changed:
        raise RereadRefused("same", _("It is read like that already."))
    for what, value in changed.items():
        _set(locked, what, value)
        row, _is_new = Reread.objects.get_or_create(
            appearance=locked, what=what, defaults={"was": before[what], "by": by, "at": now}
        )
        if row.was == value:
            row.delete()  # splitting reads it like that too
        else:
            row.by, row.at = by, now
            row.save(update_fields=["by", "at"])
    _tell(locked, before, changed, by=by, now=now)
    return locked


@transaction.atomic
def take_back(one: Appearance, what: str, *, by: User, now: datetime) -> Appearance:
    """Read a place again as splitting does; raises RereadRefused."""
    locked = _locked(one)
    row = Reread.objects.filter(appearance=locked, what=what).first()
    if row is None:
        raise RereadRefused("already_decided", _("Somebody took that back meanwhile."))
    before = as_read(locked)
    _set(locked, what, row.was)
    row.delete()
    _tell(locked, before, {what: row.was}, by=by, now=now)
    return locked


def _locked(one: Appearance) -> Appearance:
    """Hold the page, so that no splitting of it ends meanwhile, the claim with its group, and the place."""
    Document.objects.select_for_update(no_key=True).get(pk=one.article.document_id)
    groups.held([one.claim_id])
    locked = Appearance.objects.select_for_update(of=("self",), no_key=True)
    found = locked.select_related("claim", "article__document", "snapshot").get(pk=one.pk)
    if found.ended_at is not None or found.claim.erased_at is not None:
        raise RereadRefused("ended", _("It does not stand there any more: nothing can be said of how it is read."))
    return found


def _set(one: Appearance, what: str, value: Any) -> None:
    if what == What.CHAIN:
        attributions.write(one, [Named(**link) for link in value], Voices(one.article.document, one.snapshot))
        return
    was = getattr(one, what)
    setattr(one, what, value)
    one.save(update_fields=[what])
    if what == What.KIND and one.claim.kind == was and not _others(one).filter(kind=was).exists():
        Claim.objects.filter(pk=one.claim_id).update(kind=value)
        policies.hold_anew(one.claim)


def _others(one: Appearance) -> Any:
    return Appearance.objects.standing().filter(claim=one.claim_id).exclude(pk=one.pk)


def _tell(one: Appearance, before: Mapping[str, Any], changed: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Write what changed into the claim's history, and let what was found of it be found anew."""
    events.record(
        one.claim,
        "claim.reread",
        now=now,
        by=by,
        article=str(one.article.uid),
        appearance=str(one.uid),
        old={what: before[what] for what in changed},
        new=dict(changed),
    )
    drifting.consider(groups.of([one.claim_id]), now=now)
    ledger.reschedule(Representation.objects.filter(pk=one.claim_id), due_at=now, is_matched=False)


def read_anew(one: Appearance, kept: Mapping[str, Reread], **found: Any) -> set[str]:
    """Take in all that splitting reads in a new version; return what a person said otherwise of, which stays."""
    for what, row in kept.items():
        row.was = found[what]
        row.save(update_fields=["was"])
    stays = set(kept) | (set(found) if one.is_by_hand else set())
    for what in found.keys() - stays - {What.CHAIN.value}:
        setattr(one, what, found[what])
    return stays
