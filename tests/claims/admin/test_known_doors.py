"""What others checked, on the desk: the list, bringing files in, feeds, and what ratings come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.admin import known as doors
from claims.models import KnownCheck, KnownFeed, KnownRating
from claims.services import known_feeds
from claims.services.known_feeds import Kind
from factcheck.access.roles import Role
from tests.claims.admin.conftest import said, signed_in
from tests.claims.known import URL, keep, known, published
from tests.factories import person

pytestmark = pytest.mark.django_db
IMPORT = "admin:claims_knowncheck_import"
CSV = f"url,claim,rating,publisher\n{URL}/1,The bridge cost 90 million.,False,Our desk\n"


def test_the_list_shows_ratings_with_what_they_come_to_and_finds_by_words_and_filters(now: datetime) -> None:
    known(now)
    keep(published(url=f"{URL}/2", text="The gates are blue.", rating="", value=9.0, best=9.0, worst=0.0), now=now)
    keep(published(url=f"{URL}/3", text="<b>It</b> sank.", rating="Seventeen herrings"), now=now)
    client = signed_in(Role.READER)
    url = reverse("admin:claims_knowncheck_changelist")
    page = said(client.get(url))
    assert "Mostly false" in page
    assert "9 (0–9)" in page
    assert "&lt;b&gt;It&lt;/b&gt; sank." in page
    assert "Bring in a file" not in page
    for query, found in (
        ("q=gates", "blue"),
        ("comes=none", "sank"),
        ("comes=refuted", "90 million"),
        ("way=page", "sank"),
    ):
        assert found in said(client.get(f"{url}?{query}"))
    assert "Nothing fits" in said(client.get(f"{url}?became=gone"))
    assert "Nothing fits" in said(client.get(f"{url}?became=changed"))


def test_the_page_of_one_shows_what_it_said_before(now: datetime) -> None:
    one = known(now)
    keep(published(rating="True", text="It cost nine million."), now=now + timedelta(days=1))
    page = said(signed_in(Role.READER).get(reverse("admin:claims_knowncheck_change", args=[one.pk])))
    for words in (
        "It cost nine million.",
        "The harbour bridge cost 90 million euros.",
        "Mostly false",
        "never our verdict",
    ):
        assert words in page
    assert doors.state(KnownCheck(gone_at=now)).startswith("gone since")
    assert doors.state(KnownCheck(erased_at=now)) == "erased"


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("archive.csv", text.encode(), content_type="text/csv")


def test_a_file_is_looked_at_before_it_comes_in() -> None:
    client = signed_in(Role.FACT_CHECKER)
    seen = client.post(reverse(IMPORT), {"file": upload(CSV)})
    assert "One fact-check would come in" in said(seen)
    assert not KnownCheck.objects.exists()
    kept = seen.context["form"]["looked_at"].value()
    done = client.post(reverse(IMPORT), {"looked_at": kept}, follow=True)
    assert "1 came in, 0 were changed, 0 were here already." in said(done)
    assert KnownCheck.objects.get().imported_by.username == Role.FACT_CHECKER  # type: ignore[union-attr]


def test_a_file_with_a_refused_row_comes_in_only_if_the_rest_is_asked_for() -> None:
    client = signed_in(Role.FACT_CHECKER)
    seen = client.post(reverse(IMPORT), {"file": upload(f"{CSV}nowhere,It sank.,False,Our desk\n")})
    assert "Row 3: Its address cannot be used" in said(seen)
    kept = seen.context["form"]["looked_at"].value()
    refused = client.post(reverse(IMPORT), {"looked_at": kept})
    assert "Nothing came in: some of it was refused." in said(refused)
    assert not KnownCheck.objects.exists()
    client.post(reverse(IMPORT), {"looked_at": kept, "leaving_out": "on"})
    assert KnownCheck.objects.count() == 1


@pytest.mark.parametrize("given", [{}, {"looked_at": "no base64!"}])
def test_without_a_file_one_is_asked_for(given: dict[str, Any]) -> None:
    assert "Choose a file first." in said(signed_in(Role.FACT_CHECKER).post(reverse(IMPORT), given))


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "MOST_UPLOADED", 10)
    assert "at most 0 MB" in said(signed_in(Role.FACT_CHECKER).post(reverse(IMPORT), {"file": upload(CSV)}))


def test_more_rows_than_are_shown_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "MOST_PREVIEWED", 1)
    rows = f"{CSV}{URL}/2,It sank.,True,Our desk\n"
    assert "and one more" in said(signed_in(Role.FACT_CHECKER).post(reverse(IMPORT), {"file": upload(rows)}))


# -- feeds -----------------------------------------------------------------------------------------


def test_a_feed_is_added_looked_at_paused_and_resumed(now: datetime) -> None:
    client = signed_in(Role.FACT_CHECKER)
    asked = {"kind": "feed", "url": "https://checkers.example.org/feed", "title": "Checkers", "every_hours": "12"}
    page = said(client.post(reverse("admin:claims_knownfeed_add"), asked, follow=True))
    assert "It is read within a minute." in page
    assert "This is watched already." in said(client.post(reverse("admin:claims_knownfeed_add"), asked, follow=True))
    feed = KnownFeed.objects.get()
    assert (feed.kind, feed.every_hours) == ("feed", 12)
    KnownFeed.objects.create(
        kind="page", identity=URL, url=URL, host=feed.host, told_by=feed, created_at=now, lacks=["x"], last_error="e",
        quarantined_at=now,
    )  # fmt: skip
    listed = said(client.get(reverse("admin:claims_knownfeed_changelist")))
    assert ("Checkers" in listed, URL in listed) == (True, False)
    for name, words in (
        ("look", "It is asked now."),
        ("pause", "Paused:"),
        ("look", "it is paused"),
        ("resume", "Resumed:"),
    ):
        assert words in said(client.post(reverse(f"admin:claims_knownfeed_{name}", args=[feed.pk]), follow=True))
    known(now)
    KnownCheck.objects.update(feed=KnownFeed.objects.get(kind="page"))
    page = said(client.get(reverse("admin:claims_knownfeed_change", args=[KnownFeed.objects.get(kind="page").pk])))
    for words in ("told of by", "What is missing of the last reading", "One fact-check came by it"):
        assert words in page


def test_what_cannot_be_watched_says_why(settings: Any) -> None:
    client = signed_in(Role.FACT_CHECKER)
    url = reverse("admin:claims_knownfeed_add")
    asked = {"kind": "page", "url": "http://127.0.0.1/", "every_hours": "12"}
    assert "127.0.0.1" in said(client.post(url, asked))
    settings.FACTCHECK_TOOLS_KEY = ""
    assert "FACTCHECK_TOOLS_KEY is not set" in said(
        client.post(url, {"kind": "tools", "query": "x", "every_hours": "9"})
    )
    settings.FACTCHECK_TOOLS_KEY = "the-key"
    client.post(url, {"kind": "tools", "query": "bridge", "every_hours": "9", "language": "en"})
    assert KnownFeed.objects.get().url.endswith("?query=bridge&languageCode=en&pageSize=100")


# -- ratings ---------------------------------------------------------------------------------------


def test_an_editor_says_what_a_rating_comes_to_and_the_report_what_is_lost(now: datetime) -> None:
    keep(published(rating="Seventeen herrings"), published(url=f"{URL}/2"), published(url=f"{URL}/3", rating="Fake"),
         published(url=f"{URL}/4", rating="False: no"), now=now)  # fmt: skip
    client = signed_in(Role.EDITOR)
    report = said(client.get(reverse("admin:claims_knownrating_lost")))
    for words in (
        "Of 4 known fact-checks, 1 come to nothing",
        "seventeen herrings",
        "mostly false",
        "by how it begins: 1",
    ):
        assert words in report
    asked = {"words": "Seventeen HERRINGS!", "site": "https://www.example.org/x", "status": "conflicting"}
    page = said(client.post(reverse("admin:claims_knownrating_add"), asked, follow=True))
    assert "1 known fact-checks come to something else now." in page
    row = KnownRating.objects.get(words="seventeen herrings")
    assert (row.site, KnownCheck.objects.get(url=URL).status) == ("example.org", "conflicting")
    nowhere = {"words": "fake", "site": "", "status": ""}
    client.post(reverse("admin:claims_knownrating_change", args=[KnownRating.objects.get(words="fake").pk]), nowhere)
    assert "leads nowhere" in said(client.get(reverse("admin:claims_knownrating_lost")))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"words": "x", "low": "0", "high": "1"}, "not both"),
        ({"low": "0.5", "high": "0.1"}, "between 0 and 1"),
        ({"words": "?!"}, "between 0 and 1"),
    ],
)
def test_a_row_that_says_nothing_is_refused(asked: dict[str, str], why: str) -> None:
    page = signed_in(Role.EDITOR).post(reverse("admin:claims_knownrating_add"), {"status": "refuted"} | asked)
    assert why in said(page)


def test_the_lists_ask_the_database_as_often_however_many_there_are(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    keep(*(published(url=f"{URL}/{number}") for number in range(30)), now=now)
    client = signed_in(Role.READER)
    person("admin")
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:claims_knowncheck_changelist"))


def test_lists_say_what_a_narrow_or_a_spoken_page_would_leave_open(now: datetime) -> None:
    place = known_feeds.watch("https://checkers.example.org/all.json", Kind.DATAFEED, now=now)[0]
    one = published(rating="", value=9.0, best=10.0, worst=0.0, reviewed_at=datetime(2026, 5, 31, tzinfo=UTC))
    keep(one, now=now, feed=place, way=KnownCheck.Way.DATAFEED)
    client = signed_in(Role.FACT_CHECKER)
    assert "9 (0–10)" in said(client.get(reverse("admin:claims_knownfeed_change", args=[place.pk])))
    assert "1 fact-check" in said(client.get(reverse("admin:claims_knownfeed_changelist")))
    listed = said(client.get(reverse("admin:claims_knowncheck_changelist")))
    assert "31 May 2026" in listed
    assert "31 May 2026," not in listed
