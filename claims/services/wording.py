"""A claim's standalone sentence: what was written in place of the article's own words goes back, and comes again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import splitting
from claims.models import Claim
from claims.models.claim import TEXT_LENGTH
from claims.services import events
from claims.verification.status import OPEN, Status
from factcheck.access.models import User


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


def _exchange(claim: Claim, number: int, *, put_back: bool, by: User, now: datetime) -> Claim:
    locked = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if Status(locked.status) not in OPEN:
        raise WordingRefused("decided", _("A decision stands on these words: reopen the claim first."))
    if not 0 <= number < len(locked.edits):
        raise WordingRefused("no_such_edit", _("There is no such edit: look at the claim again."))
    edit = locked.edits[number]
    if bool(edit.get("put_back")) == put_back:
        raise WordingRefused("already_decided", _("Somebody did that meanwhile."))
    before = locked.text
    edit["put_back"] = put_back
    undone = [one for one in locked.edits if one.get("put_back")]
    locked.text = splitting.undo(locked.written, [_edit(one) for one in undone])
    if len(locked.text) > TEXT_LENGTH:
        raise WordingRefused(
            "too_long", _("The sentence would be too long: %(most)s characters are the most.") % {"most": TEXT_LENGTH}
        )
    locked.save(update_fields=["text", "edits"])
    told = {"was": edit["was"], "now": edit["now"], "why": edit["why"]}
    events.record(
        locked, "claim.reworded", now=now, by=by, before=before, after=locked.text, put_back=put_back, edit=told
    )
    return locked


def _edit(kept: dict[str, Any]) -> splitting.Edit:
    return splitting.Edit(**{name: kept[name] for name in ("start", "end", "was", "now", "why", "at")})
