"""What is kept for how long, and what is never thinned."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from claims import tasks
from claims.models import Evidence, StatusChange
from claims.services import evidence, retention
from factcheck import chores
from factcheck.lib import clock
from sources.fetching.reading import read
from sources.models import Check, Document, RawBytes, Snapshot
from sources.services import documents
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def version(words: str, *, now: datetime, number: int = 1) -> Snapshot:
    url = f"https://traffic.example/notices/{number}"
    document, _is_new = documents.watch(url, now=now)
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url=url)
    return documents.keep(
        document, reading, raw=words.encode(), media_type="text/plain", now=now,
        captured_by=Snapshot.CapturedBy.FETCH,
    )  # fmt: skip


def kept() -> set[int]:
    return set(RawBytes.objects.kept().values_list("pk", flat=True))


def typed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def test_raw_pages_on_which_nothing_rests_go_and_the_others_stay(now: datetime, settings: Any) -> None:
    by, one = person(), claim(now)
    pinned = version("The first words of the page.", now=now)
    evidence.attach(one, pinned.document, quote="first words", stance=Evidence.Stance.CONTEXT, by=by, now=now)
    decided = version("The second words of the page.", now=now)
    StatusChange.objects.create(
        claim=one, number=1, old="unreviewed", new="in_review", by=by, at=now, snapshot_ids=[decided.pk]
    )
    loose = version("The third words of the page.", now=now)
    newest = version("The fourth words of the page.", now=now)
    everything = {pinned.pk, decided.pk, loose.pk, newest.pk}
    later = now + 100 * DAY
    assert retention.thin(now=later).raw == 0
    assert kept() == everything
    settings.KEEP_RAW_DAYS = 90
    assert retention.plan(now=now + 89 * DAY).raw == 0
    assert retention.plan(now=later).raw == 1
    assert kept() == everything
    assert retention.thin(now=later).raw == 1
    assert kept() == everything - {loose.pk}
    assert Snapshot.objects.get(pk=loose.pk).text
    assert "kept for 90 days" in RawBytes.objects.get(pk=loose.pk).erased_why


def test_raw_pages_go_in_portions_and_the_chore_goes_on_soon(
    now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        version(f"The words of page {number}.", now=now, number=1)
    settings.KEEP_RAW_DAYS = 30
    monkeypatch.setattr(retention, "MOST", 2)
    monkeypatch.setattr(chores, "TURN_S", -1.0)
    later = now + 100 * DAY
    assert tasks.thin(later)
    assert len(kept()) == 3
    done = retention.thin(now=later)
    assert (done.raw, done.is_left) == (2, False)
    assert len(kept()) == 1
    assert not tasks.thin(later)


def test_what_was_decided_on_is_looked_for_once_and_not_for_each_page(now: datetime, settings: Any) -> None:
    settings.KEEP_RAW_DAYS = 30
    StatusChange.objects.create(
        claim=claim(now), number=1, old="unreviewed", new="in_review", by=person(), at=now, snapshot_ids=[1, 2, 3]
    )
    told = retention._thinnable(now).explain()
    assert "Anti Join" in told
    assert "SubPlan" not in told


def test_new_months_are_made_also_where_raw_pages_cannot_go(
    now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(relname) FROM pg_class WHERE relname ~ 'sources_check_[0-9]{4}_[0-9]{2}$'")
        (last,) = cursor.fetchone()
        cursor.execute(f"DROP TABLE {last}")

    def broken(_now: datetime) -> int:
        raise OSError("no answer")

    monkeypatch.setattr(retention, "_thin_some", broken)
    with pytest.raises(OSError, match="no answer"):
        retention.thin(now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [last])
        assert cursor.fetchone() != (None,)


def test_looks_go_by_whole_months_and_new_months_are_made(settings: Any) -> None:
    now = clock.now()
    page = Document.objects.create(identity="x")
    oldest = (now - 400 * DAY).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for due in (oldest - DAY, oldest + DAY, now):
        Check.objects.create(document=page, due_at=due, at=due, outcome="unchanged", took_ms=1)
    assert "1 looks from before" in typed("--dry-run")
    assert Check.objects.count() == 3
    assert "went" in typed()
    assert sorted(Check.objects.values_list("due_at", flat=True)) == [oldest + DAY, now]
    tasks.thin(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'sources_check'::regclass")
        assert cursor.fetchone()[0] >= 24
    settings.KEEP_RAW_DAYS = 30
    assert "raw pages from before" in typed("--dry-run")
