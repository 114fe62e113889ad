"""The queue on the desk: in order, narrowed, taken, put aside, moved one by one and many at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin import queue
from claims.models import Claim, StatusChange, Triage
from claims.services import triage
from claims.verification.staleness import StaleReason
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.admin.conftest import at, flag, inline_in, said, signed_in
from tests.claims.test_linking import decided
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
QUEUE = "/admin/claims/triage/"
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def settle() -> None:
    ledger.drain(ledger.register.works["triage"], for_s=60)


def made(now: datetime, many: int = 1) -> list[Claim]:
    found = [claim(now, f"Bridge {number} at Selmar is closed to lorries.") for number in range(many)]
    settle()
    return found


def door(one: Claim, do: str) -> str:
    return reverse("admin:claims_triage_do", args=[do, one.pk])


def order(page: str, *claims: Claim) -> list[int]:
    """Return the claims in the order in which the page has them."""
    return [one.pk for one in sorted(claims, key=lambda one: page.find(f'id="claim-{one.pk}"'))]


def test_the_queue_begins_with_what_is_most_urgent_and_says_why(now: datetime) -> None:
    plain, verdict = made(now, 2)
    decided(verdict, person(username="decider"), now)
    flag(verdict, StaleReason.QUOTE_CHANGED, now=now)
    settle()
    answer = signed_in(Role.FACT_CHECKER).get(QUEUE)
    page = said(answer)
    assert order(page, plain, verdict) == [verdict.pk, plain.pk]
    assert "its verdict needs another look" in page
    assert "it was written down or sent in by hand" in page
    assert not inline_in(answer)


def test_an_empty_queue_says_what_would_come(now: datetime) -> None:
    browser = signed_in(Role.FACT_CHECKER)
    assert "The queue is empty" in said(browser.get(QUEUE))
    made(now)
    assert "Nothing here." in said(browser.get(f"{QUEUE}?show=aside"))
    assert "Nothing here." in said(browser.get(f"{QUEUE}?show=known"))


@pytest.mark.parametrize(
    "query", ["show=nonsense", "before=x", "before=1.2.3", "article=-1", "before=9999999999999999.1"]
)
def test_an_address_that_nobody_wrote_is_read_as_far_as_it_makes_sense(query: str, now: datetime) -> None:
    (one,) = made(now)
    assert f'id="claim-{one.pk}"' in said(signed_in(Role.READER).get(f"{QUEUE}?{query}"))


def test_it_is_narrowed_by_reason_article_and_who_took_it(now: datetime) -> None:
    article = split_article(now)
    (by_hand,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    there = Claim.objects.exclude(pk=by_hand.pk).filter(status="unconfirmed")[0]
    page = said(browser.get(f"{QUEUE}?show=unconfirmed"))
    assert (f'id="claim-{there.pk}"' in page, f'id="claim-{by_hand.pk}"' in page) == (True, False)
    page = said(browser.get(f"{QUEUE}?article={article.pk}"))
    assert (f'id="claim-{there.pk}"' in page, f'id="claim-{by_hand.pk}"' in page) == (True, False)
    assert "Only claims of one article." in page
    triage.take(by_hand, by=person(username="other"), now=now)
    page = said(browser.get(f"{QUEUE}?show=free"))
    assert f'id="claim-{by_hand.pk}"' not in page
    assert "Taken by other until" in said(browser.get(QUEUE))
    assert f'id="claim-{there.pk}"' not in said(browser.get(f"{QUEUE}?show=mine"))


def test_pages_follow_each_other_without_gaps(now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(queue, "A_PAGE", 2)
    all_of_them = made(now, 5)
    browser, query, seen = signed_in(Role.FACT_CHECKER), "", []
    for _page in range(3):
        answer: Any = browser.get(f"{QUEUE}?{query}")
        seen += [row.claim.pk for row in answer.context_data["rows"]]
        query = answer.context_data["next"]
    assert not query
    assert seen == sorted((one.pk for one in all_of_them), reverse=True)
    assert "To the top of the queue" in said(answer)


def test_a_row_is_taken_released_put_aside_and_brought_back_in_one_click_each(now: datetime) -> None:
    (one,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    here = {"back": f"{QUEUE}?show=by_hand"}
    answer = browser.post(door(one, "take"), here)
    assert answer["Location"] == here["back"]
    assert "Taken by you until" in said(browser.get(QUEUE))
    assert "Taken by you until" in said(browser.get(at(one)))
    browser.post(door(one, "release"), here)
    assert Triage.objects.get(pk=one.pk).taken_by is None
    browser.post(door(one, "snooze"), {"days": "7", "because": "waits_for_answer"})
    assert f'id="claim-{one.pk}"' not in said(browser.get(QUEUE))
    assert "put it aside until" in said(browser.get(f"{QUEUE}?show=aside"))
    assert "we wait for an answer" in said(browser.get(at(one)))
    browser.post(door(one, "wake"), here)
    assert f'id="claim-{one.pk}"' in said(browser.get(QUEUE))
    assert browser.post(door(one, "burn")).status_code == 404


@pytest.mark.parametrize("days", ["", "0", "91", "1000", "x", "-1"])
def test_a_time_that_makes_no_sense_is_refused_in_words(days: str, now: datetime) -> None:
    (one,) = made(now)
    answer = signed_in(Role.FACT_CHECKER).post(door(one, "snooze"), {"days": days, "because": "later"}, follow=True)
    assert "Give a time that is to come, within 90 days." in said(answer)


def test_what_another_took_is_refused_by_name(now: datetime) -> None:
    (one,) = made(now)
    triage.take(one, by=person(username="other"), now=now)
    answer = signed_in(Role.FACT_CHECKER).post(door(one, "take"), follow=True)
    assert "ther took it. Take another one, or ask them to release it." in said(answer)


def test_an_article_s_other_claims_are_put_into_the_queue_from_their_page(now: datetime, settings: Any) -> None:
    settings.QUEUE_AN_ARTICLE = 0
    split_article(now)
    settle()
    one = Claim.objects.filter(triage__priority=None, status="unreviewed")[0]
    browser = signed_in(Role.FACT_CHECKER)
    assert "It is not in the queue" in said(browser.get(at(one)))
    browser.post(door(one, "promote"))
    assert "somebody put it here" in said(browser.get(at(one)))
    browser.post(door(one, "demote"))
    assert "It is not in the queue" in said(browser.get(at(one)))


def test_a_claim_that_lapsed_or_that_has_no_row_yet_says_so(now: datetime) -> None:
    split_article(now)
    settle()
    one = Claim.objects.filter(triage__priority__isnull=False)[0]
    Triage.objects.filter(pk=one.pk).update(lapses_at=now - DAY)
    browser = signed_in(Role.FACT_CHECKER)
    assert "it lapsed" in said(browser.get(at(one)))
    Triage.objects.filter(pk=one.pk).delete()
    assert "In the queue" not in said(browser.get(at(one)))


# -- moves -----------------------------------------------------------------------------------------


def move(browser: Client, one: Claim, to: str, **fields: str) -> Any:
    seen = Claim.objects.get(pk=one.pk).status
    return browser.post(reverse("admin:claims_claim_move", args=[one.pk]), {"to": to, "seen": seen, **fields})


def test_a_move_from_the_queue_goes_back_to_it_and_is_undone(now: datetime) -> None:
    (one,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    back = f"{QUEUE}?show=by_hand"
    assert move(browser, one, "not_checkable/opinion", back=back)["Location"] == back
    page = said(browser.get(QUEUE))
    assert "My last moves" in page
    assert f'id="claim-{one.pk}"' not in page
    undo = reverse("admin:claims_triage_undo", args=[StatusChange.objects.get().pk])
    assert browser.post(undo, {"back": back})["Location"] == back
    assert Claim.objects.get().status == "in_review"
    assert StatusChange.objects.latest("number").why == "Undone by who made the move."
    stale = browser.post(undo, follow=True)
    assert "Meanwhile the claim was moved" in said(stale)


def test_what_was_only_taken_into_review_goes_back_to_what_it_was(now: datetime) -> None:
    (one,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    move(browser, one, "in_review")
    browser.post(reverse("admin:claims_triage_undo", args=[StatusChange.objects.get().pk]))
    assert Claim.objects.get().status == "unreviewed"


def test_nobody_undoes_another_s_move_nor_a_reopening(now: datetime) -> None:
    (one,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    decided(one, person(username="decider"), now)
    theirs = StatusChange.objects.latest("number")
    assert browser.post(reverse("admin:claims_triage_undo", args=[theirs.pk])).status_code == 404
    move(browser, one, "in_review", reason="A page changed.")
    mine = StatusChange.objects.latest("number")
    assert browser.post(reverse("admin:claims_triage_undo", args=[mine.pk])).status_code == 404
    assert "My last moves" not in said(browser.get(QUEUE))


@pytest.mark.parametrize("back", ["https://evil.test/admin/claims/triage/", "//evil.test", "/admin/logout/", "x"])
def test_back_leads_nowhere_else(back: str, now: datetime) -> None:
    (one,) = made(now)
    browser = signed_in(Role.FACT_CHECKER)
    assert browser.post(door(one, "take"), {"back": back})["Location"] == at(one)
    assert f'href="{back}' not in said(browser.get(f"{at(one)}?back={back}"))


def test_many_are_moved_at_once_each_by_itself_with_a_result(now: datetime) -> None:
    one, other, held = made(now, 3)
    triage.take(held, by=person(username="other"), now=now)
    browser = signed_in(Role.FACT_CHECKER)
    keys = [str(each.pk) for each in (one, other, held)]
    page = said(browser.post(QUEUE, {"do": "take", "row": [*keys, keys[0], "x", "999999999"]}))
    assert page.count("taken by you</strong>") == 2
    assert "other took it" in page
    page = said(browser.post(QUEUE, {"do": "not_checkable", "code": "too_vague", "row": keys[:2]}))
    assert page.count("not checkable</strong>") == 2
    page = said(browser.post(QUEUE, {"do": "in_review", "row": keys[:1]}))
    assert "This move asks for a reason" in page
    for nothing in ({"do": "take"}, {"do": "burn", "row": keys}, {"row": keys}):
        assert "Nothing was chosen" in said(browser.post(QUEUE, nothing))


def test_stuck_work_is_told_above_everything(now: datetime) -> None:
    (one,) = made(now)
    Triage.objects.filter(pk=one.pk).update(due_at=now, quarantined_at=now)
    assert "Stuck: 1 pieces of work" in said(signed_in(Role.READER).get(QUEUE))


def test_a_reader_sees_the_queue_and_does_nothing(now: datetime) -> None:
    (one,) = made(now)
    page = said(signed_in(Role.READER).get(QUEUE))
    assert f'id="claim-{one.pk}"' in page
    assert "do/take" not in page


def test_a_row_of_the_queue_leads_to_its_claim(now: datetime) -> None:
    (one,) = made(now)
    answer = signed_in(Role.READER).get(reverse("admin:claims_triage_change", args=[one.pk]))
    assert answer["Location"] == at(one)


def test_the_queue_asks_as_often_for_forty_rows_as_for_three(now: datetime) -> None:
    browser = signed_in(Role.FACT_CHECKER)

    def queries(many: int) -> int:
        made(now, many)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(QUEUE).status_code == 200
        return len(seen)

    browser.get(QUEUE)  # notes a sign of life
    assert queries(3) == queries(40) <= 25


def test_counts_are_exact_up_to_a_thousand() -> None:
    assert (queue.counted(7), queue.counted(1000), queue.counted(1001)) == ("7", "1,000", "1,000+")


def test_a_view_counts_what_it_shows(now: datetime) -> None:
    made(now, 3)
    shown = queue.of(User.objects.create(username="x"), queue.Asked(), now=now)
    many = {view.code: view.many for view in shown["views"]}
    assert (many[""], many["by_hand"], many["mine"]) == ("3", "3", "0")
