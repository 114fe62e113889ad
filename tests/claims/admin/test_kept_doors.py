"""What is kept of a page: its versions as text and as bytes, any two side by side, and its looks as a drawing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Evidence
from claims.services import evidence
from factcheck import storage
from factcheck.access.roles import Role
from sources.admin import differences, timeline
from sources.fetching.reading import read
from sources.models import Check, Document, Snapshot
from sources.services import documents
from sources.services import erasure as sources_erasure
from tests.claims.admin.conftest import NOTICE, at, inline_in, listed, said, signed_in
from tests.claims.admin.test_lists import queries
from tests.factories import person

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(2)</script>"
FETCH = Snapshot.CapturedBy.FETCH


def now_says(document: Document, words: str, *, now: datetime, media_type: str = "text/plain") -> Snapshot:
    """Keep another version of a page."""
    reading = read(words.encode(), media_type=media_type, charset="utf-8", url=document.url)
    return documents.keep(document, reading, raw=words.encode(), media_type=media_type, now=now, captured_by=FETCH)


def looks(document: Document, *outcomes: str, now: datetime) -> None:
    """Write looks, an hour apart."""
    for number, outcome in enumerate(outcomes):
        due = now + timedelta(hours=number)
        Check.objects.create(document=document, due_at=due, at=due, outcome=outcome, took_ms=1)


def test_a_dead_pages_copy_is_one_click_away_from_the_claim(
    checker: Client, pinned: Evidence, notice: Document, now: datetime
) -> None:
    Document.objects.filter(pk=notice.pk).update(gone_at=now, outcome="gone")
    copy = at(notice, "version", 1)
    assert f'href="{copy}"' in said(checker.get(at(pinned.claim)))
    assert f'href="{copy}"' in said(checker.get(at(notice)))
    page = said(checker.get(copy))
    assert "The Selmar bridge stays open to lorries. Drivers keep a distance." in page
    assert "The page itself is gone since 2 Mar 2026, 09:00." in page


def test_a_suggested_pages_copy_is_one_click_away_too(
    checker: Client, bridge: Claim, notice: Document, now: datetime
) -> None:
    evidence.suggest(bridge, notice, because="a link", now=now)
    assert f'href="{at(notice, "version", 1)}"' in said(checker.get(at(bridge)))


def test_a_claims_place_leads_to_the_version_it_was_read_in(checker: Client, article: Any) -> None:
    place = article.appearances.earliest("id")
    assert f'href="{at(article.document, "version", 1)}"' in said(checker.get(at(place.claim)))


def test_a_long_copy_goes_on_and_nothing_of_it_is_left_out(
    checker: Client, notice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.admin.versions.PART", 40)
    pages = [checker.get(f"{at(notice, 'version', 1)}?page={page}") for page in (1, 2, 3)]
    assert "Page 1 of 3" in said(pages[0])
    assert "".join(page.context["parts"].object_list[0] for page in pages) == NOTICE


def test_an_older_version_says_so_and_leads_to_what_is_different(
    checker: Client, notice: Document, now: datetime
) -> None:
    now_says(notice, "All is well.", now=now + timedelta(hours=1))
    page = said(checker.get(at(notice, "version", 1)))
    assert "There is a newer version." in page
    assert f"{at(notice, 'compare')}?was=1&amp;now=2" in page


@pytest.mark.parametrize("name", ["text", "raw"])
def test_what_is_kept_is_saved_as_text_and_never_run(name: str, checker: Client, notice: Document) -> None:
    answer = checker.get(at(notice, name, 1))
    assert answer.content == NOTICE.encode()
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_bytes_of_a_page_come_as_they_were_read(checker: Client, notice: Document, now: datetime) -> None:
    page = f"<html><body><p>The bridge is open to all lorries today.</p>{EVIL}</body></html>"
    now_says(notice, page, now=now, media_type="text/html")
    assert checker.get(at(notice, "raw", 2)).content == page.encode()
    assert EVIL not in said(checker.get(at(notice, "version", 2)))


def test_of_a_version_that_was_taken_down_nothing_is_given(checker: Client, notice: Document, now: datetime) -> None:
    by = person(Role.ADMIN, username="eraser")
    assert notice.snapshot is not None
    sources_erasure.take_down(notice.snapshot, why="the court said so", by=by, now=now)
    assert "the court said so" in said(checker.get(at(notice, "version", 1)))
    assert "No text is kept of it." in said(checker.get(at(notice, "version", 1)))
    assert checker.get(at(notice, "text", 1)).content == b""
    assert checker.get(at(notice, "raw", 1)).status_code == 302
    assert "Its bytes are not kept" in said(checker.get(at(notice, "version", 1)))


def test_bytes_that_cannot_be_read_say_why(checker: Client, notice: Document, now: datetime) -> None:
    reading = read(b"Else.", media_type="text/plain", charset="utf-8", url=notice.url)
    junk = storage.Kept(b"not compressed", "", 3, "0" * 64)
    documents.keep(notice, reading, raw=junk, media_type="text/plain", now=now, captured_by=FETCH)
    answer = said(checker.get(at(notice, "raw", 2), follow=True))
    assert "could not be read now" in answer
    assert "Try again later, or tell whoever runs the service." in answer


def test_a_version_that_is_not_there_is_not_found(checker: Client, notice: Document) -> None:
    for name in ("version", "text", "raw"):
        assert checker.get(at(notice, name, 7)).status_code == 404


def test_two_versions_stand_side_by_side_with_what_counts_marked(
    checker: Client, notice: Document, now: datetime
) -> None:
    text = "Traffic notice 14.\n\nThe Selmar bridge stays closed to lorries. Drivers keep a distance."
    now_says(notice, text, now=now + timedelta(hours=1))
    page = said(checker.get(at(notice, "compare")))
    assert "The Selmar bridge stays <del>open</del> to lorries." in page
    assert "The Selmar bridge stays <ins>closed</ins> to lorries." in page
    assert 'class="is-substantive"' in page
    assert "where it stands" in page
    assert "no notice of it was found" in page


def test_any_two_versions_are_compared(checker: Client, notice: Document, now: datetime) -> None:
    for hour, words in enumerate(["One thing is so.", "One thing is so. Another is not.", "Nothing is so at all."], 1):
        now_says(notice, words, now=now + timedelta(hours=hour))
    page = said(checker.get(f"{at(notice, 'compare')}?was=2&now=3"))
    assert "<ins>Another is not.</ins>" in page
    assert "One thing is so." in page
    assert "Nothing is so" not in page
    back = said(checker.get(f"{at(notice, 'compare')}?was=3&now=2"))
    assert "<del>Another is not.</del>" in back


def test_what_only_moved_or_stayed_is_not_marked_as_counting(notice: Document, now: datetime) -> None:
    many = [f"Sentence {word} stands here." for word in "abcdefgh"]
    first = now_says(notice, " ".join(many), now=now)
    second = now_says(notice, " ".join([*many[1:], many[0]]), now=now)
    found = differences.sides(first, second)
    assert [str(row.kinds[0]) for row in found.rows if row.kinds] == ["moved"]
    assert not any(row.is_substantive for row in found.rows)
    assert sum(row.same or not row.kinds for row in found.rows) == 7


def test_what_was_taken_out_stands_where_it_was(notice: Document, now: datetime) -> None:
    first = now_says(notice, "It rained. Nobody came to the square. It stopped at noon. The end of it.", now=now)
    second = now_says(notice, "It rained. It stopped at noon. The end of it.", now=now)
    rows = differences.sides(first, second).rows
    assert [(str(row.was), str(row.now)) for row in rows][:3] == [
        ("It rained.", "It rained."),
        ("<del>Nobody came to the square.</del>", ""),
        ("It stopped at noon.", "It stopped at noon."),
    ]
    assert rows[-1].same == 1


def test_a_page_that_moved_its_links_says_where_they_lead(checker: Client, notice: Document, now: datetime) -> None:
    for number, target in enumerate(("one", "two")):
        page = f'<p>As <a href="https://{target}.example/">the report on bridges</a> says, the bridge is open.</p>'
        now_says(notice, f"<html><body>{page}</body></html>", now=now + timedelta(hours=number), media_type="text/html")
    page = said(checker.get(at(notice, "compare")))
    assert "https://one.example/</del>" in page
    assert "https://two.example/</ins>" in page


def test_what_a_comparison_leaves_out_is_said(
    checker: Client, notice: Document, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.admin.differences.MOST_LETTERS", 60)
    monkeypatch.setattr("sources.admin.differences.MOST_ROWS", 1)
    now_says(notice, "Not a word is the same. Of this nothing was there. Nor was this at all.", now=now)
    page = said(checker.get(at(notice, "compare")))
    assert "only their beginnings are held against each other" in page
    assert "The first 1 of" in page


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("?was=1&now=99", "There is no such version"),
        ("?was=x&now=1", "Enter a whole number."),
        ("?was=1&now=%00", "whole number"),
        ("?was=1", "This field is required."),
        ("?was=0&now=1", "greater than or equal to 1"),
        ("?was=1&now=1", "no difference that counts"),
    ],
)
def test_numbers_that_make_no_pair_are_said_so(checker: Client, notice: Document, asked: str, told: str) -> None:
    assert told in said(checker.get(at(notice, "compare") + asked))


def test_a_page_that_was_never_read_has_nothing_to_compare(checker: Client, now: datetime) -> None:
    document, _is_new = documents.watch("https://post.example/unread", now=now)
    assert "There is no such version" in said(checker.get(at(document, "compare")))


def test_the_looks_are_drawn_with_a_shape_and_a_word_for_each_outcome(
    checker: Client, notice: Document, now: datetime
) -> None:
    looks(notice, "unchanged", "change_pending", "changed", "unreachable", "gated", "gone", now=now)
    answer = checker.get(at(notice))
    page = said(answer)
    for lane, many in {"unchanged": 1, "pending": 1, "changed": 1, "unseen": 2, "gone": 1}.items():
        assert page.count(f'class="mark mark-{lane}"') == many
    assert "<title>2 Mar 2026, 10:00: perhaps changed, awaiting the second look</title>" in page
    assert "6 looks from 2 Mar 2026, 09:00 to 2 Mar 2026, 14:00: " in page
    assert inline_in(answer) == []


def test_one_look_alone_is_drawn_and_none_is_not(notice: Document, now: datetime) -> None:
    assert timeline.svg([]) == ""
    looks(notice, "unchanged", now=now)
    drawn = timeline.svg(list(notice.checks.all()))
    assert drawn.count("mark-unchanged") == 1
    assert "1 look from" in drawn


@pytest.mark.parametrize("name", ["version", "compare"])
def test_a_kept_page_asks_as_often_for_thirty_versions_as_for_three(
    name: str, checker: Client, notice: Document, now: datetime
) -> None:
    counts = []
    for many in (3, 30):
        for number in range(many):
            now_says(notice, f"Version {many} and {number} says so.", now=now + timedelta(hours=many + number))
        counts.append(queries(checker, at(notice, name, *([2] if name == "version" else []))))
    assert counts[0] == counts[1] <= 8


def test_the_list_is_narrowed_by_host_and_by_what_is_late(checker: Client, notice: Document, now: datetime) -> None:
    for url in ("https://post.example/a", "https://post.example.test/b", "http://POST.example?c"):
        documents.watch(url, now=now)
    at_post = said(checker.get(f"{listed(Document)}?host=post.example"))
    assert "https://post.example/a" in at_post
    assert "http://post.example/?c" in at_post
    assert "post.example.test/b</small>" not in at_post
    assert "traffic.example/notices" not in at_post
    assert "traffic.example" in at_post  # is offered
    Document.objects.filter(pk=notice.pk).update(due_at=None)
    late = said(checker.get(f"{listed(Document)}?watch=overdue"))
    assert "post.example/a" in late
    assert "traffic.example/notices" not in late
    assert checker.get(f"{listed(Document)}?host=%00&watch=overdue").status_code == 200


def test_the_list_is_narrowed_to_what_was_not_seen_for_too_long(
    checker: Client, notice: Document, now: datetime
) -> None:
    documents.watch("https://post.example/a", now=now)
    Document.objects.filter(pk=notice.pk).update(seen_at=now - timedelta(days=30))
    blind = said(checker.get(f"{listed(Document)}?watch=blind"))
    assert "traffic.example/notices" in blind
    assert "https://post.example/a" not in blind


def test_readers_read_what_is_kept(notice: Document) -> None:
    reader = signed_in(Role.READER)
    for name in ("version", "text", "raw"):
        assert reader.get(at(notice, name, 1)).status_code == 200
