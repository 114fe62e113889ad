"""Slips of the parser that are mended by what English allows."""

import pytest

from claims.splitting.quotes import QuoteRegion
from claims.splitting.repair import repair
from tests.pure.splitting.trees import sentence, tied


def test_a_noun_with_a_subject_at_the_head_of_a_sentence_is_a_verb():
    drawn = repair(sentence("club NN nsubj advocates\nadvocates NNS ROOT advocates"), [])
    assert (drawn.root.pos, drawn.root.tag) == ("VERB", "VBZ")


TRAILING = """
man NN nsubj pleaded
pleaded VBD ROOT pleaded
guilty JJ acomp pleaded
to IN prep guilty
charges NNS pobj to
, , punct charges
the DT det court
court NN appos charges
announced VBD acl charges
Monday NNP npadvmod announced
"""


def test_a_trailing_report_is_hung_beside_the_main_clause():
    found = tied(repair(sentence(TRAILING), []))
    assert found["announced"] == "parataxis pleaded"
    assert found["court"] == "nsubj announced"


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("court NN appos charges", "court RB appos charges"),
        ("court NN appos charges", "court VBD acl charges"),
        ("announced VBD acl charges", "announced VBD relcl charges"),
        ("announced VBD acl charges", "announced VBD ROOT announced"),
        ("court NN appos charges", "court NN appos Monday"),
        ("Monday NNP npadvmod announced", "sat VBD advcl announced"),
    ],
)
def test_what_is_no_trailing_report_stays(part, instead):
    drawn = TRAILING.replace(part, instead)
    if "ROOT announced" in instead:
        drawn = drawn.replace("pleaded VBD ROOT pleaded", "pleaded VBD ccomp announced")
    assert tied(repair(sentence(drawn), []))["announced"] == tied(sentence(drawn))["announced"]


INVERTED = """
Let VB advcl said
us PRP nsubj Let
go VB ccomp Let
, , punct said
said VBD ROOT said
Rowe NNP nsubj said
"""


def test_what_stands_before_an_inverted_verb_of_saying_is_its_content():
    assert tied(repair(sentence(INVERTED), []))["Let"] == "ccomp said"


@pytest.mark.parametrize(
    "change", [("Let VB advcl said", "Let VB conj said"), ("said VBD ROOT said", "went VBD ROOT went")]
)
def test_another_verb_takes_no_content(change):
    drawn = INVERTED.replace(*change).replace(
        " said\n", f" {change[1].split()[0] if 'ROOT' in change[1] else 'said'}\n"
    )
    assert tied(repair(sentence(drawn), []))["Let"].startswith(("advcl", "conj"))


ACROSS = """
There EX expl is
is VBZ {root}
anger NN attr is
in IN prep anger
town NN pobj in
, , punct town
Rowe NNP appos town
, , punct Rowe
said VBD {said}
Monday NNP npadvmod said
"""


@pytest.mark.parametrize(("root", "said"), [("ccomp said", "ROOT said"), ("ROOT is", "dep is")])
def test_nothing_hangs_across_the_mark_that_closes_a_quotation(root, said):
    drawn = sentence(ACROSS.format(root=root, said=said))
    town = next(word for word in drawn.words if word.text == "town")
    found = tied(repair(drawn, [QuoteRegion(0, town.end + 1, is_speech=True)]))
    assert found["Rowe"] == "nsubj said"
    assert found["said"] in {"ROOT said", "parataxis is"}


def test_a_phrase_across_the_mark_stays_where_it_hangs():
    drawn = sentence(
        ACROSS.format(root="ccomp said", said="ROOT said").replace("Monday NNP npadvmod said", "on IN prep is")
    )
    town = next(word for word in drawn.words if word.text == "town")
    assert tied(repair(drawn, [QuoteRegion(0, town.end + 1, is_speech=True)]))["on"] == "prep is"


def test_words_held_with_tongs_part_nothing():
    drawn = sentence(ACROSS.format(root="ccomp said", said="ROOT said"))
    assert tied(repair(drawn, [QuoteRegion(0, 30, is_speech=False)]))["Rowe"] == "appos town"


def test_a_quotation_without_a_verb_or_a_reporter_is_left_alone():
    drawn = sentence("Anger NN ROOT Anger\nin IN prep Anger\nBrno NNP pobj in\nMonday NNP appos Brno")
    assert tied(repair(drawn, [QuoteRegion(0, 8, is_speech=True)]))["Monday"] == "appos Brno"


def test_an_auxiliary_before_its_subject_makes_a_condition():
    drawn = repair(
        sentence(
            """
            firm NN nsubj closes
            closes VBZ ccomp agree
            , , punct agree
            should MD aux agree
            court NN nsubj agree
            agree VB ROOT agree
            """
        ),
        [],
    )
    assert drawn.root.text == "closes"
    assert tied(drawn)["agree"] == "advcl closes"


LOST = """
Rowe NNP nsubj has
has VBZ {first}
praise NN dobj has
for IN prep praise
army NN pobj for
and CC cc army
speech NN conj army
was VBD {second}
short JJ acomp was
"""


def test_a_verb_right_behind_a_listed_noun_has_it_for_its_subject():
    found = tied(repair(sentence(LOST.format(first="ROOT has", second="conj has")), []))
    assert found["speech"] == "nsubj was"


def test_a_second_content_with_its_lost_subject_goes_on_with_the_first():
    drawn = LOST.format(first="ccomp said", second="ccomp said") + "said VBD ROOT said"
    found = tied(repair(sentence(drawn), []))
    assert found["was"] == "conj has"


TWO_VERBS = """
leader NN nsubj said
, , punct leader
Rowe NNP appos leader
, , punct Rowe
{slammed} amod laws
laws NNS appos leader
and CC cc leader
said VBD ROOT said
so RB advmod said
"""


def test_an_and_that_ties_a_noun_to_nothing_ties_two_verbs():
    drawn = repair(sentence(TWO_VERBS.format(slammed="slammed VBN")), [])
    found = tied(drawn)
    assert drawn.root.text == "slammed"
    assert (found["leader"], found["laws"], found["said"]) == ("nsubj slammed", "dobj slammed", "conj slammed")


@pytest.mark.parametrize("slammed", ["slamming VBG", "slammed JJ"])
def test_without_a_past_form_the_and_is_left_alone(slammed):
    assert repair(sentence(TWO_VERBS.format(slammed=slammed)), []).root.text != "slammed"


def test_a_past_form_inside_the_noun_is_no_first_verb():
    drawn = TWO_VERBS.format(slammed="slammed VBN").replace(", , punct Rowe\n", "")
    assert repair(sentence(drawn), []).root.text == "said"


SHARED = """
van NN nsubj fell
fell VBD ROOT fell
but CC cc fell
crew NN nsubj lived
lived VBD ccomp said
, , punct said
Rowe NNP nsubj said
said VBD conj fell
"""


def test_what_is_said_at_the_very_end_is_said_of_both():
    found = tied(repair(sentence(SHARED), []))
    assert (found["lived"], found["said"]) == ("conj fell", "parataxis fell")


def test_what_is_said_behind_its_frame_is_said_alone():
    drawn = SHARED.replace(", , punct said\n", "")
    assert tied(repair(sentence(drawn), []))["said"] == "conj fell"


NAME = """
{frost} ROOT Frost
openly RB advmod admires
admires {tag} dobj Frost
kings NNS dobj admires
; : punct Frost
"""


def test_a_name_that_the_parser_takes_for_a_verb_is_the_subject():
    drawn = repair(sentence(NAME.format(frost="Frost VBP", tag="VBZ")), [])
    assert drawn.root.text == "admires"
    assert tied(drawn)["Frost"] == "nsubj admires"
    assert tied(drawn)[";"] == "punct admires"


@pytest.mark.parametrize(("frost", "tag"), [("Frost VBP", "VBN"), ("Frost NN", "VBZ")])
def test_a_verb_that_governs_no_tensed_verb_stays(frost, tag):
    assert repair(sentence(NAME.format(frost=frost, tag=tag)), []).root.text == "Frost"


def test_a_small_word_is_no_name():
    assert repair(sentence("frost VBP ROOT frost\nadmires VBZ dobj frost"), []).root.text == "frost"


SUBJECTS = """
{first}
{tie} {tag} {relation} linked
arrest NN nsubj linked
linked VBD ROOT linked
it PRP dobj linked
"""


def test_a_second_subject_behind_after_only_dates():
    drawn = SUBJECTS.format(first="Rowe NNP nsubj linked", tie="after", tag="IN", relation="mark")
    found = tied(repair(sentence(drawn), []))
    assert (found["after"], found["arrest"]) == ("prep linked", "pobj after")


def test_a_second_subject_behind_a_comma_stands_beside_the_first():
    drawn = SUBJECTS.format(first="Rowe NNP nsubj linked", tie=",", tag=",", relation="punct")
    assert tied(repair(sentence(drawn), []))["arrest"] == "appos Rowe"


def test_a_second_subject_behind_nothing_stays():
    drawn = SUBJECTS.format(first="It PRP nsubj linked", tie=",", tag=",", relation="punct")
    assert tied(repair(sentence(drawn), []))["arrest"] == "nsubj linked"


INSIDE_QUOTE = """
Joy NN nsubj said
it PRP nsubj was
was VBD ccomp said
, , punct said
Rowe NNP dep was
said VBD ROOT said
"""


def test_a_subject_inside_the_quotation_is_not_who_says_it():
    drawn = sentence(INSIDE_QUOTE)
    comma = next(word for word in drawn.words if word.text == ",")
    found = tied(repair(drawn, [QuoteRegion(0, comma.end, is_speech=True)]))
    assert (found["Joy"], found["Rowe"]) == ("dep said", "nsubj said")


def test_a_fronted_phrase_gives_back_the_subject_that_it_swallowed():
    drawn = """
    In IN prep raised
    nod NN pobj In
    to IN prep nod
    town NN pobj to
    , , punct town
    Marek NNP conj town
    also RB advmod raised
    raised VBD ROOT raised
    """
    assert tied(repair(sentence(drawn), []))["Marek"] == "nsubj raised"


def test_a_verb_behind_another_verb_has_lost_no_subject():
    drawn = "He PRP nsubj came\ncame VBD ROOT came\nsaw VBD conj came"
    assert tied(repair(sentence(drawn), []))["saw"] == "conj came"


def test_what_was_said_in_a_letter_is_what_was_said():
    drawn = """
    Rowe NNP nsubj said
    said VBD ROOT said
    in IN prep said
    letter NN pobj in
    that IN mark fell
    bridge NN nsubj fell
    fell VBD acl letter
    """
    assert tied(repair(sentence(drawn), []))["fell"] == "ccomp said"


def test_a_bare_clause_without_a_clause_to_go_on_with_stays():
    drawn = "They PRP nsubj left\nleft VBD ROOT left\n, , punct left\npresent VB advcl left\nrisks NNS dobj present"
    assert tied(repair(sentence(drawn), []))["present"] == "advcl left"


def test_a_bare_clause_goes_on_with_the_clause_before_it():
    drawn = """
    They PRP nsubj repeated
    repeated VBD ROOT repeated
    view NN dobj repeated
    that IN mark hurt
    taxes NNS nsubj hurt
    hurt VBP acl view
    , , punct repeated
    present VB advcl repeated
    risks NNS dobj present
    """
    assert tied(repair(sentence(drawn), []))["present"] == "conj hurt"


FITS = [
    ("has VBZ", "closed VBD", "wants VBZ", False),
    ("weakened VBN", "closed VBD", "wants VBZ", True),
    ("opens VBZ", "closes VBZ", "left VBD", True),
    ("open VBP", "close VBP", "left VBD", True),
    ("opening VBG", "closing VBG", "left VBD", True),
    ("opened VBD", "closing VBG", "left VBD", False),
]


@pytest.mark.parametrize(("inner", "further", "outer", "moves"), FITS)
def test_a_further_verb_goes_on_with_the_nearest_verb_whose_tense_it_shares(inner, further, outer, moves):
    drawn = f"""
    She PRP nsubj {outer.split()[0]}
    {outer} ROOT x
    laws NNS dobj {outer.split()[0]}
    that WDT nsubj {inner.split()[0]}
    {inner} relcl laws
    {further} conj {outer.split()[0]}
    """
    host = tied(repair(sentence(drawn), []))[further.split()[0]]
    assert (host == f"conj {inner.split()[0]}") is moves
