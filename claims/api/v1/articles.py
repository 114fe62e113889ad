"""Articles over REST: send one in, see how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.owners import SEE, articles_for, claims_for, owner
from claims.api.v1.shapes import ArticleOut, ArticleWithClaimsOut
from claims.models import Appearance, Article, Flag
from claims.services import articles
from claims.services.articles import ArticleRefused
from factcheck.access import quotas
from factcheck.access.idempotency import Made, once
from factcheck.access.roles import Action
from factcheck.api.doors import Door, Listing
from factcheck.api.fields import Body, Page, Text, Uid
from factcheck.lib.addresses import UrlRefused, canonical_url
from factcheck.lib.crashpoints import crashpoint

FIRST_CLAIMS = 50
_TEXTS = [
    f"{place}__{column}" for place in ("snapshot", "document__snapshot") for column in ("text", "blocks", "links")
]
_ONE_OF = ("url", "text", "html")


class ArticleIn(Body):
    """Exactly one of `url`, `text` and `html`."""

    default_error_messages = {
        "one_of": _("Give exactly one of url, text and html."),
        "title_of_text": _("A title goes with a text only; pages have their own."),
        "outlet_of_page": _("An outlet goes with a text or html; a URL tells its own."),
    }

    url = Text(required=False, allow_blank=True, trim_whitespace=False, help_text="A page on the public internet.")
    text = Text(required=False, allow_blank=True, trim_whitespace=False, help_text="Plain text, at most 2 MB.")
    html = Text(required=False, allow_blank=True, trim_whitespace=False, help_text="A saved page, at most 5 MB.")
    title = Text(required=False, allow_blank=True, max_length=500, help_text="With text.")
    outlet = Text(required=False, allow_blank=True, max_length=300, help_text="Who published it; with text or html.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none, two, and what does not go with the one."""
        given = [name for name in _ONE_OF if name in attrs]
        if len(given) != 1:
            self.fail("one_of")
        if "title" in attrs and given != ["text"]:
            self.fail("title_of_text")
        if "outlet" in attrs and given == ["url"]:
            self.fail("outlet_of_page")
        return attrs


class ArticlesQuery(Page):
    """Which articles."""

    url = Text(required=False, help_text="The article of this address, however it is spelled.")
    source = Uid(required=False, help_text="The outlet's uid.")  # type: ignore[assignment]  # a field, not DRF's option
    created_after = serializers.DateTimeField(required=False)
    created_before = serializers.DateTimeField(required=False)


class Articles(Listing):
    """Articles, newest first."""

    actions = {"GET": SEE, "POST": (Action.SUBMIT,)}
    refusals = (ArticleRefused, UrlRefused)
    problems = {"GET": (422,), "POST": (422, 503)}
    query = ArticlesQuery
    shape = ArticleOut
    tag = "articles"

    @extend_schema(operation_id="articles_list", summary="Articles", responses={200: ArticleOut(many=True)})
    def get(self, request: Request) -> Response:
        """Articles, newest first. A token that may only suggest sees those it sent in."""
        rows, asked = _rows(request), self.asked
        if "url" in asked:
            rows = rows.filter(document__identity=canonical_url(asked["url"]))
        if "source" in asked:
            rows = rows.filter(document__publisher__uid=asked["source"])
        if "created_after" in asked:
            rows = rows.filter(created_at__gt=asked["created_after"])
        if "created_before" in asked:
            rows = rows.filter(created_at__lt=asked["created_before"])
        return self.page(rows)

    @extend_schema(
        operation_id="articles_submit",
        summary="Send in an article",
        request=ArticleIn,
        responses={201: ArticleOut, 200: ArticleOut},
        examples=[OpenApiExample("a page", {"url": "https://example.com/story"}, request_only=True)],
    )
    @once
    def post(self, request: Request) -> Made:
        """Send in a page by its URL, a text, or a saved page.

        201 with its place in `Location`; 200 where the same article is there already. Splitting follows by itself.
        """
        sent = self.body(ArticleIn)
        with transaction.atomic():
            article, is_new = self._submit(sent)
            if is_new:
                quotas.take_article(owner(request)["client"], now=self.now)
        return Made(201 if is_new else 200, str(article.pk))

    def show(self, made: Made) -> Response:
        """Write the article that was sent in."""
        crashpoint("ingest.after_commit")
        shown = _rows_of(Article.objects.all()).get(pk=made.what)
        place = self.request.build_absolute_uri(ArticleOut().get_links(shown)["self"])
        return self.written(shown, ArticleOut, status=made.status, Location=place)

    def _submit(self, sent: dict[str, Any]) -> tuple[Article, bool]:
        whose = owner(self.request)
        if "url" in sent:
            return articles.submit_url(sent["url"], now=self.now, **whose)
        if "text" in sent:
            return articles.submit_text(**sent, now=self.now, **whose)
        body = sent.pop("html").encode()
        return articles.submit_html(body, **sent, now=self.now, **whose)


class OneArticle(Door):
    """One article with the first of its claims."""

    actions = {"GET": SEE}
    tag = "articles"

    @extend_schema(operation_id="articles_get", summary="One article", responses={200: ArticleWithClaimsOut})
    def get(self, request: Request, uid: UUID) -> Response:
        """How far it is, and its first 50 claims in the order of the text; `links.claims` leads to all."""
        article: Any = get_object_or_404(_rows(request), uid=uid)
        flags = Prefetch("claim__flags", Flag.objects.standing())
        standing = Appearance.objects.standing().filter(article=article, claim__in=claims_for(request))
        article.first_claims = standing.select_related("claim").prefetch_related(flags).order_by("id")[:FIRST_CLAIMS]
        return self.written(article, ArticleWithClaimsOut)


def _rows(request: Request) -> QuerySet[Article]:
    return _rows_of(articles_for(request))


def _rows_of(rows: Any) -> QuerySet[Article]:
    joined = ("document__publisher", "document__snapshot", "snapshot")
    counted: QuerySet[Article] = rows.with_counts().select_related(*joined).defer(*_TEXTS)
    return counted
