"""The chain in the database: written by the services, verified by a command, erased without breaking."""

from __future__ import annotations

import io
import threading
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from claims.models import Claim, Event, Payload, StatusChange
from claims.services import audit, erasure, events, flags, verdicts
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import User
from factcheck.lib.names import names_of
from sources.models import Erasure
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
NAMES = names_of(["Ilka Brandt"])


def verified(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit_verify", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def tamper(sql: str) -> None:
    """Edit as somebody with the owner's rights could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("claims_event", "claims_payload", "claims_feed", "claims_statuschange", "claims_claim"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)


def test_what_the_services_wrote_holds(now: datetime) -> None:
    split_article(now)
    count = Event.objects.count()
    assert verified().startswith(f"{count} events verified: every chain holds.\n")


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
    tamper(f"UPDATE claims_event SET prev = 'x' WHERE subject_uid = '{uids[0]}'")
    assert "every chain holds" in verified("--after", str(uids[0]))


def test_what_an_event_said_can_be_erased_once_and_the_chain_holds(now: datetime) -> None:
    event, by = noted(now), person("admin")
    assert event.payload
    erasure.erase_person(NAMES, why="the person asked for it", by=by, now=now)
    assert not events.erase(event, why="again", by=by, now=now)
    erased = Event.objects.get(pk=event.pk)
    assert erased.payload == {}
    assert (erased.kept.erased_by, erased.kept.erased_why) == (by, "the person asked for it")
    assert str(erased.kept) == "claim.noted"
    assert erased.kept.salt is None
    assert Event.objects.get(type="erasure.made").payload["payloads"] == [event.pk]
    assert "every chain holds" in verified()


def noted(now: datetime) -> Event:
    """Return an event that names somebody."""
    with transaction.atomic():
        return events.record(claim(now), "claim.noted", now=now, note="Ilka Brandt called.")


def blank(event: Event, *, at: datetime, by: User | None = None) -> None:
    """Empty a payload as the application's role may."""
    said = {"salt": None, "body": None, "erased_at": at, "erased_by": by, "erased_why": "x"}
    assert Payload.objects.filter(event=event).update(**said)


def named() -> set[tuple[str, str]]:
    """Return what does not fit, without the uids."""
    return {(where.split(" ", 1)[-1] if " " in where else where.split(":")[0], what) for where, what in all_of_it()}


def all_of_it() -> list[tuple[str, str]]:
    return [*audit.Walk().broken(), *audit.disagreeing()]


BLANK = "its payload was erased without an erasure"


def test_a_payload_that_was_blanked_without_an_erasure_is_named(now: datetime) -> None:
    one = claim(now)
    blank(Event.objects.get(), at=now)
    assert named() == {("event 1 (claim.created)", BLANK)}
    Claim.objects.filter(pk=one.pk).update(status=Status.REFUTED)
    assert ("claim", "its status is not what its last change says") in named()


def test_an_erasure_that_no_chain_tells_of_excuses_nothing(now: datetime) -> None:
    event, by = noted(now), person("admin")
    Erasure.objects.create(what="person", why="x", by=by, at=now)
    blank(event, at=now, by=by)
    assert named() == {("event 2 (claim.noted)", BLANK), ("erasure", "no chain tells of this erasure")}


def test_nothing_hides_behind_an_erasure_that_was_made(now: datetime) -> None:
    by = person("admin")
    move = verdicts.change_status(
        claim(now), to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED, reason="a reason"
    )
    event = noted(now)
    erasure.erase_person(NAMES, why="asked for it", by=by, now=now)
    assert named() == set()
    blank(Event.objects.get(subject_uid=event.subject_uid, sequence=1), at=now, by=by)
    StatusChange.objects.filter(pk=move.pk).update(why="█" * 8, erased_at=now, erased_by=by, erased_why="x")
    blacked = "its words were blacked out without an erasure"
    assert named() == {("event 1 (claim.created)", BLANK), ("status change 1", blacked)}
    blank(Event.objects.get(type="erasure.made"), at=now, by=by)
    assert {("event 1 (erasure.made)", BLANK), ("event 2 (claim.noted)", BLANK)} < named()


def test_an_older_erasure_is_known_by_what_it_told_of_its_subjects(now: datetime) -> None:
    event, by = noted(now), person("admin")
    Erasure.objects.create(what="person", why="x", by=by, at=now)
    with transaction.atomic():
        events.record(claim(now), "claim.erased", now=now, by=by, why="x")
    blank(event, at=now, by=by)
    assert named() == set()


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


@pytest.mark.parametrize(
    ("sql", "where", "what"),
    [
        ("DELETE FROM claims_payload", "event 1 (claim.created)", "its payload is missing"),
        ("DELETE FROM claims_outbox", "event 1 (claim.created)", "its outbox row is missing"),
        ("DELETE FROM claims_feed WHERE position = 1", "feed place 2", "a place before it is missing"),
        ("DELETE FROM claims_feed WHERE position = 4", "event 3", "has no place in the feed"),
        ("UPDATE claims_feed SET position = 9 WHERE position = 3", "event 2", "in another order than its chain"),
        ("DELETE FROM claims_event", "feed place 1", "its event is missing"),
        ("DELETE FROM claims_event", "claim:", "its event “claim.created” is missing"),
        ("DELETE FROM claims_statuschange", "status change 1", "the change and its event do not agree"),
        ("UPDATE claims_statuschange SET new = 'refuted'", "status change 1", "its event do not agree"),
        ("UPDATE claims_statuschange SET number = 2, old = 'refuted'", "status change 2", "the change before it"),
        ("UPDATE claims_statuschange SET why = 'no'", "status change 1", "its reason, search log or versions"),
        ("UPDATE claims_statuschange SET salt = NULL", "status change 1", "its reason, search log or versions"),
        (
            "UPDATE claims_statuschange SET why = '█', erased_at = now(), erased_why = 'x'",
            "status change 1",
            "blacked out without an erasure",
        ),
        ("UPDATE claims_claim SET status = 'refuted'", "claim:", "what its last change says"),
        ("UPDATE claims_claim SET status = 'unconfirmed'", "claim:", "what its last change says"),
        ("UPDATE claims_claim SET uid = gen_random_uuid()", "event 1", "a claim that is gone"),
        ("DELETE FROM claims_flag", "claim.flagged_stale", "the flag that it tells of is missing"),
        ("UPDATE claims_flag SET since = since - interval '1 h'", "flag too_old", "“claim.flagged_stale” is missing"),
    ],
)  # fmt: skip
def test_what_the_tables_around_the_chains_say_otherwise_is_named(
    now: datetime, sql: str, where: str, what: str
) -> None:
    one, by = claim(now), person()
    claim(now, "Another thing happened.")
    verdicts.change_status(one, to=Status.IN_REVIEW, by=by, now=now, seen=Status.UNREVIEWED, reason="a reason")
    flags.raise_flag(one, StaleReason.TOO_OLD, now=now)
    events.number_all(now=now)
    assert "every chain holds" in verified()
    drop_keys()
    tamper(sql)
    assert [found for found in audit.disagreeing() if where in found[0] and what in found[1]], sql
    with pytest.raises(CommandError, match="do not fit"):
        verified()


def drop_keys() -> None:
    """Take away the foreign keys, as somebody does who stops the triggers behind them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND confrelid IN "
            "('claims_event'::regclass, 'claims_claim'::regclass)"
        )
        found = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def test_a_long_run_tells_how_far_it_got_and_where_to_go_on(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.management.commands import audit_verify

    monkeypatch.setattr(audit_verify, "TELL_EVERY_S", -1.0)
    uids = sorted(claim(now).uid for _claim in range(3))
    assert f"3 events, up to {uids[1]} …" in verified()

    def interrupted(_walk: audit.Walk) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit_verify.Command, "tell", lambda _self, walk: interrupted(walk))
    with pytest.raises(CommandError, match=f"behind 3 events, 0 rows that do not fit. Go on with: --after {uids[1]}"):
        verified()
