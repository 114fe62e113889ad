"""The doors by which an editor says that two sources are one, moves a name over, and takes either back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.access.admin import Framed, acting
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.models import Merge, Source
from sources.models.source import name_key
from sources.services import naming

MOST_SHOWN = 20
OWN = "own"  # a source that is yet to be made


class MergeForm(forms.Form):
    """What goes over, to whom, and why."""

    what = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    into = forms.CharField(
        label=gettext_lazy("Into"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "Any name or domain that the other source goes by. For a single name, leave it empty to make the name a "
            "source of its own."
        ),
    )
    why = forms.CharField(
        label=gettext_lazy("Because"), max_length=300, help_text=gettext_lazy("It stays on record, with your name.")
    )

    def __init__(self, source: Source, *args: Any, **kwargs: Any) -> None:
        """Offer the whole source and each of its names."""
        super().__init__(*args, **kwargs)
        self.names = {str(known.pk): known for known in source.names.order_by("name")}
        self.fields["what"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("the whole source: everything that hangs on it")),
            *((pk, _("only the name “%(name)s”") % {"name": known.name}) for pk, known in self.names.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Find who is meant."""
        asked: dict[str, Any] = super().clean() or {}
        asked["known"] = self.names.get(asked.get("what", ""))
        asked["winner"], into = None, asked.get("into", "").strip()
        if not into and asked["known"] is None:
            self.add_error("into", _("Name the source that it is."))
        elif into:
            found = _going_by(into)
            if len(found) == 1:
                asked["winner"] = found[0]
            elif found:
                several = ", ".join(one.name for one in found[:5])
                self.add_error("into", _("It may be %(several)s. Write the full name.") % {"several": several})
            else:
                self.add_error("into", _("No source goes by that name. Look it up in the list of sources."))
        return asked


class UndoForm(forms.Form):
    """Which merge."""

    merge = forms.IntegerField(min_value=1, max_value=2**62)


def _going_by(name: str) -> list[Source]:
    standing = Source.objects.standing()
    plain = standing.filter(
        Q(names__key=name_key(name), names__is_ambiguous=False) | Q(home_domains__contains=[name.lower()])
    )
    return list(plain.distinct()[:2]) or list(standing.filter(names__key=name_key(name)).distinct()[:6])


class Merging(Framed):
    """Merging, for the admin of sources that mixes this in."""

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask who is meant, show what would move, and move it."""
        acting(request, Action.MANAGE_POLICIES)
        source = get_object_or_404(Source, pk=pk)
        form = MergeForm(source, request.POST if request.method == "POST" else None, label_suffix="")
        context: dict[str, Any] = {"title": _("Merge or move a name"), "source": source, "form": form}
        if form.is_bound and form.is_valid():
            winner = form.cleaned_data["winner"]
            sure = str(winner.pk) if winner else OWN
            if request.POST.get("sure") == sure and (done := self._done(request, source, form)):
                return done
            if form.is_valid():
                known = form.cleaned_data["known"]
                context |= {"sure": sure, "winner": winner, "known": known, "held": naming.held_by(source)}
        return self.page(request, "sources/admin/merge.html", context)

    @staticmethod
    def _done(request: HttpRequest, source: Source, form: MergeForm) -> HttpResponse | None:
        by, now, asked = acting(request, Action.MANAGE_POLICIES), clock.now(), form.cleaned_data
        try:
            if asked["known"] is None:
                merged = naming.merge(asked["winner"], source, by=by, now=now, why=asked["why"])
            else:
                merged = naming.move_name(asked["known"], asked["winner"], by=by, now=now, why=asked["why"])
        except naming.MergeRefused as refusal:
            form.add_error(None, str(refusal))
            return None
        told = _("Done: %(what)s. If that was wrong, undo it below.")
        messages.success(request, told % {"what": merged})
        return redirect("admin:sources_source_change", merged.winner_id)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a merge back."""
        by = acting(request, Action.MANAGE_POLICIES)
        form = UndoForm(request.POST)
        merged = get_object_or_404(merges_of(pk), pk=form.cleaned_data["merge"] if form.is_valid() else 0)
        try:
            naming.undo(merged, by=by, now=clock.now())
        except naming.MergeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Undone: both are as they were, but for what was moved on since."))
        return redirect("admin:sources_source_change", pk)


def merges_of(pk: int) -> QuerySet[Merge]:
    """Return what went over from a source or to it, the newest first."""
    return Merge.objects.filter(Q(winner=pk) | Q(loser=pk)).select_related("winner", "loser", "by", "undone_by")
