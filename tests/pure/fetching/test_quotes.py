import pytest

from sources.fetching.quotes import quoted
from tests.pure.fetching.pages import ARTICLE, read_html


def said(text):
    return [text[start:end] for start, end in quoted(text)]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("She said \u201cit holds\u201d and \u201cit stays\u201d.", ["it holds", "it stays"]),
        ('She said "it holds" and "it stays".', ["it holds", "it stays"]),
        ("Sie sagte: \u201eEs h\u00e4lt.\u201c", ["Es h\u00e4lt."]),
        ("Elle dit \u00ab il tient \u00bb.", [" il tient "]),
        ("Hun siger \u00bbden holder\u00ab.", ["den holder"]),
        (
            "\u5e02\u9577\u306f\u300c\u6a4b\u306f\u5b89\u5168\u300d\u3068\u8ff0\u3079\u305f",
            ["\u6a4b\u306f\u5b89\u5168"],
        ),
        ("\u2018It holds,\u2019 he said. The town\u2019s bridge isn\u2019t new.", ["It holds,"]),
        ("\u2018It isn\u2019t new,\u2019 he said.", ["It isn\u2019t new,"]),
        ("\u201cHe told me \u2018go\u2019 and I went.\u201d", ["He told me \u2018go\u2019 and I went."]),
        ('A 12" pipe and a 6" one.', []),
        ('The 12" pipe, he said, "holds" well.', ["holds"]),
        ("The town\u2019s bridge, the people\u2019s road.", []),
        ("Rock \u2018n\u2019 roll", ["n"]),
        ("\u201cIt goes on in the next paragraph.", ["It goes on in the next paragraph."]),
        ("He said \u201cand nobody closed it.", []),
        ("\u201d closes nothing, \u201c\u201d holds nothing", []),
        ("\u201c", []),
        ("", []),
    ],
)
def test_what_stands_between_quotation_marks_is_quoted(text, quotes):
    assert said(text) == quotes


def quotes_of(markup):
    reading = read_html(markup)
    return [(reading.text[quote.start : quote.end], quote.cite) for quote in reading.quotes]


def test_a_quotation_is_quoted_whole_with_what_it_cites():
    report = "Reports of a second collapse could not be confirmed."
    assert quotes_of(ARTICLE) == [(report, "https://river-post.test/report")]


@pytest.mark.parametrize(
    ("paragraph", "quotes"),
    [
        ("He said: <q cite=https://a.test/x>It <b>holds</b>.</q> Then he left.", [("It holds.", "https://a.test/x")]),
        ("\u201cOne,\u201d he said, <q>two</q>, \u201cthree\u201d.", [("One,", ""), ("two", ""), ("three", "")]),
        ("<q>He said \u201cno\u201d to it.</q>", [("He said \u201cno\u201d to it.", "")]),
        ("<a href=/x>\u201cIt\n holds\u201d</a>, he said", [("It holds", "")]),
        ("It is <q></q><q> </q>empty.", []),
        ("<q>One<p>Two</p></q>", []),
    ],
)
def test_quotes_within_a_paragraph_are_told_in_reading_order(paragraph, quotes):
    assert quotes_of(f"<article><p>It is shut.</p><p>{paragraph}</p></article>") == quotes


def test_quotes_are_counted_and_those_left_out_are_told():
    reading = read_html("<article><p>" + '"It holds." ' * 2100 + "</p></article>")
    assert (len(reading.quotes), reading.complete, reading.truncated) == (2000, False, "quotes")
    reading = read_html("<article><p>" + "<q>It holds.</q> " * 2100 + "</p></article>")
    assert (len(reading.quotes), reading.truncated) == (2000, "quotes")
