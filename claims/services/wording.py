"""A claim's standalone sentence: written anew by people; what stands in place of the article's own words goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import splitting
from claims.models import Claim, Proposal
from claims.models.claim import TEXT_LENGTH
from claims.services import events
from claims.verification.status import OPEN, Status
from factcheck.access.models import User
from sources.services import erasure

MOST_EDITS, WHY_LENGTH = 20, 300


class WordingRefused(Exception):
    """The words stay as they are; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@transaction.atomic
def put_back(claim: Claim, number: int, *, by: User, now: datetime) -> Claim:
    """Put the article's own words back for one edit, by its place in the list; raises WordingRefused."""
    return _exchange(claim, number, put_back=True, by=by, now=now)


@transaction.atomic
def write_again(claim: Claim, number: int, *, by: User, now: datetime) -> Claim:
    """Undo that: write again what stood in their place; raises WordingRefused."""
    return _exchange(claim, number, put_back=False, by=by, now=now)


@transaction.atomic
def edit(claim: Claim, text: str, *, seen: str, by: User, now: datetime, why: str = "") -> Claim:
    """Write the whole sentence anew, from the one that its editor saw; the quotes stay. Raises WordingRefused.

    What splitting wrote is kept, and the way back: the last edit is put back first.
    """
    locked = _locked(claim)
    said = " ".join(text.split())
    if locked.text != seen:
        raise WordingRefused("moved", _("Somebody wrote the sentence anew meanwhile. Look at it again, then edit it."))
    if not said or len(said) > TEXT_LENGTH:
        raise WordingRefused(
            "claim_text", _("A claim is one sentence of 1 to %(most)s characters.") % {"most": TEXT_LENGTH}
        )
    if said == seen:
        raise WordingRefused("same", _("The sentence says that already."))
    if gone := erasure.barred_text(said):
        raise WordingRefused("erased", erasure.mark(gone))
    standing = [one for one in locked.edits if not (one.get("by") and one.get("put_back"))]
    if sum(bool(one.get("by")) for one in standing) >= MOST_EDITS:
        raise WordingRefused("many_edits", _("It was edited often: put an edit back, or write a new claim."))
    written = {"start": 0, "end": 0, "was": seen, "now": said, "why": why.strip()[:WHY_LENGTH], "at": 0, "by": by.pk}
    locked.edits, locked.text, locked.written = [*standing, written], said, locked.written or seen
    locked.save(update_fields=["text", "written", "edits"])
    _tell(locked, written, before=seen, put_back=False, by=by, now=now)
    return locked


def _locked(claim: Claim) -> Claim:
    locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if Status(locked.status) not in OPEN:
        raise WordingRefused("decided", _("A decision stands on these words: reopen the claim first."))
    return locked


def _exchange(claim: Claim, number: int, *, put_back: bool, by: User, now: datetime) -> Claim:
    locked = _locked(claim)
    if not 0 <= number < len(locked.edits):
        raise WordingRefused("no_such_edit", _("There is no such edit: look at the claim again."))
    edit = locked.edits[number]
    if bool(edit.get("put_back")) == put_back:
        raise WordingRefused("already_decided", _("Somebody did that meanwhile."))
    before = locked.text
    if any(one.get("by") and not one.get("put_back") for one in locked.edits[number + 1 :]):
        raise WordingRefused("edited_since", _("Somebody wrote the sentence anew since then: put that back first."))
    edit["put_back"] = put_back
    locked.text = _composed(locked, edit)
    if len(locked.text) > TEXT_LENGTH:
        raise WordingRefused(
            "too_long", _("The sentence would be too long: %(most)s characters are the most.") % {"most": TEXT_LENGTH}
        )
    locked.save(update_fields=["text", "edits"])
    _tell(locked, edit, before=before, put_back=put_back, by=by, now=now)
    return locked


def _composed(claim: Claim, edit: dict[str, Any]) -> str:
    """Return the sentence with its edits as they are now, of which this one was exchanged."""
    if edit.get("by"):
        return str(edit["was"] if edit["put_back"] else edit["now"])
    undone = [one for one in claim.edits if one.get("put_back") and not one.get("by")]
    return splitting.undo(claim.written, [_edit(one) for one in undone])


def _tell(claim: Claim, edit: dict[str, Any], *, before: str, put_back: bool, by: User, now: datetime) -> None:
    Proposal.objects.filter(claim=claim).overtake(by=by, now=now)  # it was proposed of other words
    told = {"was": edit["was"], "now": edit["now"], "why": edit["why"]}
    events.record(
        claim, "claim.reworded", now=now, by=by, before=before, after=claim.text, put_back=put_back, edit=told
    )


def _edit(kept: dict[str, Any]) -> splitting.Edit:
    return splitting.Edit(**{name: kept[name] for name in ("start", "end", "was", "now", "why", "at")})
