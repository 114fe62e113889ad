"""Twenty-five short articles of our own: every claim exactly, with its certainty, kind and chain of sources."""

from pathlib import Path

import pytest

from claims.splitting import Block, split
from sources.fetching.reading import read
from tests.pure.splitting.own_articles import Expected, as_expected, own_articles

ARTICLES = list(own_articles())
DEMO = Path(__file__).parents[3] / "factcheck" / "management" / "demo" / "pages"
NOT_YET: dict[tuple[str, str], str] = {}  # (article, quote): why it does not come out yet


def places():
    for article in ARTICLES:
        for claim in article.claims:
            why = NOT_YET.get((article.name, " … ".join(claim.quote)))
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            yield pytest.param(article, claim, id=f"{article.name}: {' … '.join(claim.quote)}", marks=marks)


@pytest.mark.parametrize(("article", "claim"), list(places()))
def test_a_claim_comes_out_with_its_quote_sources_certainty_and_kind(article, claim):
    found = [as_expected(other) for other in article.found()]
    assert claim in found, "\n".join(map(str, found))


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.name)
def test_what_only_frames_a_statement_stands_in_no_quote(article):
    quotes = [" ".join(span.quote for span in claim.spans) for claim in article.found()]
    assert [(words, quote) for words in article.nothing for quote in quotes if words in quote] == []


DISAGREEING = [article for article in ARTICLES if article.beside]


@pytest.mark.parametrize("article", DISAGREEING, ids=lambda article: article.name)
def test_voices_that_disagree_stand_side_by_side(article):
    for numbers in article.beside:
        voices = {(article.claims[number].certainty, article.claims[number].sources) for number in numbers}
        assert len(voices) == len(numbers)


def read_demo(name):
    reading = read((DEMO / name).read_bytes(), media_type="text/html", charset="utf-8", url="http://demo.test/")
    blocks = tuple(Block(block.kind, block.start, block.end, block.cite) for block in reading.blocks)
    return [as_expected(claim) for claim in split(reading.text, blocks=blocks).claims]


SEIZED = "Northern Front fighters had also seized the Kestrel crossing on the border with Talvia"


def test_the_demos_blog_asserts_what_the_paper_it_quotes_could_not_confirm():
    found = read_demo("blog.html")
    own = "Northern Front fighters seized the Kestrel crossing on the border with Talvia this weekend"
    assert Expected((own,), (), "asserted", "fact") in found
    assert Expected((SEIZED,), ("The Harbour Courier", "Reports"), "unconfirmed", "fact") in found


def test_the_demos_paper_leaves_open_what_reports_say_and_denies_nothing_else():
    found = read_demo("crossing.html")
    assert Expected((SEIZED,), ("Reports",), "unconfirmed", "fact") in found
    assert [claim.certainty for claim in found].count("unconfirmed") == 1
