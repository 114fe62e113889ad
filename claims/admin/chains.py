"""A chain of attributions as people type it: one link a line, outermost first, its cue behind a bar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.services.attributions import CUE_LENGTH, MOST_LINKS, NAME_LENGTH, Named

LENGTH = MOST_LINKS * (NAME_LENGTH + CUE_LENGTH + 8)


def typed(chain: Iterable[Named]) -> str:
    """Return a chain as it is typed."""
    return "\n".join(f"{link.name} | {link.cue}" if link.cue else link.name for link in chain)


class ChainField(forms.CharField):
    """Takes a chain; empty it is the article's own voice."""

    def __init__(self) -> None:
        """Say how it is typed."""
        super().__init__(
            label=_("Who the text has it from"),
            help_text=_(
                "One a line, the outermost first: the outlet, then whom it quotes, then whom those quote. The word by"
                " which the text says so may follow behind a bar, as in “The Selmar Post | reported”."
            ),
            widget=forms.Textarea({"rows": 3}),
            required=False,
            max_length=LENGTH,
        )

    def to_python(self, value: Any) -> Any:
        """Read the lines."""
        lines = [line for line in (super().to_python(value) or "").splitlines() if line.strip(" |")]
        return tuple(map(_link, lines))

    def prepare_value(self, value: Any) -> Any:
        """Show a chain as it is typed."""
        return value if isinstance(value, str) or value is None else typed(value)

    def validate(self, value: Any) -> None:
        """Keep to what a chain may hold."""
        super().validate(value)
        if len(value) > MOST_LINKS:
            raise ValidationError(_("A chain has at most %(most)s links."), params={"most": MOST_LINKS})
        if any(not link.name or len(link.name) > NAME_LENGTH or len(link.cue) > CUE_LENGTH for link in value):
            raise ValidationError(
                _("Each line is a name of at most %(name)s characters, and behind a bar a cue of at most %(cue)s."),
                params={"name": NAME_LENGTH, "cue": CUE_LENGTH},
            )

    def run_validators(self, value: Any) -> None:
        """Hold the bound of the whole against what was typed."""
        super().run_validators(typed(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare links, not lines."""
        return bool(tuple(initial or ()) != self.to_python(data))


def _link(line: str) -> Named:
    name, _bar, cue = line.partition("|")
    return Named(" ".join(name.split()), " ".join(cue.split()))
