"""What must hold of fact-checks by others, and how each is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import KnownCheck, KnownFeed, KnownMatch, KnownRating, KnownVersion
from sources.services import hosts

URL = "https://checkers.example.org/bridge"


def feed(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing where fact-checks are read, which would be fine but for these fields."""

    def act(world: Any) -> KnownFeed:
        known = {"kind": "page", "identity": URL, "url": URL, "host": hosts.of(URL), "created_at": world.now}
        return KnownFeed.objects.create(**known | fields)

    return act


def check(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a fact-check, which would be fine but for these fields."""

    def act(world: Any) -> KnownCheck:
        seen = {"first_seen_at": world.now, "last_seen_at": world.now, "way": "page"}
        known = {"identity": URL, "url": URL, "text": "It cost 90 million.", "rating": "False"}
        return KnownCheck.objects.create(**seen | known | fields)

    return act


def match(**fields: Any) -> Callable[[Any], Any]:
    """Break a constraint by writing a match, which would be fine but for these fields."""

    def act(world: Any) -> KnownMatch:
        known = {"claim": world.claim, "known": check()(world), "kind": "same", "sure": 0.9, "likeness": 0.9}
        return KnownMatch.objects.create(**known | {"found_at": world.now} | fields)

    return act


def _twice(world: Any) -> None:
    first = match()(world)
    first.pk = None
    first.save(force_insert=True)


def _version_twice(world: Any) -> None:
    known = check()(world)
    for _time in range(2):
        KnownVersion.objects.create(known=known, number=1, until=world.now, text="It cost 80 million.")


def _rating(**fields: Any) -> Callable[[Any], Any]:
    return lambda _world: KnownRating.objects.create(**fields)


KNOWN: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "claims_knownfeed_lease_has_token": lambda world: feed(lease_until=world.now)(world),
    "claims_knownfeed_kind_known": feed(kind="fax"),
    "claims_knownfeed_url_is_web": feed(url="javascript:alert(1)"),
    "claims_knownfeed_has_identity": feed(identity=""),
    "claims_knownfeed_outcome_known": feed(outcome="fine"),
    "claims_knownfeed_asked_within_bounds": feed(every_hours=0),
    "claims_knownrating_once": _rating(words="false", status="refuted"),
    "claims_knownrating_status_known": _rating(words="rather false", status="in_review"),
    "claims_knownrating_by_words_or_by_scale": _rating(words="rather false", low=0, high=1),
    "claims_knowncheck_lease_has_token": lambda world: check(lease_until=world.now)(world),
    "claims_knowncheck_url_is_web": check(url="javascript:alert(1)"),
    "claims_knowncheck_has_identity": check(identity=""),
    "claims_knowncheck_says_something": check(text=""),
    "claims_knowncheck_is_rated": check(rating=""),
    "claims_knowncheck_number_lies_on_its_scale": check(value=6, best=5, worst=1),
    "claims_knowncheck_way_known": check(way="fax"),
    "claims_knowncheck_status_known": check(status="in_review"),
    "claims_knownversion_once": _version_twice,
    "claims_knownmatch_once": _twice,
    "claims_knownmatch_kind_known": match(kind="narrows"),
    "claims_knownmatch_sure_and_alike_0_to_1": match(sure=1.1),
    "claims_knownmatch_is_decided_by_a_person": match(state="accepted"),
})  # fmt: skip
# A trigger that refuses nothing: what it takes away, tests/claims/test_known_checks.py holds it to.
CHANGING = frozenset({"reworded_checks_leave_the_index"})
