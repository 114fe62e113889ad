"""How long a status holds, for editors to change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.models import Policy
from factcheck.access.admin import DeskAdmin
from factcheck.access.roles import Action

LEAST, MOST = timedelta(minutes=1), timedelta(days=3660)


class PolicyForm(forms.ModelForm[Policy]):
    """A policy within what a clock can bear."""

    class Meta:
        model = Policy
        fields = ("status", "kind", "holds_for")

    def clean_holds_for(self) -> timedelta:
        """Keep between a minute and ten years."""
        holds_for: timedelta = self.cleaned_data["holds_for"]
        if not LEAST <= holds_for <= MOST:
            raise ValidationError(_("A status holds for a minute at least and ten years at most."))
        return holds_for


@admin.register(Policy)
class PolicyAdmin(DeskAdmin[Policy]):
    """One row for a status, or for a status and a kind of claim; the narrower one decides."""

    to_add = to_change = Action.MANAGE_POLICIES
    form: Any = PolicyForm
    list_display = ("status", "kind", "holds_for")
    list_display_links = ("status", "kind")
