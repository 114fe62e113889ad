"""Conditional requests (RFC 9110, section 13): the tag of an answer is a digest of its body, as this token sees it."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from factcheck.api.problems import Problem

KEPT_BUT_ASKED = "private, no-cache"
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
# What a 304 says of the answer that it stands for.
_KEPT = ("ETag", "Cache-Control", "Vary", "X-Request-ID", "RateLimit", "RateLimit-Policy")


class PlainJSON(JSONRenderer):
    """JSON in one form only, so that a tag stands for the same bytes."""

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        """Indent nothing, whatever `Accept` asks for."""


def tag(body: bytes, *, weak: bool = False) -> str:
    """Return the entity tag of a body."""
    return f'{"W/" if weak else ""}"{hashlib.sha256(body).hexdigest()[:32]}"'


def answered(request: HttpRequest, response: Any, *, weak: bool) -> HttpResponse:
    """Tag a rendered answer, and shorten it to 304 where the caller has it already."""
    whole: HttpResponse = response.render()
    whole["ETag"] = tag(whole.content, weak=weak)
    whole["Cache-Control"] = KEPT_BUT_ASKED
    patch_vary_headers(whole, ("Accept", "Authorization"))
    if not _names(request.headers.get("If-None-Match", ""), whole["ETag"], weakly=True):
        return whole
    bare = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    del bare["Content-Type"]
    for name in _KEPT:
        if name in whole:
            bare[name] = whole[name]
    return bare


def named(sent: str) -> str:
    """Return If-Match where it names what the caller read; "" for none, and for `*`, which names nothing."""
    return "" if sent.strip() == "*" else sent.strip()


def check(sent: str, current: str) -> None:
    """Raise a Problem unless If-Match names the current tag, strongly."""
    if not _names(sent, current, weakly=False):
        raise Problem("precondition_failed", _("It changed since you read it. Read it again, then decide."))


def _names(sent: str, current: str, *, weakly: bool) -> bool:
    """Compare as RFC 9110, section 8.8.3.2 says."""
    if weakly and sent.strip() == "*":
        return True
    tags = [found[0] for found in _TAG.finditer(sent)]
    return current.removeprefix("W/") in [one.removeprefix("W/") for one in tags] if weakly else current in tags
