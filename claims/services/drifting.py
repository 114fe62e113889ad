"""Where one text says more than the text it has it from: the same statement, surer or more exact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.matching import drift as matching
from claims.matching.drift import Said
from claims.models import Appearance, Claim, Deciding, Drift, Evidence, Link
from claims.services import events, groups
from claims.verification import anchors
from factcheck.access.models import User
from sources.fetching.redaction import is_blackened

MOST_PLACES = 200
AROUND = 600
REASON_LENGTH = 300
# Of claims that are not joined: the one text may say "about 12" and the other "12".
ALIKE = (Link.Kind.SAME_AS, Link.Kind.NARROWS)
_UNREAD = ("snapshot__text", "snapshot__blocks", "snapshot__links")
Tell = Callable[[Said, Said], matching.Drift | None]


class DriftRefused(Exception):
    """What was asked of a drift was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def consider(claims: Collection[int], *, now: datetime, tell: Tell = matching.drift) -> None:
    """Hold the texts of these claims against those they have it from, among all that say the same.

    Of more than 200 places the newest are held against each other. What was found before and is no more is taken back,
    unless a person decided on it.
    """
    places = list(_places(_company(claims)))
    cited = _cited({one.claim_id for one in places}) if len(places) > 1 else set()
    found = []
    for place, source in _pairs(places, set(claims), cited):
        told = _told(place, source, tell)
        if told is not None:
            found.append((place, source, told))
    rows = [_write(*one, now=now) for one in sorted(found, key=lambda one: (one[0].claim_id, one[0].pk))]
    of_these = Q(claim__in=claims) | Q(source__claim__in=claims)
    before = Drift.objects.filter(of_these, state=Deciding.SUGGESTED, by=None)
    before.exclude(pk__in=[row.pk for row, _is_new in rows]).update(state=Deciding.DISMISSED, at=now)
    # Rows first, then histories, as whoever decides on a drift holds them.
    for row in [row for row, is_new in rows if is_new]:
        _tell(row, now=now)


def _company(claims: Collection[int]) -> set[int]:
    """Return these claims, all that are one with them, and those that perhaps are, or say it more narrowly."""
    near = Link.objects.of(groups.of(claims)).filter(kind__in=ALIKE).exclude(state=Deciding.DISMISSED)
    return groups.of({*claims, *(pk for pair in near.values_list("claim_id", "other_id") for pk in pair)})


def _places(claims: Collection[int]) -> QuerySet[Appearance]:
    standing = Appearance.objects.standing().filter(claim__in=claims, claim__erased_at=None).in_context(AROUND)
    known = standing.select_related("article__document", "snapshot", "claim").defer(*_UNREAD)
    return known.prefetch_related("chain").order_by("-id")[:MOST_PLACES]


def _cited(claims: Collection[int]) -> set[tuple[int, int]]:
    """Return claims with the pages to which their sentences link."""
    linked = Evidence.objects.filter(claim__in=claims).exclude(suggested_because="")
    return set(linked.values_list("claim_id", "document_id"))


def _pairs(
    places: Sequence[Appearance], claims: set[int], cited: set[tuple[int, int]]
) -> Iterator[tuple[Appearance, Appearance]]:
    """Yield the places that have it from another, with that."""
    for place in places:
        for source in places:
            is_asked = place.claim_id in claims or source.claim_id in claims
            if is_asked and place.pk != source.pk and _has_it_from(place, source, cited):
                yield place, source


def _has_it_from(place: Appearance, source: Appearance, cited: set[tuple[int, int]]) -> bool:
    """Say whether a text has it from another: it names who published that, or links to it.

    Within one article, its own voice has it from what it reports.
    """
    if place.article_id == source.article_id:
        return not _named(place) and bool(_named(source))
    if place.article.document_id == source.article.document_id or _is_older(place, source):
        return False
    outlet = source.article.document.publisher_id
    named = {link.source_id for link in _named(place)}
    return (outlet is not None and outlet in named) or (place.claim_id, source.article.document_id) in cited


def _named(place: Appearance) -> list[Any]:
    """Return the links of its chain without its own outlet."""
    outlet = place.article.document.publisher_id
    return [link for link in place.chain.all() if link.source_id is None or link.source_id != outlet]


def _is_older(place: Appearance, source: Appearance) -> bool:
    """Say whether it was published before what it would have it from."""
    at, of_source = place.snapshot.published_at, source.snapshot.published_at
    return at is not None and of_source is not None and at < of_source


def _told(place: Any, source: Any, tell: Tell) -> tuple[matching.Drift, str, str] | None:
    said, source_said = _sentence(place), _sentence(source)
    if is_blackened(said) or is_blackened(source_said):
        return None
    told = tell(
        Said(source_said, source.certainty, tuple(link.name for link in source.chain.all())),
        Said(said, place.certainty, tuple(link.name for link in place.chain.all())),
    )
    return None if told is None else (told, said, source_said)


def _sentence(place: Any) -> str:
    first, last = place.spans[0]["start"] - place.context_start, place.spans[-1]["end"] - place.context_start
    return anchors.sentence_at(place.context, first, last)


def _write(
    place: Appearance, source: Appearance, told: tuple[matching.Drift, str, str], *, now: datetime
) -> tuple[Drift, bool]:
    """Write what was found, over what the machine wrote before; return it, and whether it is new."""
    what, said, source_said = told
    given = {
        "claim": place.claim,
        "kind": what.kind,
        "because": [what.because[:REASON_LENGTH]],
        "said": said,
        "source_said": source_said,
    }
    first = {**given, "state": Deciding.SUGGESTED, "found_at": now, "at": now}
    row, is_new = Drift.objects.get_or_create(appearance=place, source=source, defaults=first)
    if not is_new and row.by_id is None:
        Drift.objects.filter(pk=row.pk, by=None).update(**given, state=Deciding.SUGGESTED)
    return row, is_new


def _tell(row: Drift, *, now: datetime) -> None:
    """Write into the claim's history what was found the first time."""
    named: dict[str, Any] = {
        "drift": str(row.uid),
        "kind": row.kind,
        "appearance": str(row.appearance.uid),
        "source": str(row.source.uid),
    }
    events.record(row.claim, "claim.certainty_drifted", now=now, **named)


def accept(drift: Drift, *, by: User, now: datetime) -> Drift:
    """Agree that the text says more than its source; raises DriftRefused."""
    return _decide(drift, Deciding.ACCEPTED, after=[Deciding.SUGGESTED], by=by, now=now)


def dismiss(drift: Drift, *, by: User, now: datetime) -> Drift:
    """Say that it does not, or that it makes no difference; raises DriftRefused."""
    return _decide(drift, Deciding.DISMISSED, after=[Deciding.SUGGESTED], by=by, now=now)


def undo(drift: Drift, *, by: User, now: datetime) -> Drift:
    """Take a decision back: it is a suggestion again; raises DriftRefused."""
    return _decide(drift, Deciding.SUGGESTED, after=[Deciding.ACCEPTED, Deciding.DISMISSED], by=by, now=now)


_TOLD = {
    Deciding.ACCEPTED: "claim.drift_accepted",
    Deciding.DISMISSED: "claim.drift_dismissed",
    Deciding.SUGGESTED: "claim.drift_undone",
}


@transaction.atomic
def _decide(drift: Drift, state: Deciding, *, after: Sequence[Deciding], by: User, now: datetime) -> Drift:
    # Whoever joins the claim holds it before its history and its drifts: the same way round here.
    groups.held([drift.claim_id])
    locked = Drift.objects.select_for_update(of=("self",)).select_related("claim").get(pk=drift.pk)
    if locked.state not in after:
        raise DriftRefused(
            "already_decided",
            _("Somebody decided on it meanwhile: it is “%(state)s”.") % {"state": locked.get_state_display()},
        )
    locked.state, locked.by, locked.at = state, by, now
    locked.save(update_fields=["state", "by", "at"])
    events.record(locked.claim, _TOLD[state], now=now, by=by, drift=str(locked.uid))
    return locked


def of_claim(claim: Claim) -> QuerySet[Drift]:
    """Return where texts of the claim's group say more than their source, those awaiting somebody first."""
    group = Claim.objects.together_with(claim).values("pk")
    return Drift.objects.standing().whole().filter(claim__in=group).order_by("-state", "-id")
