"""What the forms take by which people mend what splitting made: bounded and typed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.admin.chains import ChainField
from claims.admin.forms import DeskForm
from claims.models import Appearance
from claims.models.claim import CERTAINTIES, KINDS, TEXT_LENGTH
from claims.services import attributions, rereading
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
