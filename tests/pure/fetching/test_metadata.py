import json
from datetime import UTC, datetime

import pytest

from sources.fetching.markup import parsed
from sources.fetching.metadata import Metadata, metadata, moment

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def about(markup):
    tree, _ = parsed(markup)
    assert tree is not None
    return metadata(tree)


def ld(*nodes):
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes) + "<p>x</p>"


def test_a_page_that_says_nothing_has_no_metadata():
    assert about("<p>x</p>") == Metadata()


@pytest.mark.parametrize(
    "node",
    [
        {"@type": "NewsArticle", "headline": "H", "datePublished": "2026-03-02T07:30:00Z"},
        {"@type": ["Thing", "ReportageNewsArticle"], "headline": "H", "datePublished": "2026-03-02T08:30+01:00"},
        [{"@type": "WebPage"}, {"@type": "BlogPosting", "headline": "H", "datePublished": "2026-03-02T07:30"}],
        {
            "@graph": [
                {"@type": "Person", "name": "N"},
                {"@type": "Article", "headline": "H", "datePublished": "20260302T073000Z"},
            ]
        },
        {
            "@type": "WebPage",
            "mainEntity": {"@type": "Article", "headline": "H", "datePublished": "2026-03-02T07:30:00.000Z"},
        },
        {"headline": " H ", "datePublished": "2026-03-02 07:30"},
    ],
)
def test_json_ld_is_found_however_it_is_wrapped(node):
    found = about(ld({"@type": "Organization"}, node))
    assert (found.title, found.published_at) == ("H", AT)


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Ann Lee", "Ann Lee"),
        ({"name": "Ann  Lee"}, "Ann Lee"),
        ([{"name": "Ann Lee"}, "Bo Ek", {"name": "Ann Lee"}], "Ann Lee, Bo Ek"),
        ({"@id": "#x"}, ""),
        ("https://social.test/ann", ""),
        (7, ""),
        ({"name": ["x"]}, ""),
        (None, ""),
    ],
)
def test_authors_are_people_with_names(author, byline):
    assert about(ld({"@type": "Article", "author": author})).byline == byline


@pytest.mark.parametrize(
    "script",
    [
        "",
        "not json",
        '{"a": ',
        "[" * 100_000,
        '{"@type": "Article", "headline": "' + "x" * 500_001 + '"}',
        '"text"',
        "7",
    ],
)
def test_broken_json_ld_is_passed_over(script):
    assert about(f'<script type="application/ld+json">{script}</script><p>x</p>').title == ""


def test_meta_elements_are_second():
    found = about(
        '<html lang="pt_BR"><meta property="og:title" content="T"><meta name="author" content="A. Silva">'
        '<meta property="og:site_name" content="S"><meta name="date" content="yesterday">'
        '<meta itemprop="datePublished" content="2026-03-02T07:30:00+00:00">'
        '<meta property="og:updated_time" content="2026-03-02T07:30:00+00:00">'
        '<meta property="og:url" content="https://a.test/x"><base href="/b/"><p>x</p>'
    )
    assert found == Metadata("T", "A. Silva", "S", AT, AT, "pt", "https://a.test/x", "/b/")


@pytest.mark.parametrize(
    ("markup", "byline"),
    [
        ("<p class=byline>By  Ann Lee</p>", "Ann Lee"),
        ("<a rel=author href=/ann>Ann Lee</a><a rel=author href=/bo>Bo Ek</a>", "Ann Lee"),
        (f"<div class=author>{'Ann Lee has written on rivers. ' * 9}</div>", ""),
    ],
)
def test_a_byline_that_is_shown_is_the_last_resort(markup, byline):
    assert about(markup).byline == byline


def test_what_stands_in_the_body_is_third():
    found = about(
        "<title> A  title </title><article><span itemprop=author>Ann Lee</span>"
        '<time datetime="soon">x</time><time datetime="2026-03-02T07:30Z">x</time></article>'
    )
    assert (found.title, found.byline, found.published_at) == ("A title", "Ann Lee", AT)


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<html lang=de-AT>", "de"),
        ("<html xml:lang=fr>", "fr"),
        (ld({"@type": "Article", "inLanguage": "nl-BE"}), "nl"),
        ('<meta http-equiv="x" name="content-language" content="it">', "it"),
        ('<meta property="og:locale" content="sv_SE">', "sv"),
        ("<html lang='!!'>", ""),
        ("<html lang=''>", ""),
    ],
)
def test_the_language_is_what_the_page_declares(markup, language):
    assert about(f"{markup}<p>x</p>").language == language


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02T08:30:00+01:00", AT),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        (" 2026-03-02T07:30:00Z ", AT),
        ("Mon, 02 Mar 2026 08:30:00 +0100", AT),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("yesterday", None),
        ("0001-01-01", None),
        ("99999-01-01", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-02-30", None),
        ("", None),
        ("2" * 1000, None),
        (7, None),
        (None, None),
    ],
)
def test_a_moment_is_a_date_that_can_be(text, at):
    assert moment(text) == at


def test_a_graph_may_name_its_people_elsewhere():
    graph = """{"@graph": [
     {"@type": "NewsArticle", "headline": "A", "author": [{"@id": "#ann"}, {"@id": "#bo", "name": "Bo Ek"},
      {"@id": "#nix"}],
      "publisher": {"@id": "https://demo-outlet.test/#us"}},
     {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}, {"@type": "Person", "@id": "#bo", "name": "Somebody"},
     {"@type": "Organization", "@id": "https://demo-outlet.test/#us", "name": "Demo Outlet"}]}"""
    found = about(f"<script type=application/ld+json>{graph}</script><p>x</p>")
    assert (found.byline, found.publisher) == ("Ann Lee, Bo Ek", "Demo Outlet")


def test_what_no_database_holds_is_dropped_from_what_json_spells_out():
    node = r'{"@type": "NewsArticle", "headline": "A\u0000 \ud800bridge", "publisher": {"name": "P\u202eost\u0000"}}'
    tree, _truncated = parsed(f'<script type="application/ld+json">{node}</script><p>Text.')
    assert tree is not None
    about = metadata(tree)
    assert (about.title, about.publisher) == ("A bridge", "Post")
