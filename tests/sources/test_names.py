"""Whom a name means: by its domain, by what stands around it, or nobody."""

from __future__ import annotations

from datetime import datetime

import pytest

from sources.fetching.reading import read
from sources.models import Document, Snapshot, Source
from sources.seeds import Entry
from sources.services import documents, seeding, sources
from tests.factories import split_article

pytestmark = pytest.mark.django_db

LIST = (
    Entry("The Selmar Post", ("SelPo",), ("The Post",), ("selmarpost.example",), "outlet", ""),
    Entry("Harbour Post", (), ("The Post",), ("harbourpost.example",), "outlet", ""),
    Entry("The Quay", (), ("Quay",), ("quay.example",), "outlet", ""),
    Entry("Coast News Agency", ("Coast News",), ("CNA",), ("coast.example",), "agency", ""),
)


@pytest.fixture(autouse=True)
def _known() -> None:
    seeding.seed(LIST)


def named(name: str) -> Source:
    return Source.objects.get(name=name)


def page(url: str, html: str, *, now: datetime) -> Document:
    document, _is_new = documents.watch(url, now=now)
    reading = read(html.encode(), media_type="text/html", charset="utf-8", url=url)
    fetch = Snapshot.CapturedBy.FETCH
    documents.keep(document, reading, raw=html.encode(), media_type="text/html", now=now, captured_by=fetch)
    return document


def html(site: str = "", text: str = "The bridge is closed to lorries, the council of Selmar wrote on Monday.") -> str:
    return f"<head><title>Bridge</title><meta property='og:site_name' content='{site}'></head><article><p>{text}</p>"


@pytest.mark.parametrize("site", ["SelPo", "The Post", "The Selmar Post", "The Selmar Post Online", "Harbour Post", ""])
def test_a_page_is_whose_its_domain_is_whatever_it_calls_itself(now: datetime, site: str) -> None:
    made = page("https://www.selmarpost.example/bridge", html(site), now=now)
    assert made.publisher == named("The Selmar Post")


def test_an_unknown_page_by_a_shared_name_is_a_source_of_its_own(now: datetime) -> None:
    made = page("https://post.island.example/bridge", html("The Post"), now=now)
    assert str(made.publisher) == "The Post (island.example)"
    again = page("https://post.island.example/ferry", html("The Post"), now=now)
    assert again.publisher == made.publisher


def test_an_unknown_page_by_anothers_plain_name_is_not_taken_for_it(now: datetime) -> None:
    assert str(page("https://evil.example/a", html("SelPo"), now=now).publisher) == "SelPo (evil.example)"


def test_a_saved_page_by_a_shared_name_has_no_publisher_until_somebody_says(now: datetime) -> None:
    reading = read(html("The Post").encode(), media_type="text/html", charset="utf-8", url="")
    assert documents.publisher_of(reading) is None
    with pytest.raises(sources.Ambiguous, match=r"“The Post” may be Harbour Post, The Selmar Post\. Write the full"):
        documents.publisher_of(reading, outlet="The Post")
    assert documents.publisher_of(reading, outlet="SelPo") == named("The Selmar Post")


def test_a_shared_name_stays_text_where_nothing_says_whose_it_is() -> None:
    assert sources.meant("The Post") is None
    assert sources.meant("The Post", text="The Post wrote so. So did the Washington Posters.") is None
    assert Source.objects.count() == len(LIST)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("The Selmar Post found out first. The Post also has a picture.", "The Selmar Post"),
        ("According to a Selmar\nPost reporter, who left The Post since, all is well.", "The Selmar Post"),
        ("SelPo, as The Post is called, wrote it.", "The Selmar Post"),
        ("Harbour Post and The Selmar Post disagree. The Post is right.", None),
        ("the selmar post, where letters go. The Post", None),
    ],
)
def test_a_shared_name_means_the_one_whose_full_name_the_text_has(text: str, whom: str | None) -> None:
    found = sources.meant("The Post", text=text)
    assert (found and found.name) == whom


def test_a_shared_name_means_the_one_to_whose_domain_the_article_links() -> None:
    assert sources.meant("The Post", domains=["harbourpost.example"]) == named("Harbour Post")
    assert sources.meant("The Post", domains=["harbourpost.example", "selmarpost.example"]) is None


def test_a_shared_name_means_the_articles_own_outlet_first() -> None:
    own = named("Harbour Post")
    assert sources.meant("The Post", text="The Selmar Post wrote.", near=[own.pk]) == own


def test_a_name_that_is_a_common_word_as_well_counts_as_it_is_written() -> None:
    assert sources.meant("The Quay") == named("The Quay")
    assert sources.meant("Quay") is None, "somebody called Quay"
    assert sources.meant("Quay", text="The Quay has it that") == named("The Quay")


def test_a_shared_name_of_one_alone_is_asked_for_its_context_in_texts_and_not_of_people() -> None:
    assert sources.meant("CNA") is None
    assert sources.meant("CNA", text="Coast News Agency (CNA)") == named("Coast News Agency")
    assert sources.find_or_make("CNA") == named("Coast News Agency")


def test_a_desk_may_say_once_and_for_all_whom_a_shared_name_means() -> None:
    post = named("Harbour Post")
    post.names.create(name="The Post")
    assert sources.meant("The Post") == sources.find_or_make("The Post") == post


@pytest.mark.parametrize("name", ["the agency", "officials", "The Agency", "the paper", ""])
def test_what_names_nobody_stays_text(name: str) -> None:
    assert sources.meant(name) is None


def test_a_name_that_nobody_goes_by_makes_a_source() -> None:
    assert sources.meant("Dara Voss") == named("Dara Voss")


def test_many_who_share_a_name_are_not_all_listed() -> None:
    more = [Entry(f"Island Post {n}", (), ("The Post",), (f"p{n}.example",), "outlet", "") for n in range(5)]
    seeding.seed((*LIST, *more))
    with pytest.raises(sources.Ambiguous, match="Island Post 3 …"):
        sources.find_or_make("The Post")


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("SELMAR (CNA) — The bridge is closed to lorries, the council wrote on Monday.", "Coast News Agency"),
        ("The bridge is closed to lorries, the council wrote on Monday.", None),
        ("SELMAR (Harbour Post) — The bridge is closed to lorries, the council wrote.", None),
    ],
)
def test_the_agency_of_a_page_is_found_when_a_version_is_kept(now: datetime, text: str, wire: str | None) -> None:
    made = page("https://www.selmarpost.example/bridge", html(text=text), now=now)
    made.refresh_from_db()
    assert (made.wire and made.wire.name) == wire


def test_an_agency_has_its_own_pages_from_nobody(now: datetime) -> None:
    text = "SELMAR (CNA) — The bridge is closed to lorries, the council wrote on Monday."
    assert page("https://coast.example/1", html(text=text), now=now).wire is None


def test_in_an_article_of_the_wire_the_agencys_short_name_is_its_own(now: datetime) -> None:
    text = "SELMAR (CNA) — The bridge is closed to lorries.\n\nCNA reported on Monday that the ferry runs again."
    article = split_article(now, text, outlet="SelPo")
    assert article.document.wire == named("Coast News Agency")
    links = [link for place in article.appearances.all() for link in place.chain.all() if link.name == "CNA"]
    assert links
    assert {link.source for link in links} == {named("Coast News Agency")}


def test_in_an_article_that_says_nothing_else_a_shared_name_stays_text(now: datetime) -> None:
    text = "The bridge is closed to lorries. The Post reported on Monday that the ferry runs again."
    article = split_article(now, text, outlet="The Quay")
    links = [link for place in article.appearances.all() for link in place.chain.all() if "Post" in link.name]
    assert links
    assert {link.source for link in links} == {None}
