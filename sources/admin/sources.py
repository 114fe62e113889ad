"""Who says it: names, domains, grades and parents, for editors to keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.access.admin import ByRole, DeskAdmin, WordFilter
from factcheck.access.roles import Action
from sources.admin.feeds import FeedInline
from sources.models import Source, SourceName
from sources.models.source import name_key


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


class Names(BaseInlineFormSet[SourceName, Source, "forms.ModelForm[SourceName]"]):
    """The names of one source: none of them twice, none of them another's."""

    def clean(self) -> None:
        """Refuse a name that means somebody already."""
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if hasattr(form, "cleaned_data") else ""
            if not name or form.cleaned_data.get("DELETE"):
                continue
            key = name_key(name)
            others = SourceName.objects.filter(key=key).exclude(pk=form.instance.pk)
            if key in seen or others.exists():
                form.add_error("name", _("A source goes by that name already."))
            seen.add(key)


class NameInline(ByRole, admin.TabularInline[SourceName, Source]):
    """The other names it goes by."""

    to_add = to_change = Action.MANAGE_POLICIES
    model = SourceName
    formset = Names
    fields = ("name",)
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a wrong name be taken away again: nothing was decided by it."""
        return self.has_change_permission(request, obj)


class SourceForm(forms.ModelForm[Source]):
    """A source; a new one's name must not be another's."""

    class Meta:
        model = Source
        fields = ("name", "kind", "reliability_grade", "home_domains", "parent")

    def clean_name(self) -> str:
        """Refuse a name that another source goes by."""
        name: str = self.cleaned_data["name"]
        if SourceName.objects.filter(key=name_key(name)).exclude(source=self.instance.pk).exists():
            raise ValidationError(_("A source goes by that name already."))
        return name

    def clean_parent(self) -> Source | None:
        """Refuse a source as its own parent."""
        parent: Source | None = self.cleaned_data["parent"]
        if parent is not None and parent.pk == self.instance.pk:
            raise ValidationError(_("A source is not its own parent."))
        return parent


@admin.register(Source)
class SourceAdmin(DeskAdmin[Source]):
    """Sources: splitting finds or makes them, editors sort, name and grade them."""

    to_add = to_change = Action.MANAGE_POLICIES
    form: Any = SourceForm
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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Let the source go by its own name as well, so that splitting finds it."""
        super().save_related(request, form, formsets, change)
        name = form.instance.name
        SourceName.objects.get_or_create(key=name_key(name), defaults={"source": form.instance, "name": name})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Read the rows of the list alone."""
        return Source.objects.all()
