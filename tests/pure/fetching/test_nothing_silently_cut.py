"""What is read is whole, or says what is missing (promise P9; bad inputs D 85 to 101)."""

import pytest

from sources.fetching.reading import read
from tests.pure.fetching.files import sheets
from tests.pure.fetching.pages import URL, long_paragraphs

END = "The sentinel stands at the end."


def page(inner, *, head=""):
    return f"<html lang=en>{head}<body><article><h1>A</h1>{inner}<p>{END}</p></article></body></html>".encode()


HTML, TEXT, PDF = "text/html", "text/plain", "application/pdf"
LATIN = "Caf\u00e9 na\u00efve d\u00e9j\u00e0 vu \u201cso\u201d. "

FILES = {
    "divs nested 253": (page("<div>" * 245 + "deep" + "</div>" * 245), HTML, "", ""),
    "divs nested 254": (page("<div>" * 254 + "deep" + "</div>" * 254), HTML, "", "depth"),
    "divs nested 100,000": (page("<div>" * 100_000), HTML, "", "depth"),
    "a text node of ten megabytes": (page("<p>" + "x" * 10_500_000 + "</p>"), HTML, "", "node"),
    "160,000 paragraphs": (page("<p>Some words.</p>" * 160_000), HTML, "", "passages"),
    "2 MB of <": (b"<" * 2_000_000 + page(""), HTML, "", ""),
    "a cell over nine quadrillion columns": (page("<table><td colspan=9007199254740991>x</table>"), HTML, "", ""),
    "NUL bytes": (page("<p>a\0b\0</p>"), HTML, "", ""),
    "UTF-16 without a mark, little end first": (page("").decode().encode("utf-16-le"), HTML, "", ""),
    "UTF-16 without a mark, big end first": (page("").decode().encode("utf-16-be"), HTML, "", ""),
    "UTF-16 with a mark": (page("").decode().encode("utf-16"), HTML, "", ""),
    "a charset that lies: utf-8 for cp1252": (page(LATIN).decode().encode("cp1252"), HTML, "utf-8", ""),
    "a charset that lies: latin-1 for utf-8": (page(LATIN), HTML, "iso-8859-1", ""),
    "a charset that is none": (page(LATIN, head="<meta charset=bogus>"), HTML, "bogus", ""),
    "a charset that is a codec": (page(LATIN), HTML, "unicode_escape", ""),
    "lone surrogates": (page("x").replace(b"x", b"\xed\xa0\x80", 1), HTML, "", ""),
    "overlong UTF-8": (page("x").replace(b"x", b"\xc0\xaf\xe0\x80\xaf", 1), HTML, "", ""),
    "no body": (b"<html><head><title>A</title></head></html>", HTML, "", "empty_extraction"),
    "only a script": (b"<script>let x = 'text'</script>", HTML, "", "empty_extraction"),
    "nothing closed": (f"<html><body><article><div><p>a<b>b<i>c<table><tr><td>d<p>{END}".encode(), HTML, "", ""),
    "a base that is a script": (page("<a href=x>y</a>", head="<base href='javascript:x//'>"), HTML, "", ""),
    "a refresh to a private address": (
        page("", head="<meta http-equiv=refresh content='0;url=http://10.0.0.1/'>"),
        HTML,
        "",
        "",
    ),
    "markup that mutates": (
        page("<math><mtext><table><mglyph><style><!--</style><img title='-->'></math>"),
        HTML,
        "",
        "empty_extraction",
    ),
    "svg that loads": (page("<svg onload=alert(1)><text>x</text></svg>"), HTML, "", ""),
    "a sentence of 100,000": (page(f"<p>{'word ' * 20_000}.</p>"), HTML, "", ""),
    "only emoji before it": (page("<p>\U0001f642\U0001f643</p>"), HTML, "", ""),
    "letters that run backwards": (page("<p>\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd</p>"), HTML, "", ""),
    "2,001 links": (page("<p><a href=/x>y</a> and on.</p>" * 2_001), HTML, "", "links"),
    "a comment that never ends": (page("<!-- x"), HTML, "", "empty_extraction"),
    "CDATA": (page("<![CDATA[ x ]]>"), HTML, "", ""),
    "a long page": (page(long_paragraphs(400)), HTML, "", ""),
    "plain text": (f"One.\n\n{END}".encode(), TEXT, "", ""),
    "plain text of UTF-16": (f"One.\n\n{END}".encode("utf-16"), TEXT, "", ""),
    "plain text of spaces": (b" \n \n", TEXT, "", "empty_extraction"),
    "a PDF file": (sheets(["One."], [END]), PDF, "", ""),
    "a PDF file without text": (sheets([]), PDF, "", "empty_extraction"),
    "a PDF file cut in half": (sheets(["One."] * 30, [END])[:500], PDF, "", "damaged"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_to_its_end_or_says_what_is_missing(name):
    body, media_type, charset, flag = FILES[name]
    reading = read(body, media_type=media_type, charset=charset, url=URL)
    assert reading.truncated == flag
    assert reading.complete is (flag == "")
    assert END in reading.text or not reading.has_whole_text
    reading.text.encode()
    assert "\0" not in reading.text
