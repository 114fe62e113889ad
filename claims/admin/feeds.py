"""A feed's page, with the articles that came in by it: what `sources` cannot know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import admin
from django.urls import reverse

from claims.models import Article
from sources.admin.feeds import FeedAdmin
from sources.models import Feed


class ArticlesOfFeedAdmin(FeedAdmin):
    """The page of a feed, where its entries lead to their articles."""

    def known_above(self, documents: Sequence[int]) -> Mapping[int, str]:
        """Return the articles' pages."""
        found = Article.objects.filter(document__in=documents).values_list("document_id", "pk")
        pages = {document: reverse("admin:claims_article_change", args=[pk]) for document, pk in found}
        return {**super().known_above(documents), **pages}


admin.site.unregister(Feed)
admin.site.register(Feed, ArticlesOfFeedAdmin)
