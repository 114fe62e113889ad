"""A watched page, and a worker that looks at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.answers import Failed, Response
from sources.fetching.types import Outcome
from sources.models import Document
from sources.services import checks, documents
from tests.sources.pages import RNG, URL, Look, Site


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def look(site: Site) -> Look:
    """Make the page due, and look at it as a worker would; the clock moves by what the test says."""
    documents.watch(URL, now=clock.now())

    def once(said: Response | Failed | None = None, *, at: datetime | None = None) -> Outcome:
        site.now_says = said or site.now_says
        Document.objects.update(due_at=clock.now() - timedelta(seconds=1))
        held = ledger.lease(ledger.register.works["look"])[0]
        page = Document.objects.select_related("snapshot").get()
        seen = checks.look_at(page, fetch=site)
        return checks.record(held, seen, now=at or clock.now(), rng=RNG)

    return once


@pytest.fixture
def one_look_confirms(settings: Any) -> None:
    settings.CHANGE_LOOKS = 1
