"""How much an edit weighs."""

import pytest

from sources.fetching.noise import stable
from sources.fetching.reading import read
from sources.fetching.types import Block, BlockKind, Link
from sources.fetching.weights import Because, Seen, Weight, weigh
from tests.pace import within

PAGE = """The council of Merrin closed twelve schools in April. Parents were told by letter.

The mayor, Lena Ott, said "we had no choice". Reports of a further closure could not be confirmed.

A protest is planned for Friday. It rained all day."""
NOTE = "Correction: An earlier version of this article misstated the number of schools."


def page(text: str) -> Seen:
    return Seen.of(read(text.encode(), media_type="text/plain", charset="utf-8", url="https://news.example.com/a"))


def weight(new: str, old: str = PAGE) -> Weight:
    return weigh(page(old), page(new))


def kinds(found: Weight) -> set[str]:
    return {because.kind for because in found.because}


def test_the_same_page_weighs_nothing():
    assert weight(PAGE) == Weight("none")


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("twelve schools", "fourteen schools", "number"),
        ("Lena Ott", "Mia Ott", "name"),
        ("were told", "were not told", "negation"),
        ("is planned", "was allegedly planned", "certainty"),
        ("could not be confirmed", "were confirmed", "certainty"),
        ("we had no choice", "we had little choice", "quote"),
        (" Parents were told by letter.", "", "removed"),
        ("Friday. It rained all day.", "Friday. Teachers fear for their work. It rained all day.", "added"),
    ],
)
def test_what_bears_on_what_is_said_is_substantive(was, now, kind):
    found = weight(PAGE.replace(was, now))
    assert (found.weight, kind in kinds(found)) == ("substantive", True)
    assert found.is_stealth is (kind != "added")


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("Parents were told", "The parents were informed", "reworded"),
        ("It rained all day.", "It raind all day.", "reworded"),
        ("twelve schools", "12 schools", "reworded"),
        ("A protest", "Schools\n\nA protest", "reworded"),
        ("It rained all day.", "It rained all day.\n\nParents were told by letter.", "moved"),
    ],
)
def test_what_only_reads_otherwise_is_minor(was, now, kind):
    new = PAGE.replace(was, now)
    new = new.replace(" Parents were told by letter.", "", 1) if kind == "moved" else new
    found = weight(new)
    assert (found.weight, kinds(found), found.is_stealth) == ("minor", {kind}, False)
    assert weight(PAGE, new).weight == "minor"


def test_a_correction_is_substantive_and_makes_an_edit_no_stealth_edit():
    edited = PAGE.replace("twelve", "fourteen")
    told = weight(f"{edited}\n\n{NOTE}")
    assert (told.weight, kinds(told), told.notices, told.is_stealth) == (
        "substantive", {"number", "correction"}, (NOTE,), False,
    )  # fmt: skip
    assert weight(edited).is_stealth
    assert kinds(weight(f"{PAGE}\n\n{NOTE}")) == {"correction"}


def test_a_note_that_stood_there_before_tells_nothing_of_this_edit():
    found = weight(f"{PAGE}\n\n{NOTE}".replace("twelve", "fourteen"), f"{PAGE}\n\n{NOTE}")
    assert (kinds(found), found.notices, found.is_stealth) == ({"number"}, (), True)


def test_a_sentence_turned_into_a_note_is_a_note():
    found = weight(PAGE.replace("It rained all day.", "Correction: It rained all day."))
    assert (kinds(found), found.is_stealth) == ({"correction"}, False)


def test_an_update_is_a_notice_and_no_correction():
    found = weight(f"{PAGE}\n\nUpdate: Two more schools are to follow in May, the council says.")
    assert (kinds(found), found.is_stealth) == ({"notice"}, False)


def test_a_note_that_is_taken_away_is_told():
    assert kinds(weight(PAGE, f"{PAGE}\n\n{NOTE}")) == {"removed"}


def test_a_link_that_leads_elsewhere_is_minor():
    def linked(*urls: str) -> Seen:
        links = tuple(Link(0, 3, url, "The") for url in urls)
        return Seen("The end.", (Block(BlockKind.PARAGRAPH, 0, 8),), links)

    found = weigh(linked("https://a.test/"), linked("https://b.test/"))
    assert (found.weight, found.because) == ("minor", (Because("link", "https://a.test/", "https://b.test/"),))
    assert weigh(linked(), linked("https://b.test/")).weight == "none"


def test_a_page_too_different_to_compare_whole_says_so():
    old = "\n\n".join(f"House {n} was built by Ek." for n in range(700))
    assert not weight(old.replace("built", "sold"), old).is_whole


@pytest.mark.parametrize(("many", "long"), [(30, 3000), (2000, 40), (10_000, 8)])
def test_a_page_of_which_every_sentence_was_written_anew_is_weighed_in_time(many, long):
    old = "\n\n".join(" ".join(f"w{(one * 7 + word) % 9973}" for word in range(long)) + "." for one in range(many))
    with within(20):
        found = weight(old.replace(" w1", " x1"), old)
    assert found.weight == "substantive"


def test_of_two_versions_with_too_much_that_differs_the_rest_counts_as_gone_and_come():
    old = "\n\n".join(f"House {number} of the street was built by Ek{' and by Sons' * 7}." for number in range(1500))
    found = weight(old.replace("the street", "that street"), old)
    assert kinds(found) == {"reworded", "removed", "added"}
    assert len(found.because) > 1500


def test_many_links_on_a_page_of_many_passages_take_no_time_without_end():
    words = [f"House {number} was built, he said." for number in range(20_000)]
    text, at, blocks = "\n\n".join(words), 0, []
    for one in words:
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(one)))
        at += len(one) + 2
    links = tuple(Link(block.start, block.start + 5, "https://a.test/", "House") for block in blocks[-2000:])
    with within(5):
        stable(Seen(text, tuple(blocks), links))
