"""The claims: the list, the page of one, and a claim by hand."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.admin import beside, claim_page, filters, filters_of_figures, merging, queue, waiting, words
from claims.admin.acting import Acting
from claims.admin.by_hand import ByHand
from claims.admin.deciding import Deciding
from claims.admin.files import Files
from claims.admin.mending import Mending
from claims.admin.recording import Recording
from claims.admin.waiting import Waiting
from claims.models import Claim
from claims.services import index
from factcheck.access.admin import NO_FORMS, SEARCH_LENGTH, Forms, PageAdmin, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock

_SHOWN = 3
_A_KEY = re.compile(r"[0-9]{1,18}")
MOST_FOUND = 500


@admin.register(Claim)
class ClaimAdmin(Acting, Deciding, Mending, Recording, Waiting, ByHand, Files, PageAdmin[Claim]):
    """Claims are made by splitting or by hand, and moved by decisions; no form edits one."""

    to_add = Action.SUBMIT
    change_list_template = "claims/admin/claim_list.html"
    list_display = ("claim", "our_status", "text_says", "another_look", "kind", "worth", "where", "created")
    list_display_links = None
    list_filter = (
        filters.StatusFilter,
        filters.AnotherLookFilter,
        filters.OverdueFilter,
        filters.CertaintyFilter,
        filters.KindFilter,
        filters.SourceFilter,
        filters.DriftFilter,
        filters.JoinedFilter,
        *filters_of_figures.ALL,
    )
    search_fields = ("text",)  # what is searched, get_search_results says
    search_help_text = gettext_lazy("What it is about, in a few words of your own. The best fits come first.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """Bring along what the list shows of each."""
        return Claim.objects.with_company().select_related("triage__taken_by", "triage__snoozed_by")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Claim | None:
        """Bring along what the head of a claim's page shows; what its list shows of each is not asked for."""
        beside_it = ("head", "part_of", "claimant", "triage__taken_by", "triage__snoozed_by")
        key = int(object_id) if _A_KEY.fullmatch(object_id) else 0
        return Claim.objects.select_related(*beside_it).filter(pk=key).first()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """Search by words and by meaning, the best first unless another order is asked for; say what is to be known."""
        if not search_term.strip():
            return queryset, False
        found = index.search(search_term[:SEARCH_LENGTH], limit=MOST_FOUND)
        if found.note:
            messages.info(request, found.note)
        fitting = queryset.filter(pk__in=found.claims)
        return (fitting if "o" in request.GET else fitting.order_by(index.in_order(found.claims))), False

    @admin.display(description=gettext_lazy("claim"))
    def claim(self, claim: Claim) -> SafeString:
        """Show the claim, leading to its page."""
        return format_html(
            '<a class="claim-text" href="{}" lang="{}" dir="auto">{}</a>',
            reverse("admin:claims_claim_change", args=[claim.pk]),
            claim.language,
            Truncator(claim.text).chars(280),
        )

    @admin.display(description=gettext_lazy("our status"), ordering="status")
    def our_status(self, claim: Claim) -> SafeString:
        """Show where it stands, and since when a review is due."""
        return words.standing(claim)

    @admin.display(description=gettext_lazy("the text says"))
    def text_says(self, claim: Any) -> SafeString:
        """Show how sure the texts are."""
        said = words.certainties([place for place in claim.places if place.ended_at is None])
        if claim.places and not said:
            return format_html("<small>{}</small>", _("no text says it any longer"))
        return format_html_join(" ", "{}", ((words.text_says(code),) for code in said))

    @admin.display(description=gettext_lazy("needs another look"))
    def another_look(self, claim: Any) -> SafeString:
        """Show why, and since when."""
        return format_html_join(" ", "{}", ((words.another_look(flag),) for flag in claim.open_flags))

    @admin.display(description=gettext_lazy("worth"), ordering="check_worthiness")
    def worth(self, claim: Claim) -> SafeString:
        """Show how much it is worth checking, 0 to 1."""
        return format_html(
            '<meter min="0" max="1" value="{0}" aria-hidden="true"></meter> <span class="number">{0}</span>',
            f"{claim.check_worthiness:.2f}",
        )

    @admin.display(description=gettext_lazy("article"))
    def where(self, claim: Any) -> SafeString:
        """Show the articles it stands in, with their outlets."""
        articles = list({one.article_id: one.article for one in claim.places}.values())
        more = _("and %(more)s more") % {"more": len(articles) - _SHOWN} if len(articles) > _SHOWN else ""
        linked = (
            (
                reverse("admin:claims_article_change", args=[one.pk]),
                one.document.language,
                Truncator(str(one)).chars(60),
                one.document.publisher or "",
            )
            for one in articles[:_SHOWN]
        )
        shown = format_html_join(
            "",
            '<span class="where"><a href="{}" lang="{}" dir="auto">{}</a> <small dir="auto">{}</small></span>',
            linked,
        )
        return format_html("{}{} {}", shown, more, self._elsewhere(claim, len(articles)))

    @staticmethod
    def _elsewhere(claim: Any, own: int) -> SafeString | str:
        """Say that the claim is joined to another, or in how many articles stand those that are joined to it."""
        if claim.head_id is not None:
            return format_html("<small>{}</small>", _("joined to another claim"))
        said = _("in %(articles)s articles, joined") % {"articles": claim.said_in}
        return format_html("<small>{}</small>", said) if claim.said_in > own else ""

    @admin.display(description=gettext_lazy("created"), ordering="id")
    def created(self, claim: Claim) -> SafeString:
        """Show when it was written down, in the desk's time zone."""
        return format_html('<span class="when">{}</span>', words.day(claim.created_at))

    def get_urls(self) -> list[URLPattern]:
        """Add what can be done with one claim; each is a POST that answers with the page."""
        done: tuple[tuple[str, Any, str], ...] = (
            *self.doors(),
            ("<int:pk>/move/", self.move, "move"),
            ("<int:pk>/attach/", self.attach, "attach"),
            ("<int:pk>/evidence/<int:evidence_pk>/accept/", self.accept, "accept"),
            ("<int:pk>/evidence/<int:evidence_pk>/dismiss/", self.dismiss, "dismiss"),
            ("<int:pk>/flags/<int:flag_pk>/clear/", self.clear, "clear"),
            ("<int:pk>/edits/<int:number>/", self.reword, "reword"),
            ("<int:pk>/edit/", self.edit, "edit"),
            ("<int:pk>/appearances/<int:place_pk>/reread/", self.reread, "reread"),
            ("<int:pk>/appearances/<int:place_pk>/back/<str:what>/", self.take_back, "take_back"),
            ("<int:pk>/split/", self.split_up, "split_up"),
            ("<int:pk>/together/", self.put_together, "put_together"),
            ("<int:pk>/join/", self.join, "join"),
            ("<int:pk>/links/<int:link_pk>/<str:do>/", self.link, "link"),
            ("<int:pk>/drifts/<int:drift_pk>/<str:do>/", self.drift, "drift"),
            ("<int:pk>/known/<int:match_pk>/accept/", self.accept_known, "known_accept"),
            ("<int:pk>/known/<int:match_pk>/dismiss/", self.dismiss_known, "known_dismiss"),
            ("<int:pk>/contacts/", self.ask, "ask"),
            ("<int:pk>/contacts/<int:contact_pk>/answer/", self.answer, "answer"),
            ("<int:pk>/searches/", self.log_search, "log_search"),
            ("<int:pk>/notes/", self.note, "note"),
            ("<int:pk>/statements/", self.state, "state"),
            ("<int:pk>/files/", self.attach_file, "attach_file"),
            ("<int:pk>/verify/", self.verify, "verify"),
            ("<int:pk>/evidence/<int:evidence_pk>/reveal/", self.reveal, "reveal"),
        )
        posts = [
            path(route, door(self.admin_site, require_POST(view)), name=f"claims_claim_{name}")
            for route, view, name in done
        ]
        add = path("add/", door(self.admin_site, self.add_view), name="claims_claim_add")
        suggestions = path("suggestions/", door(self.admin_site, self.suggestions), name="claims_claim_suggestions")
        return [*posts, add, suggestions, *self.file_urls(), *super().get_urls()]

    def shown(self, request: HttpRequest, row: Claim, *, status: int = 200, refused: Forms = NO_FORMS) -> HttpResponse:
        """Return the page of a claim, with refused forms as they were typed."""
        person = acting(request, Action.SEE_DESK)
        shown = claim_page.of(row, now=clock.now(), refused=refused)
        context = {
            **shown,
            **queue.standing_of(row, person, now=clock.now()),
            **waiting.of(shown, person, refused),
            "may_confirm": may(request, Action.CONFIRM),
            **merging.of(row, request.GET.get("merge", "")),
            **beside.of(row, request.GET.get("beside", "")),
            "back": queue.back(request),
            "title": Truncator(row.text).chars(80),
            "may_work": may(request, Action.WORK_CLAIMS),
            "may_move": may(request, Action.MOVE_STATUS),
        }
        return self.page(request, "claims/admin/claim.html", context, status=status)
