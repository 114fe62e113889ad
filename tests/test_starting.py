"""What a worker's process does before its first work."""

from __future__ import annotations

from functools import partial

import pytest

from factcheck import ledger, schedule
from factcheck.celery import app
from factcheck.lib import templates
from factcheck.models import Chore
from sources.fetching.reading import JAILED
from sources.tasks import LOOK


def test_each_process_prepares_for_the_work_of_its_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for queue in ("fetch", "split"):
        work = ledger.Work(queue, Chore, print, queue=queue, prepare=partial(done.append, queue))
        monkeypatch.setitem(ledger.register.works, queue, work)
    monkeypatch.delitem(ledger.register.works, "look")
    monkeypatch.setattr(app.amqp, "queues", app.amqp.Queues(app.amqp.queues))
    app.amqp.queues.select(["fetch", "desk"])
    schedule.process_starts()
    assert done == ["fetch"]


def test_who_looks_at_pages_begins_to_load_the_parser() -> None:
    assert LOOK.prepare is not None
    templates.close_all()
    LOOK.prepare()
    assert templates._running.keys() == {JAILED}
    templates.close_all()
