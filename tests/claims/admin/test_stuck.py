"""The page of what is stuck: every kind of work, why, and how it is tried again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Article, Claim, KnownFeed, Restamping, StanceGuess
from claims.services import evidence
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.models import Chore
from sources.models import Archiving, Change, Document, FeedEntry
from tests.claims.admin.conftest import inline_in, page_of, said, signed_in
from tests.claims.admin.test_lists import queries
from tests.claims.known import known
from tests.factories import claim, split_article
from tests.sources.feeds import watched

pytestmark = pytest.mark.django_db
PAGE = "/admin/stuck/"


def get_stuck(now: datetime, many: int = 1) -> dict[str, list[Any]]:
    """Make rows of every kind, and let them be stuck."""
    rows: dict[str, list[Any]] = {"look": [], "hear": [], "split": [], "review": [], "match": [], "chores": []}
    rows |= {
        "poll": [],
        "enter": [],
        "archive": [],
        "poll_known": [],
        "match_known": [],
        "stance": [],
        "triage": [],
        "restamp": [],
    }
    for number in range(many):
        stamp = f"{many}-{number}"
        page = page_of(f"Page {stamp}.", now=now, url=f"https://stuck.example/{stamp}")
        rows["look"].append(page)
        rows["hear"].append(Change.objects.create(document=page, found="blind", at=now, due_at=now))
        rows["split"].append(split_article(now, f"Article {stamp} stands here."))
        rows["review"].append(claim(now, f"Claim {stamp}."))
        rows["match"].append(rows["review"][-1].representation)
        rows["triage"].append(rows["review"][-1].triage)
        rows["restamp"].append(Restamping.objects.create(status=f"status {stamp}", due_at=now))
        rows["chores"].append(Chore.objects.create(name=f"chore {stamp}", due_at=now))
    for number in range(many):  # behind the others, since an article is split by a worker that does whatever is due
        stamp = f"{many}-{number}"
        rows["poll"].append(watched(now, f"https://stuck.example/feed/{stamp}"))
        about = {"snapshot": rows["look"][number].snapshot, "host": rows["look"][number].host}
        rows["archive"].append(Archiving.objects.create(due_at=now, **about))
        told = {"key": stamp, "url": f"https://stuck.example/{stamp}", "became": "waiting", "seen_at": now}
        rows["enter"].append(FeedEntry.objects.create(feed=rows["poll"][-1], due_at=now, **told))
        address = f"https://stuck.example/known/{stamp}"
        of_others = {"kind": "page", "host": rows["look"][number].host, "created_at": now}
        rows["poll_known"].append(KnownFeed.objects.create(identity=address, url=address, **of_others))
        rows["match_known"].append(known(now, url=f"{address}#1"))
        evidence.suggest(rows["review"][number], rows["look"][number], because="a link", now=now)
        rows["stance"].append(StanceGuess.objects.get(evidence__claim=rows["review"][number]))
    for kind in rows.values():
        for row in kind:
            because = f"<b>broken</b> {row.pk}"
            type(row).objects.filter(pk=row.pk).update(quarantined_at=now, attempts=3, last_error=because, due_at=now)
    return rows


def is_stuck(row: Any) -> bool:
    row.refresh_from_db()
    return row.quarantined_at is not None


def test_where_nothing_is_stuck_the_page_says_so(checker: Client) -> None:
    assert "Nothing is stuck." in said(checker.get(PAGE))


def test_every_kind_of_work_is_there_with_its_reason_and_its_page(checker: Client, now: datetime) -> None:
    rows = get_stuck(now)
    assert rows.keys() == ledger.register.works.keys()
    answer = checker.get(PAGE)
    page = said(answer)
    for name, kind in rows.items():
        assert str(ledger.register.works[name].title) in page
        assert f"&lt;b&gt;broken&lt;/b&gt; {kind[0].pk}" in page
    for row in (rows["look"][0], rows["split"][0], rows["review"][0], rows["poll"][0]):
        assert reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) in page
    assert inline_in(answer) == []


@pytest.mark.parametrize(
    "name",
    [
        "look",
        "hear",
        "split",
        "review",
        "match",
        "chores",
        "poll",
        "enter",
        "archive",
        "poll_known",
        "match_known",
        "stance",
        "triage",
        "restamp",
    ],
)
def test_one_row_the_chosen_ones_or_all_of_a_kind_are_tried_again(checker: Client, now: datetime, name: str) -> None:
    rows = get_stuck(now, 4)
    first, second, third, fourth = rows[name]
    answer = checker.post(f"{PAGE}{name}/", {"only": first.pk, "row": [second.pk]}, follow=True)
    assert "1 is tried again now." in said(answer)
    assert [is_stuck(row) for row in rows[name]] == [False, True, True, True]
    checker.post(f"{PAGE}{name}/", {"row": [second.pk, third.pk]})
    assert [is_stuck(row) for row in rows[name]] == [False, False, False, True]
    checker.post(f"{PAGE}{name}/", {"all": "1"})
    assert not is_stuck(fourth)
    assert (fourth.attempts, fourth.last_error) == (0, "")
    others = [row for other, kind in rows.items() if other != name for row in kind]
    assert all(is_stuck(row) for row in others)


@pytest.mark.parametrize("form", [{}, {"row": ["0", "x", "9" * 30, "٣", "-1"]}, {"only": "'--"}])
def test_what_is_no_stuck_row_is_not_tried(checker: Client, now: datetime, form: dict[str, Any]) -> None:
    rows = get_stuck(now)
    answer = checker.post(f"{PAGE}look/", form, follow=True)
    assert "Nothing was chosen that is still stuck." in said(answer)
    assert is_stuck(rows["look"][0])


def test_an_unknown_kind_of_work_is_not_found(checker: Client) -> None:
    assert checker.post(f"{PAGE}nonsense/", {"all": "1"}).status_code == 404
    assert checker.get(f"{PAGE}look/").status_code == 405


def test_a_reader_sees_why_but_no_button(now: datetime) -> None:
    get_stuck(now)
    page = said(signed_in(Role.READER).get(PAGE))
    assert "broken" in page
    assert "again</button>" not in page


def test_the_page_asks_as_often_for_thirty_rows_as_for_three(checker: Client, now: datetime) -> None:
    get_stuck(now, 3)
    few = queries(checker, PAGE)
    get_stuck(now, 30)
    assert queries(checker, PAGE) == few <= 20


def test_more_than_fit_are_counted(checker: Client) -> None:
    now = clock.now()
    Chore.objects.bulk_create(Chore(name=f"{n}", due_at=now, attempts=3, quarantined_at=now) for n in range(60))
    assert "The newest 50 of 60 are shown." in said(checker.get(PAGE))
    assert {model.objects.count() for model in (Article, Claim, Document)} == {0}
