"""/metrics: numbers of the desk for who may read them, bounded in questions, time and labels."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from factcheck import chores, ledger, metrics
from factcheck.lib import clock
from factcheck.models import Chore
from sources.models import Document, Snapshot
from tests import factories
from tests.chaos.desk import desk, eventually

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a-token-of-the-scraper-0123456789"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "REMEMBERED_S", 0.0)


def test_what_was_read_of_late_is_told_again_without_asking(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/metrics")
    monkeypatch.setattr(metrics, "REMEMBERED_S", 3600.0)
    with CaptureQueriesContext(connection) as asked:
        told = scraped(client)
    assert "factcheck_work_due" in told
    assert not asked.captured_queries


def scraped(client: Client, **headers: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Return every sample: name, then the values of its labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@pytest.mark.parametrize(
    ("settings_of", "more", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, 200),
        ({}, {"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({}, {"REMOTE_ADDR": ""}, 403),
        ({}, {"REMOTE_ADDR": "127.0.0.1", "headers": {"X-Forwarded-For": "127.0.0.1"}}, 403),
        ({"BEHIND_PROXY": True}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ({"METRICS_TOKEN": TOKEN}, {"REMOTE_ADDR": "127.0.0.1"}, 403),
        ({"METRICS_TOKEN": TOKEN}, {"headers": {"Authorization": "Bearer wrong"}}, 403),
        ({"METRICS_TOKEN": TOKEN}, {"headers": {"Authorization": "Bearer \xfc"}}, 403),
        ({"METRICS_TOKEN": TOKEN}, {"REMOTE_ADDR": "10.0.0.7", "headers": {"Authorization": f"Bearer {TOKEN}"}}, 200),
    ],
)
def test_only_this_machine_or_the_token_is_answered(
    client: Client, settings: Any, settings_of: dict[str, Any], more: dict[str, Any], status: int
) -> None:
    for name, value in settings_of.items():
        setattr(settings, name, value)
    answer = client.get("/metrics", **more)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert (b"factcheck_work_due" in answer.content) is (status == 200)


def test_it_tells_how_the_desk_stands(client: Client, now: datetime) -> None:
    factories.split_article(now)
    overdue = clock.now() - timedelta(minutes=5)
    for number in range(3):
        url = f"http://a.test/{number}"
        Document.objects.create(identity=url, url=url, due_at=overdue, outcome="gone" if number else "")
    Document.objects.filter(identity="http://a.test/2").update(quarantined_at=overdue)
    kept = Snapshot.objects.earliest("id")
    Document.objects.filter(identity="http://a.test/0").update(seen_at=overdue - timedelta(days=9), snapshot=kept)
    Chore.objects.filter(name=chores.TICK).delete()
    told = scraped(client)
    assert told["factcheck_work_due"]["look",] == 2
    assert told["factcheck_work_quarantined"]["look",] == 1
    assert told["factcheck_work_leased"]["look",] == 0
    assert told["factcheck_work_oldest_due_seconds"]["look",] == pytest.approx(300, abs=60)
    assert told["factcheck_documents"] == {("none_yet",): 1, ("gone",): 2}
    assert told["factcheck_documents_blind"][()] == 1
    assert told["factcheck_claims"]["unreviewed",] > 0
    assert told["factcheck_tick_age_seconds"][()] == -1
    assert told["factcheck_outbox_waiting"][()] == 0
    assert told["factcheck_scrape_complete"][()] == 1


def test_the_tick_leaves_its_time(client: Client) -> None:
    ledger.tick(lambda _name: None)
    assert 0 <= scraped(client)["factcheck_tick_age_seconds"][()] < 60
    ledger.tick(lambda _name: None)
    assert Chore.objects.get(name=chores.TICK).due_at is None


def test_a_chore_that_no_routine_knows_raises_no_alarm(client: Client) -> None:
    for name in ("retention", "of another version"):
        Chore.objects.create(name=name, done_at=clock.now() - timedelta(days=9))
    assert list(scraped(client)["factcheck_chore_age_seconds"]) == [("retention",)]


def test_a_scrape_asks_a_bounded_number_of_questions(client: Client, now: datetime) -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/metrics")
        return sum(query["sql"].lstrip().upper().startswith("SELECT") for query in asked.captured_queries)

    before = questions()
    factories.split_article(now)
    for number in range(30):
        Chore.objects.create(name=f"chore {number}")
    assert questions() == before
    assert before <= 3 * len(ledger.register.works) + 7 + len(metrics.READS)


def test_a_database_that_is_slow_or_broken_bounds_the_scrape(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "WITHIN_S", 0.2)

    def slow(_now: datetime) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        return []

    monkeypatch.setattr(metrics, "READS", (metrics.feed, slow, metrics.claims))
    told = scraped(client)
    assert told["factcheck_scrape_complete"][()] == 0
    assert "factcheck_outbox_waiting" in told
    assert "factcheck_claims" not in told
    monkeypatch.setattr(metrics, "WITHIN_S", -1)
    assert scraped(client)["factcheck_scrape_complete"][()] == 0


def test_labels_are_words_of_ours_whatever_is_asked(client: Client) -> None:
    for number in range(20):
        client.get(f"/nowhere/{number}")
        client.generic(f"ODD{number}", "/healthz")
    client.get("/healthz")
    told = scraped(client)["factcheck_http_requests_total"]
    assert told["GET", "none", "404"] >= 20
    assert told["other", "healthz", "405"] >= 20
    assert told["GET", "healthz", "200"] >= 1
    assert not [labels for labels in told if "nowhere" in "".join(labels) or "ODD" in labels[0]]


def test_every_metric_of_the_alerts_is_served(client: Client) -> None:
    written = (ROOT / "docs/alerts.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"\bfactcheck_[a-z_]+", written))
    Chore.objects.create(name="retention", due_at=clock.now())
    client.get("/healthz")
    served = set(scraped(client))
    assert len(named) >= 10
    assert named <= served
    rules = yaml.safe_load(written)["groups"][0]["rules"]
    assert all({"summary", "do"} <= rule["annotations"].keys() for rule in rules)
    told = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert not [rule["alert"] for rule in rules if rule["alert"] not in told]


def test_the_alerts_are_tidy_yaml() -> None:
    lint = [sys.executable, "-m", "yamllint", "--strict", "-d", "{extends: default, rules: {line-length: {max: 120}}}"]
    done = subprocess.run([*lint, "docs/alerts.yml"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_processes_of_gunicorn_are_added_up(tmp_path: Path) -> None:
    with desk(tmp_path, GUNICORN_CMD_ARGS="--workers 2") as one:

        def counted() -> float:
            _status, _headers, text = one.ask("GET", "/metrics")
            found = re.search(r'requests_total\{method="GET",route="healthz",status="200"\} ([0-9.]+)', text)
            return float(found[1]) if found else 0.0

        for _number in range(40):
            one.ask("GET", "/healthz")
        eventually(lambda: counted() == 40, within=20, what="each of both processes' requests is counted")
