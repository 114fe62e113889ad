"""What the desk's front page says of what nobody but a person can see."""

from __future__ import annotations

from django import template

from sources.admin import health

register = template.Library()
register.simple_tag(health.visits_due)
