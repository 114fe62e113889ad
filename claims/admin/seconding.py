"""Which verdicts take two people, for editors to say."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import SecondPersonRule
from factcheck.access.admin import DeskAdmin
from factcheck.access.roles import Action


@admin.register(SecondPersonRule)
class SecondPersonRuleAdmin(DeskAdmin[SecondPersonRule]):
    """Any rule in force that fits a verdict asks for a second person."""

    to_add = to_change = Action.MANAGE_POLICIES
    list_display = ("verdict", "on_topic", "is_on")
    list_display_links = ("verdict",)
    fields = ("status", "topic", "is_on")

    @admin.display(description=gettext_lazy("verdict"), ordering="status")
    def verdict(self, rule: SecondPersonRule) -> str:
        """Show the verdict, or that it is any."""
        return str(rule.get_status_display() or _("any verdict"))

    @admin.display(description=gettext_lazy("topic"), ordering="topic")
    def on_topic(self, rule: SecondPersonRule) -> str:
        """Show the topic, or that it is any."""
        return rule.topic or _("any topic")
