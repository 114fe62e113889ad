"""Find or make who says something."""

from __future__ import annotations

import re

from django.db import transaction

from sources.models import Source, SourceName
from sources.models.source import name_key

# Words that end the name of a group without a name, or stand alone for one: they stay text.
_UNNAMED = frozenset(
    """
    reports report officials official sources source witnesses witness authorities police experts critics analysts
    residents locals spokesman spokeswoman spokesperson opponents supporters activists lawmakers others people
    insiders media investigators prosecutors doctors scientists researchers rumours rumors aides diplomats militants
    fighters rebels statement data study poll survey article letter documents he she they it we you i who everyone
    """.split()  # noqa: SIM905  a list of words reads as one
)
_NAME_WORD = re.compile(r"^[\"'“‘(]*[A-ZÀ-Þ0-9]")
LONGEST = 300


def is_named(name: str) -> bool:
    """Say whether this names somebody: it ends in a capitalised word that is not a mere group ("officials")."""
    words = name.split()
    if not words or len(name) > LONGEST:
        return False
    last = words[-1].strip("\"'”’).,;:").casefold()
    return bool(_NAME_WORD.match(words[-1])) and last not in _UNNAMED


@transaction.atomic
def find_or_make(name: str, *, kind: Source.Kind = Source.Kind.UNKNOWN, domain: str = "") -> Source:
    """Return the source that goes by this name or publishes on this domain; make it where there is none.

    Two workers that meet the same new name at once get the same source.
    """
    found = _by_domain(domain) or _by_key(name_key(name))
    if found is not None and domain and found.home_domains and domain not in found.home_domains:
        # A page may call itself what it likes; whose it is, its domain says.
        name, found = f"{name} ({domain})", _by_key(name_key(f"{name} ({domain})"))
    if found is not None:
        return found
    key = name_key(name)
    source = Source.objects.create(name=" ".join(name.split())[:LONGEST], kind=kind, home_domains=_domains(domain))
    SourceName.objects.bulk_create([SourceName(source=source, name=source.name, key=key)], ignore_conflicts=True)
    winner = _by_key(key)
    if winner is not None and winner.pk != source.pk:
        source.delete()
        return winner
    return source


def _by_domain(domain: str) -> Source | None:
    return Source.objects.filter(home_domains__contains=[domain]).first() if domain else None


def _by_key(key: str) -> Source | None:
    known = SourceName.objects.select_related("source").filter(key=key).first()
    return known.source if known else None


def _domains(domain: str) -> list[str]:
    return [domain] if domain else []
