"""How many independent pages say what a claim says, and names that several go by, as people type them."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Claim, Evidence
from claims.services import articles, claims, evidence, voices
from factcheck import ledger
from factcheck.access.models import User
from sources.models import Source, SourceName
from sources.services import sources
from tests.claims.admin.conftest import page_of
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
QUOTE = "The Selmar bridge is closed to lorries."


@pytest.fixture
def by() -> User:
    return person()


def told_by(url: str, one: Claim, by: User, stance: str, now: datetime) -> None:
    page = page_of(f"{QUOTE} So says {url}.", now=now, url=url)
    evidence.attach(one, page, quote=QUOTE, stance=Evidence.Stance(stance), by=by, now=now)


def test_articles_and_supporting_evidence_count_and_nothing_else(now: datetime, by: User) -> None:
    article = split_article(now, QUOTE)
    one = article.appearances.get().claim
    assert voices.independent_sources(one).of == 1
    told_by("https://courier.example/1", one, by, "supports", now)
    told_by("https://quay.example/1", one, by, "refutes", now)
    told_by("https://ferry.example/1", one, by, "context", now)
    evidence.suggest(one, page_of("Another notice.", now=now), because="a link", now=now)
    told = voices.independent_sources(one)
    assert (told.count, told.of) == (2, 2)


def test_two_pages_of_one_outlet_are_one_voice(now: datetime, by: User) -> None:
    one = claim(now)
    told_by("https://courier.example/1", one, by, "supports", now)
    told_by("https://courier.example/2", one, by, "supports", now)
    told = voices.independent_sources(one)
    assert (told.count, told.of, told.because) == (1, 2, ("2 are by courier.example",))


def test_a_place_that_stands_no_more_is_no_voice(now: datetime) -> None:
    article = split_article(now, QUOTE)
    one = article.appearances.get().claim
    article.appearances.update(ended_at=now)
    assert voices.independent_sources(one).of == 0


@pytest.fixture
def posts() -> None:
    for name in ("The Selmar Post", "Harbour Post"):
        SourceName.objects.create(source=sources.find_or_make(name), name="The Post", is_ambiguous=True)


@pytest.mark.usefixtures("posts")
def test_who_types_a_shared_name_is_asked_for_the_full_one(now: datetime) -> None:
    with pytest.raises(claims.ClaimRefused, match="Write the full name") as of_claim:
        claims.make("The ferry runs.", now=now, claimant="The Post")
    with pytest.raises(articles.ArticleRefused, match="may be Harbour Post, The Selmar Post") as of_article:
        articles.submit_text("The ferry runs.", now=now, outlet="The Post")
    assert of_claim.value.code == of_article.value.code == "name_ambiguous"
    assert Source.objects.count() == 2


@pytest.mark.usefixtures("posts")
def test_an_article_that_links_to_a_site_means_the_sites_owner_by_a_shared_name(now: datetime) -> None:
    Source.objects.filter(name="Harbour Post").update(home_domains=["harbourpost.example"])
    link = "<a href='https://www.harbourpost.example/1'>reported</a>"
    said = f"<p>The bridge is closed to lorries.</p><p>The Post {link} on Monday that the ferry runs again.</p>"
    article, _is_new = articles.submit_html(f"<article>{said}</article>".encode(), now=now, outlet="The Quay")
    ledger.drain_all()
    links = [link for place in article.appearances.all() for link in place.chain.all() if link.name == "The Post"]
    assert [link.source.name for link in links if link.source] == ["Harbour Post"] * len(links) != []
