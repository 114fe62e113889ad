"""How reliable the desk holds a source to be, why, and who says so. None of it leaves the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck.access.models import User
from factcheck.access.roles import Action
from sources.models import Grading, Source


class GradeRefused(Exception):
    """A grade was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@transaction.atomic
def grade(source: Source, to: Source.Grade, *, why: str, by: User, now: datetime) -> Grading:
    """Grade a source; the grades before stay on record. Raises GradeRefused."""
    if not by.may(Action.MANAGE_POLICIES):
        raise GradeRefused("not_allowed", _("Only an editor grades sources. Ask one."))
    if not why.strip():
        raise GradeRefused("reason_missing", _("Say why it deserves this grade: others will rely on it."))
    Source.objects.filter(pk=source.pk).update(reliability_grade=to)
    source.reliability_grade = to
    return Grading.objects.create(source=source, grade=to, why=why.strip()[:300], by=by, at=now)
