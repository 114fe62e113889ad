"""The desk's figures on its front page."""

from __future__ import annotations

from typing import Any

from django import template

from claims.admin import dashboard

register = template.Library()


@register.inclusion_tag("claims/admin/figures.html", takes_context=True)
def figures(context: template.RequestContext) -> dict[str, Any]:
    """Show them for the period that the address asks for."""
    return dashboard.today(context["request"].GET)
