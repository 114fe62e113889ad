"""Forms of what the desk writes down beside a claim: whom it asked, where it looked, what is to be remembered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from claims.admin.forms import WORDS_LENGTH, AcceptForm, DeskForm, a_language
from claims.models import Evidence, Statement
from claims.models.notes import NAME_LENGTH, Way
from sources.services import supplying

MOMENT = "%Y-%m-%dT%H:%M"
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def moment(now: datetime) -> str:
    """Return a moment as a field of a form has it, in the desk's time zone."""
    return localtime(now).strftime(MOMENT)


def _when(label: Any, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, validators=[_is_told], **more)


def _is_told(at: datetime) -> None:
    if not _EARLIEST <= at <= _LATEST:
        raise ValidationError(_("This is not a date on which anybody of this desk did anything."))


def words(label: Any, *, rows: int = 2, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    return forms.CharField(label=label, max_length=WORDS_LENGTH, widget=forms.Textarea({"rows": rows}), **more)


def line(label: Any, **more: Any) -> forms.CharField:
    """Return a field for a name or a few words."""
    return forms.CharField(label=label, max_length=NAME_LENGTH, **more)


class ContactForm(DeskForm):
    """Whom somebody asked what, and until when an answer is awaited."""

    whom = line(_("Whom we asked"), help_text=_("A person or an organisation."))
    role = line(_("Their part in it"), required=False, help_text=_("Such as “spokeswoman of the port”."))
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, initial=Way.EMAIL)
    question = words(_("What we asked"))
    asked_at = _when(_("Asked at"))
    deadline = _when(_("Answer until"), required=False)


class AnswerForm(DeskForm):
    """What came back, and when."""

    answer = words(_("Answer"), help_text=_("In their words; or that they will not say anything."))
    answered_at = _when(_("Answered at"))


class SearchForm(DeskForm):
    """Where somebody looked, for what, and what was there."""

    looked_in = line(_("Where we looked"), help_text=_("An archive, a register, a search engine, a map …"))
    looked_for = line(_("What for"))
    found = words(_("What we found"), help_text=_("That there was nothing is worth saying, too."))
    looked_at = _when(_("Looked at"))


class NoteForm(DeskForm):
    """Something to be remembered."""

    text = words(_("Note"), rows=3, help_text=_("For the desk alone; it never leaves it."))


class StatementForm(DeskForm):
    """What somebody told the desk, on which terms, and how it bears on the claim."""

    name = line(_("Who said it"))
    role = line(_("Their part in it"), required=False, help_text=_("Such as “works at the port”."))
    terms = forms.ChoiceField(label=_("Terms"), choices=Statement.Terms.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, initial=Way.PHONE)
    taken_at = _when(_("Said at"))
    text = words(_("What they said"), rows=3, help_text=_("In their words; where confidential, without the name."))
    language = forms.CharField(label=_("Language"), max_length=12, required=False, validators=[a_language])
    stance = forms.ChoiceField(label=_("It"), choices=Evidence.Stance.choices, widget=forms.RadioSelect)


class FileForm(AcceptForm):
    """A file that stands on no page, and the sentence of it that matters."""

    file = forms.FileField(
        label=_("File"),
        max_length=NAME_LENGTH,
        help_text=_("A PDF file, a picture (PNG, JPEG), a saved page (HTML) or a text file."),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.html,.htm,.txt"}),
    )
    title = line(_("What it is"), required=False, help_text=_("Such as “letter of the port, page 1”."))
    typed = forms.CharField(
        label=_("What stands on the picture"),
        required=False,
        max_length=supplying.MOST_LETTERS,
        help_text=_("Pictures are not read here: type their words."),
        widget=forms.Textarea({"rows": 3}),
    )
    field_order = ["file", "title", "typed", "stance", "quote"]

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > supplying.MOST_BYTES:
            most = supplying.MOST_BYTES >> 20
            raise ValidationError(_("A file has at most %(most)s MB here."), params={"most": most})
        return file
