"""What two wordings of one sentence differ in."""

import pytest

from sources.fetching.contrast import Contrast, contrast
from sources.fetching.wording import words
from tests.pace import within

SHUT = "The council of Merrin closed twelve schools in April."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It cost 1,000 euros.", "It cost 1000 euros."),
        ("It cost 1,000 euros.", "It cost one thousand euros."),
        ("It cost a thousand euros.", "It cost 1k euros."),
        ("It cost 1.5 million.", "It cost 1,500,000."),
        ("It cost £5m.", "It cost £5 million."),
        ("Some 253 came.", "Some two hundred and fifty-three came."),
        ("Some 3,200,014 came.", "Some three million two hundred thousand fourteen came."),
        ("It fell 5%.", "It fell five per cent."),
        ("It fell 5 percent.", "It fell 5 %."),
        ("It is his 3rd.", "It is his third."),
        ("Two dozen came.", "24 came."),
        ("It isn't so.", "It is not so."),
        ("They won't go.", "They will not go."),
        ("The U.S. left.", "The US left."),
        ("A well-known man.", "A well known man."),
    ],
)
def test_two_spellings_of_the_same_do_not_differ(one, other):
    assert contrast(one, other) == Contrast(frozenset(), is_denial=False)


def test_numbers_are_read_for_what_they_are():
    told = [word.key for word in words("At 09:30 two and three men, hundred of them, the 2nd of a dozen: 12 hundred.")]
    assert [key for key in told if key.startswith("#")] == ["#09:30", "#2", "#3", "#2.", "#12", "#1200"]


@pytest.mark.parametrize(
    ("now", "kinds", "is_denial"),
    [
        (SHUT, set(), False),
        ("The council of Merrin closed 12 schools in April.", set(), False),
        ("The town council of Merrin shut twelve schools in April.", set(), False),
        ("The council of Merrin closed 14 schools in April.", {"number"}, True),
        ("The council of Merrin closed some schools in April.", {"number"}, False),
        ("The council of Orvany closed twelve schools in April.", {"name"}, False),
        ("The council of Merrin may have closed twelve schools in April.", {"certainty"}, False),
        ("It is not clear whether the council of Merrin closed twelve schools in April.", {"certainty"}, False),
        ("The council of Merrin did not close twelve schools in April.", {"negation"}, True),
        ("The council of Merrin never closed twelve schools in April.", {"negation"}, True),
        ("It is untrue that the council of Merrin closed twelve schools in April.", {"negation"}, True),
        ("The council of Merrin closed twelve schools in April, which was not the case.", {"negation"}, True),
        ("The council of Merrin closed twelve schools in April, and the mayor did not come.", {"negation"}, False),
        ("The council of Merrin closed not only twelve schools in April.", set(), False),
        ("The council of Merrin opened twelve schools in April.", {"status"}, True),
        ('The council of Merrin "closed" twelve schools in April.', {"quote"}, False),
        ("The council of Merrin closed twelve schools in April to save money on old heating pipes.", {"added"}, False),
    ],
)
def test_an_edit_is_told_by_what_it_touches(now, kinds, is_denial):
    assert contrast(SHUT, now) == Contrast(frozenset(kinds), is_denial)
    back = contrast(now, SHUT)
    assert back == Contrast(frozenset("removed" if kind == "added" else kind for kind in kinds), is_denial)


@pytest.mark.parametrize(
    ("was", "now", "kinds", "is_denial"),
    [
        ("Lee beat Ek on Monday.", "Ek beat Lee on Monday.", {"name"}, False),
        ("Lee Young beat Ek.", "Mia Young beat Ek.", {"name"}, False),
        ("Some 5 men and 3 boys came.", "Some 3 men and 5 boys came.", {"number"}, True),
        ("One man came.", "Two men came.", {"number"}, True),
        ("It fell to -5 degrees.", "It fell to 5 degrees.", {"number"}, True),
        ("It fell to −5 degrees.", "It fell to -5 degrees.", set(), False),
        ("It ran from 10-15 May.", "It ran from 10–15 May.", set(), False),
        ("It cost $5m.", "It cost €5m.", {"number"}, False),
        ("It cost $5m.", "It cost 5 million dollars.", set(), False),
        ("It rose by 5%.", "It rose by 5.", {"number"}, False),
        ("Die Brücke ist sicher.", "Die Brücke ist nicht sicher.", {"negation"}, True),
        ("Es schliessen zwölf Schulen.", "Es schliessen vierzehn Schulen.", {"number"}, True),
        ("Es waren 1,5 Millionen.", "Es waren 1,6 Millionen.", {"number"}, True),
        ("Der Mann war dort.", "Der Mann war angeblich dort.", {"certainty"}, False),
        ("Le pont est sûr.", "Le pont n'est pas sûr.", {"negation"}, True),
        ("Le maire est parti.", "Le maire serait parti.", {"certainty"}, False),
        ("El puente es seguro.", "El puente no es seguro.", {"negation"}, True),
        ("El presunto autor huyó.", "El autor huyó.", {"certainty"}, False),
        ("One of the men came.", "Of the men none came.", {"negation"}, True),
        ("He is one of the men.", "He is of the men.", set(), False),
        ("The minister said 12 died.", "The minister said that at least 15 died.", {"number"}, True),
        ("They fled on 3 May 2026.", "They fled on May 3, 2026.", set(), False),
        ("He may go.", "He goes.", {"certainty"}, False),
        ("It ended in May.", "It ended by May.", set(), False),
        ("He did not see her.", "He never saw her.", set(), False),
        ("The claim stands.", "The claim stands, but it is wrong.", {"negation"}, True),
        ("It is over.", "It is over (not so).", {"negation"}, True),
        ('He said "go on.', 'He said "go on now.', {"quote"}, False),
        ("", "", set(), False),
        ("...", "!", set(), False),
    ],
)
def test_what_is_told_of_other_sentences(was, now, kinds, is_denial):
    assert contrast(was, now) == Contrast(frozenset(kinds), is_denial)


def test_the_worked_example_is_about_how_sure_the_text_is():
    was = "Reports that fighters had seized a crossing on the border could not be independently confirmed."
    now = "Reports that fighters had seized a crossing on the border were independently confirmed."
    assert contrast(was, now) == Contrast(frozenset({"certainty"}), is_denial=False)


def test_sentences_without_end_are_compared_as_bags_of_words():
    was = " ".join(f"word{chr(97 + place % 26)}" for place in range(600))
    assert contrast(f"{was} 12.", f"{was} 15.") == Contrast(frozenset({"number"}), is_denial=True)


def test_a_number_of_a_million_digits_is_a_number():
    assert contrast("1" * 1_000_001, "1" * 1_000_001 + " million").kinds == frozenset()
    assert contrast("1" * 1_000_001, "1" * 1_000_000 + "2").kinds == {"number"}
    assert [word.is_number for word in words("five " + "hundred " * 30)] == [True] + [False] * 11


@pytest.mark.parametrize(
    ("was", "now"),
    [("not a ", "not a b "), ("open ", "shut "), ("5 ", "6 "), ('"a" ', '"b" '), ("the claim ", "it was not ")],
)
def test_a_sentence_without_end_is_held_against_another_in_time_that_grows_with_it(was, now):
    with within(8):
        assert contrast(was * 20_000, now * 20_000).kinds
