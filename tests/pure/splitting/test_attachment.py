"""What hangs on which noun, where the parser draws it otherwise."""

import pytest

from claims.splitting.repair import repair
from tests.pure.splitting.trees import sentence, tied

TALKS = """
talks NNS ROOT talks
with IN prep talks
the DT det rebels
rebels NNS pobj with
, , punct talks
( -LRB- punct talks
who WP nsubj refused
refused VBD relcl talks
"""


def test_who_is_hung_on_the_nearest_people():
    drawn = repair(sentence(TALKS.replace("rebels", "people")), [])
    assert tied(drawn)["refused"] == "relcl people"


@pytest.mark.parametrize(("part", "instead"), [("rebels", "boats"), ("rebels NNS", "rebels VBD"), ("who", "that")])
def test_who_stays_where_there_are_no_people(part, instead):
    assert tied(repair(sentence(TALKS.replace(part, instead)), []))["refused"] == "relcl talks"


def test_the_noun_before_who_is_the_one_that_its_compounds_hang_on():
    drawn = TALKS.replace("the DT det rebels", "town NN compound people").replace("rebels", "people")
    drawn = drawn.replace("people NNS pobj with", "people NNS pobj with\nthere RB compound people")
    assert tied(repair(sentence(drawn), []))["refused"] == "relcl people"


MOMENT = """
sank VBD ROOT sank
at IN prep sank
one CD det point
point NN pobj at
that WDT nsubj failed
failed VBD relcl point
"""


def test_what_happened_at_a_point_stays_there_where_nothing_else_could_have_done_it():
    assert tied(repair(sentence(MOMENT), []))["failed"] == "relcl point"


NEAR = """
They PRP nsubj were
were VBD ROOT were
when WRB advmod left
mayor NN nsubj left
left VBD advcl were
, , punct were
citing VBG advcl were
fears NNS dobj citing
"""


def test_who_was_near_did_not_cite_fears():
    drawn = sentence(NEAR)
    drawn.root.lemma = "be"
    assert tied(repair(drawn, []))["citing"] == "advcl left"


@pytest.mark.parametrize(("part", "instead"), [("mayor", "rain"), (", , punct were", "there RB advmod were")])
def test_who_was_near_did_what_nobody_else_did(part, instead):
    drawn = sentence(NEAR.replace(part, instead))
    drawn.root.lemma = "be"
    assert tied(repair(drawn, []))["citing"] == "advcl were"


BESIDE = """
met VBD ROOT met
office NN dobj met
, , punct office
two CD nummod towns
towns NNS appos office
and CC cc towns
farm NN conj towns
"""


def test_several_things_beside_one_go_on_with_its_list():
    assert tied(repair(sentence(BESIDE), []))["towns"] == "conj office"


@pytest.mark.parametrize(("part", "instead"), [("farm NN conj towns", "there RB advmod towns"), (", ,", "near RB")])
def test_an_aside_stays_an_aside(part, instead):
    assert tied(repair(sentence(BESIDE.replace(part, instead)), []))["towns"] == "appos office"
