"""What a claim's page, and the page of suggestions, show of links, groups and drifts; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Value
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin import words
from claims.models import Appearance, Claim, Deciding, Drift, Link
from claims.services import drifting
from claims.verification.status import VERDICTS

MOST_JOINED, MOST_LINKS, MOST_DRIFTS, MOST_PLACES, A_PAGE = 50, 50, 20, 50, 50
# A link read from its other end.
REVERSED: Mapping[str, Any] = MappingProxyType(
    {
        Link.Kind.SAME_AS: _("says the same as"),
        Link.Kind.CONTRADICTS: _("contradicts"),
        Link.Kind.SUPERSEDES: _("is older than"),
        Link.Kind.NARROWS: _("is wider than"),
    }
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link as one of its claims has it: how it stands to the other, and where our verification of that stands."""

    link: Link
    one: Claim
    reads: Any
    other: Claim
    status: SafeString
    is_against_a_verdict: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Another claim of the group, what calls for another look at it, and the links that hold it there."""

    claim: Any
    status: SafeString
    flags: list[SafeString]
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Drifted:
    """A text that says more than its source, with how sure each of both is."""

    drift: Drift
    says: SafeString
    source_says: SafeString


def of(claim: Claim) -> dict[str, Any]:
    """Return what the claim's page shows."""
    others = Claim.objects.together_with(claim).exclude(pk=claim.pk).with_company().order_by("pk")[:MOST_JOINED]
    group: dict[int, Any] = {claim.pk: claim, **{one.pk: one for one in others}}
    links = list(Link.objects.of(list(group)).whole().order_by("-id")[: MOST_LINKS * 2])
    inside = [link for link in links if link.claim_id in group and link.other_id in group]
    outside = [link for link in links if link not in inside and link.state != Deciding.DISMISSED]
    shown = [linked(link, group) for link in outside[:MOST_LINKS]]
    return {
        "joined": _joined(claim, group, inside),
        "links_open": [one for one in shown if one.link.state == Deciding.SUGGESTED],
        "links_accepted": [one for one in shown if one.link.state == Deciding.ACCEPTED],
        "links_dismissed": [linked(one, group) for one in links if one.state == Deciding.DISMISSED][:MOST_LINKS],
        "drifts": [drifted(drift) for drift in drifting.of_claim(claim)[:MOST_DRIFTS]],
        "said": _side_by_side(group),
    }


def linked(link: Link, ends: Iterable[int]) -> Linked:
    """Return a link as the end that is among these has it."""
    if link.claim_id in set(ends):
        one, reads, other = link.claim, link.get_kind_display(), link.other
    else:
        one, reads, other = link.other, REVERSED[link.kind], link.claim
    page = other.head or other
    against = link.kind in {Link.Kind.CONTRADICTS, Link.Kind.SUPERSEDES}
    is_decided = any((end.head or end).status in VERDICTS for end in (link.claim, link.other))
    return Linked(link, one, reads, other, words.standing(page), against and is_decided)


def _joined(claim: Claim, group: Mapping[int, Any], inside: Iterable[Link]) -> list[Joined]:
    holding: dict[int, list[Link]] = {}
    head = claim.head_id or claim.pk
    for link in inside:
        if link.kind == Link.Kind.SAME_AS and link.state == Deciding.ACCEPTED:
            end = link.other_id if link.claim_id in {head, claim.pk} else link.claim_id
            holding.setdefault(end if end != claim.pk else link.claim_id, []).append(link)
    return [
        Joined(
            one,
            words.standing(one),
            [words.another_look(flag) for flag in one.open_flags],
            holding.get(pk, []),
        )
        for pk, one in group.items()
        if pk != claim.pk
    ]


def drifted(drift: Drift) -> Drifted:
    """Return a drift with the certainties of both texts."""
    return Drifted(drift, words.text_says(drift.appearance.certainty), words.text_says(drift.source.certainty))


def _side_by_side(group: Iterable[int]) -> list[tuple[Appearance, SafeString]]:
    """Return the places where the group stands today, each with how sure its text is."""
    standing = (
        Appearance.objects.standing().filter(claim__in=list(group)).select_related("article__document__publisher")
    )
    unread = standing.defer("spans", "because").prefetch_related("chain").order_by("id")[:MOST_PLACES]
    return [(place, words.text_says(place.certainty)) for place in unread]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row of the page of suggestions: a link, or a drift."""

    key: str
    found_at: datetime
    linked: Linked | None = None
    drifted: Drifted | None = None


# What the page of suggestions can be narrowed to.
NARROWED: Mapping[str, Any] = MappingProxyType(
    {
        "": _("everything"),
        "verdict": _("against a verdict"),
        **dict(Link.Kind.choices),
        **dict(Drift.Kind.choices),
        "machine": _("joined by the machine"),
    }
)


def suggestions(kind: str, page: str) -> tuple[Page[Any], list[Suggestion]]:
    """Return a page of what awaits somebody, newest first, and its rows."""
    links, drifts = Link.objects.open(), Drift.objects.open()
    if kind == "machine":
        links, drifts = Link.objects.joining().filter(by=None), drifts.none()
    elif kind == "verdict":
        links, drifts = links.about_a_verdict().filter(kind__in=["contradicts", "supersedes"]), drifts.none()
    elif kind:
        links, drifts = links.filter(kind=kind), drifts.filter(kind=kind)
    both = _keys(links, "link").union(_keys(drifts, "drift"), all=True).order_by("-at", "-key")
    shown = Paginator(both, A_PAGE).get_page(page)
    return shown, list(_rows(list(shown.object_list)))


def _keys(rows: QuerySet[Any], what: str) -> QuerySet[Any, Any]:
    named: QuerySet[Any] = rows.order_by().annotate(what=Value(what), key=F("pk"))
    return named.values_list("what", "key", "at")


def _rows(keys: list[tuple[str, int, datetime]]) -> Iterable[Suggestion]:
    links = Link.objects.whole().in_bulk([pk for what, pk, _at in keys if what == "link"])
    drifts = Drift.objects.whole().in_bulk([pk for what, pk, _at in keys if what == "drift"])
    for what, pk, at in keys:
        if what == "link":
            link = links[pk]
            yield Suggestion(f"link-{pk}", at, linked=linked(link, [link.claim_id]))
        else:
            yield Suggestion(f"drift-{pk}", at, drifted=drifted(drifts[pk]))
