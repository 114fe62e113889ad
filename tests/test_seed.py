"""A made-up desk holds together: what the services and the audit would say of it is what stands there."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from claims.models import Appearance, Article, Claim, Event, Evidence, Flag, Link, StatusChange, Triage
from claims.services import audit, index, triage
from claims.verification import anchors
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.addresses import canonical_url, checked_url
from factcheck.management.seeding import cast, planting
from factcheck.management.seeding.batch import Rules
from factcheck.management.seeding.planting import Plan
from sources.fetching.digest import digest
from sources.models import Change, Check, Document, Snapshot
from tests.claims.admin.conftest import at, listed, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 1_010


def seed(*arguments: str, claims: int = CLAIMS) -> str:
    out = io.StringIO()
    call_command("seed", "--claims", str(claims), *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def _seeded(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    seed()


@pytest.mark.usefixtures("_seeded")
def test_it_plants_as_many_claims_as_were_asked_for_and_all_that_hangs_on_them() -> None:
    assert Claim.objects.count() == CLAIMS == Triage.objects.count()
    assert Article.objects.count() == 21
    assert Appearance.objects.count() > CLAIMS
    for model in (Evidence, Flag, StatusChange, Link, Event, Snapshot, Change, Check):
        assert model.objects.exists(), model
    assert {"", "supported", "refuted"} <= {"", *Claim.objects.values_list("status", flat=True)}
    assert Claim.objects.exclude(topic="").count() == CLAIMS


@pytest.mark.usefixtures("_seeded")
def test_every_chain_of_it_is_verified_and_every_table_around_them_agrees() -> None:
    walk = audit.Walk()
    assert [*walk.broken()] == []
    assert [*audit.disagreeing()] == []
    assert walk.count == Event.objects.count() > CLAIMS


@pytest.mark.usefixtures("_seeded")
def test_its_queue_is_what_settling_makes_of_it() -> None:
    before = {row.pk: (row.priority, row.why, row.lapses_at) for row in Triage.objects.all()}
    assert Triage.objects.queued(clock.now()).exists()
    with transaction.atomic():
        triage.settle(before, now=clock.now())
    assert {row.pk: (row.priority, row.why, row.lapses_at) for row in Triage.objects.all()} == before


@pytest.mark.usefixtures("_seeded")
def test_its_quotes_stand_where_they_are_pinned() -> None:
    for place in Appearance.objects.select_related("snapshot")[:200]:
        (span,) = place.spans
        assert anchors.quote_at(place.snapshot.text, span["start"], span["end"]).exact == place.quote == span["exact"]
    for held in Evidence.objects.accepted().select_related("snapshot"):
        assert held.snapshot is not None
        assert held.snapshot.text[held.start : held.end] == held.exact
    for page in Document.objects.select_related("snapshot")[:50]:
        assert page.identity == page.url == canonical_url(checked_url(page.url))
        assert page.snapshot is not None
        assert page.snapshot.number == page.snapshots.count()


@pytest.mark.usefixtures("_seeded")
def test_the_triggers_are_on_again_behind_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("_seeded")
def test_its_claims_are_found_and_its_pages_open() -> None:
    one = Claim.objects.filter(status="supported").latest("pk")
    assert one.pk in index.search(one.text, limit=50).claims
    checker = signed_in(Role.FACT_CHECKER)
    article = Article.objects.latest("pk")
    pages = [at(one), at(article), at(article.document), listed(Claim), listed(Triage), listed(Document), "/admin/"]
    for page in pages:
        assert Client.get(checker, page, headers={"host": "127.0.0.1"}).status_code == 200, page


def test_the_same_seed_plants_the_same_and_another_seed_something_else(now: datetime, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    players, rules = cast.gathered(), Rules(5, timedelta(days=7))

    def texts(number: int) -> list[Any]:
        rows = planting.batch(Plan(100, number, now), 0, players, rules).finish()
        return [[row[1:5] for row in rows[Claim]], [row[2:] for row in rows[Event]]]

    assert texts(1) == texts(1) != texts(2)


def test_a_desk_with_articles_is_left_alone_unless_it_is_meant(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    seed("--no-vectors", claims=60)
    with pytest.raises(CommandError, match="planted here already"):
        seed("--no-vectors", "--into-existing")
    with pytest.raises(CommandError, match="--into-existing"):
        seed("--seed", "2")
    said = seed("--seed", "2", "--no-vectors", "--into-existing", claims=51)
    assert "51 of 51 claims planted" in said
    assert Claim.objects.count() == 111
    assert [*audit.disagreeing()] == []


def test_a_desk_that_is_open_is_left_alone(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.org"]
    with pytest.raises(CommandError, match="This desk answers as desk"):
        seed()
    with pytest.raises(CommandError, match="one claim or more"):
        seed(claims=0)
    assert not Claim.objects.exists()


def test_its_pages_are_known_again_by_their_digest(now: datetime, settings: Any) -> None:
    rows = planting.batch(Plan(60, 3, now), 0, cast.gathered(), Rules(5, timedelta(days=7))).finish()
    for row in rows[Snapshot]:
        assert digest(row[9]) == row[12]
