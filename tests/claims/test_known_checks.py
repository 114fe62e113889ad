"""What others checked is kept once, follows their corrections, and says what it said before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from claims.known.making import digest
from claims.models import KnownCheck, KnownFeed, KnownVersion
from claims.services import erasure, known_checks
from claims.services.known_checks import Way
from factcheck.access.roles import Role
from factcheck.lib.names import names_of
from sources.models import Erasure, Source
from sources.services import erasure as barring
from sources.services import hosts
from tests.claims.known import TEXT, URL, keep, known, published
from tests.factories import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def feed(now: datetime) -> KnownFeed:
    return KnownFeed.objects.create(identity=URL, url=URL, kind="page", host=hosts.of(URL), created_at=now)


def test_a_fact_check_comes_in_once_with_its_rating_mapped(now: datetime) -> None:
    assert keep(now=now).new == 1
    assert keep(now=now + DAY).same == 1
    one = KnownCheck.objects.get()
    assert (one.text, one.status, one.status_because, one.checker) == (TEXT, "refuted", "its words", "Harbour Checkers")
    assert (one.first_seen_at, one.last_seen_at, one.due_at, one.changed_at) == (now, now + DAY, now, None)
    assert str(one) == TEXT


def test_its_publisher_is_the_source_whose_home_it_stands_on(now: datetime) -> None:
    keep(now=now)
    assert KnownCheck.objects.get().source is None
    source = Source.objects.create(name="The Checkers", home_domains=["example.org"])
    assert keep(now=now).same == 1
    assert KnownCheck.objects.get().source == source
    assert KnownCheck.objects.get().checker == "The Checkers"


def test_a_correction_shows_with_what_was_said_before(now: datetime) -> None:
    keep(now=now)
    KnownCheck.objects.update(due_at=None)
    assert keep(published(rating="True"), now=now + DAY).changed == 1
    assert keep(published(rating="Half true", text="It cost 80 million euros."), now=now + DAY * 2).is_news
    one = KnownCheck.objects.get()
    assert (one.rating, one.status, one.changed_at, one.due_at) == (
        "Half true",
        "conflicting",
        now + DAY * 2,
        now + DAY * 2,
    )
    before = [(row.number, row.rating, row.status, row.text, row.until) for row in one.versions.all()]
    assert before == [
        (2, "True", "supported", TEXT, now + DAY * 2),
        (1, "Mostly false", "refuted", TEXT, now + DAY),
    ]
    assert str(KnownVersion.objects.earliest("pk")) == "Mostly false"


def test_what_is_only_known_better_is_no_correction(now: datetime) -> None:
    keep(now=now)
    kept = keep(published(language="en", publisher="The Harbour Checkers"), now=now + DAY)
    assert (kept.changed, kept.same, kept.is_news) == (0, 1, False)
    assert KnownCheck.objects.get().language == "en"
    assert not KnownVersion.objects.exists()


def test_a_lease_on_what_it_said_before_is_lost(now: datetime) -> None:
    one = known(now)
    KnownCheck.objects.update(lease_until=now, lease_token=uuid4(), attempts=2, vector=[0.1] * 384, model="m")
    keep(published(text="It cost 80 million euros."), now=now)
    one.refresh_from_db()
    assert (one.lease_token, one.attempts, one.vector, one.model) == (None, 0, None, "")


def test_who_is_nearer_to_the_publisher_counts_until_it_falls_silent(now: datetime) -> None:
    keep(now=now)
    farther = published(rating="True")
    for way in (Way.DATAFEED, Way.TOOLS, Way.ARCHIVE):
        assert keep(farther, now=now + DAY, way=way).known_better == 1
    assert KnownCheck.objects.get().rating == "Mostly false"
    assert keep(farther, now=now + DAY * 91, way=Way.TOOLS).changed == 1
    assert KnownCheck.objects.get().way == Way.TOOLS
    assert keep(farther, now=now + DAY * 92, way=Way.PAGE).same == 1
    assert KnownCheck.objects.get().way == Way.PAGE


def test_one_that_two_looks_miss_is_gone_and_may_come_back(now: datetime) -> None:
    told = feed(now)
    other = published(url=f"{URL}/2")
    keep(published(), other, now=now, feed=told)
    for day, gone in ((1, 0), (2, 1), (3, 0)):
        keep(other, now=now + DAY * day, feed=told)
        assert known_checks.missed(told, since=now + DAY * day, now=now + DAY * day) == gone
    assert list(KnownCheck.objects.standing()) == [KnownCheck.objects.get(url=f"{URL}/2")]
    assert KnownCheck.objects.get(url=URL).gone_at == now + DAY * 2
    keep(now=now + DAY * 4, feed=told)
    assert KnownCheck.objects.standing().count() == 2
    assert known_checks.gone(told, now=now) == 2


def test_a_rating_that_no_row_fits_is_shown_as_it_is(now: datetime) -> None:
    one = known(now, rating="Seventeen herrings", reviewed_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert (one.status, one.rule, one.status_because) == ("", None, "")
    assert KnownCheck.objects.unmapped().get() == one
    assert KnownCheck(site="example.org").checker == "example.org"


# -- people who asked to be forgotten --------------------------------------------------------------


def test_a_person_is_erased_from_fact_checks_and_does_not_come_back_with_the_next_look(now: datetime) -> None:
    named = published(text="Ilka Zorxbarovan said that the harbour bridge cost 90 million euros.", url=f"{URL}/1")
    addressed = published(url=f"{URL}/ilka-zorxbarovan-bridge", text="The bridge cost nine million euros in all.")
    other = published(url=f"{URL}/3", text="The lock gates were painted blue.")
    keep(named, addressed, other, now=now, feed=(told := feed(now)))
    KnownFeed.objects.update(url=f"{URL}/ilka-zorxbarovan", identity=f"{URL}/ilka-zorxbarovan")
    beside = feed(now)
    KnownCheck.objects.update(vector=[0.1] * 384, model="m")
    keep(published(url=f"{URL}/1", text=named.text, rating="True"), now=now + DAY, feed=told)
    by = person(Role.ADMIN)
    made = erasure.erase_person(names_of(["Ilka Zorxbarovan"]), why="asked for", by=by, now=now + DAY)
    assert made.counts["claims.KnownCheck"] >= 2
    rows = list(KnownCheck.objects.order_by("pk"))
    assert [bool(row.erased_at) for row in rows] == [True, True, False]
    assert [row.vector is None for row in rows] == [True, True, False]
    assert "Zorx" not in str([(row.text, row.url, row.identity) for row in rows])
    assert "Zorx" not in str(KnownVersion.objects.values_list("text", flat=True))
    told.refresh_from_db()
    assert (told.url, told.paused_at, str(told)) == ("", now + DAY, "Feed whose address was erased")
    beside.refresh_from_db()
    assert (beside.url, beside.paused_at) == (URL, None)
    kept = keep(named, addressed, other, now=now + DAY * 2)
    assert (kept.erased, kept.same, kept.new) == (2, 1, 0)
    assert KnownCheck.objects.count() == 3


def test_a_sentence_that_was_erased_comes_in_blacked_out(now: datetime) -> None:
    by = person(Role.ADMIN)
    made = barring.begin(Erasure.What.PERSON, why="asked for", by=by, now=now)
    barring.bar(["The harbour bridge cost ninety million euros in a single year."], made)
    one = known(now, url=f"{URL}/4", text="The harbour bridge cost ninety million euros in a single year.", title="x")
    assert set(one.text) == {"█", " "}


def test_what_its_own_page_says_is_not_taken_over_by_a_page_that_shows_it_too(now: datetime) -> None:
    own = feed(now)
    index = KnownFeed.objects.create(
        identity=f"{URL}-index", url=f"{URL}-index", kind="page", host=hosts.of(URL), created_at=now
    )
    keep(now=now, feed=index)
    keep(now=now, feed=own)
    assert keep(published(rating="True"), now=now + DAY, feed=index).known_better == 1
    for days in (2, 3):  # the index shows newer ones now
        known_checks.missed(index, since=now + DAY * days, now=now + DAY * days)
    one = KnownCheck.objects.get()
    assert (one.feed, one.rating, one.gone_at) == (own, "Mostly false", None)


def test_what_one_file_drops_is_looked_for_in_the_others_again(now: datetime) -> None:
    one, other = (
        KnownFeed.objects.create(
            identity=url, url=url, kind="datafeed", host=hosts.of(url), created_at=now, etag='"a"', last_modified="b"
        )
        for url in (f"{URL}/1.json", f"{URL}/2.json")
    )
    keep(now=now, feed=other, way=Way.DATAFEED)
    keep(now=now, feed=one, way=Way.DATAFEED)
    for days in (1, 2):
        other.refresh_from_db()
        assert other.etag == '"a"'
        with transaction.atomic():
            known_checks.missed(one, since=now + DAY * days, now=now + DAY * days)
    other.refresh_from_db()
    assert KnownCheck.objects.get().gone_at == now + DAY * 2
    assert (other.etag, other.last_modified) == ("", "")  # a 304 would leave unsaid that it still has it
    keep(now=now + DAY * 3, feed=other, way=Way.DATAFEED)
    assert KnownCheck.objects.get().gone_at is None


def test_a_second_fact_check_at_an_address_leaves_the_first_what_it_is(now: datetime) -> None:
    first = known(now)
    again = published(identity=f"{URL}#{digest(TEXT)}")
    second = published(identity=f"{URL}#{digest('It sank.')}", text="It sank.")
    assert keep(again, second, now=now + DAY).new == 1
    first.refresh_from_db()
    assert (first.identity, first.last_seen_at) == (again.identity, now + DAY)
    assert keep(now=now + DAY * 2).new == 0  # a search finds one of the two alone
    first.refresh_from_db()
    assert (first.identity, first.last_seen_at) == (URL, now + DAY * 2)
    assert keep(published(text="It cost 80 million euros."), now=now + DAY * 3).changed == 1
    assert KnownCheck.objects.count() == 2
