"""Filters of the queue that people keep for themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import SavedFilter
from claims.models.saved import MOST_SAVED, NAME_LENGTH
from factcheck.access.models import User


class SavingRefused(Exception):
    """The filter was not kept; the message says what to do."""


@transaction.atomic
def keep(owner: User, *, name: str, query: str, now: datetime) -> SavedFilter:
    """Keep a query under a name; one that the owner used before gets the new query. Raises SavingRefused."""
    called = " ".join(name.replace("\x00", "").split())[:NAME_LENGTH]
    if not called:
        raise SavingRefused(_("Give it a name, such as “unconfirmed, on health”."))
    if not query:
        raise SavingRefused(_("This is the whole queue: narrow it first."))
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # who counts alone
    kept = SavedFilter.objects.filter(owner=owner)
    if kept.exclude(name=called).count() >= MOST_SAVED:
        said = _("You keep %(most)s filters already: take one off the list first.")
        raise SavingRefused(said % {"most": MOST_SAVED})
    made, _is_new = SavedFilter.objects.update_or_create(owner=owner, name=called, defaults={"query": query, "at": now})
    return made
