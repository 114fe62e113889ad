"""What a claim waits for: a second person for its verdict, or something that has yet to happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.forms import SAW_LENGTH, WORDS_LENGTH, DeskForm
from claims.admin.page import MOVED_ON, Shown
from claims.models import Claim, Condition, Proposal
from claims.models.condition import LEAST_OUTLETS, MOST_OUTLETS
from claims.services import conditions, grounds, seconding, topics
from claims.services.conditions import ConditionRefused
from claims.services.seconding import SecondingRefused
from claims.services.topics import TopicRefused
from claims.services.verdicts import VerdictRefused
from factcheck.access.admin import Forms, acting
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.services import sources

Do = Callable[..., Any]
_NAME_LENGTH = 300
_DROPPING = {
    "dismiss": (conditions.dismiss, gettext_lazy("It goes on waiting for nothing of the kind: that was not it.")),
    "drop": (conditions.drop, gettext_lazy("It waits for that no longer.")),
}


class ConditionForm(DeskForm):
    """What a claim waits for: a source's word, or that of several outlets."""

    source = forms.CharField(
        label=gettext_lazy("until this source says so itself"),
        max_length=_NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("Such as “Ministry of Transport”. It is noticed in articles and evidence."),
    )
    outlets = forms.IntegerField(
        label=gettext_lazy("or until so many outlets say so, each on its own"),
        min_value=LEAST_OUTLETS,
        max_value=MOST_OUTLETS,
        required=False,
    )


class SecondForm(DeskForm):
    """What the second person says."""

    looked_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    saw = forms.CharField(required=False, max_length=SAW_LENGTH, widget=forms.HiddenInput)
    why = forms.CharField(
        label=gettext_lazy("Why you decline it"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


def of(shown: Forms, person: User, refused: Forms) -> dict[str, Any]:
    """Return what a claim's page says of what it waits for, beside its conditions and proposal, which are shown."""
    proposal: Proposal | None = shown["proposal"]
    return {
        "is_own_proposal": proposal is not None and proposal.by.username == person.username,
        "second": refused.get("second") or SecondForm(prefix="second"),
        "condition": refused.get("condition") or ConditionForm(prefix="condition"),
    }


class Waiting(Shown):
    """The POST doors of proposals and conditions; mixed into the admin of claims."""

    def doors(self) -> tuple[tuple[str, Callable[..., HttpResponse], str], ...]:
        """Return routes, views and names."""
        return (
            ("<int:pk>/proposal/<int:proposal_pk>/<str:do>/", self.second, "second"),
            ("<int:pk>/topic/", self.give_topic, "topic"),
            ("<int:pk>/conditions/", self.wait_for, "wait_for"),
            ("<int:pk>/conditions/<int:condition_pk>/<str:do>/", self.end_condition, "end_condition"),
        )

    def second(self, request: HttpRequest, pk: int, proposal_pk: int, do: str) -> HttpResponse:
        """Confirm a proposed verdict, or decline it."""
        by = acting(request, Action.CONFIRM)
        proposal = get_object_or_404(Proposal.objects.select_related("claim"), pk=proposal_pk, claim=pk)
        form = SecondForm(request.POST, prefix="second")
        if do not in {"confirm", "decline"}:
            raise Http404
        if not form.is_valid():
            return self.shown(request, proposal.claim, refused={"second": form})
        asked, now = form.cleaned_data, clock.now()
        try:
            if do == "confirm":
                saw = grounds.Seen.read(asked["saw"])
                seconding.confirm(proposal, by=by, now=now, looked_at=asked["looked_at"], saw=saw)
            else:
                seconding.decline(proposal, by=by, now=now, why=asked["why"])
        except (SecondingRefused, VerdictRefused) as refusal:
            form.add_error(None, str(refusal))
            claim = Claim.objects.get(pk=pk)
            return self.shown(request, claim, status=MOVED_ON, refused={"second": form})
        told = _("The verdict is ours now.") if do == "confirm" else _("The verdict is off the table.")
        return _back(request, pk, told, "decide")

    def give_topic(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what the claim is about."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        try:
            topics.give(claim, request.POST.get("topic", ""), by=by, now=clock.now())
        except TopicRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, claim)
        return _back(request, pk, _("Noted what it is about."), "facts")

    def wait_for(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write down what the claim waits for."""
        by = acting(request, Action.WORK_CLAIMS)
        claim = get_object_or_404(Claim, pk=pk)
        form = ConditionForm(request.POST, prefix="condition")
        if not form.is_valid():
            return self.shown(request, claim, refused={"condition": form})
        asked = form.cleaned_data
        try:
            source = sources.find_or_make(asked["source"]) if asked["source"].strip() else None
            conditions.wait_for(claim, source=source, outlets=asked["outlets"], by=by, now=clock.now())
        except (ConditionRefused, sources.Ambiguous) as refusal:
            form.add_error(None, str(refusal))
            return self.shown(request, claim, refused={"condition": form})
        return _back(request, pk, _("Noted: you are told when it may have happened."), "waits-for")

    def end_condition(self, request: HttpRequest, pk: int, condition_pk: int, do: str) -> HttpResponse:
        """Say that what was noticed is not it, or wait no longer."""
        by = acting(request, Action.WORK_CLAIMS)
        condition = get_object_or_404(Condition.objects.select_related("claim"), pk=condition_pk, claim=pk)
        if do not in _DROPPING:
            raise Http404
        act, told = _DROPPING[do]
        try:
            act(condition, by=by, now=clock.now())
        except ConditionRefused as refusal:
            messages.error(request, str(refusal))
            return self.shown(request, condition.claim, status=MOVED_ON)
        return _back(request, pk, str(told), "waits-for")


def _back(request: HttpRequest, pk: int, said: str, part: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("admin:claims_claim_change", args=[pk]) + f"#{part}")
