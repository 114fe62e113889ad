"""Rules about keys of which the lack is felt later only; see factcheck.rules_of_settings."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import Warning  # noqa: A004  Django's name

from factcheck.rules_of_settings import Told, open_hosts, rule


@rule
def confidential_names_have_a_key() -> Told:
    """Whoever takes up a new SECRET_KEY would lose them."""
    if open_hosts() and not settings.SECRETS_KEY_IS_SET:
        yield Warning(
            "SECRETS_KEY is not set: confidential statements are refused, since a new SECRET_KEY would lose them.",
            hint="Set SECRETS_KEY as docs/operating.md says under Keys.",
            id="factcheck.W005",
        )
