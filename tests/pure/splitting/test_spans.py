"""From words to one to three verbatim spans."""

from claims.splitting.restated import Draft, fold
from claims.splitting.spans import spans_of
from claims.splitting.types import Certainty, FoundClaim, Kind, Salience, Span
from tests.pure.splitting.trees import sentence

TEXT = "one two three four five six seven eight nine"
WORDS = sentence("\n".join(f"{word} NN {'ROOT' if word == 'one' else 'dep'} one" for word in TEXT.split())).words


def test_neighbours_are_one_span():
    assert spans_of(WORDS[:3], TEXT) == (Span(0, 13, "one two three"),)


def test_marks_between_two_stretches_do_not_part_them():
    text = "one two --- four"
    first, second, fourth = sentence("one NN ROOT one\ntwo NN dep one\nx NN dep one\nfour NN dep one").words[:4:1][:3]
    fourth.start, fourth.end, fourth.index = 12, 16, 3
    assert spans_of([first, second, fourth], text) == (Span(0, 16, text),)


def test_of_more_than_three_stretches_the_nearest_are_joined():
    found = spans_of([WORDS[at] for at in (0, 2, 4, 8)], TEXT)
    assert [span.quote for span in found] == ["one two three", "five", "nine"]


def found(*spans):
    return FoundClaim(
        spans, "One.", (), Certainty.ASSERTED, Kind.FACT, checkable=True, salience=Salience.CORE, check_worthy=0.5
    )


def test_two_rules_that_find_the_same_words_find_one_claim():
    span = Span(0, 3, "one")
    assert fold([Draft(found(span), frozenset(), is_headline=False)] * 2) == [found(span)]
