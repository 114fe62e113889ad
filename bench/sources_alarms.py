"""Thirty days of looks at 300 pages in a few minutes: every flag that should rise rises, and hardly another.

    python -m bench.sources_alarms [--days N] [--pages N] [--live N] [--seed N] [--show]

Looks are leased, judged and written as a worker does it, when the pacing wants them, but for those that a 304 answers
at a calm page: those are written many at once. The clock and the sites are ours, and pages are read without the jail.
Somebody clears each flag an hour after it rose. A flag is right when what it tells of happened within 30 hours before;
an edit is never so short-lived that the longest gap between looks hides it.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.newsroom import HOUR, Page, Truth, claims_of, newsroom
from bench.splitting_sets import NotMeasured, Sets
from factcheck.lib.answers import Failed, Response, Validators
from sources.fetching.types import Outcome

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 30 * HOUR
CLEARED_AFTER = HOUR
# Looks that are due within so long are written together: a page is never due twice in it.
TOGETHER = timedelta(minutes=5)
LIMIT_S = 3_600
SHARES = 2
CHUNK = 48
NOT_MODIFIED = 304


def measure(sets: Sets) -> Mapping[str, float]:
    """Measure it in processes of their own, a database and a share of the pages each."""
    texts_of(sets)
    where = ["--articles", str(sets.articles), "--benchmarks", str(sets.benchmarks)]
    command = [sys.executable, "-m", "bench.sources_alarms", *where]
    shares = [
        subprocess.Popen([*command, "--share", str(share)], stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT)
        for share in range(SHARES)
    ]
    counted = Counter[str]()
    for share in shares:
        told, _ = share.communicate(timeout=LIMIT_S)
        if share.returncode:
            raise NotMeasured(f"a share of the pages ended with {share.returncode}")
        counted.update(json.loads(told))
    return figures(counted)


def figures(counted: Mapping[str, int]) -> dict[str, float]:
    """Return the figures of what was counted."""
    return {
        "precision": counted["right"] / max(1, counted["right"] + counted["wrong"]),
        "recall": counted["right"] / max(1, counted["truths"]),
        "live_edits": counted["live_edits"],
        "live_flags": counted["live_flags"],
    }


def texts_of(sets: Sets) -> list[str]:
    """Return the real texts that the pages are made of."""
    return [*(row["text"] for row in sets.rows("polnear_doc")), *sets.texts().values()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON, and on the other channel what was told wrongly or not at all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    for name, default in (("days", 30), ("pages", 300), ("live", 20), ("seed", 5), ("share", -1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--articles", type=Path, default=Sets().articles)
    parser.add_argument("--benchmarks", type=Path, default=Sets().benchmarks)
    asked = parser.parse_args(arguments)
    texts = texts_of(Sets(asked.articles, asked.benchmarks))
    from bench.servers import servers

    with servers():
        import django
        from django.db import connection

        django.setup()
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        counted = run(texts, pages=asked.pages, live=asked.live, days=asked.days, seed=asked.seed, share=asked.share)
    print(json.dumps(counted))
    return 0


def run(texts: Sequence[str], *, pages: int, live: int, days: int, seed: int = 5, share: int = -1) -> dict[str, int]:
    """Live through the days, of all pages or of a share of them; return what was counted. Needs a database."""
    from factcheck.lib import clock

    start = clock.now() - timedelta(days=days + 1)
    script = newsroom(texts, pages=pages, live=live, days=days, start=start, seed=seed)
    script = [page for page in script if share < 0 or page.number % SHARES == share]
    month = Month(script, start, start + timedelta(days=days), random.Random(seed))  # noqa: S311
    before = os.environ.get("CLOCK_OFFSET", "0")
    try:
        month.live()
    finally:
        os.environ["CLOCK_OFFSET"] = before
    return month.counted()


@dataclass
class Month:
    """The desk's month: claims on the pages, looks when they are due, flags as they rise."""

    script: Sequence[Page]
    start: datetime
    end: datetime
    rng: random.Random
    pages: dict[int, Page] = field(default_factory=dict)
    claims: dict[int, tuple[Page, str]] = field(default_factory=dict)
    to_clear: dict[int, list[tuple[datetime, int]]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def live(self) -> None:
        """Look at each page first, pin the claims, and go through the month in the order in which looks are due."""
        from django.db import transaction

        from factcheck import ledger
        from sources.models import Document
        from sources.services import checks, documents, pacing

        self.read = lru_cache(maxsize=256)(_read)
        for page in self.script:
            known, _new = documents.watch(page.url, now=self.start)
            Document.objects.filter(pk=known.pk).update(created_at=self.start)
            self.pages[known.pk] = page
        blind_at = self.start
        while (now := self._next()) < self.end:
            _set_clock(now + TOGETHER)
            taken = ledger.lease(ledger.register.works["look"], batch=CHUNK)
            taken.sort(key=lambda held: held.due_at or self.end)
            with transaction.atomic():  # the pages have nothing to do with each other: a chunk is written at once
                while blind_at < now:
                    blind_at += HOUR
                    checks.tell_blind(now=blind_at)
                    pacing.reprice(now=blind_at)
                self._hear(now)
                self._look(taken)

    def _next(self) -> datetime:
        """Return when the next look is due."""
        from django.db.models import Min

        from sources.models import Document

        at: datetime | None = Document.objects.aggregate(at=Min("due_at"))["at"]
        return at or self.end

    def _look(self, taken: Sequence[Any]) -> None:
        """Look at a chunk of pages; of those that are as they were, hundreds are written in one go, without a check."""
        from django.db import connection

        from sources.models import Document
        from sources.services import checks, comparing, pacing

        documents = Document.objects.select_related("snapshot").in_bulk([held.pk for held in taken])
        plain, on = [], pacing.terms()
        edits = pacing.edits(documents.values(), now=taken[0].due_at)
        for held in taken:
            page, document, now = self.pages[held.pk], documents[held.pk], held.due_at
            self._clear(page, now)
            is_known = document.snapshot_id and comparing.is_calm(document)
            answer = page.answer(now, Validators(document.etag) if is_known else None)
            is_loud = document.sightings or document.gone_at or document.blind_at
            if not is_loud and isinstance(answer, Response) and answer.status == NOT_MODIFIED:
                look = checks.Look(Outcome.UNCHANGED, "", NOT_MODIFIED, 1)
                pacing.learn(document, Outcome.UNCHANGED, [(now, False)], on=on)
                checks.count(document, look, Outcome.UNCHANGED, now=now)
                again = checks.when_next(
                    document, look, Outcome.UNCHANGED, now=now, rng=self.rng, on=on, edits=edits[document.pk]
                )
                learnt = (document.rate_changes, document.rate_hours, document.rate_at)
                plain.append((now, now, document.looks_since_change, *learnt, again.at, document.pk))
            else:
                self._look_closely(held, answer, is_loud=bool(is_loud))
        self.outcomes["unchanged"] += len(plain)
        with connection.cursor() as cursor:
            cursor.executemany(_UNCHANGED, plain)

    def _look_closely(self, held: Any, answer: Response | Failed, *, is_loud: bool) -> None:
        from sources.models import Document
        from sources.services import checks

        document = Document.objects.select_related("snapshot").get(pk=held.pk)
        seen = checks.look_at(document, fetch=lambda _url, *, validators: answer, read=_named(self.read))
        outcome = checks.record(held, seen, now=held.due_at, rng=self.rng)
        self.outcomes[str(outcome)] += 1
        if is_loud or outcome in {"changed", "gone"}:
            self._hear(held.due_at)
        if document.snapshot is None and outcome == "changed":
            self._pin(self.pages[held.pk], held.pk, held.due_at)

    def _pin(self, page: Page, document_id: int, now: datetime) -> None:
        from claims.models import Evidence
        from claims.services import claims, evidence
        from factcheck.access.models import User
        from sources.models import Document

        by, _new = User.objects.get_or_create(username="desk", defaults={"role": "fact_checker"})
        quotes = {"quoted": page.quote, "calm": page.calm_quote, "whole": ""}
        for name in claims_of(page):
            made = claims.make(f"{name} {page.number}: {page.quote[:200]}", now=now)
            document = Document.objects.get(pk=document_id)
            evidence.attach(made, document, quote=quotes[name], stance=Evidence.Stance.SUPPORTS, by=by, now=now)
            self.claims[made.pk] = page, name

    def _hear(self, now: datetime) -> None:
        from claims.models import Flag
        from claims.services import staleness
        from factcheck import ledger

        while taken := ledger.lease(ledger.register.works["hear"]):
            for held in taken:
                staleness.apply_change(held, now=now)
            known = {flag for waiting in self.to_clear.values() for _at, flag in waiting}
            rising = Flag.objects.standing().filter(since=now).exclude(pk__in=known)
            for claim, flag in rising.values_list("claim", "pk"):
                page = self.claims[claim][0]
                self.to_clear.setdefault(page.number, []).append((now + CLEARED_AFTER, flag))

    def _clear(self, page: Page, now: datetime) -> None:
        from claims.models import Flag
        from claims.services import flags
        from factcheck.access.models import User

        waiting = self.to_clear.get(page.number, [])
        while waiting and waiting[0][0] <= now:
            at, pk = waiting.pop(0)
            flag = Flag.objects.select_related("claim").get(pk=pk)
            flags.clear_flag(flag, how=Flag.Cleared.NO_DIFFERENCE, by=User.objects.get(username="desk"), now=at)

    def counted(self) -> dict[str, int]:
        """Hold the flags against the script."""
        from claims.models import Flag

        wanted = [(page, truth) for page in self.script for truth in page.truths if truth.at < self.end - WITHIN]
        right, wrong = 0, []
        for flag in Flag.objects.filter(claim__in=self.claims).order_by("pk"):
            page, name = self.claims[flag.claim_id]
            fits = [one for one in wanted if one[0] is page and _is_told(one[1], name, flag)]
            if fits:
                wanted.remove(fits[0])
                right += 1
            elif not any(_is_told(truth, name, flag) for truth in page.truths):
                wrong.append((page, name, flag))
        truths = right + len(wanted)
        _tell(wanted, wrong)
        print(f"{dict(self.outcomes)} {truths} truths", file=sys.stderr)
        return {
            "right": right,
            "wrong": len(wrong),
            "truths": truths,
            "live_edits": sum(page.away for page in self.script if page.mood == "live"),
            "live_flags": sum(page.mood == "live" for page, _name, _flag in wrong),
        }


def _set_clock(at: datetime) -> None:
    """Let leases take it for that time: without it pages that rest would run days ahead of those that move."""
    os.environ["CLOCK_OFFSET"] = str((at - datetime.now(UTC)).total_seconds())


_UNCHANGED = """
    UPDATE sources_document SET outcome = 'unchanged', outcome_detail = '', checked_at = %s, seen_at = %s, failures = 0,
        looks_since_change = %s, rate_changes = %s, rate_hours = %s, rate_at = %s, due_at = %s, lease_until = NULL,
        lease_token = NULL, attempts = 0
    WHERE id = %s
"""


def _is_told(truth: Truth, name: str, flag: Any) -> bool:
    return (truth.claim, truth.reason) == (name, flag.reason) and truth.at <= flag.since <= truth.at + WITHIN


def _tell(missed: Sequence[tuple[Page, Truth]], wrong: Sequence[tuple[Page, str, Any]]) -> None:
    for page, truth in missed:
        print(f"MISSED {page.number} {page.mood} {truth.claim} {truth.reason} {truth.at:%d %H:%M}", file=sys.stderr)
    for page, name, flag in wrong:
        told = {key: str(value)[:150] for key, value in flag.detail.items()}
        print(f"WRONG {page.number} {page.mood} {name} {flag.reason} {flag.since:%d %H:%M} {told}", file=sys.stderr)


def _read(body: bytes, media_type: str, charset: str, url: str) -> Any:
    from sources.fetching.reading import read

    return read(body, media_type=media_type, charset=charset, url=url)


def _named(read: Any) -> Any:
    return lambda body, *, media_type, charset, url: read(body, media_type, charset, url)


if __name__ == "__main__":
    since = time.monotonic()
    status = main()
    print(f"{time.monotonic() - since:.0f} s", file=sys.stderr)
    sys.exit(status)
