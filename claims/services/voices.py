"""Whom the names in one article mean, and how many independent pages say what a claim says."""

from __future__ import annotations

from django.db.models import Q

from claims.models import Appearance, Claim, Evidence
from factcheck.lib.addresses import registrable_domain
from sources.models import Document, Snapshot, Source
from sources.services import independence, sources
from sources.services.independence import Counted

MOST_PAGES = 200


class Voices:
    """The names of one version of an article; each is looked up once."""

    def __init__(self, document: Document, snapshot: Snapshot) -> None:
        """Take from the article what tells which of several a name means."""
        self.near = [pk for pk in (document.publisher_id, document.wire_id) if pk is not None]
        self.snapshot = snapshot
        self.known: dict[str, Source | None] = {}
        self._domains: frozenset[str] | None = None

    def meant(self, name: str) -> Source | None:
        """Return who is meant; None where the name stays text."""
        if name not in self.known:
            self.known[name] = sources.meant(name, text=self.snapshot.text, near=self.near, domains=self.domains)
        return self.known[name]

    @property
    def domains(self) -> frozenset[str]:
        """To which domains the article links."""
        if self._domains is None:
            self._domains = frozenset(filter(None, (registrable_domain(link["url"]) for link in self.snapshot.links)))
        return self._domains


def saying(claim: Claim) -> list[Document]:
    """Return the pages that say so: articles in which it stands today, and accepted evidence that supports it.

    Of claims that are joined, all together. The newest 200, with their texts as they are now.
    """
    group = Claim.objects.together_with(claim).values("pk")
    standing = Appearance.objects.standing().filter(claim__in=group).values("article__document")
    held = Evidence.objects.accepted().filter(claim__in=group, document__isnull=False)
    supporting = held.filter(stance=Evidence.Stance.SUPPORTS).values("document")
    pages = Document.objects.filter(Q(pk__in=standing) | Q(pk__in=supporting)).select_related("snapshot")
    return list(pages.order_by("-pk")[:MOST_PAGES])


def independent_sources(claim: Claim) -> Counted:
    """Count the independent sources among the pages that say so, and say why there are no more."""
    return independence.counted(saying(claim))
