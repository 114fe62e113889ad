"""One batch of the made-up desk: articles with their claims, and all rows that hang on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from claims.models import Appearance, Article, Attribution, Claim, Evidence, Flag, Link, StatusChange, Triage
from claims.verification import chain, staleness
from claims.verification import priority as ranking
from claims.verification.priority import ASKED_FOR, Facts
from claims.verification.staleness import StaleReason
from claims.verification.status import BIRTH, CLOSED, VERDICTS, Status, at_birth
from factcheck.management.seeding import lives, pages, words
from factcheck.management.seeding.cast import Cast, Outlet
from factcheck.management.seeding.chains import Chains
from factcheck.management.seeding.copying import COLUMNS, Rows
from factcheck.management.seeding.lives import Move, Raised
from factcheck.management.seeding.pages import Keys, Page, Version, uid
from factcheck.management.seeding.words import Said

AN_ARTICLE = 50
# Of claims: those that stand in a second article, that a page was suggested for, that a link was found of.
AGAIN, SUGGESTED, LINKED, BY_HAND = 0.04, 0.03, 0.004, 0.01
AN_HOUR = timedelta(hours=1)
PLAIN = ("same_as", "contradicts", "supersedes", "narrows")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the desk's settings say of its queue."""

    an_article: int
    lapses_after: timedelta


@dataclass(slots=True)
class Made:
    """A claim on its way into rows."""

    pk: int
    uid: str
    said: Said
    worth: float
    birth: Status
    at: datetime
    by: int | None
    moves: Sequence[Move] = ()
    flags: list[Raised] = field(default_factory=list)
    places: list[tuple[int, datetime, int]] = field(default_factory=list)  # article, since, publisher
    ranks: list[int] = field(default_factory=list)
    against: list[Status] = field(default_factory=list)
    followed: bool = False
    is_suggested: bool = False

    @property
    def status(self) -> Status:
        """Where it stands today."""
        return Status(self.moves[-1].new) if self.moves else self.birth


class Batch:
    """Makes so many claims in articles that came in one after another."""

    def __init__(self, cast: Cast, rng: Random, *, now: datetime, rules: Rules) -> None:
        """Begin with no rows."""
        self.cast, self.rng, self.now, self.rules = cast, rng, now, rules
        self.rows: Rows = {model: [] for model in COLUMNS}
        self.keys, self.made = Keys(), list[Made]()
        self.cited: list[Page] = []
        self.linked: set[frozenset[int]] = set()
        self.chains = Chains(self.keys, rng, self.rows, now)

    def article(self, name: str, at: datetime, new: int) -> None:
        """Take in one article, by its uid, with so many new claims and some that stood in one before."""
        rng, born = self.rng, at + timedelta(minutes=1)
        again = rng.sample(self.made, min(len(self.made), int(new * AGAIN + rng.random())))
        claims = [*again, *(self._claim(born) for _number in range(new))]
        said = words.article([one.said for one in claims])
        outlet = rng.choice(self.cast.outlets)
        page = pages.made(rng, self.keys, outlet, said, at=at, now=self.now, first=(0, 0))
        pages.write(page, self.rows, rng, now=self.now)
        self._cite(at)
        pk, by, newest = self.keys(Article), rng.choice(self.cast.people), page.versions[-1]
        self.rows[Article].append((pk, name, page.pk, newest.pk, "split", "", by, at, born, 0, ""))
        told = {"claims": len(claims), "new": new, "ended": 0, "version": 1}
        self.chains.write("article", name, [
            (at, "article.submitted", by, {"url": page.url}), (born, "article.processed", None, told),
        ])  # fmt: skip
        for one, start in zip(claims, said.starts, strict=True):
            one.places.append((pk, at, outlet.pk))
            self._appearance(one, pk, newest, start, outlet)
            if one.at == born:
                self._live(one, name)
        self._rank(claims)

    def finish(self) -> Rows:
        """Return the rows, when all articles are in: what depends on several of them last."""
        for one in self.made:
            if self.rng.random() < LINKED:
                self._link(one, self.rng.choice(self.made))
        for one in self.made:
            self._queue(one)
        return self.rows

    def _claim(self, born: datetime) -> Made:
        rng = self.rng
        said = words.said(rng, self.now.year)
        by = rng.choice(self.cast.people) if rng.random() < BY_HAND else None
        birth = at_birth(frozenset({said.certainty})) if by is None else Status.UNREVIEWED
        one = Made(self.keys(Claim), uid(rng), said, round(rng.betavariate(2, 3), 4), birth, born, by)
        self.made.append(one)
        return one

    def _cite(self, at: datetime) -> None:
        """Add the pages that evidence of this article's claims comes from."""
        for _number in range(1 + int(self.rng.random() * 2)):
            told = [words.said(self.rng, self.now.year) for _line in range(6)]
            plain = [Said(one.text, one.text.rstrip("."), one.topic, "fact", "asserted", None, "") for one in told]
            said = words.article(plain)
            first = (said.starts[0], said.starts[0] + len(plain[0].quote))
            outlet = self.rng.choice(self.cast.outlets)
            page = pages.made(self.rng, self.keys, outlet, said, at=at - AN_HOUR, now=self.now, first=first)
            pages.write(page, self.rows, self.rng, now=self.now)
            self.cited.append(page)

    def _appearance(self, one: Made, article: int, version: Version, start: int, outlet: Outlet) -> None:
        said, pk = one.said, self.keys(Appearance)
        quote = words.span(version.text, start, start + len(said.quote))
        self.rows[Appearance].append((
            pk, uid(self.rng), one.pk, article, version.pk, json.dumps([quote]), said.quote,
            sha256(one.uid.encode()).hexdigest(), said.certainty, said.kind, "core", "[]", "holds", "",
        ))  # fmt: skip
        self.rows[Attribution].append((pk, 0, outlet.name, "", outlet.pk))
        if said.speaker is not None:
            speaker = words.PEOPLE[said.speaker]
            self.rows[Attribution].append((pk, 1, speaker, said.cue, self.cast.speakers[said.speaker]))
        elif said.certainty == "unconfirmed":
            self.rows[Attribution].append((pk, 1, "Reports", "Reports", None))

    def _rank(self, claims: Sequence[Made]) -> None:
        """Give each claim its place in this article by check-worthiness."""
        asking = sorted((one for one in claims if one.said.kind in ASKED_FOR), key=lambda one: (-one.worth, one.pk))
        for place, one in enumerate(asking, start=1):
            one.ranks.append(place)

    def _live(self, one: Made, article: str) -> None:
        """Have the desk do with a claim what it does, and tell its history."""
        rng, kind, birth = self.rng, one.said.kind, one.birth.value
        span = {"born": one.at, "now": self.now}
        one.moves = list(lives.moves(rng, birth, kind, people=self.cast.people, **span))
        one.flags = list(lives.grown_old(birth, kind, one.moves, self.cast.holdings, **span))
        told: list[tuple[datetime, str, int | None, dict[str, Any]]] = []
        born = {"status": birth} if one.by else {"article": article, "status": birth}
        told.append((one.at, "claim.created", one.by, born))
        pinned = self._evidence(one, told)
        told += self._moved(one, pinned)
        for flag in one.flags:
            self._flag(one, flag, told)
        self.chains.write("claim", one.uid, sorted(told, key=lambda event: event[0]))
        self._claim_row(one)

    def _claim_row(self, one: Made) -> None:
        since = one.moves[-1].at if one.moves else one.at
        held_for = staleness.holds_for(self.cast.holdings, status=one.status, kind=one.said.kind)
        until = staleness.due_at(since, held_for)
        due = until if until and until + lives.NOTICED >= self.now else None
        self.rows[Claim].append((
            one.pk, one.uid, one.said.text, "en", one.said.kind, one.said.topic, None if one.by else one.at, "",
            one.worth, one.status.value, since, until, due, "person" if one.by else "split", one.by, one.at, 0, "",
        ))  # fmt: skip

    def _moved(self, one: Made, pinned: int | None) -> list[tuple[datetime, str, int | None, dict[str, Any]]]:
        told: list[tuple[datetime, str, int | None, dict[str, Any]]] = []
        for number, move in enumerate(one.moves, start=1):
            seen = [pinned] if pinned else []
            salt = self.rng.randbytes(chain.SALT_BYTES)
            grounds = chain.commitment(salt, chain.grounds(move.why, move.search_log, seen))
            self.rows[StatusChange].append((
                one.pk, number, move.old, move.new, move.by, move.at, move.why, move.search_log, seen, salt,
            ))  # fmt: skip
            body = {"old": move.old, "new": move.new, "number": number, "grounds": grounds}
            told.append((move.at, "claim.status_changed", move.by, body))
        return told

    def _flag(self, one: Made, flag: Raised, told: list[tuple[datetime, str, int | None, dict[str, Any]]]) -> None:
        self.rows[Flag].append((
            one.pk, flag.reason, flag.document, json.dumps(flag.detail), flag.since, flag.cleared_at, flag.cleared_by,
            flag.cleared_how,
        ))  # fmt: skip
        body = {"reason": flag.reason, "document": flag.document_uid, **flag.detail}
        told.append((flag.since, "claim.flagged_stale", None, body))
        if flag.cleared_at:
            cleared = {"reasons": [flag.reason], "how": flag.cleared_how}
            told.append((flag.cleared_at, "claim.flags_cleared", flag.cleared_by, cleared))

    def _evidence(self, one: Made, told: list[tuple[datetime, str, int | None, dict[str, Any]]]) -> int | None:
        """Attach a page to a claim that somebody decided, or suggest one; return the version that is pinned."""
        if not any(move.new in VERDICTS for move in one.moves):
            self._suggest(one)
            return None
        page, move = self.rng.choice(self.cited), one.moves[0]
        at, name = one.at + (move.at - one.at) / 2, uid(self.rng)
        first, pin = page.versions[0], page.first
        quote = words.span(first.text, *pin)
        stance = {"supported": "supports", "refuted": "refutes"}.get(one.status.value, "context")
        today = self._today(one, page, str(quote["exact"]))
        self.rows[Evidence].append((
            name, one.pk, page.pk, "accepted", stance, first.pk, quote["exact"], quote["prefix"], quote["suffix"],
            *pin, f"{quote['exact']}.", *today, at, "", move.by, at,
        ))  # fmt: skip
        told.append((at, "claim.evidence_accepted", move.by, {"evidence": name, "stance": stance}))
        return first.pk

    def _suggest(self, one: Made) -> None:
        if self.rng.random() < SUGGESTED:
            page, one.is_suggested = self.rng.choice(self.cited), True
            self._lose(one, page)
            self.rows[Evidence].append((
                uid(self.rng), one.pk, page.pk, "suggested", "", None, "", "", "", None, None, "", "", "", None,
                "the sentence links to it", None, one.at,
            ))  # fmt: skip

    def _today(self, one: Made, page: Page, exact: str) -> tuple[str, str]:
        """Return what became of a quote, flagging a claim that the desk still stands behind."""
        at = page.corrected_at
        if self._lose(one, page) and page.fate == "gone":
            return "page_gone", ""
        if at is None or at <= one.at:
            return "holds", f"{exact}."
        today = f"{exact}{pages.CORRECTED}."
        detail = {"anchor": "reworded", "quote": exact, "was": f"{exact}.", "today": today}
        if flag := self._raised(one, StaleReason.QUOTE_CHANGED, at + timedelta(minutes=5), page, detail):
            settled = flag.since + timedelta(hours=self.rng.expovariate(1 / 30))
            if settled < self.now:
                flag.cleared_at, flag.cleared_how = settled, "no_difference"
                flag.cleared_by = self.rng.choice(self.cast.people)
        return "reworded", today

    def _lose(self, one: Made, page: Page) -> bool:
        """Flag a claim whose page is gone, or was not seen for too long; say whether that is so."""
        if page.lost_at is None:
            return False
        is_gone = page.fate == "gone"
        reason = StaleReason.SOURCE_GONE if is_gone else StaleReason.MONITOR_BLIND
        self._raised(one, reason, page.lost_at, page, {"anchor": "page_gone"} if is_gone else {})
        return True

    def _raised(
        self, one: Made, reason: StaleReason, at: datetime, page: Page, detail: dict[str, Any]
    ) -> Raised | None:
        last = one.moves[-1].at if one.moves else one.at
        if not last < at < self.now or one.status in CLOSED:
            return None
        one.flags.append(Raised(reason.value, at, detail, page.pk, page.uid))
        return one.flags[-1]

    def _link(self, one: Made, other: Made) -> None:
        pair = frozenset({one.pk, other.pk})
        if one is other or pair in self.linked:
            return
        self.linked.add(pair)
        kind, at = self.rng.choice(PLAIN), max(one.at, other.at)
        because = json.dumps(["Both speak of the same place."])
        self.rows[Link].append((uid(self.rng), one.pk, other.pk, kind, "suggested", because, 0.6, 0.7, at, at))
        for end, far in ((one, other), (other, one)):
            if kind in {"contradicts", "supersedes"}:
                end.against.append(far.status)
            end.followed = end.followed or far.status not in BIRTH

    def _queue(self, one: Made) -> None:
        standing = [flag for flag in one.flags if flag.cleared_at is None]
        seen = max([one.at, *(at for _article, at, _outlet in one.places)])
        facts = Facts(
            status=one.status,
            kind=one.said.kind,
            check_worthiness=one.worth,
            last=max([seen, *(flag.since for flag in standing)]),
            seen=seen,
            flags=frozenset(StaleReason(flag.reason) for flag in standing),
            place=min(one.ranks, default=None),
            articles=len({article for article, _at, _outlet in one.places}),
            sources=len({outlet for _article, _at, outlet in one.places}),
            is_by_hand=one.by is not None,
            is_like_followed=one.followed,
            has_counterclaim=bool(one.against) and one.status in VERDICTS,
            has_evidence=one.is_suggested,
        )
        entry = ranking.entry(facts, an_article=self.rules.an_article, lapses_after=self.rules.lapses_after)
        found = (entry.priority, [why.value for why in entry.why], entry.lapses_at) if entry else (None, [], None)
        self.rows[Triage].append((one.pk, *found, 0, ""))
