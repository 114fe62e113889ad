"""What the desk's forms take: bounded and typed; whether it may be done, the services say."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from claims.models import Article, Evidence
from claims.models.claim import CERTAINTIES, KINDS, STATUSES, TEXT_LENGTH
from claims.models.verdict import CODES
from claims.services.articles import HTML_BYTES
from claims.services.evidence import QUOTE_LENGTH
from claims.services.topics import TOPIC_LENGTH
from claims.verification.status import OFFERED, Code, Status

WORDS_LENGTH = 5000
SAW_LENGTH = 10_000
ADDRESS_LENGTH = 2048
RECENT_ARTICLES = 50
_EARLIEST, _LATEST = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
a_language = RegexValidator(re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z"), _("A code such as “en” or “pt-BR”."))


def _words(label: Any, *, rows: int, most: int = WORDS_LENGTH, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=forms.Textarea({"rows": rows}), **more)


def closed_because(code: str) -> str:
    """Return the value of a button that closes a claim for that reason."""
    return f"{Status.NOT_CHECKABLE}/{code}"


CLOSED_BECAUSE = [(closed_because(code), words) for code, words in CODES if code in OFFERED]


class DeskForm(forms.Form):
    """Labels without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the colon out."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class MoveForm(DeskForm):
    """A move: where to, from what its reviewer saw, and why."""

    to = forms.ChoiceField(
        choices=[*STATUSES, *CLOSED_BECAUSE], error_messages={"required": _("Choose where the claim goes.")}
    )
    seen = forms.ChoiceField(choices=STATUSES)
    looked_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    saw = forms.CharField(required=False, max_length=SAW_LENGTH, widget=forms.HiddenInput)
    reason = _words(_("Why"), rows=3, help_text=_("For the desk alone; it never leaves it."))
    search_log = _words(_("Where we looked, whom we asked"), rows=3, help_text=_("Asked for with “unproven”."))

    def clean(self) -> dict[str, Any]:
        """Part where it goes from why it is closed, which one button says together."""
        asked = super().clean() or {}
        to, _slash, code = asked.get("to", "").partition("/")
        return {**asked, "to": to, "code": Code(code) if code else None}


class AcceptForm(DeskForm):
    """A page of the table becomes evidence: what it says of the claim, by which sentence."""

    stance = forms.ChoiceField(label=_("It"), choices=Evidence.Stance.choices, widget=forms.RadioSelect)
    quote = _words(
        _("The sentence that says so"),
        rows=2,
        most=QUOTE_LENGTH,
        help_text=_("Copied character for character from the page. Empty: the page as a whole."),
    )


class AttachForm(AcceptForm):
    """The same, with the page's address."""

    address = forms.CharField(
        label=_("Address of the page"), max_length=ADDRESS_LENGTH, widget=forms.URLInput({"placeholder": "https://"})
    )
    field_order = ["address", "stance", "quote"]


class ClaimForm(DeskForm):
    """A claim by hand: a speech, a message, a caption; with or without an article."""

    text = forms.CharField(
        label=_("Claim"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One sentence that can be true or false on its own, with full names instead of “he” or “there”."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="fact")
    topic = forms.CharField(
        label=_("Topic"), max_length=TOPIC_LENGTH, required=False, help_text=_("Such as “health”; rules may go by it.")
    )
    language = forms.CharField(label=_("Language"), max_length=12, initial="en", validators=[a_language])
    claimant = forms.CharField(label=_("Who says it"), max_length=300, required=False)
    said_at = forms.DateTimeField(
        label=_("Said at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    said_where = forms.CharField(
        label=_("Said where"), max_length=300, required=False, help_text=_("Such as “speech in Selmar, on the radio”.")
    )
    article = forms.ModelChoiceField(
        label=_("Article"), queryset=Article.objects.none(), required=False, empty_label=_("none")
    )
    quote = _words(
        _("Quote"), rows=2, most=QUOTE_LENGTH, help_text=_("Where the article says it, character for character.")
    )
    certainty = forms.ChoiceField(label=_("The text says"), choices=CERTAINTIES, initial="asserted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the newest articles, and take any."""
        super().__init__(*args, **kwargs)
        known = Article.objects.select_related("document")
        field = self.fields["article"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = known
        chosen = self.data.get("article") if self.is_bound else self.initial.get("article")
        offered = {str(one.pk): str(one)[:100] for one in known[:RECENT_ARTICLES]}
        if str(chosen).isascii() and str(chosen).isdigit() and str(chosen) not in offered:
            offered |= {str(one.pk): str(one)[:100] for one in known.filter(pk=str(chosen)[:18])}
        field.widget.choices = [("", field.empty_label), *offered.items()]

    def clean_said_at(self) -> datetime | None:
        """Keep to years that every part of the house can tell."""
        said_at: datetime | None = self.cleaned_data["said_at"]
        if said_at is not None and not _EARLIEST <= said_at <= _LATEST:
            raise ValidationError(_("This is not a date on which somebody was heard."))
        return said_at


class ArticleForm(DeskForm):
    """An article: by its address, as pasted text, or as a saved page; exactly one of the three."""

    url = forms.CharField(
        label=_("Address"),
        max_length=ADDRESS_LENGTH,
        required=False,
        widget=forms.URLInput({"placeholder": "https://"}),
    )
    text = forms.CharField(label=_("Text"), required=False, strip=False, widget=forms.Textarea({"rows": 10}))
    title = forms.CharField(label=_("Its headline"), max_length=500, required=False)
    html = forms.FileField(label=_("Saved page"), required=False, widget=forms.FileInput({"accept": ".html,.htm"}))
    outlet = forms.CharField(
        label=_("Outlet"), max_length=300, required=False, help_text=_("Who published it, such as “The Selmar Post”.")
    )

    def clean_html(self) -> UploadedFile[Any] | None:
        """Refuse a file that is too large before it is read."""
        saved: UploadedFile[Any] | None = self.cleaned_data["html"]
        if saved is not None and (saved.size or 0) > HTML_BYTES:
            raise ValidationError(_("A saved page has at most %(most)s MB here."), params={"most": HTML_BYTES >> 20})
        return saved

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one way."""
        asked = super().clean() or {}
        given = [way for way in ("url", "text", "html") if asked.get(way)]
        if len(given) != 1 and not self.errors:
            raise ValidationError(_("Give exactly one: an address, a text, or a saved page."))
        return asked
