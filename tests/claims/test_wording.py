"""A claim's sentence: what was written in place of the article's own words goes back, and comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from claims import splitting
from claims.models import Article, Claim, Event
from claims.services import articles, erasure, verdicts, wording
from claims.services.wording import WordingRefused
from claims.splitting import Edit, FoundClaim, Span, Splitting
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from tests.claims.pages import typed
from tests.factories import person

pytestmark = pytest.mark.django_db
TEXT = "Mayor Ilka Brandt spoke on Monday. She also closed the bridge."
WRITTEN = "Ilka Brandt closed the bridge."
EDITS = (Edit(35, 38, "She", "Ilka Brandt", "she is Ilka Brandt", 0), Edit(39, 43, "also", "", "it ties to others", 12))


def named(claim: FoundClaim) -> FoundClaim:
    closed = claim.spans[-1].quote.endswith("closed the bridge")
    left_open = (Span(44, 50, "closed"),)
    return replace(claim, text=WRITTEN, edits=EDITS, unresolved=left_open) if closed else replace(claim, edits=())


@pytest.fixture
def by() -> User:
    return person()


@pytest.fixture
def closed(now: datetime) -> Claim:
    """The claim of the second sentence, in which two edits were made."""
    articles.submit_text(TEXT, now=now, outlet="The Selmar Post")

    def split(text: str, **more: Any) -> Splitting:
        return Splitting(tuple(map(named, splitting.split(text, **more).claims)))

    articles.split_due(ledger.lease(ledger.register.works["split"])[0], now=now, split=split)
    return Claim.objects.get(text=WRITTEN)


def test_edits_are_kept_with_their_claim(closed: Claim) -> None:
    assert closed.written == WRITTEN
    assert closed.edits[0] == {
        "start": 35, "end": 38, "was": "She", "now": "Ilka Brandt", "why": "she is Ilka Brandt", "at": 0,
    }  # fmt: skip
    assert closed.appearances.get().because[-1] == "“closed” left as it stands"
    assert [Claim.objects.exclude(pk=closed.pk).filter(written="", edits=[]).exists()] == [True]


def test_the_articles_words_go_back_and_what_was_written_comes_again(closed: Claim, by: User, now: datetime) -> None:
    assert wording.put_back(closed, 0, by=by, now=now).text == "She closed the bridge."
    assert wording.put_back(closed, 1, by=by, now=now).text == "She also closed the bridge."
    assert wording.write_again(closed, 0, by=by, now=now).text == "Ilka Brandt also closed the bridge."
    assert wording.write_again(closed, 1, by=by, now=now).text == WRITTEN
    told = Event.objects.filter(subject_uid=closed.uid, type="claim.reworded").order_by("sequence")
    assert [event.by for event in told] == [by] * 4
    assert told[0].payload == {
        "before": WRITTEN,
        "after": "She closed the bridge.",
        "put_back": True,
        "edit": {"was": "She", "now": "Ilka Brandt", "why": "she is Ilka Brandt"},
    }
    assert "every chain holds" in typed("audit_verify")


def test_what_is_done_already_or_does_not_exist_is_refused(closed: Claim, by: User, now: datetime) -> None:
    wording.put_back(closed, 0, by=by, now=now)
    refusals = []
    for do, number in ((wording.put_back, 0), (wording.write_again, 1), (wording.put_back, 2), (wording.put_back, -1)):
        with pytest.raises(WordingRefused) as refused:
            do(closed, number, by=by, now=now)
        refusals.append(refused.value.code)
    assert refusals == ["already_decided", "already_decided", "no_such_edit", "no_such_edit"]
    closed.refresh_from_db()
    assert closed.text == "She closed the bridge."


def test_words_on_which_a_decision_stands_stay(closed: Claim, by: User, now: datetime) -> None:
    verdicts.change_status(closed, to=Status.NOT_CHECKABLE, by=by, now=now, seen=Status.UNREVIEWED, reason="x")
    with pytest.raises(WordingRefused, match="reopen") as refused:
        wording.put_back(closed, 0, by=by, now=now)
    assert refused.value.code == "decided"


def test_erasing_a_person_takes_the_edits_that_name_them(closed: Claim, by: User, now: datetime) -> None:
    wording.put_back(closed, 0, by=by, now=now)
    admin = person(Role.ADMIN)
    erasure.erase_person(names_of(["Ilka Brandt"]), why="asked for it", by=admin, now=clock.now())
    closed.refresh_from_db()
    assert "Brandt" not in f"{closed.text}{closed.written}{closed.edits}"
    event = Event.objects.get(subject_uid=closed.uid, type="claim.reworded")
    assert "Brandt" not in str(event.payload)
    assert Article.objects.exists()


def test_words_that_are_too_long_for_a_claim_are_not_put_back(closed: Claim, by: User, now: datetime) -> None:
    closed.edits[0]["was"] = "Ilka Brandt of the old town, " * 80
    closed.save(update_fields=["edits"])
    with pytest.raises(WordingRefused) as refused:
        wording.put_back(closed, 0, by=by, now=now)
    assert refused.value.code == "too_long"
    closed.refresh_from_db()
    assert closed.text == WRITTEN
