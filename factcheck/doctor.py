"""What is wrong with this desk, in plain words, and what to do: each examination stands alone and breaks nothing.

One that needs a server which is away is left out and says so; no examination changes anything.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import shutil
import ssl
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.models import Outbox
from factcheck import ledger
from factcheck.chores import ROUTINES, TICK
from factcheck.lib import clock, http, logs
from factcheck.lib.answers import Failed
from factcheck.models import Chore
from sources.models import Document

LATE = timedelta(minutes=2)
TICK_LATE = timedelta(seconds=60)
HOURS = timedelta(hours=2)
SKEW = timedelta(seconds=2)
QUEUE_WITHIN_S = 3
ROOM_BYTES, ROOM_PART = 1 << 30, 0.05
MONTHS_AHEAD = 2
MODEL = "en_core_web_"


class State(StrEnum):
    """How one thing stands."""

    WELL = "well"
    WRONG = "wrong"
    TOLD = "told"  # worth knowing, or not examined


@dataclass(frozen=True, slots=True)
class Finding:
    """What one examination found, and what to do about it."""

    about: str
    state: State
    says: str
    do: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it for --json."""
        return asdict(self)


Findings = Iterator[Finding]


def _well(about: str, says: str) -> Finding:
    return Finding(about, State.WELL, says)


def _wrong(about: str, says: str, do: str) -> Finding:
    return Finding(about, State.WRONG, says, do)


def examine(*, net: str = "") -> Findings:
    """Yield every finding, settings first; `net` is an address to be fetched as a look would fetch it."""
    yield from settings_are_right()
    database = reachable_database()
    yield database
    if database.state is State.WELL:
        yield from _in_database()
    else:
        yield Finding("work", State.TOLD, "Not examined, since the database does not answer.")
    yield from queue()
    yield from machine()
    if net:
        yield outside(net)


def settings_are_right() -> Findings:
    """Everything that would keep a process from starting."""
    messages = sorted(run_checks(), key=lambda message: str(message.id))
    for message in messages:
        state = State.WRONG if message.is_serious() else State.TOLD
        yield Finding("settings", state, f"{message.msg} ({message.id})", message.hint or "")
    if not any(message.is_serious() for message in messages):
        yield _well("settings", "Nothing is insecure or contradicts itself.")


def reachable_database() -> Finding:
    """Whether PostgreSQL answers at DATABASE_URL."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
            size, version = cursor.fetchone()
    except DatabaseError as error:
        why = logs.mask(str(error).strip().partition("\n")[0])
        do = "Look whether PostgreSQL runs, and whether DATABASE_URL names its host, user and password."
        return _wrong("database", f"It does not answer: {why}", do)
    return _well("database", f"PostgreSQL {version} answers; the desk takes {size / 1e6:,.0f} MB.")


def _in_database() -> Findings:
    for examination in (database_is_set_up, migrations, clocks):
        yield from _told(examination)
    if Chore._meta.db_table in connection.introspection.table_names():
        for examination in (work, chores, tick, feed, blind_pages, partitions):
            yield from _told(examination)


def _told(examination: Callable[[], Findings]) -> Findings:
    """Examine, and tell of an examination that broke instead of breaking with it."""
    try:
        with transaction.atomic():  # a refused question spoils no later one
            found = list(examination())
    except DatabaseError as error:
        about = examination.__name__.replace("_", " ")
        why = str(error).strip().partition("\n")[0]
        found = [_wrong(about, f"The database refused the question: {why}", "Run `manage.py migrate`, look again.")]
    yield from found


def database_is_set_up() -> Findings:
    """What the checks of the database say: its own settings, and what our role may do."""
    messages = run_checks(tags=[Tags.database], databases=["default"])
    for message in messages:
        state = State.WRONG if message.is_serious() else State.TOLD
        yield Finding("database", state, f"{message.msg} ({message.id})", message.hint or "")


def migrations() -> Findings:
    """Whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        first = waiting[0][0]
        says = f"{len(waiting)} migrations were not run, the first is {first.app_label} {first.name}."
        yield _wrong("migrations", says, "Run `manage.py migrate`.")
    else:
        yield _well("migrations", "The tables are those of this version.")


def clocks() -> Findings:
    """Leases go by the database's clock, due times by ours."""
    before = clock.now() - clock.offset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    skew = theirs - before
    if abs(skew) > SKEW:
        says = f"The database's clock differs from this machine's by {skew.total_seconds():+.1f} s."
        yield _wrong("clocks", says, "Let both machines follow a time server (chrony, systemd-timesyncd).")
    else:
        yield _well("clocks", f"They agree within {abs(skew.total_seconds()):.1f} s.")


def work() -> Findings:
    """Whether due work is done, and what is stuck."""
    now, well = clock.now(), True
    for kind in ledger.backlog():
        late = now - kind.oldest_due_at if kind.oldest_due_at else timedelta(0)
        if late > LATE:
            well = False
            says = f"{kind.due} rows of {kind.name} are due, the oldest for {_words(late)}."
            yield _wrong("work", says, "Start worker and beat; `manage.py dispatch` does the work meanwhile.")
        if kind.quarantined:
            well = False
            says = f"{kind.quarantined} rows of {kind.name} are stuck after three tries."
            yield _wrong("work", says, "Read their last error (admin, or the log), mend the cause, then requeue them.")
    if well:
        yield _well("work", "Nothing waits for longer than two minutes, and nothing is stuck.")


def chores() -> Findings:
    """Whether the house's own work could be done: one that fails is tried again for ever, within the hour."""
    failed = Chore.objects.filter(name__in=ROUTINES).exclude(last_error="").order_by("name")
    for name, error, done_at in failed.values_list("name", "last_error", "done_at"):
        since = f"it was last done {_words(clock.now() - done_at)} ago" if done_at else "it was never done"
        says = f"The chore {name} fails, {since}: {logs.mask(error)}"
        yield _wrong("chores", says, "Mend the cause; it is tried again within the hour by itself.")
    if not failed:
        yield _well("chores", "None failed when it was last tried.")


def tick() -> Findings:
    """Beat, queue and a worker are up together if the tick comes round."""
    last = Chore.objects.filter(name=TICK).values_list("done_at", flat=True).first()
    do = "Start beat and a worker, or look into their logs; the queue must answer both."
    if last is None:
        yield _wrong("tick", "It never came round on this database.", do)
    elif clock.now() - last > TICK_LATE:
        yield _wrong("tick", f"The last one was {_words(clock.now() - last)} ago.", do)
    else:
        yield _well("tick", "Beat, queue and a worker work together.")


def feed() -> Findings:
    """Whether events get their places."""
    oldest = Outbox.objects.waiting().values_list("event__at", flat=True).first()
    if oldest and clock.now() - oldest > LATE:
        says = f"Events wait for their place since {_words(clock.now() - oldest)}."
        yield _wrong("feed", says, "Each tick numbers them: see what the line about the tick says.")
    else:
        yield _well("feed", "Every event has its place.")


def blind_pages() -> Findings:
    """Pages that could be read before, but not for too long."""
    count = Document.objects.blind(clock.now()).count()
    if count:
        says = f"{count} watched pages could not be seen for longer than MONITOR_BLIND_AFTER."
        yield _wrong("pages", says, "If it is many at once, look at this machine's way out (`doctor --net URL`).")
    else:
        yield _well("pages", "Every watched page was seen in time.")


def partitions() -> Findings:
    """Looks are kept by month; a month without its partition falls into the one for the rest."""
    now = clock.now()
    month = now.year * 12 + now.month - 1 + MONTHS_AHEAD
    name = f"sources_check_{month // 12}_{month % 12 + 1:02}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        (there,) = cursor.fetchone()
    if there:
        yield _well("partitions", "The table of looks has its months ahead.")
    else:
        yield _wrong("partitions", f"{name} was not made.", "A daily chore makes it: see whether `chores` are stuck.")


def queue() -> Findings:
    """Whether the hint queue answers, and what it does when it is full."""
    options: dict[str, Any] = {"socket_timeout": QUEUE_WITHIN_S, "socket_connect_timeout": QUEUE_WITHIN_S}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **options) as server:
            server.ping()
            policy = _policy(server)
    except (redis.RedisError, OSError) as error:
        do = "Start it, or mend REDIS_URL. Nothing is lost; until then `manage.py dispatch` does the work."
        yield _wrong("queue", f"It does not answer: {logs.mask(str(error))}", do)
        return
    if policy not in {"", "noeviction"}:
        says = f"maxmemory-policy is {policy}: a full queue forgets hints without a word."
        yield Finding("queue", State.TOLD, says, "Set maxmemory-policy noeviction.")
    yield _well("queue", "It answers.")


def _policy(server: redis.Redis) -> str:
    try:
        found: Any = server.config_get("maxmemory-policy")
    except redis.ResponseError:  # a hosted queue may forbid the question
        return ""
    return str(found.get("maxmemory-policy", ""))


def machine() -> Findings:
    """Room on the disk, certificates of the system, the language model."""
    room = shutil.disk_usage(settings.BASE_DIR)
    if room.free < ROOM_BYTES or room.free / room.total < ROOM_PART:
        yield _wrong("disk", f"{room.free / 1e9:.1f} GB are free.", "Make room before writes fail.")
    else:
        yield _well("disk", f"{room.free / 1e9:.1f} GB are free.")
    authorities = http.default_tls().cert_store_stats()["x509_ca"]
    where = ssl.get_default_verify_paths()
    folder = Path(where.capath or where.openssl_capath)
    if authorities or any(folder.glob("*")):
        yield _well("certificates", "The system's authorities are there.")
    else:
        says = f"No authority is known ({where.openssl_cafile}): no page with https can be looked at."
        yield _wrong("certificates", says, "Install ca-certificates, or mend SSL_CERT_FILE.")
    model = next((one.name for one in pkgutil.iter_modules() if one.name.startswith(MODEL)), "")
    if model and importlib.util.find_spec("spacy"):
        yield _well("language model", f"{model} is installed.")
    else:
        yield _wrong("language model", f"No {MODEL}* is installed.", "Install the requirements anew.")


def outside(url: str) -> Finding:
    """Whether an address out there can be fetched, by the client that looks at pages."""
    answer = http.fetch(url, user_agent=settings.USER_AGENT)
    if isinstance(answer, Failed):
        says = f"{url} cannot be fetched: {answer.failure} {answer.detail}"
        return _wrong("way out", says, "Look at the name server, the firewall and the proxy.")
    return _well("way out", f"{url} answered {answer.status} after {answer.took:.1f} s.")


def _words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if span < HOURS else f"{minutes // 60} h"
