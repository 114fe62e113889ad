"""A desk full of people to be erased, named in every text column of every table: a new column is covered by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from claims.models import (
    Appearance,
    Article,
    Attribution,
    Claim,
    Condition,
    Drift,
    Evidence,
    KnownCheck,
    KnownFeed,
    KnownMatch,
    KnownVersion,
    Link,
    Proposal,
    Reread,
    Restamping,
    SavedFilter,
    SecondPersonRule,
    StanceGuess,
    Statement,
    Term,
)
from claims.models.notes import Way
from claims.services import (
    articles,
    claims,
    contacts,
    erased_columns,
    erasure,
    evidence,
    flags,
    notes,
    statements,
    verdicts,
)
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck import chores
from factcheck.access.models import AnsweredKey, Client, Tally, User, mint
from factcheck.access.roles import Role
from sources.fetching.reading import read
from sources.models import (
    Archiving,
    Change,
    Check,
    Document,
    Feed,
    FeedEntry,
    Grading,
    Host,
    Merge,
    Snapshot,
    Source,
    SourceName,
)
from sources.services import documents, feeds, sources

A_PAGE = 10
# Codes, digests and names of things that no text of anybody's comes into. Anything else must be erasable.
CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "access.Token": frozenset({"prefix", "digest"}),
        "access.AnsweredKey": frozenset({"asked", "made"}),
        "access.Tally": frozenset({"key"}),
        "sources.ErasedText": frozenset({"key"}),
        "sources.Erasure": frozenset({"counts", "lifted_why"}),
        "sources.Document": frozenset({"language", "pending_digest"}),
        "sources.FeedEntry": frozenset({"key"}),
        "sources.Snapshot": frozenset({"language", "digest", "truncated", "erased_why"}),
        "sources.RawBytes": frozenset({"media_type", "key", "digest", "erased_why"}),
        "claims.Claim": frozenset({"language"}),
        "claims.Appearance": frozenset({"fingerprint", "salience"}),
        "claims.Event": frozenset({"type", "commitment", "prev", "digest"}),
        "claims.Payload": frozenset({"erased_why"}),
        "claims.StanceGuess": frozenset({"model"}),
        "claims.Statement": frozenset({"language", "sealed"}),
        "claims.StatusChange": frozenset({"erased_why"}),
        "claims.Representation": frozenset({"model"}),
        "claims.Triage": frozenset({"why"}),
        "claims.KnownCheck": frozenset({"model", "language", "site", "status_because"}),
        "claims.KnownFeed": frozenset({"more"}),
        "claims.KnownRating": frozenset({"site"}),
        "claims.KnownVersion": frozenset({"language", "site"}),
        "admin.LogEntry": frozenset({"object_id"}),
        "factcheck.Chore": frozenset({"name"}),
    }
)

# The rows of a table of which every column may hold words; the others have columns that stay empty.
AMONG: Mapping[str, Mapping[str, Any]] = MappingProxyType({"claims.Evidence": {"statement": None}})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose last name stands nowhere else."""

    name: str

    @property
    def sentinel(self) -> str:
        """Return what must be nowhere afterwards."""
        return self.name.split()[1].lower()

    @property
    def slug(self) -> str:
        """Return the name as an address has it."""
        return self.name.lower().replace(" ", "-")


def people(count: int) -> list[Person]:
    """Return that many people."""
    letters = "bcdfghjklm"
    return [Person(f"Ilka Zorx{letters[n // 10]}{letters[n % 10]}ovan") for n in range(count)]


def text_of(page: int, crowd: list[Person]) -> list[str]:
    """Return the sentences of one page: half of them name somebody, half of those in a roundabout way."""
    lines = []
    for line in range(A_PAGE):
        number, who = page * A_PAGE + line, crowd[(page * A_PAGE + line) % len(crowd)].name
        lines.append(
            [
                f"{who} said that the bridge number {number} had cost {number} million euros.",
                f"The lorry number {number} of the harbour crossed the bridge {number} times.",
                f"Witness number {number} saw {who}\u2019s car at the gate {number} of the port.",
                f"The council put off its {number}th decision on the pillar number {number}.",
            ][number % 4]
        )
    return lines


def make(crowd: list[Person], *, count: int, by: User, now: datetime) -> list[str]:
    """Make a desk of about that many claims; return the texts of its pages."""
    texts = []
    for page in range(max(1, count // A_PAGE)):
        lines = text_of(page, crowd)
        texts.append("\n\n".join(lines))
        article, _is_new = articles.submit_text(texts[-1], now=now, outlet=f"Outlet {page % 7}")
        Article.objects.filter(pk=article.pk).update(due_at=None, state=Article.State.UNSUPPORTED)
        for line in lines:
            _claim(article, line, crowd=crowd, by=by, now=now)
    _others(by=by, now=now)
    return texts


def _claim(article: Article, line: str, *, crowd: list[Person], by: User, now: datetime) -> None:
    made = claims.make(line, now=now, by=by, article=article, quote=line)
    who = next((one.name for one in crowd if one.name in line), "")
    if who:
        Attribution.objects.create(
            appearance=made.appearances.get(), position=0, name=who, cue="said", source=sources.find_or_make(who)
        )
    if made.pk % 10 == 0:
        page = article.document
        evidence.attach(made, page, quote=line, stance=Evidence.Stance.CONTEXT, by=by, now=now)
        reason = f"We asked whoever knew of number {made.pk}."
        verdicts.change_status(made, to=Status.SUPPORTED, by=by, now=now, seen=Status.UNREVIEWED, reason=reason)
        with transaction.atomic():
            flags.raise_flag(made, StaleReason.QUOTE_CHANGED, document=page, now=now, was=line)


def _others(*, by: User, now: datetime) -> None:
    """Make rows in the tables that the pages leave empty."""
    page = Document.objects.order_by("pk")[0]
    url = "https://traffic.example/notices/14"
    seen, _is_new = documents.watch(url, now=now)
    reading = read(b"Traffic notice 14.", media_type="text/plain", charset="utf-8", url=url)
    fetch = Snapshot.CapturedBy.FETCH
    documents.keep(seen, reading, raw=b"Traffic notice 14.", media_type="text/plain", now=now, captured_by=fetch)
    Document.objects.filter(pk=seen.pk).update(due_at=None)
    erasure.take_down(Snapshot.objects.get(document=seen), why="A court asked for it.", by=by, now=now)
    Check.objects.create(document=page, due_at=now, at=now, outcome="unchanged", took_ms=1)
    Change.objects.create(document=page, found="gone", at=now)
    feed, _is_new = feeds.watch("https://traffic.example/feed", now=now)
    Feed.objects.filter(pk=feed.pk).update(due_at=None)
    FeedEntry.objects.create(feed=feed, key="0" * 64, seen_at=now, became="passed", detail="It was there before.")
    StanceGuess.objects.create(evidence=Evidence.objects.earliest("pk"), model="stance")
    copy = {"state": "kept", "url": "https://archive.example/1"}
    Archiving.objects.create(snapshot=Snapshot.objects.earliest("pk"), host=feed.host, **copy)
    kind = ContentType.objects.get_for_model(Claim)
    LogEntry.objects.create(user=by, content_type=kind, object_id="1", object_repr="x", action_flag=2)
    client = Client.objects.create(name="A newsroom")
    mint(name="a token", scopes=["read:all"], client=client)
    AnsweredKey.objects.create(client=client, key="x", asked="x", status=201, made="x", at=now)
    Tally.objects.create(key="x", count=1, until=now)
    chores.make_rows()
    _wait(by=by, now=now)
    Term.objects.create(word="bridge", count=12)
    _write_down(by=by, now=now)
    _relate(now=now)
    _known(feed.host, now=now)
    _decide_on_sources(by=by, now=now)


def _wait(*, by: User, now: datetime) -> None:
    one = Claim.objects.filter(status="unreviewed").earliest("pk")
    met = {"state": "met", "met_at": now, "met_because": "The Selmar Post"}
    Condition.objects.create(claim=one, outlets=2, by=by, at=now, **met)
    closed = {"state": "declined", "closed_by": by, "closed_at": now, "closed_why": "Not yet."}
    Proposal.objects.create(claim=one, to="refuted", why="It is.", search_log="Asked.", by=by, at=now, **closed)
    SecondPersonRule.objects.create(topic="health")
    Restamping.objects.create(status="refuted")
    SavedFilter.objects.create(owner=by, name="mine", query="show=mine", at=now)
    place = Appearance.objects.earliest("pk")
    Reread.objects.create(appearance=place, what="chain", was=[{"name": "Outlet 1", "cue": ""}], by=by, at=now)


def _write_down(*, by: User, now: datetime) -> None:
    one = Claim.objects.earliest("pk")
    asked = contacts.Asked("The port", "Is it so?", Way.EMAIL, now, role="its office")
    contact = contacts.ask(one, asked, by=by, now=now)
    contacts.answer(contact, "It is so.", answered_at=now, by=by, now=now)
    notes.write(one, "Ask them again.", by=by, now=now)
    taken = statements.Taken("The warden", "It is so.", Statement.Terms.ON_RECORD, Way.PHONE, now, role="its warden")
    statements.take(one, taken, stance=Evidence.Stance.CONTEXT, by=by, now=now)
    notes.log_search(one, notes.Looked("The register", "the bridge", "Nothing.", now), by=by, now=now)


def _relate(*, now: datetime) -> None:
    one, other = Appearance.objects.order_by("pk")[:2]
    found = {"state": "suggested", "because": ["They speak of one bridge."], "found_at": now, "at": now}
    Link.objects.create(claim=other.claim, other=one.claim, kind="narrows", **found)
    said = {"said": "It is closed.", "source_said": "It may be closed."}
    Drift.objects.create(claim=other.claim, appearance=other, source=one, kind="hedge_dropped", **said, **found)


def _known(host: Host, *, now: datetime) -> None:
    url = "https://checkers.example/feed"
    feed = KnownFeed.objects.create(identity=url, url=url, kind="page", host=host, created_at=now)
    seen = {"feed": feed, "way": "page", "first_seen_at": now, "last_seen_at": now}
    check = KnownCheck.objects.create(identity=f"{url}#1", url=url, text="It cost much.", rating="False", **seen)
    KnownVersion.objects.create(known=check, number=1, text="It cost more.", rating="True", until=now)
    asked = {"claim": Claim.objects.earliest("pk"), "kind": "same", "sure": 1, "likeness": 1, "found_at": now}
    KnownMatch.objects.create(known=check, because=["the numbers agree"], **asked)


def _decide_on_sources(*, by: User, now: datetime) -> None:
    one, other = sources.find_or_make("Coast News"), sources.find_or_make("Coast Online", domain="online.example")
    Merge.objects.create(
        winner=one, loser=other, why="one house", by=by, at=now, moved={"home_domains": ["online.example"]}
    )
    Grading.objects.create(source=one, grade="B", why="corrects itself", by=by, at=now)


def administrator() -> User:
    """Make whoever answers for the erasures."""
    return User.objects.create_user(username="eraser", password="a long password", role=Role.ADMIN)  # noqa: S106


@transaction.atomic
def plant(crowd: list[Person]) -> int:
    """Write each name into every text column of every table, past services and triggers; return how many places."""
    count = 0
    for model, names in erased_columns.columns():
        columns = [name for name in names if name not in CODES.get(model._meta.label, ())]
        some = model._default_manager.filter(**AMONG.get(model._meta.label, {}))
        rows = list(some.order_by("pk")[: len(crowd)])
        if columns and not rows:
            if model._meta.label == "sources.ErasedText":
                continue
            raise LookupError(f"{model._meta.label} has no row to plant a name in: make one in bench/planting.py.")
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for place, who in enumerate(crowd if columns else ()):
                count += _plant(rows[place % len(rows)], columns, who)
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return count


def _plant(row: models.Model, columns: list[str], who: Person) -> int:
    row.refresh_from_db()
    for name in columns:
        longest = getattr(row._meta.get_field(name), "max_length", None)
        value = _named(name, getattr(row, name), who)
        if isinstance(value, str) and longest:
            value = value if len(value) <= longest else who.name[:longest]
        type(row)._default_manager.filter(pk=row.pk).update(**{name: value})
    return len(columns)


def _link(who: Person) -> dict[str, Any]:
    return {"start": 0, "end": 1, "url": f"https://a.example/?q={who.slug}", "text": who.name}


# How a name comes into columns that have a form of their own.
_FORMS: Mapping[str, Callable[[Any, Person], Any]] = MappingProxyType(
    {
        "url": lambda _was, who: f"https://news.example.org/{who.slug}/story",
        "identity": lambda _was, who: f"https://news.example.org/{who.slug}/story",
        "others": lambda _was, who: [f"https://news.example.org/{who.slug}/feed"],
        "home_domains": lambda _was, who: [f"{who.slug}.example"],
        "key": lambda _was, who: f"old {who.name.lower()}",
        "spans": lambda was, who: [{**was[0], "exact": who.name, "prefix": f"a {who.name}"}, *was[1:]],
        "blocks": lambda was, who: [*was, {"kind": "quotation", "start": 0, "end": 1, "cite": _link(who)["url"]}],
        "links": lambda was, who: [*was, _link(who)],
        "because": lambda was, who: [*was, f"cue of {who.name}"],
        "body": lambda was, who: {**was, f"note {who.sentinel[-4:]}": f"Somebody wrote of {who.name} here."},
        "moved": lambda was, who: {**was, "home_domains": [f"{who.slug}.example"]},
        "detail": lambda was, who: (
            {**was, f"note {who.sentinel[-4:]}": f"Of {who.name}."} if isinstance(was, dict) else f"{who.name} spoke."
        ),
    }
)


def _named(column: str, was: Any, who: Person) -> Any:
    """Return what stands in such a column, with the name in it."""
    form = _FORMS.get(column)
    return form(was, who) if form else f"{was} {who.name} said something."


def left(dump: bytes, crowd: list[Person]) -> list[str]:
    """Return whose names stand in a dump, in any spelling."""
    low = dump.lower()
    return [who.name for who in crowd if who.sentinel.encode() in re.sub(rb"[^a-z0-9]+", b" ", low)]


__all__ = ["CODES", "Person", "Source", "SourceName", "administrator", "left", "make", "people", "plant", "text_of"]
