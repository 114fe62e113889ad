"""What nobody looked at is never shown as if somebody had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.admin import words
from claims.models import Claim, Evidence
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Document
from sources.models.document import LATE_AFTER
from tests.claims.admin.conftest import at, listed, said, signed_in
from tests.factories import claim

pytestmark = pytest.mark.django_db
SOON, LONG_AGO = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "is_late"),
    [
        ({}, False),
        ({"due_at": -LATE_AFTER}, True),
        ({"due_at": SOON - LATE_AFTER}, False),
        ({"due_at": None}, True),  # paused or stuck: nobody will
        ({"due_at": None, "checked_at": -SOON}, False),
        ({"due_at": -LONG_AGO, "gone_at": -LONG_AGO}, False),
        ({"due_at": -LONG_AGO, "checked_at": None}, False),
        ({"due_at": -LONG_AGO, "url": ""}, False),
    ],
)
def test_a_page_is_late_when_its_look_is_a_quarter_of_an_hour_behind(
    fields: dict[str, Any], is_late: bool, now: datetime
) -> None:
    times = {"checked_at": -LONG_AGO, "due_at": SOON, "url": "https://traffic.example/"} | fields
    known = {name: now + value if isinstance(value, timedelta) else value for name, value in times.items()}
    assert Document(**known).is_late(now) is is_late


def test_a_quote_says_since_when_nobody_looked(pinned: Evidence, bridge: Claim) -> None:
    now = clock.now()
    Document.objects.update(checked_at=now - LONG_AGO, seen_at=now - LONG_AGO, outcome="unchanged", due_at=now)
    assert "The quote today:</span> unchanged" in said(signed_in(Role.READER).get(at(bridge)))
    Document.objects.update(due_at=now - LONG_AGO)
    client = signed_in(Role.FACT_CHECKER)
    page = said(client.get(at(bridge)))
    assert "The quote today:</span> nobody looked" in page
    assert "unchanged" not in page
    for where in (at(pinned.document), listed(Document)):
        assert "nobody looked since" in said(client.get(where))


def test_a_status_stands_nowhere_without_that_its_review_is_due(pinned: Evidence, bridge: Claim) -> None:
    Claim.objects.update(holds_until=clock.now() - LONG_AGO)
    bridge.refresh_from_db()
    assert "Review due" in words.standing(bridge)
    assert "Review due" in said(signed_in(Role.READER).get(at(pinned.document)))
    Claim.objects.update(holds_until=None)
    assert "Review due" not in words.standing(claim(clock.now()))
