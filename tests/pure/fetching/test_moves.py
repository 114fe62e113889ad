from hypothesis import given
from hypothesis import strategies as st

from sources.fetching.moves import aligned, in_order
from tests.pace import within


def test_what_stands_once_in_both_is_the_same_wherever_it_stands():
    assert aligned("abc", "cab") == {0: 1, 1: 2, 2: 0}


def test_of_equal_ones_the_one_beside_the_same_neighbour_is_the_same():
    assert aligned("a.b.c", "ab.c") == {0: 0, 2: 1, 3: 2, 4: 3}
    assert aligned("..", "x.") == {1: 1}


def test_what_moved_does_not_take_what_stands_beside_what_stayed():
    assert aligned("abcdbe", "adbcbe") == {0: 0, 1: 2, 2: 3, 3: 1, 4: 4, 5: 5}


def test_what_nothing_settles_is_paired_in_order():
    assert aligned("x..y", "y..z.x") == {0: 5, 1: 1, 2: 2, 3: 0}


def test_the_most_that_kept_its_order_has_not_moved():
    assert in_order({0: 1, 1: 2, 2: 0}) == {0, 1}
    assert in_order({0: 2, 1: 0, 2: 1, 3: 3}) == {1, 2, 3}
    assert in_order({}) == set()


def test_a_hundred_thousand_equal_ones_are_paired_in_time():
    with within(5):
        many = ["No comment."] * 100_000
        assert len(aligned(many, ["Yes.", *many])) == 100_000


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=12))
def test_pairs_are_equal_and_each_is_used_once(before, after):
    pairs = aligned(before, after)
    assert all(before[here] == after[there] for here, there in pairs.items())
    assert len(set(pairs.values())) == len(pairs)
    left = [key for place, key in enumerate(before) if place not in pairs]
    assert not set(left) & {key for place, key in enumerate(after) if place not in pairs.values()}
