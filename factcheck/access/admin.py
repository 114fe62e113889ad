"""The admin's floor, where the role decides and Django's permissions do not; people, clients and tokens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factcheck.access.models import Client, Token, User, mint
from factcheck.access.roles import Action, Role, Scope
from factcheck.lib import clock

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _Options = BaseModelAdmin[Any]
else:
    _Options = object

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Model)
Forms = Mapping[str, Any]
View = Callable[..., HttpResponseBase]
NO_FORMS: Forms = MappingProxyType({})
SEARCH_LENGTH = 200
MOST_PAGED = 5000  # rows of a list: a hundred pages


def may(request: HttpRequest, action: Action) -> bool:
    """Say whether whoever sent this may do it."""
    return isinstance(request.user, User) and request.user.may(action)


def acting(request: HttpRequest, action: Action) -> User:
    """Return the person who sent this; raises PermissionDenied where the role does not allow the action."""
    if isinstance(request.user, User) and request.user.may(action):
        return request.user
    raise PermissionDenied


def door(site: admin.AdminSite, view: View) -> View:
    """Return a view behind the admin's door; what somebody posts whose session ended is shown again, never lost."""
    inside = site.admin_view(view)

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or site.has_permission(request):
            return inside(request, *args, **kwargs)
        typed = [(name, "\n".join(values)) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
        context = {**site.each_context(request), "title": gettext("You were signed out"), "typed": typed}
        return TemplateResponse(request, "admin/signed_out.html", context, status=403)

    opened.login_required = False  # type: ignore[attr-defined]  # the middleware leaves the asking to us
    return opened


class ByRole(_Options):
    """Answers the admin's questions from the role table. `None` means nobody; nothing is ever deleted."""

    is_by_role: ClassVar[bool] = True
    to_see: ClassVar[Action | None] = Action.SEE_DESK
    to_add: ClassVar[Action | None] = None
    to_change: ClassVar[Action | None] = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the pages to whoever may see them."""
        return self._may(request, self.to_see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `to_see`."""
        return self._may(request, self.to_see)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `to_add`."""
        return self._may(request, self.to_add)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By `to_change`."""
        return self._may(request, self.to_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: what was said and decided stays."""
        return False

    @staticmethod
    def _may(request: HttpRequest, action: Action | None) -> bool:
        return action is not None and may(request, action)


class Framed:
    """Pages of our own in the admin's frame; admins have it, and what is mixed into them."""

    admin_site: Any
    opts: Any

    def page(self, request: HttpRequest, template: str, context: Forms, *, status: int = 200) -> HttpResponse:
        """Return one of our templates in the admin's frame."""
        framed = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, framed, status=status)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs alone
    """Pages of what may be very many rows: they are counted to a bound, and nobody turns to what lies behind it."""

    @cached_property
    def counted(self) -> int:
        """Count the rows, up to one more than the bound."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_PAGED + 1].count())

    @cached_property
    def count(self) -> int:
        """Return how many rows are paged."""
        return min(self.counted, MOST_PAGED)

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than that."""
        return self.counted > MOST_PAGED


class DeskAdmin(ByRole, Framed, admin.ModelAdmin[M]):
    """A model's pages on the desk: bounded search, no full count, only the filters that are shown."""

    paginator = BoundedPaginator

    actions: Any = None
    empty_value_display = ""
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Take only the parameters of the filters that are shown, so that no address can ask for more."""
        return lookup in {shown.parameter_name for shown in self.list_filter}  # type: ignore[union-attr]  # only WordFilters

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Search for the first 200 characters."""
        found: tuple[Any, bool] = super().get_search_results(request, queryset, search_term[:SEARCH_LENGTH])
        return found


class PageAdmin(DeskAdmin[M]):
    """A model whose rows have a page of their own: they are acted upon, never edited in a form."""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one row; whatever is posted here is refused."""
        acting(request, Action.SEE_DESK)
        row: Any = self.get_object(request, object_id)
        if row is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]  # Django's own way, not in the stubs
            return missing
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.shown(request, row)

    def shown(self, request: HttpRequest, row: M, *, status: int = 200, refused: Forms = NO_FORMS) -> HttpResponse:
        """Return the page of a row, with refused forms as they were typed."""
        raise NotImplementedError


class WordFilter(admin.SimpleListFilter):
    """A list filter over known words; anything else in the address counts as no choice."""

    template = "admin/desk_filter.html"
    parameter_name: str

    def value(self) -> str | None:
        """Return the chosen word, if it is one."""
        chosen = super().value()
        known = {str(code) for code, _word in self.lookup_choices}
        return chosen if chosen in known else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list to the chosen word."""
        chosen = self.value()
        return queryset if chosen is None else self.narrowed(queryset, chosen)

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Return what fits the word."""
        raise NotImplementedError


class PersonForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic in the stubs alone
    """A new person, with the part on the desk."""

    class Meta:
        model = User
        fields = ("username", "role")


class RoleFilter(WordFilter):
    """People by role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every role."""
        return Role.choices

    def narrowed(self, queryset: Any, chosen: str) -> Any:
        """Those of one role."""
        return queryset.filter(role=chosen)


@admin.register(User)
class PersonAdmin(ByRole, UserAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    """People: a name, a password, a role. Who leaves is made inactive; what they decided stays."""

    to_see = to_add = to_change = Action.MANAGE_ACCESS
    add_form = PersonForm
    actions = ["reset_second_factor"]
    show_full_result_count = False
    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = (RoleFilter,)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("On the desk"), {"fields": ("role", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "role", "password1", "password2")}),)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Take the role only: an address must not be able to search in passwords."""
        return lookup == RoleFilter.parameter_name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search for the first 200 characters."""
        return super().get_search_results(request, queryset, search_term[:SEARCH_LENGTH])

    def has_reset_permission(self, request: HttpRequest) -> bool:
        """Reset by whoever manages people."""
        return may(request, Action.MANAGE_ACCESS)

    @admin.action(description=_("Reset the second factor (the phone is lost)"), permissions=["reset"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget phones and recovery codes of people; each is signed out everywhere and sets up another."""
        people = list(queryset.order_by("pk"))
        Authenticator.objects.filter(user__in=people).delete()
        for person in people:
            log.warning("person %s reset the second factor of person %s", request.user.pk, person.pk)
        said = gettext("%(people)s reset: signed out everywhere; a new second factor is set up at the next login.")
        messages.success(request, said % {"people": len(people)})


@admin.register(Client)
class ClientAdmin(DeskAdmin[Client]):
    """Newsroom systems that read us."""

    to_see = to_add = to_change = Action.MANAGE_ACCESS
    list_display = ("name", "created_at", "disabled_at")
    search_fields = ("name",)
    fields = ("name", "requests_a_minute", "articles_a_day", "disabled_at")


class TokenForm(forms.ModelForm[Token]):
    """What a token is for and whose it is."""

    scopes = forms.MultipleChoiceField(label=_("Scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Token
        fields = ("name", "user", "client", "scopes", "expires_at")

    def clean(self) -> dict[str, Any]:
        """Say in words what the table's constraints ask for."""
        asked = super().clean() or {}
        if bool(asked.get("user")) == bool(asked.get("client")):
            raise ValidationError(_("A token belongs either to a person or to a client: choose one."))
        if asked.get("client") and Scope.WRITE_DESK in asked.get("scopes", []):
            self.add_error("scopes", _("“act as the person it belongs to” is for a person's token."))
        return asked


@admin.register(Token)
class TokenAdmin(DeskAdmin[Token]):
    """Tokens are made, shown once, and revoked; never read again, changed or deleted."""

    to_see = to_add = Action.MANAGE_ACCESS
    form: Any = TokenForm
    list_display = ("name", "prefix", "user", "client", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user", "client")
    search_fields = ("name", "prefix")
    actions = ["revoke"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Revoke by whoever may make one."""
        return may(request, Action.MANAGE_ACCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Mint the token and show its secret, this once."""
        asked = form.cleaned_data
        minted, secret = mint(
            name=asked["name"],
            scopes=asked["scopes"],
            user=asked["user"],
            client=asked["client"],
            expires_at=asked["expires_at"],
        )
        obj.pk, obj.prefix, obj.digest = minted.pk, minted.prefix, minted.digest
        shown = gettext("The token of “%(name)s”, shown this once: %(secret)s")
        messages.warning(request, shown % {"name": minted.name, "secret": secret})

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """Make tokens useless at once; what was revoked before keeps its time."""
        rows = queryset.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
        messages.success(request, gettext("%(rows)s revoked.") % {"rows": rows})
