"""ClaimReview in pages, in whichever way newsrooms wrap it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from claims.known import claimreview, making, pages
from claims.known.making import number, plain
from claims.known.reading import read
from claims.known.types import Published, Shape
from tests.pure.known.shapes import NOW, URL, of_page, page, review

WHOLE = Published(
    identity=URL,
    url=URL,
    text="The harbour bridge cost 90 million euros.",
    rating="Mostly false",
    publisher="Harbour Checkers",
    site="example.org",
    claimant="Ada Okafor",
    language="en",
    value=2.0,
    best=5.0,
    worst=1.0,
    reviewed_at=datetime(2026, 5, 31, tzinfo=UTC),
    claimed_at=datetime(2026, 5, 20, tzinfo=UTC),
)


def one(**fields: Any) -> Published:
    (found,) = of_page(review(**fields)).published
    return found


def refusal(**fields: Any) -> str:
    (why,) = of_page(review(**fields)).refused
    return why.why


@pytest.mark.parametrize(
    "wrapped",
    [
        review(),
        [review()],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "x"}, review()]},
        {"@type": "NewsArticle", "headline": "x", "review": review()},
        {"@type": "NewsArticle", "hasPart": [{"@type": "WebPageElement", "subjectOf": [review()]}]},
        "<!-- " + json.dumps(review()) + " -->",
        "//<![CDATA[\n" + json.dumps(review()) + "\n//]]>",
        review(**{"@type": ["ClaimReview", "NewsArticle"]}),
        review(**{"@type": "http://schema.org/ClaimReview"}),
    ],
    ids=["alone", "list", "graph", "in an article", "deep in an article", "comment", "cdata", "two types", "long type"],
)
def test_a_claim_review_is_found_however_it_is_wrapped(wrapped: Any) -> None:
    told = of_page(wrapped)
    assert told.published == (WHOLE,)
    assert (told.refused, told.problems, told.complete) == ((), (), True)


def test_what_a_graph_refers_to_by_name_is_put_in_its_place() -> None:
    people = [
        {"@id": "#us", "@type": "Organization", "name": "Harbour Checkers", "url": "https://checkers.example.org"},
        {"@id": "#rating", "@type": "Rating", "alternateName": "Mostly false", "ratingValue": "2", "bestRating": "5"},
        {"@id": "#claim", "@type": "Claim", "author": {"@id": "#ada"}, "datePublished": "2026-05-20"},
        {"@id": "#ada", "@type": "Person", "name": "Ada Okafor"},
    ]
    named = {"author": {"@id": "#us"}, "reviewRating": {"@id": "#rating"}, "itemReviewed": "#claim"}
    assert of_page({"@graph": [review(**named), *people]}).published == (WHOLE,)


def test_microdata_reads_like_json() -> None:
    markup = f"""
      <html lang=en-GB><body><div itemscope itemtype="https://schema.org/ClaimReview"><a itemprop=url href="{URL}">x</a>
      <p>Claim: <b itemprop=claimReviewed>The harbour bridge cost <i>90</i> million euros.</b></p>
      <time itemprop=datePublished datetime=2026-05-31>May</time>
      <span itemprop=itemReviewed itemscope itemtype="https://schema.org/Claim"><span itemprop=author itemscope>
        <span itemprop=name>Ada Okafor</span></span><meta itemprop=datePublished content=2026-05-20></span>
      <div itemprop=author itemscope><span itemprop="name legalName">Harbour Checkers</span></div>
      <div itemprop=reviewRating itemscope><meta itemprop=ratingValue content=2><meta itemprop=bestRating content=5>
        <span itemprop=alternateName>Mostly false</span></div></div></body></html>"""
    told = read(markup.encode(), shape=Shape.PAGE, charset="", url=URL, latest=NOW)
    assert told.published == (WHOLE,)


def test_several_of_one_page_are_told_apart_by_their_fragments_or_their_claims() -> None:
    told = of_page(
        review(url=f"{URL}#cost", claimReviewed="It cost 90 million."),
        review(claimReviewed="It took nine years."),
        review(claimReviewed="It  took NINE years."),
    )
    digest = making.digest("It took nine years.")
    assert sorted(one.identity for one in told.published) == sorted([f"{URL}#cost", f"{URL}#{digest}"])
    assert one(url=f"{URL}#cost").identity == URL
    assert one(url=f"{URL}#cost").url == f"{URL}#cost"
    assert one(url=f"{URL}#co st").url == URL


def test_of_two_that_are_the_same_the_newer_counts() -> None:
    later = review(datePublished="2026-06-02", reviewRating={"alternateName": "True"})
    for both in ([review(), later], [later, review()]):
        (found,) = of_page(*both).published
        assert found.rating == "True"


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"url": None}, "url", URL),
        ({"url": {"@id": "/other"}}, "url", "https://checkers.example.org/other"),
        ({"url": None, "mainEntityOfPage": {"@id": "/there"}}, "url", "https://checkers.example.org/there"),
        ({"url": f"{URL}?utm_source=x"}, "identity", URL),
        ({"claimReviewed": None, "itemReviewed": {"@type": "Claim", "name": "It sank."}}, "text", "It sank."),
        ({"claimReviewed": ["", "It sank."]}, "text", "It sank."),
        ({"claimReviewed": {"@value": "It sank.", "@language": "en"}}, "text", "It sank."),
        ({"claimReviewed": "<p>It <b>sank</b> &amp;lt;b&amp;gt;&nbsp;there</p><!-- x -->"}, "text", "It sank there"),
        ({"claimReviewed": "2 < 3 and 4 > 3"}, "text", "2 < 3 and 4 > 3"),
        ({"itemReviewed": {"@type": "CreativeWork", "author": [{"name": "Radio Kerr"}]}}, "claimant", "Radio Kerr"),
        ({"itemReviewed": [{}, {"author": "Radio Kerr"}]}, "claimant", "Radio Kerr"),
        ({"itemReviewed": None}, "claimant", ""),
        ({"author": "The Desk"}, "publisher", "The Desk"),
        ({"author": None}, "publisher", "example.org"),
        ({"author": {"name": "Jo", "@type": "Person"}, "publisher": {"name": "The Desk"}}, "publisher", "The Desk"),
        ({"author": {"name": "The Desk", "sameAs": ["https://desk.example.com/x"]}}, "site", "example.com"),
        ({"reviewRating": {"ratingValue": "False"}}, "rating", "False"),
        ({"reviewRating": {"name": "Falsch", "ratingValue": "1"}}, "rating", "Falsch"),
        ({"reviewRating": {"ratingValue": "3,5"}}, "value", 3.5),
        ({"reviewRating": {"ratingValue": 1, "bestRating": 1, "worstRating": 0}}, "best", 1.0),
        ({"inLanguage": {"@type": "Language", "name": "German", "alternateName": "de"}}, "language", "de"),
        ({"inLanguage": None}, "language", "en"),
        ({"inLanguage": "no language at all"}, "language", ""),
        ({"datePublished": None, "dateModified": "2026-06-01T10:00:00+02:00"}, "reviewed_at",
         datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ({"datePublished": "soon"}, "reviewed_at", None),
        ({"headline": "Did it?"}, "title", "Did it?"),
    ],
)  # fmt: skip
def test_fields_are_read_in_the_ways_that_they_are_written(fields: dict[str, Any], name: str, value: Any) -> None:
    assert getattr(one(**fields), name) == value


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"claimReviewed": "  "}, "It does not say which claim was checked."),
        ({"reviewRating": None}, "It gives no rating"),
        ({"reviewRating": {"ratingValue": True}}, "It gives no rating"),
        ({"url": "https://other.example/x"}, "a page speaks for its own site only"),
        ({"url": "http://127.0.0.1/x"}, "Its address cannot be used"),
        ({"url": f"https://checkers.example.org/{'x' * 5000}"}, "Its address cannot be used"),
    ],
)
def test_what_lacks_the_needful_is_refused_with_the_reason(fields: dict[str, Any], why: str) -> None:
    assert why in refusal(**fields)
    assert not of_page(review(**fields)).complete


def test_numbers_out_of_their_bounds_count_by_their_words_and_that_is_told() -> None:
    for value, best in ((9, 5), (float("nan"), 5), (3, 1), (10**8, 10**9), (2, "five")):
        told = of_page(review(reviewRating={"alternateName": "False", "ratingValue": value, "bestRating": best}))
        assert told.published[0].value is None
    assert told.problems == ("1 ratings lie outside of their own bounds and count by their words only.",)


def test_a_time_in_the_future_is_left_out_and_told() -> None:
    told = of_page(review(datePublished="2027-01-01"))
    assert told.published[0].reviewed_at is None
    assert told.problems == ("1 times lie in the future and are left out.",)


def test_long_texts_end_in_dots_and_that_is_told() -> None:
    told = of_page(review(claimReviewed="word " * 1000))
    assert told.published[0].text.endswith(" wor …")
    assert len(told.published[0].text) <= 2000
    assert told.problems == ("1 texts are longer than 2000 characters and end there.",)


def test_scripts_that_are_no_json_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    told = of_page("{'no': json}", "", "[" * 100_000, review())
    assert told.published == (WHOLE,)
    assert told.problems == ("2 of its scripts of JSON-LD cannot be read: they are no JSON, or too long.",)
    assert not told.complete
    monkeypatch.setattr(pages, "MAX_SCRIPT", 10)
    assert of_page(review()).published == ()


def test_a_page_without_any_holds_none() -> None:
    told = of_page({"@type": "NewsArticle"}, 7)
    assert (told.published, told.complete) == ((), True)
    assert read(b"", shape=Shape.PAGE, charset="", url=URL, latest=NOW).published == ()


def test_a_page_too_deep_to_be_read_whole_says_so() -> None:
    body = b"<div>" * 300 + b"x" + page(review())
    told = read(body, shape=Shape.PAGE, charset="", url=URL, latest=NOW)
    assert told.problems[0].startswith("The page is nested too deep")
    assert not told.complete


def test_the_newest_are_read_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_A_PAGE", 2)
    told = of_page(*(review(url=f"/{day}", datePublished=f"2026-05-{day}") for day in (11, 13, 12)))
    assert [one.url[-2:] for one in told.published] == ["13", "12"]
    assert told.problems == ("It has 3 fact-checks; the newest 2 are read.",)


def test_refusals_are_named_up_to_a_bound_and_counted_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_REFUSED", 1)
    told = of_page(*(review(claimReviewed="", url=f"/{number}") for number in range(3)))
    assert len(told.refused) == 1
    assert told.problems == ("2 were refused beyond those that are named.",)


def test_a_document_without_end_is_walked_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimreview, "MOST_NODES", 5)
    assert len(list(claimreview.nodes([{"a": {"b": {}}}] * 9))) <= 5


def test_markup_that_would_run_stays_out() -> None:
    assert plain("a<script>alert(1)</script> <img src=x onerror=alert(1)>&lt;svg onload=x&gt; b") == "a b"
    assert [number(raw) for raw in ("1e9", "-1", "٣", "", "9999999999")] == [None, -1.0, 3.0, None, None]


def test_one_that_is_nested_too_deep_takes_none_of_the_others_with_it() -> None:
    deep = json.dumps(review(url=f"{URL}/deep", claimReviewed="HERE")).replace('"HERE"', "[" * 600 + '"x"' + "]" * 600)
    told = of_page(review(), deep)
    assert told.published == (WHOLE,)
    assert [one.why for one in told.refused] == ["It does not say which claim was checked."]


def test_a_number_beyond_all_bounds_is_no_rating_in_words() -> None:
    beyond = json.dumps(review(reviewRating={"ratingValue": "HERE"})).replace('"HERE"', "1e999")
    (why,) = of_page(beyond).refused
    assert why.why.startswith("It gives no rating")
