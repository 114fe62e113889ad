"""The list of known sources on its way into the desk: each thing once, and never against what the desk decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from sources import seeds
from sources.models import Seed, Source, SourceName
from sources.models.source import name_key
from sources.seeds import Entry
from sources.services import owners

_LOCK = 0x73656564


@dataclass(slots=True)
class Seeded:
    """What a run brought in; `taken` are names and domains that others on the desk have already."""

    sources: int = 0
    names: int = 0
    taken: list[str] = field(default_factory=list)


@transaction.atomic
def seed(entries: Sequence[Entry] | None = None) -> Seeded:
    """Bring in what was never brought in before.

    What was taken away, renamed, merged or changed since stays so: of each name, domain and source it is written that
    it came. A source that the desk has already, by domain or name, gets what it lacks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    return _Sowing().sow(seeds.entries() if entries is None else entries)


class _Sowing:
    """One run, with what the desk knows at hand."""

    def __init__(self) -> None:
        self.come = dict(Seed.objects.values_list("key", "source_id"))
        self.sources = {one.pk: one for one in Source.objects.all()}
        self.domains = {domain: one for one in self.sources.values() for domain in one.home_domains}
        rows = SourceName.objects.values_list("key", "source_id", "is_ambiguous")
        self.plain = {key: source for key, source, is_ambiguous in rows if not is_ambiguous}
        self.known = frozenset(self.plain)
        self.shared = {(key, source) for key, source, is_ambiguous in rows if is_ambiguous}
        self.new: list[Seed] = []
        self.names: list[SourceName] = []
        self.done = Seeded()

    def sow(self, entries: Sequence[Entry]) -> Seeded:
        """Sources first, then what they go by, then whose they are."""
        first = [(entry, slug) for entry in entries if (slug := name_key(entry.name)) not in self.come]
        for entry, slug in first:
            self._is_new(slug, self._source(entry))
        for entry in entries:
            slug = name_key(entry.name)
            source = self.sources[self.come[slug]]
            self._give_domains(entry, slug, source)
            self._give_names(entry, slug, source)
        for entry, slug in first:
            self._give_owner(entry, self.sources[self.come[slug]])
        self.done.names = len(self.names)
        SourceName.objects.bulk_create(self.names)
        Seed.objects.bulk_create(self.new)
        return self.done

    def _source(self, entry: Entry) -> Source:
        """Find the source that is meant, or make it."""
        known = next((self.domains[one] for one in entry.domains if one in self.domains), None)
        keys = [name_key(name) for name in (entry.name, *entry.names)]
        named = next((self.sources[self.plain[key]] for key in keys if key in self.plain), None)
        source = known or named
        if source is None:
            source = Source.objects.create(name=entry.name, kind=entry.kind)
            self.sources[source.pk] = source
            self.done.sources += 1
        elif source.kind == Source.Kind.UNKNOWN or (source.kind == Source.Kind.OUTLET and entry.kind == "agency"):
            # Whoever publishes pages was taken for an outlet.
            Source.objects.filter(pk=source.pk).update(kind=entry.kind)
        return source

    def _give_domains(self, entry: Entry, slug: str, source: Source) -> None:
        before = len(source.home_domains)
        for domain in entry.domains:
            if not self._is_new(f"{slug}@{domain}", source):
                continue
            holder = self.domains.setdefault(domain, source)
            if holder.pk != source.pk:
                self.done.taken.append(f"{domain}: {holder.name}")
            elif domain not in source.home_domains:
                source.home_domains.append(domain)
        if len(source.home_domains) > before:
            Source.objects.filter(pk=source.pk).update(home_domains=source.home_domains)

    def _give_names(self, entry: Entry, slug: str, source: Source) -> None:
        for name in (entry.name, *entry.names):
            key = name_key(name)
            if not self._is_new(f"{slug}/{key}", source):
                continue
            holder = self.plain.setdefault(key, source.pk)
            if holder != source.pk:
                self.done.taken.append(f"{name}: {self.sources[holder].name}")
            elif key not in self.known:
                self.names.append(SourceName(source=source, name=name, key=key))
        for name in entry.ambiguous:
            key = name_key(name)
            if self._is_new(f"{slug}~{key}", source) and (key, source.pk) not in self.shared:
                self.names.append(SourceName(source=source, name=name, key=key, is_ambiguous=True))

    def _give_owner(self, entry: Entry, source: Source) -> None:
        if not entry.parent or source.parent_id is not None:
            return
        owner = self.sources[self.come[name_key(entry.parent)]]
        if not owners.run_in_a_circle(source, owner):
            Source.objects.filter(pk=source.pk).update(parent=owner)

    def _is_new(self, key: str, source: Source) -> bool:
        """Say whether this never came, and write that it has."""
        if key in self.come:
            return False
        self.come[key] = source.pk
        self.new.append(Seed(key=key, source=source))
        return True
