"""What a page's machinery changes at every look."""

import pytest

from sources.fetching.noise import is_machinery, lines, seen, stable
from sources.fetching.types import Block, BlockKind, Link
from sources.fetching.weights import Seen, weigh
from tests.pure.fetching.pages import read_html

STORY = (
    "The council of Merrin closed twelve schools in April.",
    "Parents were told by letter, and many were angry about it.",
    "A protest is planned for Friday, the mayor said on the steps of the town hall.",
)
PARAGRAPH, ITEM, NOTICE = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.NOTICE


def page(*blocks: str | tuple[BlockKind, str], linked: tuple[str, ...] = ()) -> Seen:
    """A page of these blocks, paragraphs where nothing else is said, and of links with these words."""
    text, made, links = "", [], []
    for block in blocks:
        kind, words = block if isinstance(block, tuple) else (PARAGRAPH, block)
        start = len(text) + 2 if text else 0
        text += ("\n\n" if text else "") + words
        made.append(Block(kind, start, start + len(words)))
        links += [
            Link(start + words.index(one), start + words.index(one) + len(one), "https://a.test/", one)
            for one in linked
            if one in words
        ]
    return Seen(text, tuple(made), tuple(links))


def between(*noise: str | tuple[BlockKind, str], linked: tuple[str, ...] = ()) -> Seen:
    return page(STORY[0], *noise, *STORY[1:], linked=linked)


@pytest.mark.parametrize(
    "line",
    [
        "Updated 12 minutes ago",
        "Last updated: 20:33 GMT, 4 May 2026",
        "Today is Monday, 14 March 2026",
        "This page was last refreshed 53 seconds ago.",
        "10:22 | 14/03/2026",
        "343 comments",
        "35 people are reading this story now.",
        "Shared 120 times",
        "Rating: 4.5 (212 votes)",
        "View all 211 comments",
    ],
)
def test_counters_and_clocks_are_machinery(line):
    assert is_machinery(line)
    assert stable(between(line)) == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Twelve people were hurt.",
        "12 people died today.",
        "The story was shared.",
        "He has read 12 stories.",
        "The page about 12 people was first read on 12 March 2026 in a house at 12 Main Street by 12 people there.",
        "There have been 12 of us on this day.",
    ],
)
def test_a_sentence_about_the_world_is_none(sentence):
    assert not is_machinery(sentence)
    assert sentence in stable(between(sentence))


def test_a_counter_inside_a_paragraph_is_left_out_of_it():
    assert stable(page(f"{STORY[0]} 35 people are reading this story now.")) == STORY[0]


@pytest.mark.parametrize(
    "advert",
    [
        "Save 30% on shoes at Norda. Order today and get free delivery to your door.",
        "Advertisement: Book a cruise to Norway with Norda from €300.",
        "PAID CONTENT Norda: how to retire early",
        "Sponsored by Norda",
        "Norda winter sale: up to 30% off jackets, this week only.",
        "Looking for a new kitchen? Norda gives you a quote. Call 0800 300.",
    ],
)
def test_adverts_are_left_out(advert):
    assert seen(between(advert)) == seen(page(*STORY))


@pytest.mark.parametrize(
    "sentence",
    [
        "“Order today and get free delivery to your door,” the leaflet said.",
        "Commercial flights were stopped at noon.",
        "The house costs $300 a month.",
        "Buy one house a year, the council was told, and the town is yours in the end: " + "so it went on and on " * 8,
    ],
)
def test_what_tells_of_buying_is_no_advert(sentence):
    assert sentence.strip() in stable(between(sentence.strip()))


def test_links_to_other_pieces_are_left_out_with_what_is_told_of_them():
    titles = ("Harbour closed after storm", "Mayor resigns over bridge", "Ten things about ferries")
    led = between("Read more: " + titles[0], linked=titles)
    listed = between(
        "You may also like", *((ITEM, title) for title in titles), (ITEM, "Ships had to wait."), linked=titles
    )
    row = between(*titles, linked=titles)
    told = between(titles[0], "Ships had to wait.", titles[1], "She had promised it.", linked=titles)
    alone = between(titles[2], linked=titles)
    headed = between("More stories from Merrin", *titles, linked=titles)
    for one in (led, listed, row, told, alone, headed):
        assert stable(one) == "\n\n".join(STORY)


def test_what_only_holds_a_link_or_is_a_linked_sentence_stays():
    cited = "The council published a report on Friday."
    for one in (between(cited, linked=("a report",)), between(cited, linked=(cited,))):
        assert cited in stable(one)
    assert "See" in stable(between("See the map of all closed schools that we drew.", linked=("map",)))


def test_a_list_that_nothing_leads_to_stays():
    assert "Ships had to wait." in stable(between((ITEM, "Ships had to wait."), (ITEM, "Trams stood still.")))
    assert "Trams" in stable(between((BlockKind.HEADLINE, "Trams stood still"), linked=("Trams stood still",)))


def test_a_notice_stays_and_one_that_only_tells_the_time_goes():
    note = "Correction: An earlier version misstated the number of schools."
    assert note in stable(between((NOTICE, note), linked=(note,)))
    assert stable(between((NOTICE, "This page was last refreshed 53 seconds ago."))) == "\n\n".join(STORY)


def test_a_page_of_nothing_but_noise_is_taken_as_it_is():
    assert stable(page("343 comments")) == "343 comments"
    assert stable(page((BlockKind.BOILERPLATE, "343 comments"))) == "343 comments"


def test_a_line_that_is_no_sentence_is_minor_whatever_it_counts():
    assert lines(between("Popularity 30 of 100")) == {"Popularity 30 of 100"}
    was, now = between("Popularity 30 of 100"), between("Popularity 40 of 100")
    assert seen(was) != seen(now)
    assert (weigh(was, now).weight, weigh(was, page(*STORY)).weight) == ("minor", "minor")


@pytest.mark.parametrize("kind", [ITEM, BlockKind.HEADLINE, BlockKind.QUOTATION, BlockKind.CAPTION])
def test_a_number_in_a_list_heading_or_quotation_is_substantive(kind):
    assert weigh(between((kind, "Deaths so far 12")), between((kind, "Deaths so far 15"))).weight == "substantive"


def test_a_real_page_served_again_with_other_noise_is_the_same():
    whole = (
        "<article><h1>Schools</h1><p>{}</p><p>{} hours ago</p><p>{} people like this</p><p>{}</p><p>{}</p></article>"
    )
    one, other = (read_html(whole.format(STORY[0], number, number, *STORY[1:])) for number in (2, 3))
    assert one.text != other.text
    assert seen(one) == seen(other)


def test_a_link_that_stands_in_no_block_makes_none_a_teaser():
    told = page(*STORY)
    links = tuple(Link(start, end, "https://a.test/", "x") for start, end in ((0, len(told.text)), (-1, 2)))
    assert stable(Seen(told.text, told.blocks, links)) == stable(told)
