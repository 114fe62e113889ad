"""DataFeed files, answers of Fact Check Tools, and a desk's own archive."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.known import archives, datafeeds, reading, tools
from claims.known.reading import jailed, read_in_jail
from claims.known.types import Shape, Told
from factcheck.lib import jail
from sources.fetching.types import Unreadable
from tests.pure.known.shapes import NOW, URL, answer, of_file, of_page, page, review

OTHERS = [{"url": f"https://checkers.example.org/{name}"} for name in "abc"]


def datafeed(*elements: Any) -> dict[str, Any]:
    known = {"@context": "http://schema.org", "@type": "DataFeed", "dateModified": "2026-06-01"}
    return known | {"dataFeedElement": list(elements)}


def element(*reviews: Any, url: str = "") -> dict[str, Any]:
    return {"@type": "DataFeedItem", "dateCreated": "2026-06-01", "item": list(reviews), "url": url}


def urls(told: Told) -> list[str]:
    return sorted(one.url for one in told.published)


# -- DataFeed --------------------------------------------------------------------------------------


def test_a_datafeed_is_read_element_by_element() -> None:
    told = of_file(datafeed(element(review(**OTHERS[0])), element(review(**OTHERS[1]), review(**OTHERS[2])), None))
    assert urls(told) == [one["url"] for one in OTHERS]
    assert (told.problems, told.complete) == ((), True)
    assert told.published[0].publisher == "Harbour Checkers"


def test_an_element_s_address_serves_where_its_review_has_none() -> None:
    told = of_file(datafeed(element(review(url=None), url=URL), element(review(claimReviewed=""), url=URL)))
    assert urls(told) == [URL]
    assert [(one.place, one.why) for one in told.refused] == [(2, "It does not say which claim was checked.")]


@pytest.mark.parametrize("document", [[review()], review(), {"@graph": [review()]}], ids=["list", "one", "graph"])
def test_claim_reviews_as_bare_json_are_read(document: Any) -> None:
    assert urls(of_file(document)) == [URL]


def test_a_datafeed_that_breaks_off_keeps_what_came_before() -> None:
    whole = json.dumps(datafeed(element(review(**OTHERS[0])), element(review(**OTHERS[1]))))
    for cut in (whole[:-30], whole[: whole.rindex('"ratingValue"')], whole[:-2]):
        told = of_file(cut)
        assert OTHERS[0]["url"] in urls(told)
        assert "breaks off" in told.problems[0]
        assert not told.complete
    deep = of_file('{"dataFeedElement": [' + "[" * 100_000)
    assert deep.problems == ("The file breaks off after 0 elements; those before are read.",)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<html>Not here</html>", "This is no JSON that can be read."),
        ("[" * 100_000, "This is no JSON that can be read."),
        ('{"@type": "Thing"}', "This JSON holds no ClaimReview."),
    ],
)
def test_what_is_no_file_of_claim_reviews_says_so(body: str, problem: str) -> None:
    assert of_file(body).problems[0].startswith(problem)


def test_of_a_large_file_the_newest_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reviews = [review(url=f"https://a.example.org/{day}", datePublished=f"2026-05-{day}") for day in (11, 13, 12)]
    told = datafeeds.read(json.dumps(datafeed(*map(element, reviews))).encode(), charset="", url="", latest=NOW, most=2)
    assert [one.url[-2:] for one in told.published] == ["13", "12"]
    assert told.problems == ("It has 3 fact-checks; the newest 2 are read.",)
    assert not told.complete
    monkeypatch.setattr(datafeeds, "MAX_WHOLE", 10)
    assert of_file([review()]).published == ()


# -- Fact Check Tools ------------------------------------------------------------------------------


def test_an_answer_of_fact_check_tools_is_read() -> None:
    told = of_file(answer(nextPageToken="CAo="), Shape.TOOLS)
    (found,) = told.published
    (same,) = of_page(review(headline="Did the bridge cost 90 million?", reviewRating={"alternateName": "Mostly false"}
                             , inLanguage="en")).published  # fmt: skip
    assert found == same
    assert (told.more, told.complete) == ("CAo=", True)


def test_an_empty_answer_is_one() -> None:
    assert of_file({}, Shape.TOOLS) == Told()


@pytest.mark.parametrize("body", ["[]", "x", '{"claims": 7}'])
def test_another_answer_is_told(body: str) -> None:
    told = of_file(body, Shape.TOOLS)
    assert told.problems == ("It answered something else than claims:search does.",)
    assert not told.complete


def test_odd_fields_of_an_answer_cost_only_what_they_stand_in() -> None:
    odd = {"claims": [7, {"claimReview": 7}, {"claimReview": [7, {"url": 7, "publisher": 7}]}, *answer()["claims"]]}
    told = of_file(odd | {"nextPageToken": "x" * 5000}, Shape.TOOLS)
    assert urls(told) == [URL]
    assert (told.more, len(told.refused)) == ("", 1)


def test_the_address_of_a_search_holds_no_key() -> None:
    base = "https://factchecktools.googleapis.com/v1alpha1/claims:search"
    asked = tools.address(base, query="harbour bridge", language="en", site="", max_age_days=30)
    assert asked == f"{base}?query=harbour+bridge&languageCode=en&maxAgeDays=30&pageSize=100"
    assert tools.next_page(asked, "CA=") == f"{asked}&pageToken=CA%3D"
    assert tools.next_page(tools.address(base, query="", language="", site="x.org", max_age_days=0), "") == (
        f"{base}?reviewPublisherSiteFilter=x.org&pageSize=100"
    )


def test_why_the_service_refuses_is_read() -> None:
    assert tools.fault(b'{"error": {"code": 400, "message": "API key not valid."}}') == "API key not valid."
    assert [tools.fault(body) for body in (b"<html>", b'{"error": "x"}', b"[]")] == ["", "", ""]


# -- a desk's archive ------------------------------------------------------------------------------

HEAD = "url,claim,rating,publisher,value,best,worst,reviewed"
LINE = f'{URL},"The bridge cost 90 million euros.",False,Our desk,1,5,1,2026-05-31'


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_archive_is_read(sign: str) -> None:
    told = of_file(f"{HEAD}\n\n{LINE}\n".replace(",", sign), Shape.ARCHIVE)
    (found,) = told.published
    assert (found.text, found.rating, found.publisher) == ("The bridge cost 90 million euros.", "False", "Our desk")
    assert (found.value, found.reviewed_at.isoformat()[:10], told.complete) == (1.0, "2026-05-31", True)  # type: ignore[union-attr]


def test_an_archive_of_another_code_page_is_read() -> None:
    told = of_file(
        f"url;claim;rating\n{URL};Die Brücke ist größer.;Größtenteils falsch\n".encode("cp1252"), Shape.ARCHIVE
    )
    assert (told.published[0].text, told.published[0].rating) == ("Die Brücke ist größer.", "Größtenteils falsch")


def test_a_json_archive_is_read_with_the_same_names_or_as_claim_reviews() -> None:
    own = [{"url": URL, "claim": "The bridge cost 90 million euros.", "value": 1, "rating": None}]
    assert of_file(own, Shape.ARCHIVE).published[0].value == 1.0
    for document in ([review()], datafeed(element(review())), review()):
        assert urls(of_file(document, Shape.ARCHIVE)) == [URL]


@pytest.mark.parametrize(
    ("line", "place", "why"),
    [
        ("nowhere,The claim.,False", 3, "Its address cannot be used"),
        (f"{URL}/b,,False", 3, "It does not say which claim"),
        (f"{URL}/b,The claim.", 3, "It has 2 cells, and the head 3."),
        (f"{URL}/b,=HYPERLINK(1),False", 3, "“claim” begins with “=”, as a formula does"),
        (f"{URL}/b,{'x' * 10_001},False", 3, "“claim” has 10001 characters"),
        (f'{URL}/b,"two\nlines",""', 4, "It gives no rating"),
    ],
)
def test_a_row_that_is_not_taken_is_named_with_its_line(line: str, place: int, why: str) -> None:
    told = of_file(f"url,claim,rating\n{URL},The bridge cost 90 million.,False\n{line}\n", Shape.ARCHIVE)
    (refused,) = told.refused
    assert (refused.place, why in refused.why) == (place, True)
    assert not told.complete


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "The first line must name the columns"),
        ("claim,rating\nx,y", "“url” among them"),
        ("url,claim,colour\n", "Nobody knows the column “colour”."),
        ("url,claim,claim\n", "A column is named twice."),
        ('url,claim\n"x"y,z', "This is no CSV file that can be read"),
    ],
)
def test_a_file_that_is_no_archive_says_what_it_lacks(body: str, problem: str) -> None:
    told = of_file(body, Shape.ARCHIVE)
    assert problem in told.problems[0]
    assert not told.complete


def test_rows_of_json_that_are_none_are_named() -> None:
    rows = [{"url": URL, "claim": "It sank.", "rating": "False"}, 7, {"url": URL, "colour": "blue"}]
    told = of_file(rows, Shape.ARCHIVE)
    assert [(one.place, one.why[:12]) for one in told.refused] == [(2, "This is no o"), (3, "Nobody knows")]


def test_an_archive_of_too_many_rows_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ROWS", 1)
    for body in (f"{HEAD}\n{LINE}\n{LINE}", json.dumps([{"url": URL}, {"url": URL}])):
        told = of_file(body, Shape.ARCHIVE)
        assert told.problems == ("It has 2 rows; 1 come in at once at most. Divide the file.",)
        assert not told.published
    told = of_file(f"{HEAD}\n" + f"{LINE}\n" * 20, Shape.ARCHIVE)
    assert "too many lines" in told.problems[0]


# -- the jail --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        (Shape.PAGE, page(review())),
        (Shape.DATAFEED, json.dumps(datafeed(element(review()))).encode()),
        (Shape.TOOLS, json.dumps(answer()).encode()),
        (Shape.ARCHIVE, f"{HEAD}\n{LINE}".encode()),
    ],
)
def test_the_jail_gives_the_same(shape: Shape, body: bytes) -> None:
    asked: dict[str, Any] = {"shape": shape, "charset": "", "url": URL, "latest": NOW}
    told = read_in_jail(body, **asked)
    assert told == reading.read(body, **asked)
    assert isinstance(told, Told)
    assert told.published


def test_a_reading_that_broke_says_why() -> None:
    def run(*_: Any, **__: Any) -> jail.Broken:
        return jail.Broken("cpu", "x")

    asked: dict[str, Any] = {"shape": Shape.PAGE, "charset": "", "url": URL, "latest": NOW}
    assert read_in_jail(b"", **asked, run=run) == Unreadable("cpu", "x")


def test_the_child_reads_json_and_writes_json() -> None:
    head = {"shape": "page", "charset": "", "url": URL, "latest": NOW.isoformat()}
    said = json.loads(jailed(json.dumps(head).encode() + b"\n" + page(review())))
    assert said["published"][0]["reviewed_at"] == "2026-05-31T00:00:00+00:00"
    reading.prepare()


def test_an_address_of_another_kind_than_text_is_not_made_one() -> None:
    for given, stands in (({"@id": URL}, URL), ([URL], URL), ({"x": 1}, ""), (5, "")):
        told = of_file({"dataFeedElement": [{"@type": "DataFeedItem", "url": given, "item": review(url=None)}]})
        assert [one.url for one in told.published] == ([stands] if stands else []), given


def test_an_archive_takes_no_number_beyond_all_bounds_for_words() -> None:
    told = of_file(f'[{{"url": "{URL}", "claim": "It sank.", "rating": 1e999}}]', Shape.ARCHIVE)
    assert (told.published, len(told.refused)) == ((), 1)


@pytest.mark.parametrize("cell", ["&#61;HYPERLINK(1)", "<b>=1+1</b>", "\r=1+1", "\u200b=1+1"])
def test_an_archive_takes_no_formula_that_is_one_only_when_it_is_read(cell: str) -> None:
    told = of_file(json.dumps([{"url": URL, "claim": "It sank.", "rating": cell}]), Shape.ARCHIVE)
    assert (told.published, len(told.refused)) == ((), 1)
