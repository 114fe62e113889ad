"""How sure the text is of a claim."""

import pytest

from claims.splitting import Certainty
from tests.pure.splitting.reading import chain_of, claim_at, claims_of, quotes_of

LEFT_OPEN = {
    "Reports that rebels had also seized a dam on the river Elbe could not be independently confirmed.": (
        "rebels had also seized a dam on the river Elbe"
    ),
    "Claims that the dam had been sabotaged could not be verified.": "the dam had been sabotaged",
    "It could not be verified whether the dam had been sabotaged.": "the dam had been sabotaged",
    "It was not possible to independently confirm that rebels had crossed the river.": "rebels had crossed the river",
    "It is impossible to know whether they were forced to speak.": "they were forced to speak",
    "The ministry could not confirm whether the pilot had survived.": "the pilot had survived",
    "It was unclear whether the mayor knew about the payments.": "the mayor knew about the payments",
    "It is not clear whether the mayor knew about the payments.": "the mayor knew about the payments",
    "Police have not confirmed that the two men were brothers.": "the two men were brothers",
    "Reports of a second explosion could not be confirmed.": "a second explosion",
}


@pytest.mark.parametrize(("sentence", "content"), LEFT_OPEN.items(), ids=list(LEFT_OPEN.values()))
def test_what_nobody_could_verify_is_unconfirmed_and_its_frame_yields_nothing_else(sentence, content):
    assert quotes_of(sentence) == [content]
    assert claim_at(sentence, content).certainty is Certainty.UNCONFIRMED


def test_reports_that_nobody_could_confirm_are_the_source_of_what_they_say():
    sentence = "Reports that rebels had also seized a dam on the river Elbe could not be independently confirmed."
    claim = claims_of(sentence)[0]
    assert chain_of(claim) == ["Reports"]
    assert claim.text == "Rebels seized a dam on the river Elbe."
    assert claim.kind == "fact"


WORDED = {
    "The firm bribed two officials.": Certainty.ASSERTED,
    "The firm allegedly bribed two officials.": Certainty.UNCONFIRMED,
    "The deal is expected to be signed in May.": Certainty.PROBABLE,
    "The firm probably bribed two officials.": Certainty.PROBABLE,
    "The firm seems stronger than its rivals.": Certainty.PROBABLE,
    "The plan may harm farmers.": Certainty.POSSIBLE,
    "Perhaps the firm bribed two officials.": Certainty.POSSIBLE,
    "The bridge could collapse.": Certainty.POSSIBLE,
    "The crew could not reach the village.": Certainty.ASSERTED,
    "The talks were never expected to succeed.": Certainty.ASSERTED,
    "The club is not likely to win the cup.": Certainty.DOUBTFUL,
    "The patient appeared pale.": Certainty.ASSERTED,
    "The mayor appears to have left the country.": Certainty.PROBABLE,
    "The rebels claimed control of the port.": Certainty.UNCONFIRMED,
    "Forty people are believed to have drowned.": Certainty.PROBABLE,
    "The suspect is thought to be hiding in Brno.": Certainty.PROBABLE,
    "The ring was believed to be lost.": Certainty.PROBABLE,
    "It is feared that forty people drowned.": Certainty.PROBABLE,
    "The two men are not believed to be armed.": Certainty.DOUBTFUL,
    "It is not believed that the guard knew.": Certainty.DOUBTFUL,
    "The thief is known to have fled.": Certainty.ASSERTED,
    "The guard was reportedly drunk.": Certainty.UNCONFIRMED,
    "The ministry is said to be weighing an inquiry.": Certainty.UNCONFIRMED,
    "No group claimed the attack.": Certainty.ASSERTED,
    "The bakery was allegedly behind with the rent.": Certainty.UNCONFIRMED,
    "The bridge is probably the oldest in Brno.": Certainty.PROBABLE,
    "The patient is possibly out of danger.": Certainty.POSSIBLE,
}


@pytest.mark.parametrize(("sentence", "certainty"), WORDED.items(), ids=list(WORDED))
def test_a_clauses_own_words_say_how_sure_it_is(sentence, certainty):
    assert claims_of(sentence)[0].certainty is certainty


FRAMED = {
    "Trandt has claimed, without evidence, that millions of people voted twice.": (
        "millions of people voted twice",
        Certainty.UNCONFIRMED,
    ),
    "Officials denied that the minister had resigned.": ("the minister had resigned", Certainty.DENIED),
    "The senator denied taking money from the firm.": ("The senator | taking money from the firm", Certainty.DENIED),
    "The senator denied having met the envoy.": ("The senator | having met the envoy", Certainty.DENIED),
    "It is not true that the firm paid the senator.": ("the firm paid the senator", Certainty.DENIED),
    "It is false that the bank lied.": ("the bank lied", Certainty.DENIED),
    "It is true that the bank lied.": ("the bank lied", Certainty.ASSERTED),
    "It is not false that the bank lied.": ("the bank lied", Certainty.ASSERTED),
    "The ministry neither confirmed nor denied that the pilot was dead.": ("the pilot was dead", Certainty.UNCONFIRMED),
    "The firm would not confirm or deny that the pilot was dead.": ("the pilot was dead", Certainty.UNCONFIRMED),
    "The leaflet wrongly said that the dam was full.": ("the dam was full", Certainty.DENIED),
    "The envoy falsely claimed that the town had surrendered.": ("the town had surrendered", Certainty.DENIED),
    "Officials did not deny that the minister had resigned.": ("the minister had resigned", Certainty.ASSERTED),
    "The mayor rejected claims that the bridge was unsafe.": ("the bridge was unsafe", Certainty.DENIED),
    "The court doubted that the witness had seen the fire.": ("the witness had seen the fire", Certainty.DOUBTFUL),
    "There is no chance the mayor will resign.": ("the mayor will resign", Certainty.DOUBTFUL),
    "There is no evidence that the vaccine causes harm.": ("the vaccine causes harm", Certainty.DOUBTFUL),
    "The panel did not see any sign that the ship was damaged.": ("the ship was damaged", Certainty.DOUBTFUL),
    "It is unlikely that the deal will be signed.": ("the deal will be signed", Certainty.DOUBTFUL),
    "It is likely that the deal will be signed.": ("the deal will be signed", Certainty.PROBABLE),
    "It is not likely that the deal will be signed.": ("the deal will be signed", Certainty.DOUBTFUL),
    "The mayor does not believe the bridge is safe.": ("the bridge is safe", Certainty.DOUBTFUL),
    "The envoy said he hoped the swap would help the talks.": ("the swap would help the talks", Certainty.POSSIBLE),
    "The envoy said she believed the swap had helped.": ("the swap had helped", Certainty.PROBABLE),
    "I think the mayor knew about the payments.": ("the mayor knew about the payments", Certainty.PROBABLE),
    "I do not think the mayor knew about it.": ("the mayor knew about it", Certainty.DOUBTFUL),
    "The bank is alleged to have hidden losses.": ("The bank | to have hidden losses", Certainty.UNCONFIRMED),
}


@pytest.mark.parametrize(("sentence", "expected"), FRAMED.items(), ids=list(FRAMED))
def test_what_a_frame_does_to_its_content_outweighs_the_contents_own_words(sentence, expected):
    quote, certainty = expected
    assert claim_at(sentence, quote).certainty is certainty


def test_who_neither_confirms_nor_denies_states_nothing_else():
    assert len(claims_of("The ministry neither confirmed nor denied that the pilot was dead.")) == 1


def test_what_is_said_on_the_way_does_not_share_the_doubt_about_the_rest():
    sentence = "There was no sign that the town was under threat from the rebels, whose camps lie in the north."
    aside = next(claim for claim in claims_of(sentence) if "camps" in claim.text)
    assert aside.certainty is Certainty.ASSERTED


def test_a_feeling_about_something_leaves_it_as_sure_as_it_is():
    assert [claim.certainty for claim in claims_of("It is sad that the bridge fell.")] == [Certainty.ASSERTED]


def test_every_claim_says_which_rules_decided():
    claim = claim_at("There is no evidence that the vaccine causes harm.", "the vaccine causes harm")
    assert claim.because == ("content of a frame", "a frame doubts (evidence)", "an event or a state", "no sign that")


@pytest.mark.parametrize(
    ("sentence", "content", "certainty"),
    [
        pytest.param(
            "The mayor was suspended over a letter she allegedly sent to the bank, in which she begged for a loan.",
            "a letter | in which she begged for a loan", Certainty.UNCONFIRMED, id="beside",
        ),
        pytest.param(
            "He was fined for a call he reportedly made to Mia Dorn's office, in which he swore at a clerk.",
            "Mia Dorn's office, in which he swore at a clerk", Certainty.UNCONFIRMED, id="above",
        ),
        pytest.param(
            "He was fined for a call he made to the office, in which he swore at a clerk.",
            "the office, in which he swore at a clerk", Certainty.ASSERTED, id="no hedge",
        ),
        pytest.param(
            "Police found the letter, which sits in a safe in which two knives lie.",
            "a safe in which two knives lie", Certainty.ASSERTED, id="another thing",
        ),
    ],
)  # fmt: skip
def test_what_happened_in_a_thing_is_as_unconfirmed_as_the_thing(
    sentence: str, content: str, certainty: Certainty
) -> None:
    assert claim_at(sentence, content).certainty is certainty
