"""How many of some pages say a thing independently of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from django.utils.translation import gettext as _

from sources.fetching import likeness
from sources.models import Document
from sources.services import owners

MOST = 60  # pages whose texts are held against each other


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the pages are independent, and in words what ties the others together."""

    count: int
    of: int
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tie:
    """What some pages have in common."""

    pages: frozenset[int]
    because: str


def independent(documents: Iterable[Document]) -> list[set[int]]:
    """Return the pages, by their keys, in groups that count as one voice each, the largest first.

    Two pages are one voice where in the end one owner publishes both (also where the one belongs to the other's
    publisher), where both have their text from one agency, or the one is that agency's own, and where half of the
    shorter text stands in the other. What ties two pages ties all that hang on either. A page without publisher stands
    alone unless its text is another's. Of more than sixty pages the texts of the first sixty are compared; that two
    texts are equal is seen of all.
    """
    pages = _each_once(documents)
    return _groups(pages, _ties(pages))


def counted(documents: Iterable[Document]) -> Counted:
    """Count the groups, and say why there are fewer than pages."""
    pages = _each_once(documents)
    ties = _ties(pages)
    because = [tie.because for tie in ties]
    if len(pages) > MOST:
        told = _("the texts of %(some)s of %(all)s pages were compared")
        because.append(told % {"some": MOST, "all": len(pages)})
    return Counted(len(_groups(pages, ties)), len(pages), tuple(because))


def _each_once(documents: Iterable[Document]) -> list[Document]:
    return list({page.pk: page for page in documents}.values())


def _groups(pages: Sequence[Document], ties: Iterable[_Tie]) -> list[set[int]]:
    groups = [{page.pk} for page in pages]
    for tie in ties:
        tied = [group for group in groups if not tie.pages.isdisjoint(group)]
        groups = [group for group in groups if tie.pages.isdisjoint(group)]
        groups.append(set().union(*tied))
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _ties(pages: Sequence[Document]) -> list[_Tie]:
    return [*_by_source(pages), *_by_text(pages)]


def _by_source(pages: Sequence[Document]) -> Iterator[_Tie]:
    named = {pk for page in pages for pk in (page.publisher_id, page.wire_id) if pk is not None}
    roots, words = owners.roots(named)
    published: dict[int, list[Document]] = {}
    wired: dict[int, list[Document]] = {}
    for page in pages:
        if page.publisher_id is not None:
            published.setdefault(roots[page.publisher_id], []).append(page)
        if page.wire_id is not None:
            wired.setdefault(roots[page.wire_id], []).append(page)
    for owner, copies in wired.items():
        own = published.get(owner, [])
        name = words[copies[0].wire_id or owner]
        if len(tied := {page.pk for page in (*copies, *own)}) > 1:
            yield _Tie(frozenset(tied), _("%(many)s have it from %(name)s") % {"many": len(tied), "name": name})
    for owner, own in published.items():
        if len(own) > 1:
            by = {page.publisher_id for page in own}
            told = _("%(many)s are by %(name)s") if len(by) == 1 else _("%(many)s belong to %(name)s")
            name = words[own[0].publisher_id or owner] if len(by) == 1 else words[owner]
            yield _Tie(frozenset(page.pk for page in own), told % {"many": len(own), "name": name})


def _by_text(pages: Sequence[Document]) -> Iterator[_Tie]:
    said = [(page.pk, page.snapshot) for page in pages if page.snapshot is not None and page.snapshot.text]
    equal: dict[str, set[int]] = {}
    for pk, snapshot in said:
        equal.setdefault(snapshot.digest, set()).add(pk)
    pairs = [group for group in equal.values() if len(group) > 1]
    firsts = {min(group) for group in equal.values()}
    texts = [(pk, likeness.shingles(snapshot.substance)) for pk, snapshot in said[:MOST] if pk in firsts]
    pairs += [{one, other} for (one, its), (other, others) in combinations(texts, 2) if likeness.is_copy(its, others)]
    for group in _joined(pairs):
        yield _Tie(frozenset(group), _("%(many)s have the same text") % {"many": len(group)})


def _joined(pairs: Iterable[set[int]]) -> list[set[int]]:
    groups: list[set[int]] = []
    for pair in pairs:
        tied = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair]
        groups.append(pair.union(*tied))
    return groups
