"""Taking a version down: what goes, what stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import CommandError

from claims.models import Appearance, Article, Event, Evidence, Flag
from claims.services import claims, erasure, evidence, flags
from claims.verification.staleness import StaleReason
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib.names import names_of
from sources.models import Snapshot
from tests.claims.pages import page_of, typed, version_of
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db

NAMES = names_of(["Ilka Brandt"])
URL = "https://traffic.example/notices/14"
NOTICE = "Traffic notice 14.\n\nThe Selmar bridge stays open to lorries. Ilka Brandt signed the notice on Monday."


@pytest.fixture
def admin() -> User:
    return person(Role.ADMIN)


def test_a_taken_down_version_keeps_its_digest_time_and_reason(now: datetime, admin: User) -> None:
    page = page_of(NOTICE, now=now)
    one = claim(now, "The bridge is open.", by=admin)
    held = evidence.attach(one, page, quote="stays open", stance=Evidence.Stance.SUPPORTS, by=admin, now=now)
    snapshot = Snapshot.objects.get()
    typed("takedown_snapshot", str(page.uid), "1", "--why", "a court order", "--by", admin.username)
    assert Snapshot.objects.get().text == NOTICE
    assert "Taken down" in typed(
        "takedown_snapshot", str(page.uid), "1", "--why", "a court order", "--by", admin.username, "--yes"
    )
    gone = Snapshot.objects.get()
    assert (gone.text, gone.blocks, gone.links, gone.digest, gone.taken_at) == ("", [], [], snapshot.digest, now)
    assert (gone.is_taken_down, gone.erased_why) == (True, "a court order")
    held.refresh_from_db()
    assert held.exact == "stays open"
    flags.hold_against(held, "The Selmar bridge is shut.", now=now)
    assert not Flag.objects.exists()
    assert Event.objects.get(subject_uid=page.uid).type == "document.taken_down"
    with pytest.raises(CommandError, match="already"):
        typed("takedown_snapshot", str(page.uid), "1", "--why", "x", "--by", admin.username, "--yes")


def test_a_takedown_takes_the_quotes_along_where_it_is_asked(now: datetime, admin: User) -> None:
    page = page_of(NOTICE, now=now)
    one = claim(now, "The bridge is open.", by=admin)
    held = evidence.attach(one, page, quote="stays open", stance=Evidence.Stance.SUPPORTS, by=admin, now=now)
    flags.raise_flag(one, StaleReason.QUOTE_CHANGED, now=now, document=page, was="It stays open.", today="")
    flags.raise_flag(one, StaleReason.QUOTE_CHANGED, now=now, reason_code="none")
    article = Article.objects.create(document=page)
    by_hand = claims.make("It is signed.", now=now, by=admin, article=article, quote="signed the notice")
    arguments = ["--why", "a court order", "--by", admin.username, "--with-quotes", "--yes"]
    typed("takedown_snapshot", str(page.uid), "1", *arguments)
    held.refresh_from_db()
    assert held.exact == "█████ ████"
    assert Appearance.objects.get(claim=by_hand).quote == "██████ ███ ██████"
    assert Flag.objects.order_by("id")[0].detail["was"] == "██ █████ █████"
    one.refresh_from_db()
    assert one.text == "The bridge is open."


def test_a_page_whose_newest_version_was_taken_down_is_neither_compared_nor_split(now: datetime, admin: User) -> None:
    article = split_article(now)
    erasure.take_down(version_of(article), why="a court order", by=admin, now=now)
    articles_due = Article.objects.filter(pk=article.pk)
    ledger.reschedule(articles_due, due_at=now, state=Article.State.DUE)
    ledger.drain_all()
    article.refresh_from_db()
    assert article.appearances.standing().exists()
    for place in article.appearances.all():
        flags.hold_against(place, "", now=now)
    assert not Flag.objects.exists()
