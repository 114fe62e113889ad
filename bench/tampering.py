"""The trial itself: fill a desk, rewrite its history in every way, verify, and undo; then editors at once."""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from claims.models import Claim, Event, Outbox, Payload, StatusChange
from claims.services import audit, claims, events, heads, verdicts
from claims.services.verdicts import StatusMoved
from claims.verification import chain
from claims.verification.status import Status
from factcheck.access.models import User

REPLICA = "SET LOCAL session_replication_role = replica;"
TABLES = ("claims_event", "claims_payload", "claims_outbox", "claims_feed", "claims_statuschange")
# The last but two of the longest two chains: what most kinds aim at, as `a` and `b`.
AIM = """
    CREATE TEMP TABLE aim ON COMMIT DROP AS
    SELECT e.*, row_number() OVER (ORDER BY e.subject_uid) AS n FROM claims_event AS e JOIN (
        SELECT subject_uid, max(sequence) AS most FROM claims_event GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 2) AS longest
    USING (subject_uid) WHERE e.sequence = longest.most - 2;
    CREATE TEMP TABLE a ON COMMIT DROP AS SELECT * FROM aim WHERE n = 1;
    CREATE TEMP TABLE b ON COMMIT DROP AS SELECT * FROM aim WHERE n = 2;
"""
FORGET = "".join(
    f"DELETE FROM {table} WHERE {key} IN (SELECT e.id FROM claims_event AS e JOIN a USING (subject_uid) WHERE {{0}});"
    for table, key in (("claims_feed", "event_id"), ("claims_outbox", "event_id"), ("claims_payload", "event_id"),
                       ("claims_event", "id"))
)  # fmt: skip
EDIT = "UPDATE claims_event SET {0} WHERE id = (SELECT id FROM a);"
FORGED = """
    INSERT INTO claims_event (subject, subject_uid, sequence, type, at, by_id, commitment, prev, digest)
    SELECT subject, subject_uid, sequence + 3, 'claim.noted', at + interval '1 h', by_id, commitment, digest, digest
    FROM a;
"""
REORDER = """
    UPDATE claims_event AS e SET sequence = e.sequence + 1000000 FROM a
    WHERE e.subject_uid = a.subject_uid AND e.sequence IN (a.sequence, a.sequence - 1);
    UPDATE claims_event AS e SET sequence = 2 * a.sequence - 1 - (e.sequence - 1000000) FROM a
    WHERE e.subject_uid = a.subject_uid AND e.sequence > 1000000;
"""
SWAP = """
    UPDATE claims_event AS e SET sequence = e.sequence + 1000000 FROM aim WHERE e.id = aim.id;
    UPDATE claims_event AS e SET subject_uid = b.subject_uid, sequence = b.sequence FROM a, b WHERE e.id = a.id;
    UPDATE claims_event AS e SET subject_uid = a.subject_uid, sequence = a.sequence FROM a, b WHERE e.id = b.id;
"""
DUMP = "CREATE SCHEMA old;" + "".join(f"CREATE TABLE old.{name} AS TABLE {name};" for name in (*TABLES, "claims_claim"))
RESTORE = "".join(f"TRUNCATE {name} CASCADE; INSERT INTO {name} SELECT * FROM old.{name};" for name in TABLES) + (
    "UPDATE claims_claim AS c SET status = o.status, status_since = o.status_since "
    "FROM old.claims_claim AS o WHERE o.id = c.id;"
)
TRIGGER = """
    CREATE TEMP TABLE made ON COMMIT DROP AS SELECT pg_get_triggerdef(oid) AS text, tgname AS name FROM pg_trigger
    WHERE tgrelid = 'claims_event'::regclass AND tgname LIKE 'pgtrigger_events_are_append_only%';
    DO $$ BEGIN EXECUTE format('DROP TRIGGER %I ON claims_event', (SELECT name FROM made)); END $$;
    UPDATE claims_event SET type = 'claim.noted' WHERE id = (SELECT id FROM a);
    SET CONSTRAINTS ALL IMMEDIATE;
    DO $$ BEGIN EXECUTE (SELECT text FROM made); END $$;
"""
MOVE = "(SELECT max(s.id) FROM claims_statuschange AS s)"


def back_date() -> None:
    """Write through the service, by a clock that was put back."""
    one = Claim.objects.get(uid=_first_of("a")[0])
    with transaction.atomic():
        events.record(one, "claim.noted", now=Event.objects.get(pk=_first_of("a")[2]).at - timedelta(days=1))


def rewrite() -> None:
    """Change what an event says, and write its chain anew from there with digests that fit."""
    uid, sequence, _pk = _first_of("a")
    prev = ""
    for event in Event.objects.filter(subject_uid=uid, sequence__gte=sequence).order_by("sequence"):
        body = {**event.payload, "forged": True}
        event.commitment = chain.commitment(bytes(event.kept.salt or b""), body)
        event.prev = prev or event.prev
        event.digest = prev = chain.digest(
            prev=event.prev, subject=f"claim:{uid}", sequence=event.sequence, type=event.type, at=event.at,
            by=event.by_id, commitment=event.commitment,
        )  # fmt: skip
        event.save()
        event.kept.body = body
        event.kept.save()


def _first_of(table: str) -> tuple[str, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject_uid::text, sequence, id FROM {table}")
        uid, sequence, pk = cursor.fetchone()
    return uid, sequence, pk


def blank_and_move() -> None:
    """Empty what tells how a claim was born, and give it a status that it never got."""
    one = claims.make("A claim that never moved.", now=datetime(2026, 3, 3, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute(BLANK.format(f"SELECT id FROM claims_event WHERE subject_uid = '{one.uid}'"))
        cursor.execute("UPDATE claims_claim SET status = 'refuted' WHERE id = %s", [one.pk])


BLANK = """
    UPDATE claims_payload SET salt = NULL, body = NULL, erased_at = '2026-03-03', erased_why = 'x',
        erased_by_id = (SELECT min(id) FROM access_user) WHERE event_id = ({0});
"""
ERASURE = """
    INSERT INTO sources_erasure (uid, what, why, by_id, at, counts, lifted_why)
    SELECT gen_random_uuid(), 'person', 'x', min(id), '2026-03-03', '{{}}', '' FROM access_user;
"""
AT_ONCE, TELL_EVERY_S = 50, 5.0
SALT = b"sixteen bytes ..."

# By name: what is done, in SQL or through Python, and the row that must be named; {n} is the event that is aimed at.
KINDS: dict[str, tuple[str | Callable[[], None], str]] = {
    "edit what happened": (REPLICA + EDIT.format("type = 'claim.noted'"), "event {n} "),
    "edit when": (REPLICA + EDIT.format("at = at - interval '1 s'"), "event {n} "),
    "edit who": (REPLICA + EDIT.format("by_id = NULL"), "event {n} "),
    "edit a payload": (
        REPLICA + "UPDATE claims_payload SET body = '{}' WHERE event_id = (SELECT id FROM a)", "event {n} "),
    "delete the last": (REPLICA + FORGET.format("e.sequence = a.sequence + 2"), "event {last}"),
    "delete in the middle": (REPLICA + FORGET.format("e.sequence = a.sequence"), "event {after} "),
    "insert a forged one": (REPLICA + FORGED, "event {new} "),
    "reorder two": (REPLICA + REORDER, "event {before} "),
    "swap between two claims": (REPLICA + SWAP, "event {n} "),
    "truncate": (REPLICA + "TRUNCATE claims_event CASCADE", "event {last}"),
    "erase the digests": (REPLICA + EDIT.format("prev = repeat('0', 64), digest = repeat('0', 64)"), "event {n} "),
    "back-date by the clock": (back_date, "event {new} "),
    "restore an older state": (REPLICA + RESTORE, "is gone"),
    "write the chain anew": (rewrite, "event {last}"),
    "drop the trigger, edit": (TRIGGER, "event {n} "),
    "edit a status change": (
        REPLICA + f"UPDATE claims_statuschange SET why = 'because' WHERE id = {MOVE}", "status change"),
    "edit who moved it": (
        REPLICA + f"UPDATE claims_statuschange SET at = at + interval '1 s' WHERE id = {MOVE}", "status change"),
    "edit a claim's status": (
        REPLICA + "UPDATE claims_claim SET status = 'refuted' WHERE uid = (SELECT subject_uid FROM a)", "{uid}"),
    "blank a payload": (BLANK.format("SELECT id FROM a"), "event {n} "),
    "blank, then set the status": (blank_and_move, "its status is not what its last change says"),
    "forge an erasure": (ERASURE.format() + BLANK.format("SELECT id FROM a"), "erasure:"),
}  # fmt: skip


class Trial:
    """One desk, filled and tampered with."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked, self.folder, self.key = asked, folder / "heads", folder / "key.pem"
        self.seconds, self.missed, self.told = itertools.count(), list[str](), time.monotonic()
        self.by = User.objects.create_user("checker", password="a long password", role="fact_checker")  # noqa: S106
        self.rng = random.Random(14)  # noqa: S311  the same desk each time

    def now(self) -> datetime:
        """A second later each time, for whoever asks."""
        return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=next(self.seconds))

    def run(self) -> list[str]:
        """Return what was missed."""
        self.fill()
        self.clean_runs()
        with superuser():
            for name in KINDS:
                self.tamper(name)
        print(f"{len(KINDS) - len(self.missed)} of {len(KINDS)} ways found and named", flush=True)
        self.edit_at_once()
        if self.asked.speed:
            self.measure()
        return self.missed

    def fill(self) -> None:
        """Make claims and events through the services; heads on two days, and a dump between."""
        began = time.monotonic()
        self.ones = list[Claim]()
        self.often(self.asked.claims, "claims", lambda n: self.ones.append(claims.make(f"Claim {n}.", now=self.now())))
        left = self.asked.events - Event.objects.count()
        for share, then in ((6, self.write_head), (2, self.dump), (2, self.write_head)):
            self.often(left * share // 10, "events", lambda _n: self.act(self.rng.choice(self.ones), self.rng))
            then()
        analyze()
        took = time.monotonic() - began
        print(f"{len(self.ones)} claims, {Event.objects.count()} events by the services in {took:.0f} s", flush=True)

    def often(self, count: int, what: str, do: Callable[[int], object]) -> None:
        """Do it that often, many to a commit, and tell how far it got."""
        for start in range(0, count, AT_ONCE):
            with transaction.atomic():
                for number in range(start, min(start + AT_ONCE, count)):
                    do(number)
            self.tell(f"{min(start + AT_ONCE, count)} of {count} {what} written")

    def tell(self, line: str) -> None:
        """Tell now and then how far it got."""
        if time.monotonic() - self.told > TELL_EVERY_S:
            self.told = time.monotonic()
            print(f"  {line} …", flush=True)

    def dump(self) -> None:
        """Keep the desk as it is now, to be restored later."""
        events.number_all(now=self.now())
        with superuser(), connection.cursor() as cursor:
            cursor.execute(DUMP)

    def write_head(self) -> None:
        """Write a head file."""
        events.number_all(now=self.now())
        heads.write(self.folder, self.key, now=self.now())

    def act(self, one: Claim, rng: random.Random) -> bool:
        """Move a claim or note something; False where somebody moved it first."""
        seen = Status(Claim.objects.values_list("status", flat=True).get(pk=one.pk))
        if rng.random() < 0.3:  # noqa: PLR2004  about every third
            with transaction.atomic():
                events.record(one, "claim.seen", now=self.now(), by=self.by, note="x")
            return True
        to = Status.NOT_CHECKABLE if seen == Status.IN_REVIEW else Status.IN_REVIEW
        try:
            verdicts.change_status(one, to=to, by=self.by, now=self.now(), seen=seen, reason=f"because {rng.random()}")
        except StatusMoved:
            return False
        return True

    def findings(self) -> Iterator[tuple[str, str]]:
        """Yield what the command would print."""
        yield from audit.Walk().broken()
        yield from audit.disagreeing()
        yield from heads.held_against(self.folder, heads.signing_key(self.key).public_key())

    def clean_runs(self) -> None:
        """Verify a desk at which nobody tampered, between honest work."""
        alarms = 0
        for run in range(self.asked.clean):
            self.act(self.rng.choice(self.ones), self.rng)
            alarms += sum(1 for _finding in self.findings())
            self.tell(f"{run + 1} clean runs verified")
        print(f"{self.asked.clean} clean runs: {alarms} false alarms", flush=True)
        self.missed += ["a clean run"] if alarms else []
        self.write_head()

    def tamper(self, name: str) -> None:
        """Rewrite history in one way, verify, undo."""
        do, must_name = KINDS[name]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(AIM)
                uid, number, _pk = _first_of("a")
                if callable(do):
                    cursor.execute(REPLICA)
                    do()
                else:
                    cursor.execute(do)
            found = [f"{where}: {what}" for where, what in self.findings()]
            transaction.set_rollback(True)
        row = must_name.format(uid=uid, n=number, before=number - 1, after=number + 1, last=number + 2, new=number + 3)
        named = [line for line in found if row in line and (uid in line or "event" not in must_name)]
        print(f"{'found ' if named else 'MISSED'} {name:26} {(named or found or ['nothing said'])[0]}", flush=True)
        self.missed += [] if named else [name]

    def edit_at_once(self) -> None:
        """Let many edit few claims at once, while somebody verifies; nothing forks, nothing is missing."""
        began, before, counts = time.monotonic(), Event.objects.count(), Counter[bool]()
        few, lock = self.ones[:10], threading.Lock()

        def edit(number: int) -> None:
            rng = random.Random(number)  # noqa: S311
            mine = Counter(self.act(rng.choice(few), rng) for _time in range(self.asked.each))
            with lock:
                counts.update(mine)
            connection.close()

        # Verifying computes and editing waits: at Python's 5 ms each answer to an editor would wait for the verifier.
        was = sys.getswitchinterval()
        sys.setswitchinterval(0.0002)
        editors = [threading.Thread(target=edit, args=(number,)) for number in range(self.asked.editors)]
        for editor in editors:
            editor.start()
        alarms, runs = 0, 0
        while any(editor.is_alive() for editor in editors):
            alarms, runs = alarms + sum(1 for _finding in self.findings()), runs + 1
            self.tell(f"{Event.objects.count() - before} events by editors, verified {runs} times")
        sys.setswitchinterval(was)
        for editor in editors:
            editor.join()
        events.number_all(now=self.now())
        alarms += sum(1 for _finding in self.findings())
        written = Event.objects.count() - before
        print(
            f"{self.asked.editors} editors x {self.asked.each} on {len(few)} claims "
            f"in {time.monotonic() - began:.0f} s: {written} events, {counts[False]} refused as moved meanwhile; "
            f"verified {runs + 1} times, {alarms} false alarms",
            flush=True,
        )
        self.missed += ["a false alarm among editors"] if alarms else []
        self.missed += [] if written == counts[True] else ["an event of an editor"]
        self.missed += [] if self.stale_is_refused(few[0]) else ["a stale view"]

    def stale_is_refused(self, one: Claim) -> bool:
        """Whether a move from a status that the claim no longer has is refused."""
        moves, status = StatusChange.objects.count(), Claim.objects.get(pk=one.pk).status
        stale = Status.IN_REVIEW if status != Status.IN_REVIEW else Status.NOT_CHECKABLE
        try:
            verdicts.change_status(one, to=Status.WITHDRAWN, by=self.by, now=self.now(), seen=stale, reason="x")
        except StatusMoved:
            return StatusChange.objects.count() == moves
        return False

    def measure(self) -> None:
        """Measure verification over many more events, put behind the chains in bulk."""
        each = self.asked.speed // len(self.ones) + 1
        for start in range(0, len(self.ones), 100):
            some = self.ones[start : start + 100]
            rows = [event for one in some for event in self.more(one, each)]
            made = Event.objects.bulk_create(event for event, _payload in rows)
            Payload.objects.bulk_create(
                Payload(event=event, salt=SALT, body=body) for event, (_same, body) in zip(made, rows, strict=True)
            )
            Outbox.objects.bulk_create(Outbox(event=event) for event in made)
            events.number_all(now=self.now())
            self.tell(f"{start + len(some)} of {len(self.ones)} chains made longer")
        analyze()
        began = time.monotonic()
        walk = audit.Walk()
        wrong = sum(1 for _finding in walk.broken())
        walked = time.monotonic() - began
        wrong += sum(1 for _finding in audit.disagreeing())
        whole = time.monotonic() - began
        self.missed += ["a clean run for speed"] if wrong else []
        print(f"{walk.count} events: chains in {walked:.1f} s ({walk.count / walked:.0f}/s), all in {whole:.1f} s")

    def more(self, one: Claim, count: int) -> Iterator[tuple[Event, dict[str, str]]]:
        """Yield events that follow the last of a claim."""
        last = Event.objects.filter(subject_uid=one.uid).order_by("-sequence")[0]
        prev = last.digest
        for sequence in range(last.sequence + 1, last.sequence + 1 + count):
            body = {"note": f"what happened {sequence} times", "reason": "quote_changed"}
            event = Event(
                subject="claim", subject_uid=one.uid, sequence=sequence, type="claim.seen", at=self.now(), by=self.by,
                commitment=chain.commitment(SALT, body), prev=prev,
            )  # fmt: skip
            event.digest = prev = chain.digest(
                prev=prev, subject=f"claim:{one.uid}", sequence=sequence, type=event.type, at=event.at,
                by=self.by.pk, commitment=event.commitment,
            )  # fmt: skip
            yield event, body


def analyze() -> None:
    """Do what autovacuum would have done by the time that a desk is as old as this one looks."""
    with superuser(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def superuser() -> Iterator[None]:
    """Be the one whom no privilege binds."""
    was = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = "postgres"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = was
