"""Hedges, ties and what a report shifts stay out of the standalone sentence."""

import pytest

from tests.pure.splitting.reading import claims_of, texts_of

PLAIN = {
    "The council, however, left.": "The council left.",
    "Look, the council left.": "The council left.",
    "The bridge could fall.": "The bridge will fall.",
    "The bridge may soon fall.": "The bridge will soon fall.",
    "The bridge might have fallen.": "The bridge would have fallen.",
    "The bridge may have fallen.": "The bridge has fallen.",
    "The bridges may have fallen.": "The bridges have fallen.",
    "The bridge could not stand.": "The bridge could not stand.",
    "The bridge is expected to fall.": "The bridge will fall.",
    "The bridge is likely to fall.": "The bridge will fall.",
    "The bridge is unlikely to fall.": "The bridge will fall.",
    "The bridge is probably late.": "The bridge is late.",
    "The bridge was expected to fall.": "The bridge was expected to fall.",
    "The bridge is not expected to fall.": "The bridge is not expected to fall.",
    "Nine men are believed to have died.": "Nine men have died.",
    "The suspect is thought to live in Brno.": "The suspect lives in Brno.",
    "The two ships are understood to be Norwegian.": "The two ships are Norwegian.",
    "The bridge was believed to be old.": "The bridge was believed to be old.",
    "The bridge is not believed to be old.": "The bridge is not believed to be old.",
    "The Grey Brigade stormed the port.": "The Grey Brigade stormed the port.",
    "The army fled from the European Union office.": "The army fled from the European Union office.",
    "The rebels are said to hold the port.": "The rebels hold the port.",
    "The council was too slow.": "The council was too slow.",
    "The council left, too.": "The council left.",
    "The council praised Tidal One.": "The council praised Tidal One.",
    "The council seems to want peace.": "The council wants peace.",
    "The councils seem to want peace.": "The councils want peace.",
    "The council seemed to want peace.": "The council wanted peace.",
    "The council appears to be weak.": "The council is weak.",
    "The councils seemed weak.": "The councils were weak.",
    "The council seemed weak.": "The council was weak.",
    "The councils seem weak.": "The councils are weak.",
    "The council appeared on Monday.": "The council appeared on Monday.",
    "The council probably left.": "The council left.",
    "The council said the bridge would fall.": "The bridge will fall.",
    "The council said the bridge would fall and would sink.": "The bridge will sink.",
    "The council said the bridge would have fallen.": "The bridge would have fallen.",
    "The council said the bridge would fall if the rain stopped.": "The bridge would fall if the rain stopped.",
    "The council sold these ships.": "The council sold the ships.",
    "The council met this week.": "The council met this week.",
    "It doesn't rain.": "It does not rain.",
    "The bridge won't fall.": "The bridge will not fall.",
    "They've fallen.": "They have fallen.",
    "The council said it'd leave.": "The council will leave.",
    "Anna Belk, who's prepared to sell the port, won.": "Anna Belk is prepared to sell the port.",
    "The rebels threatening the port fled.": "The rebels threatened the port.",
    "The port where the guards sleep burned.": "The guards sleep in the port.",
    "The port in which the guards sleep burned.": "The guards sleep in the port.",
    "The plan, which the court rejected on Monday, failed.": "The court rejected the plan on Monday.",
    "The plan, which the court wants to reject, failed.": "The court wants to reject the plan.",
    "The town, which the guards came from, burned.": "The guards came from the town.",
    "The king slept, surrounded by guards.": "The king was surrounded by guards.",
    "Leave the town, citing the storm.": "Citing the storm.",
    "The council met. Its plan to close the border failed.": "The council has a plan to close the border.",
    "He has the state, modeled on a ship.": "The state is modeled on a ship.",
}


@pytest.mark.parametrize(("text", "plain"), PLAIN.items(), ids=list(PLAIN))
def test_a_claim_says_plainly_what_is_so(text, plain):
    assert plain in texts_of(claims_of(text))


def test_how_sure_the_text_is_stays_in_the_certainty():
    assert claims_of("The bridge could fall.")[0].certainty == "possible"
    assert claims_of("The bridge is unlikely to fall.")[0].certainty == "doubtful"


def test_what_somebody_calls_a_thing_keeps_what_says_which_it_is():
    found = claims_of("The council slammed the decision of the court as a disgrace.")
    assert texts_of(found)[1] == "The decision of the court is a disgrace."


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("Ten men were killed and dozens wounded when a bomb exploded.", "Dozens were wounded when a bomb exploded."),
        ("Two guards were killed and a driver injured.", "A driver was injured."),
        ("Ten people were killed and the city mourned.", "The city mourned."),
    ],
)
def test_a_further_passive_has_the_auxiliary_of_the_first(sentence, plain):
    assert texts_of(claims_of(sentence))[1] == plain
