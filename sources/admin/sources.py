"""Who says it: names, domains, grades and parents, for editors to keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from factcheck.access.admin import ByRole, DeskAdmin, WordFilter, acting, door, may
from factcheck.access.roles import Action
from factcheck.lib import clock
from sources.admin.feeds import FeedInline
from sources.admin.merging import MOST_SHOWN, Merging, merges_of
from sources.models import Source, SourceName
from sources.models.source import name_key
from sources.services import grading, owners


class SourceKindFilter(WordFilter):
    """By the sort of source."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every kind."""
        return Source.Kind.choices

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Sources of one kind."""
        return queryset.filter(kind=chosen)


class GradeFilter(WordFilter):
    """By reliability."""

    title = gettext_lazy("reliability")
    parameter_name = "grade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every grade."""
        return Source.Grade.choices

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Sources of one grade."""
        return queryset.filter(reliability_grade=chosen)


_WHAT_TO_DO = gettext_lazy(" Merge the two if they are one; if both go by it, say so for each.")


class Names(BaseInlineFormSet[SourceName, Source, "forms.ModelForm[SourceName]"]):
    """The names of one source: none of them twice, none of them another's."""

    def clean(self) -> None:
        """Refuse a plain name that means somebody already, and an ambiguous one that stands here twice."""
        super().clean()
        seen: set[tuple[str, bool]] = set()
        for form in self.forms:
            asked = getattr(form, "cleaned_data", {})
            if not asked.get("name") or asked.get("DELETE"):
                continue
            key, is_ambiguous = name_key(asked["name"]), asked.get("is_ambiguous", False)
            others = SourceName.objects.filter(key=key, is_ambiguous=False).exclude(pk=form.instance.pk)
            if (key, is_ambiguous) in seen or (not is_ambiguous and others.exists()):
                form.add_error("name", _("A source goes by that name already.") + _WHAT_TO_DO)
            seen.add((key, is_ambiguous))


class NameInline(ByRole, admin.TabularInline[SourceName, Source]):
    """The other names it goes by."""

    to_add = to_change = Action.MANAGE_POLICIES
    model = SourceName
    formset = Names
    fields = ("name", "is_ambiguous")
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a wrong name be taken away again: nothing was decided by it."""
        return self.has_change_permission(request, obj)


class SourceForm(forms.ModelForm[Source]):
    """A source; a new one's name must not be another's, and a grade asks for a reason."""

    grade_why = forms.CharField(
        label=gettext_lazy("Because"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Why it deserves another grade than before. It stays on the desk, with your name."),
    )

    class Meta:
        model = Source
        fields = ("name", "kind", "reliability_grade", "grade_why", "home_domains", "parent")

    def clean_name(self) -> str:
        """Refuse a name that another source goes by."""
        name: str = self.cleaned_data["name"]
        known = SourceName.objects.filter(key=name_key(name), is_ambiguous=False)
        if known.exclude(source=self.instance.pk).exists():
            raise ValidationError(_("A source goes by that name already.") + _WHAT_TO_DO)
        return name

    def clean_grade_why(self) -> str:
        """Ask for a reason where the grade is another one."""
        why: str = self.cleaned_data["grade_why"].strip()
        if "reliability_grade" in self.changed_data and not why:
            raise ValidationError(_("Say why it deserves this grade: others will rely on it."))
        return why

    def clean_parent(self) -> Source | None:
        """Refuse a source as its own owner, over however many others, and one that was merged away."""
        parent: Source | None = self.cleaned_data["parent"]
        if parent is not None and parent.pk == self.instance.pk:
            raise ValidationError(_("A source is not its own parent."))
        if parent is not None and owners.run_in_a_circle(self.instance, parent):
            raise ValidationError(_("That source belongs to this one, over others: the owners would run in a circle."))
        if parent is not None and parent.merged_into_id:
            raise ValidationError(_("That source was merged into “%(name)s”."), params={"name": parent.merged_into})
        return parent


@admin.register(Source)
class SourceAdmin(Merging, DeskAdmin[Source]):
    """Sources: splitting finds or makes them, editors sort, name, merge and grade them."""

    to_add = to_change = Action.MANAGE_POLICIES
    form: Any = SourceForm
    change_form_template = "sources/admin/source.html"
    list_display = ("source", "kind", "domains", "reliability_grade", "parent")
    list_display_links = ("source",)
    list_filter = (SourceKindFilter, GradeFilter)
    list_select_related = ("parent",)
    search_fields = ("name", "names__name")
    search_help_text = gettext_lazy("Any name it goes by.")
    raw_id_fields = ("parent",)
    inlines = [NameInline, FeedInline]

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def source(self, source: Source) -> SafeString:
        """Show the name as outside text."""
        return format_html('<span dir="auto">{}</span>', source.name)

    @admin.display(description=gettext_lazy("home domains"))
    def domains(self, source: Source) -> str:
        """Show where it publishes."""
        return ", ".join(source.home_domains)

    def get_urls(self) -> list[URLPattern]:
        """Add merging, and its undoing."""
        undo = door(self.admin_site, require_POST(self.undo))
        return [
            path("<int:pk>/merge/", door(self.admin_site, self.merge), name="sources_source_merge"),
            path("<int:pk>/undo/", undo, name="sources_source_undo"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave a source that was merged away as it is: what it was like is part of the record."""
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show with the form what was decided about the source."""
        source: Source | None = context.get("original")
        if source is not None:
            context["may_keep"] = may(request, Action.MANAGE_POLICIES)
            context["gradings"] = source.gradings.select_related("by")[:MOST_SHOWN]
            context["merges"] = merges_of(source.pk)[:MOST_SHOWN]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: Any) -> None:
        """Write a new grade with its reason and its giver."""
        super().save_model(request, obj, form, change)
        if "reliability_grade" in form.changed_data:
            by, to = acting(request, Action.MANAGE_POLICIES), Source.Grade(obj.reliability_grade)
            grading.grade(obj, to, why=form.cleaned_data["grade_why"], by=by, now=clock.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Let the source go by its own name as well, so that splitting finds it, unless it shares it with others."""
        super().save_related(request, form, formsets, change)
        source: Source = form.instance
        key = name_key(source.name)
        if not source.names.filter(key=key).exists():
            SourceName.objects.create(source=source, name=source.name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Read the rows of the list alone; those that were merged away have a page, but no line."""
        at = request.resolver_match
        is_list = at is not None and at.url_name == "sources_source_changelist"
        return Source.objects.standing() if is_list else Source.objects.all()
