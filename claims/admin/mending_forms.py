"""What the forms take by which people mend what splitting made: bounded and typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.admin.chains import ChainField
from claims.admin.forms import DeskForm
from claims.models import Appearance
from claims.models.claim import CERTAINTIES, KINDS, TEXT_LENGTH
from claims.services import attributions, rereading
from claims.services.evidence import QUOTE_LENGTH
from claims.services.parts import MOST_PARTS, Part
from claims.services.wording import WHY_LENGTH


class WordingForm(DeskForm):
    """The sentence written anew, and the one that its editor saw."""

    text = forms.CharField(
        label=_("The claim as one sentence"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("True or false on its own. The quotes from the articles stay as they are."),
    )
    seen = forms.CharField(max_length=TEXT_LENGTH, strip=False, widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why (if it is not plain)"), max_length=WHY_LENGTH, required=False)


class RereadForm(DeskForm):
    """How one place is to be read, and the digest of how its reader saw it read."""

    certainty = forms.ChoiceField(label=_("The text says"), choices=CERTAINTIES)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    chain = ChainField()
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @classmethod
    def of(cls, appearance: Appearance) -> RereadForm:
        """Return the form of a place as it is read today."""
        read = {
            "certainty": appearance.certainty,
            "kind": appearance.kind,
            "chain": tuple(attributions.of(appearance)),
            "seen": rereading.digest(appearance),
        }
        return cls(initial=read, prefix=f"reread-{appearance.pk}")


class SplitForm(DeskForm):
    """The sentences of the claims to be, one a line, and the one that their author saw."""

    parts = forms.CharField(
        label=_("The claims that it is split into"),
        max_length=MOST_PARTS * (TEXT_LENGTH + QUOTE_LENGTH),
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "One sentence a line. Its part of the quote may follow behind a bar, as in “The bridge is shut. | shut the"
            " bridge”; without one it keeps the whole quote."
        ),
    )
    seen = forms.CharField(max_length=TEXT_LENGTH, strip=False, widget=forms.HiddenInput)

    def clean_parts(self) -> list[Part]:
        """Read the lines."""
        lines: Any = self.cleaned_data["parts"].splitlines()
        return [Part(text.strip(), quote.strip()) for text, _bar, quote in map(_halves, lines) if text.strip()]


def _halves(line: str) -> tuple[str, str, str]:
    return line.partition("|")
