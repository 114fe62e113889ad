"""Clause rules on sentences drawn by hand, where a parser seldom draws them so."""

import pytest

from claims.splitting.attribution import find_frames
from claims.splitting.clauses import find_clauses
from tests.pure.splitting.trees import sentence


def stated(drawn):
    read = sentence(drawn)
    return [" ".join(word.text for word in clause.words) for clause in find_clauses(read, find_frames(read))]


UNSTATED = {
    "a gerund behind a bare noun": """
        She PRP nsubj teaches
        teaches VBZ ROOT teaches
        union NN dobj teaches
        organizing VBG acl union
        at IN prep organizing
        work NN pobj at
    """,
    "a participle that only says how": """
        She PRP nsubj sat
        sat VBD ROOT sat
        waiting VBG advcl sat
        for IN prep waiting
        news NN pobj for
    """,
    "an adjective behind the verb": """
        She PRP nsubj sat
        sat VBD ROOT sat
        tired JJ advcl sat
        of IN prep tired
        war NN pobj of
    """,
    "a bare infinitive of another form": """
        She PRP nsubj sat
        sat VBD ROOT sat
        walk VB conj sat
        home NN dobj walk
    """,
    "a whole clause behind a noun": """
        She PRP nsubj reminded
        reminded VBD ROOT reminded
        court NN dobj reminded
        he PRP nsubj was
        was VBD relcl court
        witness NN attr was
    """,
    "a further noun": """
        She PRP nsubj sat
        sat VBD ROOT sat
        fire NN dobj sat
        smoked VBD conj fire
        meat NN dobj smoked
    """,
}


@pytest.mark.parametrize("drawn", UNSTATED.values(), ids=list(UNSTATED))
def test_it_is_no_claim_of_its_own(drawn):
    assert len(stated(drawn)) == 1


def test_a_list_of_purposes_without_a_subject_shares_what_it_hangs_on():
    found = stated(
        """
        Planning VBG ROOT Planning
        to TO aux close
        close VB xcomp Planning
        mines NNS dobj close
        cut VB conj close
        taxes NNS dobj cut
        sell VB conj cut
        ports NNS dobj sell
        """
    )
    assert found == ["Planning to cut taxes", "Planning to sell ports"]


def test_an_infinitive_that_hangs_on_nothing_shares_only_its_to():
    assert stated("To TO aux go\ngo VB ROOT go\nand CC cc go\nbe AUX conj go\nsaid VBD conj go\nso RB advmod said") == [
        "To said so"
    ]


def test_a_report_beside_the_clause_frames_it():
    drawn = sentence(
        """
        fire NN nsubj spread
        spread VBD ROOT spread
        , , punct spread
        court NN nsubj announced
        announced VBD parataxis spread
        """
    )
    assert [(frame.cue.text, frame.content.text) for frame in find_frames(drawn)] == [("announced", "spread")]


def test_according_names_nobody_where_no_noun_follows():
    drawn = sentence(
        """
        Prices NNS nsubj fell
        fell VBD ROOT fell
        according VBG prep fell
        to IN prep according
        """
    )
    assert find_frames(drawn) == []
