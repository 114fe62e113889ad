"""How long a status holds, for editors to change, and to see before what that would change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Policy
from claims.services import policies
from factcheck.access.admin import DeskAdmin, acting
from factcheck.access.roles import Action
from factcheck.lib import clock

LEAST, MOST = timedelta(minutes=1), timedelta(days=3660)


class PolicyForm(forms.ModelForm[Policy]):
    """A policy within what a clock can bear."""

    class Meta:
        model = Policy
        fields = ("status", "kind", "topic", "holds_for")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the colons out."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def only_shown(self) -> None:
        """Let nobody type in it."""
        for field in self.fields.values():
            field.disabled = True

    def clean_holds_for(self) -> timedelta | None:
        """Keep between a minute and ten years."""
        holds_for: timedelta | None = self.cleaned_data["holds_for"]
        if holds_for is not None and not LEAST <= holds_for <= MOST:
            raise ValidationError(_("A status holds for a minute at least and ten years at most."))
        return holds_for


@admin.register(Policy)
class PolicyAdmin(DeskAdmin[Policy]):
    """One row for a status, or for a status with a kind of claim or a topic; the narrowest one decides."""

    to_add = to_change = Action.MANAGE_POLICIES
    form: Any = PolicyForm
    list_display = ("status", "kind", "topic", "holds")
    list_display_links = ("status",)

    @admin.display(description=gettext_lazy("holds for"), ordering="holds_for")
    def holds(self, policy: Policy) -> str:
        """Show for how long, or that it is until something changes."""
        return str(policy.holds_for) if policy.holds_for is not None else _("until something changes")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a policy; on the first button what it would change, on the second write it."""
        acting(request, Action.MANAGE_POLICIES if request.method == "POST" or object_id is None else Action.SEE_DESK)
        policy = self.get_object(request, object_id) if object_id is not None else None
        if policy is None and object_id is not None:
            raise Http404
        was = policy.status if policy else ""
        form = PolicyForm(request.POST if request.method == "POST" else None, instance=policy)
        if not self.has_change_permission(request):
            form.only_shown()
        shown = None
        if request.method == "POST" and form.is_valid():
            if "preview" not in request.POST:
                return self._written(request, form, was=was)
            shown = policies.preview(form.instance, now=clock.now())
        context = {
            "title": str(policy) if policy else _("A new policy"),
            "form": form,
            "preview": shown,
            "may_change": self.has_change_permission(request),
        }
        return self.page(request, "claims/admin/policy.html", context)

    def _written(self, request: HttpRequest, form: PolicyForm, *, was: str) -> HttpResponse:
        is_new, told = form.instance.pk is None, self._told(form)
        policies.save(form.instance, was=was, now=clock.now())
        log = self.log_addition if is_new else self.log_change
        log(request, form.instance, told)
        messages.success(request, _("Written. Claims are told by and by how long their status holds now."))
        return redirect("admin:claims_policy_changelist")

    @staticmethod
    def _told(form: PolicyForm) -> str:
        """Return what changed, for the policy's own history: old and new."""
        return "; ".join(f"{name}: {form.initial.get(name)} → {form.cleaned_data[name]}" for name in form.changed_data)
