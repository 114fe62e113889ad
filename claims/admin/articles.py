"""The articles: the list, the page of one with its claims marked, and taking one in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.admin import article_page, filters, words
from claims.admin.forms import ArticleForm
from claims.models import Article
from claims.services import articles
from factcheck.access.admin import NO_FORMS, Forms, PageAdmin, acting, door, may
from factcheck.access.models import User
from factcheck.access.roles import Action
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused


@admin.register(Article)
class ArticleAdmin(PageAdmin[Article]):
    """Articles come in by address, as text, or as a saved page."""

    to_add = Action.SUBMIT
    list_display = ("article", "outlet", "splitting", "claims", "submitted")
    list_display_links = None
    list_filter = (filters.ArticleStateFilter,)
    search_fields = ("document__title", "document__url", "document__publisher__name")
    search_help_text = gettext_lazy("Words of the headline, the address or the outlet.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Bring along what the list shows of each."""
        return Article.objects.with_counts().select_related("document__publisher")

    @admin.display(description=gettext_lazy("article"))
    def article(self, article: Article) -> SafeString:
        """Show the headline, leading to the page."""
        return format_html(
            '<a class="claim-text" href="{}" lang="{}" dir="auto">{}</a>',
            reverse("admin:claims_article_change", args=[article.pk]),
            article.document.language,
            Truncator(str(article)).chars(200),
        )

    @admin.display(description=gettext_lazy("outlet"), ordering="document__publisher__name")
    def outlet(self, article: Article) -> SafeString:
        """Show who published it."""
        return format_html('<span dir="auto">{}</span>', article.document.publisher or "")

    @admin.display(description=gettext_lazy("splitting"), ordering="state")
    def splitting(self, article: Article) -> SafeString:
        """Show how far it is, in words, and why."""
        state, reason = article_page.told(article)
        return format_html("{} <small>{}</small>", words.badge("state", state, article_page.STATES[state]), reason)

    @admin.display(description=gettext_lazy("claims"))
    def claims(self, article: Any) -> int:
        """Show how many claims stand in it."""
        count: int = article.claims_standing
        return count

    @admin.display(description=gettext_lazy("submitted"), ordering="id")
    def submitted(self, article: Article) -> SafeString:
        """Show when it came in, in the desk's time zone."""
        return format_html('<span class="when">{}</span>', words.day(article.created_at))

    def get_urls(self) -> list[URLPattern]:
        """Add the one thing that can be done with an article."""
        requeue, add = door(self.admin_site, require_POST(self.requeue)), door(self.admin_site, self.add_view)
        return [
            path("<int:pk>/requeue/", requeue, name="claims_article_requeue"),
            path("add/", add, name="claims_article_add"),
            *super().get_urls(),
        ]

    def shown(
        self, request: HttpRequest, row: Article, *, status: int = 200, refused: Forms = NO_FORMS
    ) -> HttpResponse:
        """Return the page of an article."""
        context = {
            **article_page.of(row, now=clock.now()),
            "title": Truncator(str(row)).chars(80),
            "may_submit": may(request, Action.SUBMIT),
            "may_work": may(request, Action.WORK_CLAIMS),
        }
        return self.page(request, "claims/admin/article.html", context, status=status)

    def requeue(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let an article be split again that is stuck, or whose language was not supported."""
        acting(request, Action.SUBMIT)
        is_due = articles.split_again(get_object_or_404(Article, pk=pk), now=clock.now())
        is_fine = _("It is not stuck: there is nothing to try again.")
        messages.info(request, _("It will be split again now.") if is_due else is_fine)
        return redirect("admin:claims_article_change", pk)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take an article in."""
        by = acting(request, Action.SUBMIT)
        form = ArticleForm(*(request.POST, request.FILES) if request.method == "POST" else ())
        if request.method == "POST" and form.is_valid():
            try:
                article, is_new = _submitted(form.cleaned_data, by=by)
            except (articles.ArticleRefused, UrlRefused) as refusal:
                form.add_error(_given(form.cleaned_data), str(refusal))
            else:
                messages.success(request, _("The article is in.") if is_new else _("This article was here already."))
                return redirect("admin:claims_article_change", article.pk)
        return self.page(request, "claims/admin/submit.html", {"title": _("Submit an article"), "form": form})


def _given(asked: Mapping[str, Any]) -> str:
    return next(way for way in ("url", "text", "html") if asked[way])


def _submitted(asked: Mapping[str, Any], *, by: User) -> tuple[Article, bool]:
    now = clock.now()
    match _given(asked):
        case "url":
            return articles.submit_url(asked["url"], now=now, by=by)
        case "text":
            return articles.submit_text(asked["text"], now=now, by=by, title=asked["title"], outlet=asked["outlet"])
        case _:
            return articles.submit_html(asked["html"].read(), now=now, by=by, outlet=asked["outlet"])
