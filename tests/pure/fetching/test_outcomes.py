from types import MappingProxyType

import pytest

from factcheck.lib.http import Failed, Failure, Response
from sources.fetching.outcomes import BY_FAILURE, FEED_TYPES, PDF_TYPE, outcome_of, why
from sources.fetching.reading import looks_gated, read
from sources.fetching.types import Outcome
from tests.pure.fetching.files import sheets
from tests.pure.fetching.pages import ARTICLE, long_paragraphs, read_html


def response(status=200, media_type="text/html", body=b"<p>x</p>", *, truncated=False):
    return Response("https://a.test/", status, MappingProxyType({}), body, media_type, "", (), 0.1, truncated)


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "text/plain", ""])
@pytest.mark.parametrize("status", [200, 203])
def test_a_page_is_to_be_read(status, media_type):
    assert outcome_of(response(status, media_type)) is None
    assert why(response(status, media_type)) == ""


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (304, "unchanged"), (404, "gone"), (410, "gone"), (429, "throttled"),
        (401, "gated"), (402, "gated"), (403, "gated"), (407, "gated"), (451, "gated"),
        (406, "unsupported"), (415, "unsupported"),
        *((status, "unreachable") for status in (201, 202, 204, 205, 206, 226, 300, 305, 306, 399)),
        *((status, "unreachable") for status in (400, 405, 408, 409, 412, 418, 421, 425)),
        *((status, "unreachable") for status in (500, 502, 503, 504, 520, 999)),
    ],
)  # fmt: skip
def test_a_status_comes_to_an_outcome(status, outcome):
    assert outcome_of(response(status)) is Outcome(outcome)
    assert why(response(status)) == f"status {status}"


@pytest.mark.parametrize(
    "media_type",
    ["application/zip", "video/mp4", "application/octet-stream", "image/png", "application/json"],
)
def test_what_is_no_page_is_unsupported(media_type):
    assert outcome_of(response(media_type=media_type)) is Outcome.UNSUPPORTED
    assert why(response(media_type=media_type)) == f"media type {media_type}"


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7 x", b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"\0\0\0 ftypisom"]
)
def test_what_only_says_that_it_is_a_page_is_unsupported(body):
    assert outcome_of(response(body=body)) is Outcome.UNSUPPORTED
    assert why(response(body=body)) == "not text"


def test_a_pdf_file_is_to_be_read_where_it_is_one():
    assert outcome_of(response(media_type="application/pdf", body=b"%PDF-1.7 x")) is None
    assert why(response(media_type="application/pdf", body=b"<p>x</p>")) == "not text"


@pytest.mark.parametrize("media_type", ["application/rss+xml", "text/xml", "application/feed+json", "text/html"])
def test_a_feed_is_to_be_read_by_whoever_asks_for_feeds(media_type):
    assert outcome_of(response(media_type=media_type), FEED_TYPES) is None
    assert why(response(media_type=media_type), FEED_TYPES) == ""
    assert outcome_of(response(media_type="application/pdf", body=b"%PDF-"), FEED_TYPES) is Outcome.UNSUPPORTED


def test_an_empty_or_truncated_body_is_never_read():
    assert outcome_of(response(body=b" \n")) is Outcome.UNREACHABLE
    assert why(response(body=b"")) == "empty body"
    assert outcome_of(response(truncated=True)) is Outcome.UNREACHABLE
    assert why(response(truncated=True)).startswith("truncated")


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_comes_to_an_outcome(failure):
    blocked = failure in {Failure.ADDRESS_NOT_ALLOWED, Failure.URL_REFUSED}
    failed = Failed(failure, "said so", 0.1, "https://a.test/")
    assert BY_FAILURE[failure] is outcome_of(failed)
    assert outcome_of(failed) is (Outcome.BLOCKED if blocked else Outcome.UNREACHABLE)
    assert why(failed) == f"{failure.value}: said so"


# -- walls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Please verify you are a human: captcha rules of the council.", "This report is for subscribers only.",
        "404 Selmar Street", "We use cookies in the bakery, minutes of the guild.", "To read it, enable JavaScript.",
    ],
)  # fmt: skip
def test_a_short_pdf_file_is_what_it_says_and_never_a_wall(line):
    body = sheets([line]) + b"\n%<script><input type=password>"
    reading = read(body, media_type=PDF_TYPE, charset="", url="https://a.test/notice.pdf")
    assert line in reading.text
    assert looks_gated(reading, body) is None


def wall(markup):
    return looks_gated(read_html(markup), markup.encode())


@pytest.mark.parametrize(
    "markup",
    [
        "<title>Just a moment...</title><p>Checking your browser before you go on.</p>",
        "<h1>Please verify you are a human</h1><p>Press and hold.</p>",
        "<title>Attention Required! | Edge</title><p>Enable JavaScript and cookies to continue</p>",
        "<p>Access to this page has been denied.</p>",
        "<p>We have seen unusual traffic from your network. Complete the captcha.</p>",
        "<h1>Log in to continue</h1><form><input name=a><input type='password'></form>",
        "<h1>Welcome</h1><form><input name=a><input type=password></form>",
        "<article><h1>Flood</h1><p>The river rose.</p><p>Subscribe to continue reading.</p></article>",
        "<article><h1>Flood</h1><p>This story is only for subscribers.</p></article>",
        "<html><body><div id=x></div><script src=/challenge?captcha=1></script></body></html>",
    ],
)
def test_a_wall_is_gated(markup):
    assert wall(markup) is Outcome.GATED


@pytest.mark.parametrize(
    "markup",
    [
        "<div id=root></div><script src=/app.js></script>",
        "<noscript>You need to enable JavaScript to run this.</noscript><div id=root></div><script src=a.js></script>",
        "<p>This site requires JavaScript.</p>",
        "<p>JavaScript is disabled in your browser.</p>",
        "<p>Loading</p><noscript>Please turn on JavaScript</noscript><script>x</script>",
    ],
)
def test_a_shell_for_javascript_is_unsupported(markup):
    assert wall(markup) is Outcome.UNSUPPORTED


@pytest.mark.parametrize(
    "markup",
    [
        ARTICLE,
        "<article><h1>Library opens</h1><p>The library opens on Sundays.</p></article>",
        "<article><h1>Library opens</h1><p>The library opens on Sundays.</p></article><script>x</script>",
        f"<article><h1>The captcha nobody solved</h1><p>Log in to continue, it said.</p>{long_paragraphs(8)}</article>",
        f"<form><input type=password></form><article>{long_paragraphs(3)}</article>",
        "",
    ],
)
def test_a_page_is_no_wall_whatever_it_says(markup):
    assert wall(markup) is None
