"""Taking articles in, and the page of one in each of its states."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Article, Claim
from claims.services import articles
from claims.services.articles import HTML_BYTES
from sources.models import Document, Snapshot
from tests.claims.admin.conftest import at, listed, said
from tests.factories import claim

pytestmark = pytest.mark.django_db
PAGE = b"<html><head><title>Cracks</title></head><body><article><h1>Cracks found</h1><p>%s</p></article></body></html>"
SENTENCE = b"Engineers found cracks in two pillars of the Selmar bridge on Friday, the city said. " * 6


def submit(client: Client, **form: object):
    return client.post(listed(Article, "add"), form)


def test_an_article_comes_in_by_its_address(checker: Client) -> None:
    answer = submit(checker, url="https://post.example/bridge")
    article = Article.objects.get()
    assert answer["Location"] == at(article)
    assert str(article.submitted_by) == "fact_checker"
    page = said(checker.get(at(article)))
    assert "waiting for the page" in page
    assert "The page was not read yet" in page


def test_an_article_comes_in_as_text_and_is_found_again(checker: Client) -> None:
    form = {"text": "The bridge is closed.\n\nIt is so.", "title": "Closed", "outlet": "The Selmar Post"}
    submit(checker, **form)
    article = Article.objects.get()
    assert (str(article), str(article.document.publisher)) == ("Closed", "The Selmar Post")
    answer = submit(checker, **form)
    assert answer["Location"] == at(article)
    assert "was here already" in said(checker.get(at(article)))
    assert Article.objects.count() == 1


def test_an_article_comes_in_as_a_saved_page(checker: Client) -> None:
    saved = SimpleUploadedFile("page.html", PAGE % SENTENCE, content_type="text/html")
    assert submit(checker, html=saved, outlet="The Selmar Post").status_code == 302
    assert "Engineers found cracks" in Snapshot.objects.get().text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Give exactly one"),
        ({"url": "https://post.example/", "text": "both of them"}, "Give exactly one"),
        ({"url": "javascript:alert(1)", "outlet": "kept outlet"}, "errorlist"),
        ({"url": "http://10.0.0.1/", "outlet": "kept outlet"}, "errorlist"),
        ({"url": "https://x.example/" + "a" * 2100}, "at most 2048"),
        ({"text": "\x01\x02\x03\x04", "outlet": "kept outlet"}, "This is not text"),
        ({"text": "a\x00b", "outlet": "kept outlet"}, "Null characters"),
        ({"text": "  \n  ", "outlet": "kept outlet"}, "errorlist"),
    ],
)
def test_what_is_no_article_is_refused_and_kept(checker: Client, form: dict[str, str], words: str) -> None:
    answer = submit(checker, **form)
    assert answer.status_code == 200
    assert words in said(answer)
    assert form.get("outlet", "") in said(answer)
    assert not Article.objects.exists()


def test_a_text_larger_than_its_bound_is_refused_with_a_reason(checker: Client) -> None:
    answer = submit(checker, text="The bridge is closed. " * 100_000, outlet="kept outlet")
    assert "at most 2 MB" in said(answer)
    assert "kept outlet" in said(answer)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"just words", "not an HTML page"),
        (b"   ", "The file is empty"),
        (b"", "empty"),
        (b"<html><body></body></html>", "No article text was found"),
        (b"<" * (HTML_BYTES + 1), "at most 5 MB"),
    ],
)
def test_a_file_that_is_no_page_is_refused_with_a_reason(checker: Client, body: bytes, words: str) -> None:
    saved = SimpleUploadedFile("page.html", body)
    answer = submit(checker, html=saved, outlet="kept outlet")
    assert answer.status_code == 200
    assert words in said(answer)
    assert "kept outlet" in said(answer)


def test_the_page_shows_the_text_with_its_claims_marked(checker: Client, article: Article) -> None:
    page = said(checker.get(at(article)))
    for one in article.appearances.all():
        assert f'href="{at(one.claim)}"' in page
    assert '<mark class="mark-possible">' in page
    assert "split into claims" in page
    assert "block-headline" in page


def test_a_text_without_claims_says_so(checker: Client, article: Article) -> None:
    article.appearances.all().update(ended_at="2026-03-02T09:00Z")
    assert "No claims were found in this text. Add one by hand." in said(checker.get(at(article)))


@pytest.mark.parametrize(
    ("state", "words"), [("language_not_supported", "This language cannot be split."), ("due", "Not split yet.")]
)
def test_an_article_that_is_not_split_says_why(checker: Client, now: datetime, state: str, words: str) -> None:
    article, _is_new = articles.submit_text("Die Brücke ist zu.", now=now)
    Article.objects.filter(pk=article.pk).update(state=state, state_reason="Its language (de) cannot be split.")
    answer = checker.get(at(article))
    page = said(answer)
    assert b'<li class="empty"' not in answer.content, "nothing has no number"
    assert words in page
    assert "Its language (de) cannot be split." in page
    assert "Die Brücke ist zu." in page


def test_a_page_that_cannot_be_read_says_what_to_do(checker: Client, now: datetime) -> None:
    article, _is_new = articles.submit_url("https://post.example/bridge", now=now)
    Document.objects.update(outcome="gated", outcome_detail="status 403", checked_at=now)
    page = said(checker.get(at(article)))
    assert "status 403" in page
    assert "Paste its text instead" in page
    assert "failed" in said(checker.get(listed(Article)))


def test_a_stuck_article_is_split_again_once(checker: Client, article: Article, now: datetime) -> None:
    error = "ValueError: <script>alert(1)</script>"
    Article.objects.filter(pk=article.pk).update(quarantined_at=now, attempts=3, last_error=error)
    page = said(checker.get(at(article)))
    assert "&lt;script&gt;alert(1)" in page
    assert "stuck" in said(checker.get(listed(Article)))
    assert "<script>alert" not in page
    checker.post(at(article, "requeue"))
    article.refresh_from_db()
    assert (article.quarantined_at, article.attempts) == (None, 0)
    checker.post(at(article, "requeue"))
    assert "It is not stuck" in said(checker.get(at(article)))
    assert "Split it again" not in said(checker.get(at(article)))


def test_nothing_is_posted_to_an_articles_page(checker: Client, article: Article) -> None:
    assert checker.post(at(article), {"state": "due"}).status_code == 405


def test_a_claim_by_hand_stands_in_its_article(checker: Client, article: Article) -> None:
    offered = said(checker.get(f"{listed(Claim, 'add')}?article={article.pk}"))
    assert f'<option value="{article.pk}" selected>' in offered
    form = {
        "text": "Talks over the bridge collapsed.", "kind": "fact", "language": "en", "article": article.pk,
        "quote": "Talks over the Selmar bridge collapsed", "certainty": "probable", "claimant": "Ilka Brandt",
        "said_at": "2026-03-02T10:00", "said_where": "on the radio",
    }  # fmt: skip
    assert checker.post(listed(Claim, "add"), form).status_code == 302
    claim = Claim.objects.latest("id")
    assert claim.appearances.get().certainty == "probable"
    assert (claim.origin, str(claim.created_by)) == ("person", "fact_checker")
    page = said(checker.get(at(claim)))
    for words in ("Ilka Brandt", "on the radio", "The text says:</span> probable", "2 Mar 2026, 10:00"):
        assert words in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "errorlist"),
        ({"text": "x" * 2001}, "at most 2000"),
        ({"kind": "joke"}, "errorlist"),
        ({"language": "<b>"}, "A code such as"),
        ({"said_at": "0001-01-01T00:00"}, "not a date on which somebody was heard"),
        ({"said_at": "yesterday"}, "errorlist"),
        ({"quote": "It never stood there."}, "copy it character for character"),
        ({"article": "999999"}, "errorlist"),
        ({"article": "9" * 40}, "errorlist"),
        ({"article": "x\x00"}, "errorlist"),
        ({"text": "a\x00b"}, "Null characters"),
    ],
)
def test_a_claim_that_cannot_be_written_is_refused_and_kept(
    checker: Client, article: Article, change: dict[str, str], words: str
) -> None:
    before = Claim.objects.count()
    form = {
        "text": "A claim.", "kind": "fact", "language": "en", "article": str(article.pk), "certainty": "asserted",
        "quote": "Talks over the Selmar bridge collapsed", "claimant": "kept claimant", **change,
    }  # fmt: skip
    answer = checker.post(listed(Claim, "add"), form)
    assert answer.status_code == 200
    assert words in said(answer)
    assert "kept claimant" in said(answer)
    assert Claim.objects.count() == before


def test_a_claim_for_an_article_that_was_not_read_is_refused(checker: Client, now: datetime) -> None:
    article, _is_new = articles.submit_url("https://post.example/bridge", now=now)
    form = {"text": "A claim.", "kind": "fact", "language": "en", "article": article.pk, "certainty": "asserted"}
    answer = checker.post(listed(Claim, "add"), {**form, "quote": "anything"})
    assert "was not read yet" in said(answer)
    assert not Claim.objects.exists()


def test_an_older_article_than_those_offered_can_still_be_given(
    checker: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.admin.forms.RECENT_ARTICLES", 0)
    assert f'<option value="{article.pk}" selected>' in said(
        checker.get(f"{listed(Claim, 'add')}?article={article.pk}")
    )


def test_a_long_text_is_shown_in_part_and_many_claims_too(
    checker: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.admin.article_page.SHOWN_LENGTH", 60)
    monkeypatch.setattr("claims.admin.article_page.MOST_CLAIMS", 2)
    page = said(checker.get(at(article)))
    assert "The text goes on" in page
    assert "Only the first 2 are shown." in page
    assert "next week" not in page.split("<aside")[0]


def test_a_text_without_blocks_is_shown_whole(checker: Client, now: datetime) -> None:
    article, _is_new = articles.submit_text("First words.", now=now)
    article.snapshot = Snapshot.objects.create(
        document=article.document, number=2, taken_at=now, captured_by="fetch", text="Second words.\n\nLast words.",
        digest="d", language="en",
    )  # fmt: skip
    article.save(update_fields=["snapshot"])
    assert "Second words. Last words." in said(checker.get(at(article)))


def test_a_claim_without_article_says_so(checker: Client, now: datetime) -> None:
    assert "It stands in no article" in said(checker.get(at(claim(now))))


def test_where_it_stood_before_is_kept_apart(checker: Client, article: Article) -> None:
    appearance = article.appearances.earliest("id")
    appearance.ended_at = "2026-03-02T09:00Z"
    appearance.anchor, appearance.anchor_sentence = "reworded", "Talks went on."
    appearance.save(update_fields=["ended_at", "anchor", "anchor_sentence"])
    page = said(checker.get(at(appearance.claim)))
    assert "One place where it stood before" in page
    assert "no longer there since 2 Mar 2026, 09:00" in page
    assert "It says today" in page
