import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.fetching.reading import read
from sources.fetching.types import BlockKind, Reading
from tests.pure.fetching.pages import ARTICLE, URL, long_paragraphs, read_html, texts


def test_a_short_article_is_read_whole_and_nothing_around_it():
    reading = read_html(ARTICLE)
    assert [(block.kind.value, text) for block, text in zip(reading.blocks, texts(reading), strict=True)] == [
        ("headline", "Bridge closed after flood"),
        ("paragraph", "The river bridge in Hartwell closed on Tuesday after the flood, the council said."),
        ("paragraph", "Twelve people were hurt. Nobody died."),
        ("caption", "The bridge on Tuesday. Photo: A. Lee"),
        ("quotation", "Reports of a second collapse could not be confirmed."),
        ("headline", "What comes next"),
        ("list_item", "The council meets on Friday"),
        ("list_item", "Engineers look at the pillars"),
        ("paragraph", "The bridge was built in 1931."),
        ("notice", "Correction: An earlier version of this article gave the wrong year."),
    ]
    assert reading.text == "\n\n".join(texts(reading))
    assert reading.complete
    assert reading.truncated == ""


def test_what_the_page_says_of_itself_is_read():
    reading = read_html(ARTICLE)
    assert reading.title == "Bridge closed after flood"
    assert reading.byline == "Ann Lee, Bo Ek"
    assert reading.publisher == "Demo Outlet"
    assert reading.published_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
    assert reading.modified_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert reading.language == "en"
    assert reading.url == URL


def test_a_link_says_where_it_stands_and_leads():
    reading = read_html(ARTICLE)
    (link,) = reading.links
    assert link.url == "https://demo-outlet.test/council/statement"
    assert link.text == "the council said"
    assert reading.text[link.start : link.end] == link.text


def test_a_quotation_keeps_what_it_cites():
    quotation = next(block for block in read_html(ARTICLE).blocks if block.kind is BlockKind.QUOTATION)
    assert quotation.cite == "https://river-post.test/report"


def test_hidden_text_is_not_read():
    text = read_html(ARTICLE).text
    assert "mark every claim" not in text
    assert "ignore all" not in text


PARAGRAPHS = [
    "The library in Elmford opens on Sundays from May.",
    "The town pays for two more librarians.",
    "\u201cWe waited for years,\u201d said Ida Holm.",
    "Opening hours are ten to four.",
    "The vote was eleven to two.",
]


@pytest.mark.parametrize(
    "frame",
    [
        "<article><h1>Library opens</h1>{}</article>",
        "<main><h1>Library opens</h1>{}</main>",
        "<div role=main><h1>Library opens</h1>{}</div>",
        "<h1>Library opens</h1>{}",
        "<div><div><h1>Library opens</h1></div><div>{}</div></div>",
        "<nav><a href=/>Home</a></nav><article><header><h1>Library opens</h1></header>{}<aside>More</aside></article>",
    ],
)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_page_of_few_short_paragraphs_is_read_whole(frame, count):
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:count])
    reading = read_html(f"<html lang=en><title>Library opens</title><body>{frame.format(body)}</body></html>")
    assert texts(reading) == ["Library opens", *PARAGRAPHS[:count]]
    assert reading.complete


def test_paragraphs_that_are_divs_or_lines_are_blocks():
    reading = read_html(
        "<article><div>One is here.</div><div>Two is there.<br><br>Three<br/>is over.</div>Four.</article>"
    )
    assert texts(reading) == ["One is here.", "Two is there.", "Three is over.", "Four."]


def test_a_long_article_keeps_its_order_and_loses_its_frame():
    page = (
        "<html lang=en><body><nav><ul><li><a href=/a>Start</a></li></ul></nav><div class=content><h1>The street</h1>"
        f"{long_paragraphs(12)}<figure><figcaption>Caption one.</figcaption></figure>{long_paragraphs(1)}</div>"
        "<div class=footer><p>Contact | Imprint</p></div></body></html>"
    )
    reading = read_html(page)
    assert texts(reading)[0] == "The street"
    assert len(texts(reading, "paragraph")) == 13
    assert texts(reading, "caption") == ["Caption one."]
    assert "Imprint" not in reading.text


def test_a_correction_below_the_article_is_read():
    page = (
        f"<html lang=en><body><article><h1>The street</h1>{long_paragraphs(8)}<div class=footnote>"
        "<p>Editor\u2019s note (3 May): This story has been updated.</p></div></article></body></html>"
    )
    assert texts(read_html(page), "notice") == ["Editor\u2019s note (3 May): This story has been updated."]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("The bridge <del>is</del><ins>was</ins> shut.", "The bridge was shut."),
        ("It is <s>ten</s> 12 metres long.", "It is 12 metres long."),
        ("It was built in 1931.<sup><a href='#cite3'>[3]</a></sup> It holds.", "It was built in 1931. It holds."),
        ("CO<sub>2</sub> and x<sup>2</sup><sup><a href='/y'>b</a></sup>", "CO2 and x2b"),
        ("<ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>は閉鎖", "橋は閉鎖"),
        ("Run <code>ls</code> now.", "Run ls now."),
        ("He said: <q>No.</q> Then he left.", "He said: No. Then he left."),
    ],
)
@pytest.mark.parametrize("around", [0, 9])
def test_text_is_what_a_reader_sees(markup, text, around):
    page = f"<html lang=en><body><article>{long_paragraphs(around)}<p>{markup}</p>{long_paragraphs(around)}</article>"
    assert text in texts(read_html(page))


def test_a_title_that_differs_from_the_headline_gives_way_to_it():
    page = (
        "<title>Flood: bridge shut - Demo</title><article><h1>Bridge shut by the flood</h1><p>It is shut.</p></article>"
    )
    assert texts(read_html(page)) == ["Bridge shut by the flood", "It is shut."]


def test_a_page_without_headline_takes_its_title_without_the_sites_name():
    page = (
        "<title>Bridge shut | Demo Outlet</title><meta property=og:site_name content='Demo Outlet'>"
        "<article><p>It is shut.</p></article>"
    )
    assert texts(read_html(page)) == ["Bridge shut", "It is shut."]


def test_a_page_without_any_title_has_none():
    reading = read_html("<article><p>It is shut.</p></article>")
    assert reading.title == ""
    assert texts(reading) == ["It is shut."]


def test_an_unrelated_h1_does_not_become_the_title():
    page = "<title>Bridge shut</title><h1>Demo Outlet</h1><article><p>It is shut since Tuesday.</p></article>"
    assert read_html(page).title == "Bridge shut"


def test_the_only_headline_is_the_title_of_a_page_without_one():
    assert read_html("<article><h1>Bridge shut</h1><p>It is shut.</p></article>").title == "Bridge shut"


def test_boilerplate_is_marked():
    page = f"<article><h1>A</h1>{long_paragraphs(3)}<p>Read more: the next story</p></article>"
    assert texts(read_html(page), "boilerplate") == ["Read more: the next story"]


@pytest.mark.parametrize(
    ("base", "href", "url"),
    [
        ("", "b c", "https://demo-outlet.test/news/b%20c"),
        ("", "//other.test/x", "https://other.test/x"),
        ("<base href='https://other.test/y/'>", "z", "https://other.test/y/z"),
        ("<base href='javascript:alert(1)//'>", "z", "https://demo-outlet.test/news/z"),
        ("<base href='/y/'>", "z", "https://demo-outlet.test/y/z"),
        ("", "javascript:alert(1)", ""),
        ("", "mailto:a@b.test", ""),
        ("", "http://127.0.0.1/", ""),
        ("", "http://[::1", ""),
        ("", "#note", ""),
        ("", "", ""),
    ],
)
def test_links_lead_to_public_pages_only(base, href, url):
    page = f"<head>{base}</head><article><p>See <a href='{href}'>the report</a> of today.</p></article>"
    assert [link.url for link in read_html(page).links] == ([url] if url else [])


def test_links_side_by_side_stay_two_and_a_link_in_pieces_stays_one():
    page = "<article><p><a href=/a>one</a><a href=/b>two</a> <a href=/c>th<b>re</b>e <i>four</i></a></p></article>"
    reading = read_html(page)
    assert reading.text == "onetwo three four"
    assert [(link.text, link.url[-2:]) for link in reading.links] == [
        ("one", "/a"),
        ("two", "/b"),
        ("three four", "/c"),
    ]


@pytest.mark.parametrize(("count", "told"), [(2000, ""), (2001, "links")])
def test_links_are_counted_and_those_left_out_are_told(count, told):
    reading = read_html("<article>" + "<p>see <a href=/x>this</a></p>" * count + "</article>")
    assert (len(reading.links), reading.complete, reading.truncated) == (2000, not told, told)
    assert reading.has_whole_text


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://demo-outlet.test/news/the-bridge", "https://demo-outlet.test/news/the-bridge"),
        ("/news/the-bridge", "https://demo-outlet.test/news/the-bridge"),
        ("https://www.demo-outlet.test/news/x", "https://www.demo-outlet.test/news/x"),
        ("https://other.test/news/the-bridge", URL),
        ("https://demo-outlet.test/", URL),
        ("http://127.0.0.1/", URL),
        ("", URL),
    ],
)
def test_a_page_may_name_itself_within_its_own_domain(canonical, url):
    page = f"<link rel=canonical href='{canonical}'><article><p>It is shut.</p></article>"
    assert read_html(page).url == url


def test_a_page_that_came_from_nowhere_keeps_its_absolute_links_and_no_name():
    reading = read_html(ARTICLE.replace("</h1>", "</h1><p>See <a href='https://a.test/x'>this</a> page.</p>"), url="")
    assert [link.url for link in reading.links] == ["https://a.test/x"]
    assert reading.url == ""


# -- nothing silently cut --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "", "   ", "<!-- -->", "<html></html>", "<script>let x = 'text'</script>",
        "<noscript>Enable JavaScript</noscript>",
        "<title>A title alone</title>", "<h1>A headline alone</h1>", "<p>\u200b\xad</p>",
        "<p hidden>Hidden</p>", "\0",
    ],
)  # fmt: skip
def test_a_page_without_text_is_not_complete(page):
    reading = read_html(page)
    assert not reading.complete
    assert reading.truncated == "empty_extraction"


def test_nesting_that_the_parser_gives_up_on_is_flagged():
    reading = read_html("<body>" + "<div>" * 300 + "deep" + "</div>" * 300 + "<p>the end</p>")
    assert (reading.complete, reading.truncated) == (False, "depth")


def test_nesting_that_it_takes_is_read():
    reading = read_html("<body>" + "<div>" * 200 + "deep" + "</div>" * 200 + "<p>the end</p>")
    assert reading.complete
    assert texts(reading) == ["deep", "the end"]


def test_a_page_of_more_passages_than_anybody_reads_is_flagged():
    reading = read_html("<article>" + "<p>Some words.</p>" * 20_001)
    assert (len(reading.blocks), reading.complete, reading.truncated) == (20_000, False, "passages")
    assert not reading.has_whole_text


@pytest.mark.parametrize("frame", ["<article>{}</article>", "<main>{}</main>", "{}"])
def test_a_page_of_very_many_elements_is_read_without_its_frame(frame):
    rows = "".join(f"<p>Row {n} of the table.</p>" for n in range(16_000))
    reading = read_html(f"<nav>Start</nav>{frame.format(rows)}<footer>Imprint</footer>")
    assert (len(reading.blocks), reading.complete) == (16_000, True)


def test_a_node_of_ten_megabytes_is_flagged():
    reading = read_html("<p>before</p><p>" + "x" * 10_000_001 + "</p><p>after</p>")
    assert (reading.complete, reading.truncated) == (False, "node")


def test_the_flag_comes_through_a_thousand_other_errors():
    reading = read_html("<body>" + "</nix>" * 1000 + "<div>" * 300 + "deep")
    assert reading.truncated == "depth"


@pytest.mark.parametrize(
    "page",
    [
        "<p>a\0b</p><p>sentinel at the end</p>", "<p>a<b>b<i>c<p>d<table><tr><td>e<p>sentinel at the end",
        "<table><tr><td colspan=9007199254740991>x</td></tr></table><p>sentinel at the end</p>",
        "<svg><script>x</script></svg><p>sentinel at the end</p>",
        "<?xml version='1.0' encoding='utf-16'?><p>sentinel at the end</p>",
        "<math><annotation-xml encoding='text/html'><p>x</p></annotation-xml></math><p>sentinel at the end</p>",
        "<p>&#0;&#55296;&#x1F600;&nbsp;&bogus; sentinel at the end</p>", "<plaintext><p>sentinel at the end",
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1/'><p>sentinel at the end</p>",
        "<frameset><frame src=x></frameset><noframes>x</noframes><p>sentinel at the end</p>",
    ],
)  # fmt: skip
def test_whatever_comes_before_it_the_last_sentence_is_read(page):
    reading = read_html(page)
    assert "sentinel at the end" in reading.text
    assert reading.complete


def test_a_sentence_of_a_hundred_thousand_characters_is_one_block():
    reading = read_html(f"<article><p>{'word ' * 20_000}end.</p></article>")
    assert reading.text.endswith("word end.")
    assert len(reading.blocks) == 1


@pytest.mark.parametrize(
    "text", ["🙂🙃😉 🙂🙂", "今日は良い天気です。明日は雨でしょう。", "שלום עולם, זה טקסט קצר.", "\u202eabc\u202c def"]
)
def test_any_script_is_text(text):
    reading = read_html(f"<article><p>{text}</p></article>")
    assert reading.complete
    assert "\u202e" not in reading.text


@given(st.text(max_size=300) | st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_offsets_always_point_at_what_they_say(markup):
    reading = read_html(markup)
    assert Reading.from_json(json.loads(json.dumps(reading.as_json()))) == reading
    assert all(0 <= block.start < block.end <= len(reading.text) for block in reading.blocks)
    assert all(reading.text[link.start : link.end] == link.text for link in reading.links)
    assert "\0" not in reading.text
    reading.text.encode()


def test_a_page_of_very_many_passages_is_read_as_trafilatura_reads_it():
    page = "<html lang=en><body><div>" + "".join(f"<p>Row {n} of the long table.</p>" for n in range(2000)) + "</div>"
    reading = read_html(page)
    assert reading.complete
    assert texts(reading)[-1] == "Row 1999 of the long table."


def test_a_root_that_hides_itself_is_read_all_the_same():
    assert read_html("<html hidden><body><article><p>It is shut.</p></article>").text == "It is shut."


# -- plain text ------------------------------------------------------------------------------------


def test_plain_text_is_read_by_its_blank_lines():
    body = b"First line\r\ngoes on.\r\n\r\n \r\nSecond \x00<b>paragraph</b>.\n"
    reading = read(body, media_type="text/plain", charset="utf-8", url=URL)
    assert reading.text == "First line goes on.\n\nSecond <b>paragraph</b>."
    assert reading.complete
    assert reading.title == ""


def test_plain_text_without_text_is_empty():
    assert read(b" \n\n", media_type="text/plain", charset="", url=URL).truncated == "empty_extraction"


def test_what_no_reader_sees_is_dropped_however_it_is_written():
    paragraph = "Der Bundes&shy;tag hat &#x202E;ent&#8203;schieden&ZeroWidthSpace;&#1;, sagt A&amp;B &#228;lter&#13;."
    text = read_html(f"<article><h1>Wahl</h1><p>{paragraph}</p></article>").text
    assert text.endswith("Der Bundestag hat entschieden, sagt A&B älter .")


@pytest.mark.parametrize("page", ["<html lang=en><title>Bridge</title>{}", "<title>Bridge</title>{}<body>"])
@pytest.mark.parametrize("tag", ["article", "main", "section", "header"])
def test_a_page_that_omits_its_body_tag_has_one_all_the_same(page, tag):
    said = f"<{tag}><h1>Bridge</h1><p>The bridge is shut.</p><p>The ferry runs.</p></{tag}>"
    reading = read_html(page.format(said))
    assert [block.kind for block in reading.blocks] == [BlockKind.HEADLINE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    assert reading.complete


@pytest.mark.parametrize(
    ("media_type", "between"), [("text/html", "<p>"), ("text/plain", "\n\n"), ("text/plain", "\n")]
)
def test_of_a_text_without_end_the_beginning_is_read_and_that_is_told(media_type, between):
    paragraph = between + "The council of Merrin met again. " * 400
    reading = read((paragraph * 200).encode(), media_type=media_type, charset="", url=URL)
    assert (reading.truncated, reading.complete, reading.has_whole_text) == ("letters", False, False)
    assert 1_499_900 < len(reading.text) <= 1_500_000
