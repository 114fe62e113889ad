"""Articles come in, are split once, and keep their claims when their page says something else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from claims import splitting
from claims.models import Appearance, Article, Claim, Event, Evidence
from claims.services import articles, claims
from claims.services.articles import ArticleRefused
from claims.splitting import Splitting
from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused
from sources.fetching.reading import read
from sources.fetching.types import Link
from sources.models import Change, Document, Snapshot
from sources.services import documents
from tests.factories import STORY, person, split_article

pytestmark = pytest.mark.django_db

CLOSED = "Reports that the bridge had already been closed to lorries could not be independently confirmed."


def closed_claim(article: Article) -> Appearance:
    return article.appearances.standing().get(quote__contains="closed to lorries")


def new_version(article: Article, text: str, *, now: datetime) -> None:
    """Let the article's page say something else, as a look would have found it."""
    document = Document.objects.get(pk=article.document_id)
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    before = document.snapshot
    with transaction.atomic():
        after = documents.keep(
            document, reading, raw=b"", media_type="text/plain", now=now, captured_by=Snapshot.CapturedBy.PERSON
        )
        Change.objects.create(document=document, found="changed", before=before, after=after, at=now, due_at=now)
    ledger.drain_all()


def test_a_pasted_article_becomes_claims_with_their_chain(now: datetime) -> None:
    article = split_article(now, title="Bridge talks collapse")
    assert article.state == Article.State.SPLIT
    found = closed_claim(article)
    assert found.certainty == "unconfirmed"
    assert found.claim.status == "unconfirmed"
    chain = [link.name for link in found.chain.all()]
    assert chain[0] == "The Selmar Post"
    assert chain[-1] == "Reports"
    assert found.chain.get(position=0).source == article.document.publisher
    assert found.chain.last().source is None  # type: ignore[union-attr]
    assert Event.objects.filter(type="claim.created").count() == Claim.objects.count()
    assert Event.objects.get(subject="article", type="article.processed").payload["new"] == Claim.objects.count()


def test_every_span_is_verbatim_in_its_version(now: datetime) -> None:
    article = split_article(now)
    for found in article.appearances.select_related("snapshot"):
        for span in found.spans:
            assert found.snapshot.text[span["start"] : span["end"]] == span["exact"]


def test_a_title_is_the_headline_block(now: datetime) -> None:
    article = split_article(now, title="Bridge talks collapse")
    assert article.document.snapshot is not None
    assert article.document.snapshot.blocks[0]["kind"] == "headline"
    assert str(article) == "Bridge talks collapse"


def test_an_unconfirmed_claim_holds_six_hours(now: datetime) -> None:
    found = closed_claim(split_article(now)).claim
    assert found.holds_until is not None
    assert found.holds_until - found.status_since == timedelta(hours=6)


def test_the_same_text_again_is_the_same_article(now: datetime) -> None:
    first, is_new = articles.submit_text(STORY, now=now)
    assert is_new
    assert articles.submit_text(STORY.replace("\n\n", "\n\n\n"), now=now) == (first, False)
    assert articles.submit_url("https://news.example.org/a", now=now)[1]
    assert not articles.submit_url("https://news.example.org/a#top", now=now)[1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("abc\x00def", "not_text"),
        ("\x01\x02\x03" * 99, "not_text"),
        ("lone \ud800 surrogate", "not_text"),
        ("x" * 10 * 1024 * 1024, "too_large"),
        ("\u200b\ufeff", "no_text"),
    ],
)
def test_what_is_no_article_is_refused_and_leaves_nothing(now: datetime, text: str, code: str) -> None:
    with pytest.raises(ArticleRefused) as refused:
        articles.submit_text(text, now=now)
    assert refused.value.code == code
    assert not Article.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"just words", "not_html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00<", "not_html"),
        (b"<html></html>", "no_text"),
        (b"<" * (5 * 1024 * 1024 + 1), "too_large"),
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(60_000)) + b">x</p>", "unreadable"),
    ],
)
def test_what_is_no_page_is_refused_and_leaves_nothing(now: datetime, body: bytes, code: str) -> None:
    with pytest.raises(ArticleRefused) as refused:
        articles.submit_html(body, now=now)
    assert refused.value.code == code
    assert not Article.objects.exists()


def test_a_saved_page_is_split_with_its_own_outlet(now: datetime) -> None:
    page = "<html lang=en><meta property=og:site_name content='Quay Notes'><article><h1>Bridge</h1>"
    page += "".join(f"<p>{part}</p>" for part in STORY.split("\n\n")) + "</article></html>"
    article, _new = articles.submit_html(page.encode(), now=now)
    ledger.drain_all()
    assert article.document.publisher is not None
    assert article.document.publisher.name == "Quay Notes"
    assert closed_claim(article).chain.get(position=0).name == "Quay Notes"


def test_an_address_that_is_not_allowed_is_refused(now: datetime) -> None:
    with pytest.raises(UrlRefused):
        articles.submit_url("http://localhost/", now=now)
    assert not Article.objects.exists()


def test_an_article_in_another_language_is_kept_for_claims_by_hand(now: datetime) -> None:
    article = split_article(
        now,
        "Die Verhandlungen über die Brücke sind am Montag gescheitert, sagte die Bürgermeisterin. Der Stadtrat will "
        "nächste Woche über die Sanierung abstimmen. Die Kosten werden auf zwölf Millionen Euro geschätzt.",
    )
    assert article.state == Article.State.UNSUPPORTED
    assert "by hand" in article.state_reason
    assert "add de to CLAIMS_LANGUAGES" in article.state_reason
    assert not Claim.objects.exists()
    found = claims.make(
        "Talks over the bridge failed.", now=now, by=person(), article=article, quote="am Montag gescheitert"
    )
    assert found.appearances.get().article == article


def test_a_text_without_claims_is_split_into_none(now: datetime) -> None:
    article = split_article(now, "Who knows? Why now? What next?")
    assert article.state == Article.State.SPLIT
    assert not article.appearances.exists()


def test_what_was_cut_is_said(now: datetime) -> None:
    article, _new = articles.submit_text(STORY, now=now)
    held = ledger.lease(ledger.register.works["split"])[0]
    articles.split_due(held, now=now, split=lambda _text, **_more: Splitting((), truncated="too many claims"))
    article.refresh_from_db()
    assert article.state_reason == "Cut: too many claims"


GERMAN = (
    "Die Brücke in Selmar ist gesperrt, sagte die Bürgermeisterin am Montag. Die Sanierung kostet 12 Millionen Euro."
)


def test_a_language_that_a_desk_switches_on_is_split(now: datetime, settings: Any) -> None:
    settings.CLAIMS_LANGUAGES = ["en", "de"]
    article = split_article(now, GERMAN)
    assert article.state == Article.State.SPLIT
    found = article.appearances.get(quote="Die Brücke in Selmar ist gesperrt")
    assert [link.name for link in found.chain.all()] == ["The Selmar Post", "die Bürgermeisterin"]


def test_an_article_whose_language_is_switched_on_later_is_split_again(now: datetime, settings: Any) -> None:
    article = split_article(now, GERMAN)
    assert article.state == Article.State.UNSUPPORTED
    settings.CLAIMS_LANGUAGES = ["en", "de"]
    assert articles.split_again(article, now=now)
    ledger.drain_all()
    article.refresh_from_db()
    assert (article.state, article.state_reason) == (Article.State.SPLIT, "")
    assert article.appearances.count() == 2
    assert not articles.split_again(article, now=now)


def test_a_desk_can_switch_on_every_language_that_has_a_bundle() -> None:
    code = (Path(__file__).parents[2] / "factcheck/settings.py").read_text(encoding="utf-8")
    told = re.search(r'some_of\("CLAIMS_LANGUAGES", default="en", of=\(([^)]*)\)', code)
    assert told is not None
    assert re.findall(r"\w+", told[1]) == list(splitting.LANGUAGES)


def test_a_text_too_short_to_tell_is_in_the_desks_first_language(now: datetime, settings: Any) -> None:
    settings.CLAIMS_LANGUAGES = ["de"]
    assert split_article(now, "Es ist 5 nach 12.").state == Article.State.SPLIT
    assert split_article(
        now, "The bridge over the river is closed, the mayor of the old town said on Monday."
    ).state == (Article.State.UNSUPPORTED)


def test_splitting_is_told_blocks_language_and_day(now: datetime) -> None:
    page = "<html lang=en><meta property=article:published_time content=2026-03-01T20:00:00Z><article><h1>Bridge</h1>"
    told: list[dict[str, Any]] = []

    def split(_text: str, **given: Any) -> Splitting:
        told.append(given)
        return Splitting(())

    for body, more in ((page, ""), (page.replace("published", "other"), " It is cold.")):
        articles.submit_html(f"{body}<p>{STORY}{more}</p></article></html>".encode(), now=now)
        held = ledger.lease(ledger.register.works["split"])[0]
        articles.split_due(held, now=now, split=split)
    assert [(one["language"], one["published"]) for one in told] == [("en", date(2026, 3, 1)), ("en", None)]
    assert [block.kind for block in told[0]["blocks"]][:1] == ["headline"]


def test_an_article_is_split_once_however_often_it_is_leased(now: datetime) -> None:
    article, _new = articles.submit_text(STORY, now=now)
    held = ledger.lease(ledger.register.works["split"])[0]
    Article.objects.update(lease_until=now)
    again = ledger.lease(ledger.register.works["split"])[0]
    articles.split_due(again, now=now)
    count = Claim.objects.count()
    with pytest.raises(ledger.LeaseLost):
        articles.split_due(held, now=now)
    assert Claim.objects.count() == count
    assert article.appearances.count() == count


def test_links_in_a_claims_sentence_are_watched_and_suggested(now: datetime) -> None:
    page = (
        "<html lang=en><article><h1>Bridge</h1><p>Engineers found cracks in the Selmar bridge, "
        "<a href='https://city.example.org/report'>the city's report</a> says.</p><p>The mayor resigned on Friday. "
        "On Saturday, <a href='http://127.0.0.1/admin'>her office</a> closed <a href='#top'>its doors</a>.</p>"
        "<p>The city council of Selmar met on Monday and put off its vote on the budget.</p></article></html>"
    )
    article, _new = articles.submit_html(page.encode(), now=now)
    ledger.drain_all()
    Document.objects.get(url="https://city.example.org/report")
    suggested = Evidence.objects.filter(document__url="https://city.example.org/report")
    assert suggested.exists()
    assert all("cracks" in one.claim.text for one in suggested)
    assert all(one.state == "suggested" and "the city's report" in one.suggested_because for one in suggested)
    assert Document.objects.exclude(url="").count() == 1, "what must not be looked at is not watched"
    assert article.appearances.exists()


def test_a_page_that_links_to_itself_is_no_evidence_for_itself(now: datetime) -> None:
    url = "https://news.example.org/bridge"
    document, _new = documents.watch(url, now=now)
    Article.objects.create(document=document, due_at=now)
    page = f"<html lang=en><article><h1>Bridge</h1><p>The <a href='{url}#top'>Selmar bridge</a> was shut.</p></article>"
    reading = read(page.encode(), media_type="text/html", charset="", url=url)
    with transaction.atomic():
        documents.keep(document, reading, raw=b"", media_type="", now=now, captured_by=Snapshot.CapturedBy.FETCH)
    assert reading.links
    ledger.drain(ledger.register.works["split"])
    assert Claim.objects.filter(text__contains="shut").exists()
    assert not Evidence.objects.exists()


def test_a_link_that_is_no_longer_allowed_does_not_stop_the_splitting(now: datetime) -> None:
    """A snapshot was read under an older table of addresses."""
    reading = read(b"The mayor resigned on Friday.", media_type="text/plain", charset="utf-8", url="")
    reading = replace(reading, links=(Link(4, 9, "http://10.0.0.1/", "mayor"),))
    document, _new = documents.supply(reading, raw=b"", media_type="text/plain", by=None, now=now)
    Article.objects.create(document=document, due_at=now)
    ledger.drain_all()
    assert Claim.objects.filter(text__contains="resigned").exists()
    assert not Evidence.objects.exists()


def test_a_claim_that_is_found_twice_is_kept_once(now: datetime) -> None:
    article, _new = articles.submit_text(STORY, now=now)
    held = ledger.lease(ledger.register.works["split"])[0]

    def twice(text: str, **more: object) -> Splitting:
        once = splitting.split(text, **more)  # type: ignore[arg-type]
        return Splitting((*once.claims, *once.claims))

    articles.split_due(held, now=now, split=twice)
    assert article.appearances.count() == Claim.objects.count() > 0


def test_a_new_version_keeps_uids_adds_what_is_new_and_ends_what_vanished(now: datetime) -> None:
    article = split_article(now)
    kept, gone = closed_claim(article), article.appearances.get(quote__contains="collapsed on Monday")
    text = STORY.replace("Talks over the Selmar bridge collapsed on Monday, Mayor Ilka Brandt said.\n\n", "")
    new_version(article, f"{text}\n\nThe mayor resigned on Friday.", now=clock.now())
    article.refresh_from_db()
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert kept.ended_at is None
    assert kept.snapshot == article.snapshot
    assert article.snapshot is not None
    assert article.snapshot.number == 2
    assert article.snapshot.text[kept.spans[0]["start"] : kept.spans[0]["end"]] == kept.spans[0]["exact"]
    assert gone.ended_at is not None
    assert gone.claim.flags.get().reason == "quote_changed"
    assert article.appearances.standing().filter(quote__contains="resigned on Friday").exists()


def test_a_claim_marked_by_hand_is_re_anchored_where_its_quote_still_stands(now: datetime) -> None:
    article = split_article(now)
    hand = claims.make("Repairs are voted on.", now=now, by=person(), article=article, quote="may vote on repairs")
    new_version(article, f"An earlier paragraph.\n\n{STORY}", now=clock.now())
    found = hand.appearances.get()
    assert found.ended_at is None
    assert found.snapshot.number == 2
    assert found.snapshot.text[found.spans[0]["start"] : found.spans[0]["end"]] == "may vote on repairs"
    new_version(article, "Nothing of it is left on the page today, say the editors.", now=clock.now())
    found.refresh_from_db()
    assert found.ended_at is not None


def test_a_version_that_is_split_before_its_change_is_heard_flags_what_it_ends(now: datetime) -> None:
    article = split_article(now)
    gone = article.appearances.get(quote__contains="collapsed on Monday")
    document = Document.objects.get(pk=article.document_id)
    reading = read(b"The mayor resigned on Friday.", media_type="text/plain", charset="utf-8", url="")
    with transaction.atomic():
        documents.keep(document, reading, raw=b"", media_type="", now=now, captured_by=Snapshot.CapturedBy.PERSON)
    Article.objects.update(due_at=now)
    ledger.drain(ledger.register.works["split"])
    gone.refresh_from_db()
    assert gone.ended_at is not None
    assert gone.claim.flags.get().detail["anchor"] == "removed"


def test_an_article_of_a_page_that_was_read_already_is_due_at_once_also_when_sent_again(now: datetime) -> None:
    url = "https://news.example.org/bridge"
    document, _new = documents.watch(url, now=now)
    reading = read(STORY.encode(), media_type="text/plain", charset="utf-8", url="")
    stuck = Article.objects.create(document=document)
    with transaction.atomic():
        documents.keep(document, reading, raw=b"", media_type="", now=now, captured_by=Snapshot.CapturedBy.FETCH)
    again, is_new = articles.submit_url(url, now=now)
    assert (again, is_new) == (stuck, False)
    assert (again.state, again.due_at) == (Article.State.DUE, now)


def test_a_version_that_came_in_during_the_splitting_is_split_next(now: datetime) -> None:
    article, _new = articles.submit_text(STORY, now=now)
    held = ledger.lease(ledger.register.works["split"])[0]

    def split_slowly(text: str, **more: object) -> Splitting:
        document = Document.objects.get(pk=article.document_id)
        reading = read(b"The mayor resigned.", media_type="text/plain", charset="utf-8", url="")
        with transaction.atomic():
            documents.keep(
                document, reading, raw=b"", media_type="text/plain", now=now, captured_by=Snapshot.CapturedBy.PERSON
            )
        return splitting.split(text, **more)  # type: ignore[arg-type]

    articles.split_due(held, now=now, split=split_slowly)
    article.refresh_from_db()
    assert article.due_at == now
    ledger.drain_all()
    assert article.appearances.standing().filter(quote__contains="resigned").exists()


def test_an_article_whose_page_was_not_read_waits_and_says_what_went_wrong(now: datetime) -> None:
    article, _new = articles.submit_url("https://news.example.org/a", now=now)
    assert article.progress == ("waiting", "")
    Article.objects.update(due_at=now)
    articles.split_due(ledger.lease(ledger.register.works["split"])[0], now=now)
    Document.objects.update(outcome="gated", outcome_detail="status 403")
    article = Article.objects.get()
    state, reason = article.progress
    assert state == "failed"
    assert reason.startswith("gated: status 403")
    assert "We look again at" in reason
    Document.objects.update(due_at=None, outcome_detail="")
    assert Article.objects.get().progress == ("failed", "gated: behind a login or bot wall")
    Article.objects.update(quarantined_at=now, last_error="ValueError: x")
    assert Article.objects.get().progress == ("quarantined", "ValueError: x")
