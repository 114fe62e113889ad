"""How sure a sentence is that what one of its words names happened."""

import pytest

from claims.splitting.factuality import factuality
from claims.splitting.parse import parse
from claims.splitting.passage import Passage


def factuality_of(text: str) -> float:
    """The factuality of the word between stars."""
    before, marked, after = text.split("*")
    shown = before + marked + after
    sentences = next(parse([Passage(0, len(shown), shown)]))
    return next(
        factuality(word, sentence) for sentence in sentences for word in sentence.words if word.start == len(before)
    )


HAPPENED = [
    "The bridge *fell* on Monday.",
    "The mayor managed to *close* the bridge.",
    "The mayor who *closed* the bridge may resign.",
    "The council confirmed that the bridge *fell*.",
    "The mayor resigned after *closing* the bridge.",
    "The council knows that the bridge *fell*, which nobody wanted.",
]
DID_NOT = [
    "The bridge did not *fall*.",
    "The mayor failed to *close* the bridge.",
    "Nobody *closed* the bridge.",
    "No council *closed* the bridge.",
    "The bridge never *fell*.",
    "The mayor left without *closing* the bridge.",
    "The council prevented the mayor from *closing* the bridge.",
    "The army refused *closing* the bridge.",
    "The council prevented a *fire*.",
    "The mayor left without a *fight*.",
    "The mayor denied that the bridge *fell*.",
]
OPEN = [
    "The bridge may *fall*.",
    "The bridge will probably *fall*.",
    "The bridge would have *fallen*.",
    "The mayor wants to *close* the bridge.",
    "The mayor said the bridge had *fallen*.",
    "If the bridge *falls*, the town is lost.",
    "The bridge will *fall* if it rains.",
    "The council asked whether the bridge *fell*.",
    "Did the bridge *fall*?",
    "The mayor fears a *fire*.",
    "The mayor plans a *fire*.",
    "The council reported a possible *fire*.",
    "The bridge allegedly *fell*.",
    "The council is interested in *closing* the bridge.",
    "The council thinks about *closing* the bridge.",
    "The council has a plan for *closing* the bridge.",
    "The mayor might close the bridge and *sell* the port.",
    "The mayor went home to *sleep*.",
    "The mayor ordered the port *closed*.",
    "The council wants the mayor to *resign*.",
    "The council saw that the bridge seemed to *fall*.",
    "The mayor slept before the bridge *fell*.",
    "The mayor wants a permit to *sell* fish.",
    "The council discussed the *rescue* plan.",
    "The mayor tried to *sell* the port.",
    "The mayor was wrong to *sell* the port.",
    "The mayor thanked the council for *closing* the bridge.",
]


@pytest.mark.parametrize("text", HAPPENED)
def test_it_happened(text):
    assert factuality_of(text) >= 2


@pytest.mark.parametrize("text", DID_NOT)
def test_it_did_not_happen(text):
    assert factuality_of(text) < 0


@pytest.mark.parametrize("text", OPEN)
def test_it_is_left_open(text):
    assert -2 < factuality_of(text) < 2.9


def test_no_sentence_is_surer_than_the_scale():
    assert factuality_of("The bridge *fell* on Monday.") == 3
