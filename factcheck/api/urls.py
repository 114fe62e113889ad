"""Addresses of the door about itself."""

from __future__ import annotations

from factcheck.api import about
from factcheck.api.doors import route

urlpatterns = [
    route("me", about.Me, name="api-me"),
    route("problems", about.Problems, name="api-problems"),
    route("schema", about.Schema, name="api-schema"),
    route("docs", about.Docs, name="api-docs"),
]
