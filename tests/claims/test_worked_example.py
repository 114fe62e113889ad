"""The domain's worked example, on the demo's own pages: an outlet named before its block, a lead that asserts."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from claims.models import Appearance
from claims.services import articles
from factcheck import ledger
from factcheck.lib import clock
from factcheck.management.demo import outlet
from sources.fetching.reading import read
from sources.models import Change, Snapshot
from sources.services import documents

pytestmark = pytest.mark.django_db

SEIZED = "Northern Front fighters had also seized the Kestrel crossing on the border with Talvia"
CLAIM = "Northern Front fighters seized the Kestrel crossing on the border with Talvia."


def taken_in(url: str, now: datetime, *, edited: bool = False) -> list[Appearance]:
    page = outlet.page(url, edited=edited)
    assert page is not None
    article, _new = articles.submit_html(page.encode(), now=now)
    ledger.drain_all()
    return list(article.appearances.select_related("claim").prefetch_related("chain"))


def told(found: Appearance) -> tuple[str, list[str], str, str, str]:
    chain = [link.name for link in found.chain.all()]
    return found.claim.text, chain, found.certainty, found.kind, found.claim.status


def test_the_outlets_own_page_leaves_it_unconfirmed(now: datetime) -> None:
    [found] = [one for one in taken_in(outlet.CROSSING, now) if "seized" in one.quote]
    assert found.quote == SEIZED
    assert told(found) == (CLAIM, ["The Harbour Courier", "Reports"], "unconfirmed", "fact", "unconfirmed")


def test_the_blog_asserts_what_the_outlet_it_quotes_could_not_confirm(now: datetime) -> None:
    own, quoted = [one for one in taken_in(outlet.BLOG, now) if "seized" in one.quote]
    assert own.quote == "Northern Front fighters seized the Kestrel crossing on the border with Talvia this weekend"
    assert told(own) == (f"{own.quote}.", ["Quay Notes"], "asserted", "fact", "unreviewed")
    assert quoted.quote == SEIZED
    chain = ["Quay Notes", "The Harbour Courier", "Reports"]
    assert told(quoted) == (CLAIM, chain, "unconfirmed", "fact", "unconfirmed")


def test_once_the_outlet_confirms_it_is_asserted(now: datetime) -> None:
    found = [one for one in taken_in(outlet.CROSSING, now, edited=True) if "seized" in one.quote]
    assert [one.certainty for one in found] == ["asserted"]
    assert "Reports" not in [link.name for link in found[0].chain.all()]


def test_a_page_that_confirms_and_says_more_is_another_claim_and_both_sentences_are_shown(now: datetime) -> None:
    [before] = [one for one in taken_in(outlet.CROSSING, now) if "seized" in one.quote]
    page = outlet.page(outlet.CROSSING, edited=True)
    assert page is not None
    document = before.article.document
    reading = read(page.encode(), media_type="text/html", charset="utf-8", url="")
    later = clock.now()
    with transaction.atomic():
        after = documents.keep(
            document, reading, raw=b"", media_type="text/html", now=later, captured_by=Snapshot.CapturedBy.PERSON
        )
        Change.objects.create(
            document=document, found="changed", before=before.snapshot, after=after, at=later, due_at=later
        )
    ledger.drain_all()
    [today] = [one for one in before.article.appearances.standing() if "seized" in one.quote]
    assert today.claim.text == CLAIM.replace(".", " on the night of Sunday, November 15, 2026."), "narrower"
    assert (today.certainty, today.claim.status) == ("asserted", "unreviewed")
    flag = before.claim.flags.get()
    assert (flag.reason, flag.detail["anchor"]) == ("quote_changed", "reworded")
    assert "could not be independently confirmed" in flag.detail["was"]
    assert "police confirmed on Monday" in flag.detail["today"]
    before.claim.refresh_from_db()
    assert before.claim.status == "unconfirmed", "no machine moves a status"
