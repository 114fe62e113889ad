"""The standalone sentence of a claim."""

import pytest

from claims.splitting.inflect import past_of, present_of
from tests.pure.splitting.reading import claims_of, texts_of

WRITTEN = {
    "However, the mayor also left the town.": "The mayor left the town.",
    "Rebels had seized the port.": "Rebels seized the port.",
    "Rebels had taken the port.": "Rebels had taken the port.",
    "The mayor said she had seen the fire.": "The mayor had seen the fire.",
    "Three witnesses said they saw smoke.": "Three witnesses saw smoke.",
    "The company said it is recalling cars.": "The company is recalling cars.",
    'Lena Ott said, "I saw the fire on Monday."': "Lena Ott saw the fire on Monday.",
    "The minister, whose party lost the vote, resigned.": "The minister's party lost the vote.",
    "The plan, which the court has rejected, failed.": "The court has rejected the plan.",
    "The bridge, built in 1902, fell.": "The bridge was built in 1902.",
    "The towns, surrounded by water, wait.": "The towns are surrounded by water.",
    "Tired of the war, the king left.": "The king was tired of the war.",
    "Reports of two explosions could not be confirmed.": "There were two explosions.",
    "Anna Belk spoke. She said she saw the fire.": "Anna Belk saw the fire.",
    "The chief of staff is prepared to close the mine, cut the tax and sell the port.": (
        "The chief of staff is prepared to sell the port."
    ),
    "The firm claims to own the port.": "The firm owns the port.",
    "The firms claim to own the port.": "The firms own the port.",
    "Citing the storm, the airline stops its flights.": "The airline cites the storm.",
    "Citing the storm, the airlines stop their flights.": "The airlines cite the storm.",
    "Born in Oslo in 1950, Belk moved to Brno.": "Belk was born in Oslo in 1950.",
}


@pytest.mark.parametrize(("sentence", "text"), WRITTEN.items(), ids=list(WRITTEN.values()))
def test_a_claim_is_written_as_one_plain_sentence(sentence, text):
    assert text in texts_of(claims_of(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "While the president praised the deal, some lawmakers said it did not go far enough.",
        "Lena Ott said Anna Belk lied when she spoke.",
        "It fell on Monday.",
        "The dispute scotched the deal. Twelve towns wept. It would have made a difference.",
        "Anna Belk and Lena Ott met. Later she left the town.",
    ],
)
def test_a_pronoun_that_is_not_safely_known_stays_visible(sentence):
    assert any({"it", "she"} & set(text.lower().split()) for text in texts_of(claims_of(sentence)))


@pytest.mark.parametrize(
    ("verb", "past"),
    [
        ("steal", "stole"),
        ("lie", "lied"),
        ("try", "tried"),
        ("play", "played"),
        ("stop", "stopped"),
        ("show", "showed"),
        ("want", "wanted"),
        ("go", "went"),
        ("close", "closed"),
        ("rob", "robbed"),
        ("visit", "visited"),
    ],
)
def test_verbs_are_put_in_the_past(verb, past):
    assert past_of(verb) == past


@pytest.mark.parametrize(
    ("verb", "present"), [("steal", "steals"), ("try", "tries"), ("be", "is"), ("reach", "reaches"), ("play", "plays")]
)
def test_verbs_are_put_in_the_third_person(verb, present):
    assert present_of(verb) == present
