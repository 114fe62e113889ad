import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.changes import Difference, differs, sentences
from tests.pace import within

OLD = "The bridge is shut. Twelve people were hurt.\n\nReports of a second collapse could not be confirmed."


def test_the_same_text_does_not_differ():
    assert differs(OLD, OLD) == Difference()
    assert not differs(OLD, OLD)


def test_noise_is_no_difference():
    assert not differs(OLD, OLD.replace(" ", "  ").replace("\n\n", "\n\n\n"))
    assert not differs("He said 'no'. Twice.", "He said \u2018no\u2019.  Twice.")


def test_a_sentence_more_is_added_and_a_sentence_less_is_removed():
    more = OLD.replace("hurt.", "hurt. Nobody died.")
    assert differs(OLD, more) == Difference(added=("Nobody died.",))
    assert differs(more, OLD) == Difference(removed=("Nobody died.",))
    assert differs(OLD, more)


def test_a_sentence_with_other_words_is_reworded():
    new = OLD.replace("could not be confirmed", "have been confirmed")
    assert differs(OLD, new) == Difference(
        reworded=(
            (
                "Reports of a second collapse could not be confirmed.",
                "Reports of a second collapse have been confirmed.",
            ),
        )
    )


def test_a_number_alone_is_a_rewording():
    assert differs(OLD, OLD.replace("Twelve", "15")).reworded == (("Twelve people were hurt.", "15 people were hurt."),)


def test_sentences_that_only_moved_are_told_as_moved_and_as_nothing_else():
    assert differs("One. Two. Three.", "Two. Three. One.") == Difference(moved=(("One.", 0, 2),))
    assert differs("One. Two. Three.", "Two. Three. One.")


def test_a_sentence_that_moved_keeps_the_others_in_their_order():
    old = "A came. B came. C came. D came. B came. E came."
    assert differs(old, "A came. D came. B came. C came. B came. E came.").moved == (("D came.", 3, 1),)


def test_repeats_are_counted():
    assert differs("No comment.", "No comment. No comment.") == Difference(added=("No comment.",))
    assert differs("No. No. No.", "No.") == Difference(removed=("No.", "No."))


def test_a_sentence_is_paired_with_the_one_most_like_it():
    old = "Ten men of the town were hurt on Monday. Ten men of the town were hurt on Friday."
    new = "Ten men of the town were hurt on Friday night. Six men of the town were hurt on Monday."
    assert differs(old, new).reworded == (
        ("Ten men of the town were hurt on Friday.", "Ten men of the town were hurt on Friday night."),
        ("Ten men of the town were hurt on Monday.", "Six men of the town were hurt on Monday."),
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("And we have to stop the floods.", "And we have to bring back the night train."),
        (
            "He was the first of those who had to go to the mill.",
            "She was the last of those who had to do with a fire.",
        ),
    ],
)
def test_sentences_that_share_no_more_than_little_words_are_no_pair(was, now):
    assert differs(was, now) == Difference(added=(now,), removed=(was,))


def test_a_sentence_of_hardly_any_words_is_a_pair_by_them():
    assert differs("It is open.", "It is shut.").reworded == (("It is open.", "It is shut."),)


def test_the_same_sentence_twice_keeps_its_own_partner():
    got = differs("The bridge is shut today. The bridge is shut today.", "The bridge is open today. The rain stopped.")
    assert got == Difference(
        added=("The rain stopped.",),
        removed=("The bridge is shut today.",),
        reworded=(("The bridge is shut today.", "The bridge is open today."),),
    )


def test_from_nothing_everything_is_added():
    assert differs("", "One. Two.").added == ("One.", "Two.")
    assert differs("One. Two.", "").removed == ("One.", "Two.")


def test_a_long_page_that_is_wholly_new_is_compared_by_place_and_says_so():
    old = "\n\n".join(f"The old line of house {n} was read." for n in range(1000))
    new = "\n\n".join(f"The new line of house {n} was read." for n in range(1000))
    with within(5):
        got = differs(old, new)
    assert (len(got.reworded), got.added, got.removed, got.is_whole) == (1000, (), (), False)
    assert got.reworded[300] == ("The old line of house 300 was read.", "The new line of house 300 was read.")


def test_a_sentence_far_from_its_place_is_told_as_removed_and_added_where_there_are_too_many_to_compare():
    lines = [f"{n} {n + 1} {n + 2} {n + 3}." for n in range(0, 4000, 4)]
    moved = "The mill at the end of the lane burnt down in {}."
    old = "\n\n".join([moved.format("May"), *lines])
    new = "\n\n".join([*(line.replace(" ", "x ") for line in lines), moved.format("June")])
    got = differs(old, new)
    assert (got.is_whole, moved.format("June") in got.added, moved.format("May") in got.removed) == (False, True, True)


def test_a_page_of_which_every_sentence_changed_a_little_is_paired_in_time():
    old = " ".join(f"House {n} of the street was built in the year {n}." for n in range(200))
    with within(8):
        got = differs(old, old.replace("built", "razed"))
    assert len(got.reworded) == 200
    assert got.reworded[7] == (
        "House 7 of the street was built in the year 7.",
        "House 7 of the street was razed in the year 7.",
    )


def test_a_page_of_very_many_sentences_of_which_each_changed_is_compared_in_time():
    with within(12):
        got = differs("A man a. " * 30_000, "A man e. " * 30_000)
    assert len(got.reworded) + len(got.removed) == 30_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("No full stop", ["No full stop"]),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He said \u201cNo.\u201d Then he left.", ["He said \u201cNo.\u201d", "Then he left."]),
        (
            "Dr. Lee of the U.S. Senate met Mr. A. Ek. They spoke.",
            ["Dr. Lee of the U.S. Senate met Mr. A. Ek.", "They spoke."],
        ),
        ("It cost 3.5 million. e.g. this one", ["It cost 3.5 million. e.g. this one"]),
        (
            "It stood at No. 10. No. 11 is new. No. They left.",
            ["It stood at No. 10.", "No. 11 is new.", "No.", "They left."],
        ),
        ("A heading\n\nA text.", ["A heading", "A text."]),
        ("今日は。明日は。", ["今日は。明日は。"]),
    ],
)
def test_sentences_end_at_full_stops_and_blocks(text, expected):
    assert sentences(text) == expected


@given(st.text(alphabet="ab AB.!?\n\"'", max_size=80), st.text(alphabet="ab AB.!?\n\"'", max_size=80))
def test_old_less_removed_and_reworded_is_new_less_added_and_reworded(old, new):
    got = differs(old, new)
    assert len(sentences(old)) - len(got.removed) == len(sentences(new)) - len(got.added)
    assert got.is_whole
    back = differs(new, old)
    assert sorted(back.added) == sorted(got.removed) or got.reworded
