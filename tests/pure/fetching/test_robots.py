"""What a site's robots.txt asks of us (RFC 9309)."""

import codecs

import pytest

from sources.fetching import robots
from tests.pace import within

STORY = "https://a.test/story"
TEXT = """# ours
User-agent: *
Disallow: /

User-agent: Factcheck
User-agent: Other
Disallow: /private/
Disallow: /*.pdf$
Allow: /private/press
Crawl-delay: 2.5

User-agent: Slow
Crawl-delay: 999999
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/story", True),
        ("/private/", False),
        ("/private/x?y", False),
        ("/private/press/1", True),
        ("/a.pdf", False),
        ("/a.pdf?x", True),
        ("/robots.txt", True),
    ],
)
def test_the_rules_of_our_own_group_hold_and_the_longest_match_wins(path: str, allowed: bool) -> None:
    assert robots.rules(TEXT, "Factcheck").allows(f"https://a.test{path}") is allowed


def test_who_is_not_named_is_everybody() -> None:
    assert not robots.rules(TEXT, "Nobody").allows("https://a.test/story")
    assert robots.rules("", "Nobody").allows("https://a.test/story")
    assert robots.rules("<html>not here</html>", "Nobody").allows("https://a.test/story")


def test_a_delay_is_heeded_up_to_an_hour() -> None:
    assert robots.rules(TEXT, "Factcheck").delay == 2.5
    assert robots.rules(TEXT, "Slow").delay == 3600.0
    assert robots.rules("User-agent: *\nCrawl-delay: banana", "Factcheck").delay is None
    assert robots.rules("", "Factcheck").delay is None


def test_only_half_a_megabyte_is_read() -> None:
    long = "User-agent: *\n" + "# filling\n" * 60_000 + "Disallow: /\n"
    assert robots.rules(long, "Factcheck").allows("https://a.test/story")
    assert len(robots.text_of(200, b"x" * 600_000)) == robots.MAX_BYTES


@pytest.mark.parametrize(
    "hostile",
    [
        "Disallow: /" + "*a" * 2000 + "$\n",
        "Disallow: /" + "*" * 400_000 + "b\n",
        "".join(f"Disallow: /{number}*{number}$\n" for number in range(20_000)),
        "User-agent: x\n" * 30_000,
    ],
)
def test_hostile_rules_are_read_in_bounded_time(hostile: str) -> None:
    with within(3):
        robots.rules(f"User-agent: *\n{hostile}", "Factcheck").allows("https://a.test/" + "a" * 2000)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Factcheck/1.0 (page watcher)", "Factcheck"),
        ("Desk (+https://desk.example)", "Desk"),
        ("Desk", "Desk"),
    ],
)
def test_we_are_known_by_the_product_of_our_user_agent(header: str, token: str) -> None:
    assert robots.product(header) == token


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.test:443/x?y", "http://a.test:443/robots.txt"),
        ("https://a.test?y", "https://a.test/robots.txt"),
        ("https://[2606:4700::1]/", "https://[2606:4700::1]/robots.txt"),
    ],
)
def test_it_lies_at_the_root_of_the_site(url: str, expected: str) -> None:
    assert robots.address(url) == expected


def test_only_a_text_or_a_clients_error_is_an_answer() -> None:
    assert [status for status in (200, 204, 301, 403, 404, 410, 429, 500, 503) if robots.is_answer(status)] == [
        200, 403, 404, 410,
    ]  # fmt: skip
    assert not robots.rules(robots.text_of(200, codecs.BOM_UTF8 + b"User-agent: *\nDisallow: /"), "Us").allows(STORY)
    assert robots.text_of(404, b"Disallow: /") == ""
    assert robots.text_of(200, b"a\0b\xff") == "ab\ufffd"
