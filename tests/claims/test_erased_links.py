"""Of an erased person nothing is left in links and drifts; what was joined through an erased claim stays joined."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Claim, Drift, Link
from claims.services import erasure, linking
from claims.services.linking import LinkRefused
from factcheck.access.roles import Role
from factcheck.lib.names import names_of
from tests.claims.relating import consider
from tests.claims.test_drifting import told
from tests.claims.test_linking import NARROWER
from tests.factories import claim, person

pytestmark = pytest.mark.django_db


def test_links_and_drifts_of_erased_words_are_blackened_and_settled(now: datetime) -> None:
    by = person(Role.ADMIN)
    source = told(now, "Ilka Zorxan may have closed the bridge.", "The Courier", "possible")
    place = told(now, "Ilka Zorxan has closed the bridge.", "The Echo", "asserted", "The Courier")
    first, second = claim(now, "The bridge was closed by its keeper."), claim(now, "Its keeper closed the bridge.")
    linking.join(place.claim, source.claim, by=by, now=now)
    for one in (first, second):
        linking.join(one, source.claim, by=by, now=now)
    consider(claim(now, "The bridge is closed."), {place.claim: NARROWER}, now=now)
    open_link = Link.objects.open().get()
    assert Drift.objects.open().exists()
    erasure.erase_person(names_of(["Ilka Zorxan"]), why="asked for", by=by)
    heads = dict(Claim.objects.values_list("pk", "head"))
    assert [heads[one.pk] for one in (source.claim, place.claim, first, second)] == [None, None, None, first.pk]
    open_link.refresh_from_db()
    assert (open_link.state, open_link.by, open_link.because) == ("dismissed", by, ["██ █████ ███ ███"])
    drift = Drift.objects.get()
    assert (drift.state, drift.by) == ("dismissed", by)
    assert not set(drift.said + drift.source_said + drift.because[0]) - {"█", " "}
    with pytest.raises(LinkRefused, match="erased"):
        linking.accept(linking.undo(open_link, by=by, now=now), by=by, now=now)
