"""A document's page, with the claims that rest on it: what `sources` cannot know."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from claims.admin import words
from claims.models import Claim
from sources.admin.documents import DocumentAdmin
from sources.models import Document

MOST_CLAIMS = 100


class RestingAdmin(DocumentAdmin):
    """The page of a document, and who would miss it."""

    page_template = "claims/admin/document.html"

    def known_above(self, document: Document) -> dict[str, Any]:
        """Return the claims whose article or evidence this is."""
        resting = Claim.objects.resting_on(document).with_company().order_by("-id")[: MOST_CLAIMS + 1]
        return {
            "resting": [
                (claim, words.our_status(claim.status), [words.another_look(flag) for flag in claim.open_flags])  # type: ignore[attr-defined]  # with_company
                for claim in resting[:MOST_CLAIMS]
            ],
            "most": MOST_CLAIMS,
        }


admin.site.unregister(Document)
admin.site.register(Document, RestingAdmin)
