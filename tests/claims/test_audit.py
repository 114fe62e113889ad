"""The chain in the database: written by the services, verified by a command, erased without breaking."""

from __future__ import annotations

import io
import threading
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from claims.models import Claim, Event, Payload
from claims.services import events
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db


def verified(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit_verify", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def tamper(sql: str) -> None:
    """Edit as somebody with the owner's rights could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("claims_event", "claims_payload"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)


def test_what_the_services_wrote_holds(now: datetime) -> None:
    split_article(now)
    count = Event.objects.count()
    assert verified() == f"{count} events verified: every chain holds.\n"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE claims_event SET type = 'claim.noted' WHERE sequence = 2",
        "UPDATE claims_event SET at = at - interval '1 day' WHERE sequence = 2",
        "UPDATE claims_payload SET body = '{}' WHERE event_id IN (SELECT id FROM claims_event WHERE sequence = 2)",
        "DELETE FROM claims_outbox; DELETE FROM claims_payload; DELETE FROM claims_event WHERE sequence = 2",
        "UPDATE claims_event SET subject_uid = gen_random_uuid() WHERE sequence = 2",
    ],
)
def test_an_edit_past_the_services_is_named(now: datetime, sql: str) -> None:
    one = claim(now)
    for _time in range(2):
        with transaction.atomic():
            events.record(one, "claim.seen", now=now, note="x")
    tamper(sql)
    with pytest.raises(CommandError, match="do not fit their chain"):
        verified()


def test_a_verification_goes_on_where_it_was_stopped(now: datetime) -> None:
    uids = sorted(claim(now).uid for _claim in range(2))
    tamper(f"UPDATE claims_event SET type = 'x' WHERE subject_uid = '{uids[0]}'")
    assert "every chain holds" in verified("--after", str(uids[0]))


def test_what_an_event_said_can_be_erased_once_and_the_chain_holds(now: datetime) -> None:
    claim(now)
    event = Event.objects.get()
    by = person("admin")
    assert event.payload
    assert events.erase(event, why="the person asked for it", by=by, now=now)
    assert not events.erase(event, why="again", by=by, now=now)
    erased = Event.objects.get()
    assert erased.payload == {}
    assert (erased.kept.erased_by, erased.kept.erased_why) == (by, "the person asked for it")
    assert str(erased.kept) == "claim.created"
    assert "every chain holds" in verified()
    assert Payload.objects.get().salt is None


@pytest.mark.django_db(transaction=True)
def test_twenty_who_write_at_once_make_one_chain(now: datetime) -> None:
    one = claim(now)

    def write() -> None:
        for _time in range(5):
            with transaction.atomic():
                events.record(Claim.objects.get(pk=one.pk), "claim.seen", now=now)
        connection.close()

    writers = [threading.Thread(target=write) for _writer in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert list(Event.objects.values_list("sequence", flat=True)) == list(range(1, 102))
    assert "101 events verified" in verified()
