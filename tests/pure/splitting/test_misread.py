"""Words that the parser took for another part of speech, or hung on the wrong one."""

import pytest

from claims.splitting.repair import repair
from tests.pure.splitting.trees import sentence, tied

MUDDLED = """
Posts NNS nsubj claim
claim VBP ROOT claim
that IN mark DNA
the DT det DNA
shot NN compound DNA
alters NNS compound DNA
DNA NNP ccomp claim
"""


def test_a_content_clause_without_a_verb_has_it_among_its_nouns():
    found = tied(repair(sentence(MUDDLED), []))
    assert (found["alters"], found["shot"], found["DNA"]) == ("ccomp claim", "nsubj alters", "dobj alters")
    assert found["that"] == "mark alters"


def test_a_content_clause_with_no_form_of_a_verb_in_it_stays():
    drawn = MUDDLED.replace("NNS compound", "NN compound")
    assert tied(repair(sentence(drawn), [])) == tied(sentence(drawn))


def test_what_is_no_question_word_is_a_noun():
    found = repair(sentence("best JJS amod finisher\nfinisher WRB nsubj left\nleft VBD ROOT left"), [])
    assert (found.words[1].pos, found.words[1].tag) == ("NOUN", "NN")


SHOULD = """
Should MD aux spread
it PRP nsubj spread
spread VB ccomp hurt
she PRP nsubj added
added VBD parataxis hurt
hundreds NNS nsubjpass hurt
could MD aux hurt
be VB auxpass hurt
hurt VBN ROOT hurt
"""


def test_an_inverted_condition_may_stand_first():
    assert tied(repair(sentence(SHOULD), []))["spread"] == "advcl hurt"


LOOSE = """
They PRP nsubj left
left VBD ROOT left
after IN prep left
two CD nummod cases
cases NNS nsubjpass found
were VBD auxpass found
found VBN conj left
"""


def test_a_clause_right_behind_after_is_opened_by_it():
    found = tied(repair(sentence(LOOSE), []))
    assert (found["found"], found["after"]) == ("advcl left", "mark found")


@pytest.mark.parametrize(
    ("part", "instead"), [("after IN prep", "near IN prep"), ("after IN prep", "after IN dep"), ("nsubjpass", "dobj")]
)
def test_a_clause_behind_another_preposition_or_without_a_subject_stays(part, instead):
    drawn = LOOSE.replace(part, instead)
    assert tied(repair(sentence(drawn), []))["found"] == "conj left"


TOLD = """
She PRP nsubj told
told VBD ROOT told
men NNS dobj told
it PRP nsubj broke
broke VBD relcl men
rules NNS dobj broke
"""


def test_a_whole_clause_behind_a_hearer_is_what_is_told():
    assert tied(repair(sentence(TOLD), []))["broke"] == "ccomp told"


@pytest.mark.parametrize(("part", "instead"), [("rules NNS dobj", "rules NNS npadvmod"), ("it PRP", "who WP")])
def test_a_clause_that_says_who_is_told_stays(part, instead):
    assert tied(repair(sentence(TOLD.replace(part, instead)), []))["broke"] == "relcl men"
