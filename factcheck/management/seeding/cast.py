"""Who plays in the made-up desk: its people, the outlets and their servers, those who are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import Policy
from claims.verification.staleness import Holding
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.management.seeding.words import OUTLETS, PEOPLE
from sources.models import Host, Source
from sources.services import sources

DESK = ("ada", "ben", "cleo", "dan", "eva")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet and its server."""

    pk: int
    name: str
    host: int
    domain: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Primary keys of all of them; speakers in the order of words.PEOPLE."""

    people: Sequence[int]
    outlets: Sequence[Outlet]
    speakers: Sequence[int]
    holdings: Sequence[Holding]


def gathered() -> Cast:
    """Find or make them, through the services that make them otherwise; nobody of the desk can sign in."""
    people = [User.objects.get_or_create(username=f"seed-{name}", defaults=_person(name))[0].pk for name in DESK]
    return Cast(
        people,
        [_outlet(name) for name in OUTLETS],
        [sources.find_or_make(name, kind=Source.Kind.PERSON).pk for name in PEOPLE],
        Policy.objects.all().holdings(),
    )


def _person(name: str) -> dict[str, str]:
    return {"first_name": name.title(), "role": Role.FACT_CHECKER.value, "password": "!"}


def _outlet(name: str) -> Outlet:
    domain = f"{name.lower().replace(' ', '-')}.example"
    host, _is_new = Host.objects.get_or_create(name=domain)
    source = sources.find_or_make(name, kind=Source.Kind.OUTLET, domain=domain)
    return Outlet(source.pk, source.name, host.pk, domain)
