"""Find or make who says something, by a name, a domain, and what stands around the name."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from sources.models import Source, SourceName
from sources.models.source import name_key

# Words that end the name of a group without a name, or stand alone for one: they stay text.
_UNNAMED = frozenset(
    """
    reports report officials official sources source witnesses witness authorities police experts critics analysts
    residents locals spokesman spokeswoman spokesperson opponents supporters activists lawmakers others people
    insiders media investigators prosecutors doctors scientists researchers rumours rumors aides diplomats militants
    fighters rebels statement data study poll survey article letter documents he she they it we you i who everyone
    agency wire paper newspaper network broadcaster
    """.split()  # noqa: SIM905  a list of words reads as one
)
_NAME_WORD = re.compile(r"^[\"'“‘(]*[A-ZÀ-Þ0-9]")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
LONGEST = 300
MOST_SHOWN = 5


class Ambiguous(Exception):
    """A name that means several sources, and nothing says which; the message says what to do."""


def is_named(name: str) -> bool:
    """Say whether this names somebody: it ends in a capitalised word that is not a mere group ("officials")."""
    words = name.split()
    if not words or len(name) > LONGEST:
        return False
    last = words[-1].strip("\"'”’).,;:").casefold()
    return bool(_NAME_WORD.match(words[-1])) and last not in _UNNAMED


def meant(name: str, *, text: str = "", near: Collection[int] = (), domains: Collection[str] = ()) -> Source | None:
    """Return who an article means by a name; None where that is nobody, or could be several: then it stays text.

    A name that several go by ("The Post") means the one that has published or written the article (`near`), or else the
    only one whose full name stands in its text or to whose domain it links.
    """
    if not is_named(name):
        return None
    sharing = _sharing(name)
    if not sharing:
        return find_or_make(name)
    own = [one for one in sharing if one.pk in near]
    told = [one for one in sharing if not {*one.home_domains}.isdisjoint(domains) or _is_told_of(one, text)]
    fitting = own or told
    return fitting[0] if len(fitting) == 1 else None


@transaction.atomic
def find_or_make(name: str, *, kind: Source.Kind = Source.Kind.UNKNOWN, domain: str = "") -> Source:
    """Return the source that goes by this name or publishes on this domain; make it where there is none.

    Two workers that meet the same new name at once get the same source. Raises Ambiguous where several go by the name
    and there is no domain to say which.
    """
    found = _by_domain(domain)
    if found is not None:
        return found
    sharing = _sharing(name)
    found = None if sharing else _by_key(name_key(name))
    if sharing and not domain:
        return _only(sharing, name)
    is_anothers = found is not None and domain and found.home_domains
    if sharing or is_anothers:
        # A page may call itself what it likes; whose it is, its domain says.
        name = f"{name[: LONGEST - len(domain) - 3]} ({domain})"
        found = _by_key(name_key(name))
    return found or _made(name, kind, domain)


def _made(name: str, kind: Source.Kind, domain: str) -> Source:
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
    known = SourceName.objects.select_related("source").filter(key=key, is_ambiguous=False).first()
    return known.source if known else None


def _sharing(name: str) -> list[Source]:
    """Return those who share this name, each once; none where it is nobody's, or means one source whatever is around.

    A plain name counts as it is written: "The Hill" is an outlet, "Hill" may be anybody.
    """
    known = SourceName.objects.select_related("source").filter(source__merged_into__isnull=True)
    rows = list(known.filter(key=name_key(name)))
    written = " ".join(name.split()).casefold()
    if not any(row.is_ambiguous for row in rows):
        return []
    if any(not row.is_ambiguous and row.name.casefold() == written for row in rows):
        return []
    return list({row.source_id: row.source for row in rows}.values())


def _only(sharing: list[Source], name: str) -> Source:
    if len(sharing) == 1:
        return sharing[0]
    several = ", ".join(sorted(one.name for one in sharing)[:MOST_SHOWN])
    told = _("“%(name)s” may be %(several)s. Write the full name.")
    raise Ambiguous(told % {"name": name, "several": several + (" …" if len(sharing) > MOST_SHOWN else "")})


def _is_told_of(source: Source, text: str) -> bool:
    """Say whether one of its plain names stands in the text, as it is written, with or without its article."""
    full = source.names.filter(is_ambiguous=False).values_list("name", flat=True) if text else ()
    return any(_stands_in(_ARTICLE.sub("", name), text) for name in full)


def _stands_in(name: str, text: str) -> bool:
    words = r"\s+".join(map(re.escape, name.split()))
    return bool(words) and re.search(rf"(?<!\w){words}(?!\w)", text) is not None


def _domains(domain: str) -> list[str]:
    return [domain] if domain else []
