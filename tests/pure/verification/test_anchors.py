"""What became of a quote: never guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.verification.anchors import (
    Anchor,
    QuoteNotFound,
    anchor,
    find_quote,
    quote_at,
    sentence_at,
    sentence_span,
)
from tests.pace import within

PAGE = (
    "Rebels took two towns on Sunday. Reports that the Kestrel crossing had fallen could not be confirmed. "
    "About 4,000 people fled to Talvia.\n\nThe minister said 12 people had died. Talks go on."
)


def became(quote: str, new: str, old: str = PAGE) -> tuple[Anchor, str]:
    found = anchor(find_quote(old, quote), old, new)
    return found.anchor, found.sentence


def test_a_quote_on_an_unchanged_page_holds() -> None:
    assert became("the Kestrel crossing had fallen", PAGE)[0] is Anchor.HOLDS


def test_a_quote_holds_when_the_page_changes_elsewhere() -> None:
    changed = PAGE.replace("Talks go on.", "Talks broke down. Nobody knows why.")
    assert became("the Kestrel crossing had fallen", changed)[0] is Anchor.HOLDS


@pytest.mark.parametrize(
    ("old", "new", "quote"),
    [
        (
            "Police confirmed that at 9 a.m. Tuesday rebels fled.",
            "Police denied that at 9 a.m. Tuesday rebels fled.",
            "rebels fled",
        ),
        ("It made $5 million last year.", "It made -5 million last year.", "5 million last year"),
        ("The minister resigned.", "The minister resigned?", "minister resigned"),
        ("Prices rose by 2 %.", "Prices rose by 2.", "Prices rose by 2"),
    ],
)
def test_the_same_words_in_a_sentence_that_says_something_else_do_not_hold(old: str, new: str, quote: str) -> None:
    assert became(quote, f"{new} Snow fell.", f"{old} Snow fell.")[0] in {Anchor.REWORDED, Anchor.DENIED}


def test_a_quote_over_two_sentences_holds_where_both_stand() -> None:
    changed = PAGE.replace("Talks go on.", "Talks broke down.")
    assert became("could not be confirmed. About 4,000 people", changed)[0] is Anchor.HOLDS


def test_white_space_and_punctuation_around_it_are_no_change() -> None:
    changed = PAGE.replace(" had fallen could", "\nhad   fallen could").replace("confirmed.", "confirmed …")
    assert became("the Kestrel crossing had fallen", changed)[0] is Anchor.HOLDS


def test_a_sentence_that_stands_elsewhere_now_has_moved() -> None:
    sentence = "The minister said 12 people had died."
    changed = f"{sentence} Snow fell on the pass.\n\n" + PAGE.replace(sentence, "")
    assert became("12 people had died", changed) == (Anchor.MOVED, sentence)


def test_the_same_words_in_a_sentence_that_confirms_them_are_reworded() -> None:
    changed = PAGE.replace(
        "Reports that the Kestrel crossing had fallen could not be confirmed.",
        "Police confirmed that the Kestrel crossing had fallen.",
    )
    assert became("the Kestrel crossing had fallen", changed) == (
        Anchor.REWORDED,
        "Police confirmed that the Kestrel crossing had fallen.",
    )


def test_other_words_for_it_are_reworded_with_both_sentences() -> None:
    changed = PAGE.replace("Rebels took two towns on Sunday.", "Rebels took two border towns late on Sunday.")
    assert became("Rebels took two towns", changed) == (
        Anchor.REWORDED,
        "Rebels took two border towns late on Sunday.",
    )


@pytest.mark.parametrize(
    "today",
    [
        "The minister said 12 people had not died.",
        "The minister denied that 12 people had died.",
        "The minister said 12 people hadn’t died.",
        "The minister said 15 people had died.",
    ],
)
def test_a_negation_or_another_number_denies_it(today: str) -> None:
    changed = PAGE.replace("The minister said 12 people had died.", today)
    assert became("12 people had died", changed) == (Anchor.DENIED, today)


def test_a_number_added_in_other_words_is_only_reworded() -> None:
    changed = PAGE.replace(
        "Rebels took two towns on Sunday.", "Rebels took two towns, 3 villages and a farm on Sunday."
    )
    assert became("Rebels took two towns on Sunday", changed)[0] is Anchor.REWORDED


def test_other_numbers_in_quite_other_words_are_only_reworded() -> None:
    old = "The clinic in Orvany treated 40 people on Monday."
    new = "On Monday the clinic in Orvany turned away all but 7 people."
    assert became("treated 40 people", new, old)[0] is Anchor.REWORDED


def test_a_sentence_that_is_no_more_is_removed() -> None:
    changed = PAGE.replace("About 4,000 people fled to Talvia.", "")
    assert became("4,000 people fled", changed) == (Anchor.REMOVED, "")


def test_a_look_alike_that_always_stood_there_is_not_taken_for_it() -> None:
    old = "Police shot two men in Merrin on Friday. Police shot two men in Orvany on Friday."
    new = "Police shot two men in Orvany on Friday."
    assert became("two men in Merrin", new, old) == (Anchor.REMOVED, "")


def test_of_two_places_the_one_whose_surroundings_fit_is_taken() -> None:
    old = "It rained. The road is open, police said. It snowed. The road is open, drivers said."
    quote = quote_at(old, old.rindex("The road is open"), old.rindex("The road is open") + 16)
    found = anchor(quote, old, f"New lead here. {old}")
    assert found.quote is not None
    assert found.sentence == "The road is open, drivers said."


SHUT = "The council of Merrin closed twelve schools in April."
TWICE = f"Alpha opens the page. {SHUT} The mayor was angry.\n\nLater there was a recap. {SHUT} Readers wrote in."


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("The council of Merrin closed no schools in April.", Anchor.DENIED),
        ("The council of Merrin closed fourteen schools in April.", Anchor.DENIED),
        ("The council of Merrin closed twelve shops in April.", Anchor.REWORDED),
        ("", Anchor.REMOVED),
    ],
)
def test_an_equal_sentence_elsewhere_does_not_stand_in_for_a_quote_that_changed(today: str, expected: Anchor) -> None:
    assert became(SHUT, TWICE.replace(SHUT, today, 1), TWICE) == (expected, today)


def test_of_two_equal_sentences_the_other_one_holds_where_the_first_changed() -> None:
    quote = quote_at(TWICE, TWICE.rindex(SHUT), TWICE.rindex(SHUT) + len(SHUT))
    changed = TWICE.replace(SHUT, "The council of Merrin closed no schools in April.", 1)
    found = anchor(quote, TWICE, changed)
    assert (found.anchor, found.quote and found.quote.start) == (Anchor.HOLDS, changed.index(SHUT))


def test_a_quote_repeated_in_a_note_that_takes_it_back_is_denied_in_its_old_place() -> None:
    old = f"Alpha opens the page. {SHUT} The mayor was angry.\n\nReaders wrote in."
    new = old.replace(SHUT, "The council of Merrin closed no schools in April.") + f"\n\nWe wrote at first: {SHUT}"
    assert became(SHUT, new, old)[0] is Anchor.DENIED


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("This turned out to be false.", Anchor.DENIED),
        ("An earlier version of this page said:", Anchor.REWORDED),
    ],
)
def test_a_quote_that_moved_behind_words_that_disown_it_has_not_just_moved(lead: str, expected: Anchor) -> None:
    old = f"Alpha opens the page. {SHUT} The mayor was angry.\n\nReaders wrote in."
    new = f"{old.replace(SHUT + ' ', '')}\n\n{lead} {SHUT}"
    assert became(SHUT, new, old) == (expected, f"{lead} {SHUT}")


def test_a_quote_that_stays_but_is_led_in_as_false_does_not_hold() -> None:
    old = f"Alpha opens the page.\n\n{SHUT}\n\nThe mayor was angry."
    assert became(SHUT, old.replace(SHUT, f"This is false:\n\n{SHUT}"), old)[0] is Anchor.DENIED
    assert became(SHUT, old.replace(SHUT, f"That was wrong of him.\n\n{SHUT}"), old)[0] is Anchor.HOLDS


def test_a_quote_is_found_behind_any_number_of_sentences() -> None:
    many = " ".join(f"Line {number} stands here." for number in range(6000))
    old = f"{many}\n\nIt was so. {SHUT} The end came."
    assert became(SHUT[4:], old, old)[0] is Anchor.HOLDS
    assert became(SHUT[4:], old.replace(SHUT, f"It is wrong that t{SHUT[1:]}"), old)[0] is Anchor.DENIED


@pytest.mark.parametrize(
    ("was", "today", "expected"),
    [
        ("It cost 1,000 euros.", "It cost 1000 euros.", Anchor.REWORDED),
        ("It cost 1,000 euros.", "It cost one thousand euros.", Anchor.REWORDED),
        ("It cost 1,000 euros.", "It cost 1,001 euros.", Anchor.DENIED),
        ("Two ships sank.", "Three ships sank.", Anchor.DENIED),
        ("The plan was not passed by the senate.", "The plan was passed by the senate.", Anchor.DENIED),
        (SHUT, f"{SHUT[:-1]}, and the mayor did not come.", Anchor.REWORDED),
        (SHUT, f"{SHUT[:-1]}, which is not true.", Anchor.DENIED),
        (SHUT, "The council of Merrin reopened twelve schools in April.", Anchor.DENIED),
        ("The pass is open to lorries.", "The pass is closed to lorries.", Anchor.DENIED),
    ],
)
def test_only_what_says_that_it_is_not_so_denies_it(was: str, today: str, expected: Anchor) -> None:
    assert became(was, f"It rained. {today} Snow fell.", f"It rained. {was} Snow fell.") == (expected, today)


def test_words_that_are_spelled_otherwise_stand_still() -> None:
    old = 'She came. He said "It\'s over" - twice. They left.'
    found = anchor(find_quote(old, '"It\'s over"'), old, "She came. He said “It’s over” – twice. They left.")
    assert found.quote is not None
    assert (found.anchor, found.quote.exact) == (Anchor.HOLDS, "“It’s over”")


def test_a_quote_whose_full_stop_went_stands_still() -> None:
    found = anchor(find_quote(PAGE, "Talks go on."), PAGE, PAGE.removesuffix("."))
    assert (found.anchor, found.quote and found.quote.exact) == (Anchor.HOLDS, "Talks go on")


def test_a_quote_of_two_sentences_of_which_one_changed_shows_both() -> None:
    changed = PAGE.replace("About 4,000 people fled", "About 5,000 people fled")
    assert became("could not be confirmed. About 4,000 people", changed) == (
        Anchor.DENIED,
        "Reports that the Kestrel crossing had fallen could not be confirmed. About 5,000 people fled to Talvia.",
    )


def test_a_quote_is_pinned_with_what_stands_around_it() -> None:
    quote = find_quote(PAGE, "4,000   people\nfled")
    assert PAGE[quote.start : quote.end] == quote.exact == "4,000 people fled"
    assert PAGE[: quote.start].endswith(quote.prefix)
    assert PAGE[quote.end :].startswith(quote.suffix)


@pytest.mark.parametrize("missing", ["", "   ", "9,000 people fled"])
def test_a_quote_that_does_not_stand_there_is_refused(missing: str) -> None:
    with pytest.raises(QuoteNotFound, match="character for character"):
        find_quote(PAGE, missing)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 4), (5, 2), (0, len(PAGE) + 1)])
def test_offsets_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(QuoteNotFound):
        quote_at(PAGE, start, end)


def test_a_sentence_is_found_around_its_words() -> None:
    at = PAGE.index("Kestrel")
    assert sentence_at(PAGE, at, at + 7).startswith("Reports that")
    assert sentence_at(PAGE, at, at + 7).endswith("confirmed.")


def test_a_text_without_any_sentence_is_taken_whole() -> None:
    assert sentence_span(" \n ", 1, 2) == (0, 3)
    assert anchor(quote_at(" \n ", 1, 2), " \n ", "News.").anchor is Anchor.REMOVED


@given(st.text(), st.text(min_size=1), st.text(), st.text())
def test_whatever_the_texts_an_anchor_is_found_and_its_place_is_right(a: str, b: str, c: str, new: str) -> None:
    old = a + b + c
    found = anchor(quote_at(old, len(a), len(a) + len(b)), old, new)
    assert found.anchor in {Anchor.HOLDS, Anchor.MOVED, Anchor.REWORDED, Anchor.DENIED, Anchor.REMOVED}
    if found.quote is not None:
        assert new[found.quote.start : found.quote.end] == found.quote.exact


@given(st.text(alphabet="ab. \n", min_size=1))
def test_on_the_same_text_every_quote_holds(text: str) -> None:
    if text.strip():
        start = len(text) - len(text.lstrip())
        found = anchor(quote_at(text, start, start + 1), text, text)
        assert found.anchor in {Anchor.HOLDS, Anchor.MOVED}


def test_a_quote_of_very_many_sentences_is_held_against_a_page_written_anew_in_time():
    old = "\n\n".join(f"Sentence {number} of the old page is here." for number in range(2000))
    new = "\n\n".join(f"Phrase {number} of a new side was there." for number in range(2000))
    with within(8):
        assert anchor(quote_at(old, 0, len(old)), old, new).anchor is Anchor.REMOVED
