"""What sort of statement a claim is."""

import pytest

from claims.splitting import Kind
from tests.pure.splitting.reading import claim_at, claims_of, quotes_of

KINDS = {
    "The bridge fell on Monday.": Kind.FACT,
    "The bridge will open in May.": Kind.FORECAST,
    "The bridge is scheduled to open in May.": Kind.FORECAST,
    "The town is likely to sell its port.": Kind.FORECAST,
    "The town was likely to sell its port.": Kind.FACT,
    "The town is going to sell its port.": Kind.FORECAST,
    "The bridge was never expected to open.": Kind.FACT,
    "The plan may harm farmers.": Kind.FORECAST,
    "The crew could not reach the village.": Kind.FACT,
    "The firm might have lost the contract.": Kind.CONDITIONAL,
    "A second vote would leave the rules in place.": Kind.CONDITIONAL,
    "The neighbours would likely join the boycott.": Kind.FORECAST,
    "If the river rises, the town will flood.": Kind.CONDITIONAL,
    "The town must repair the dam.": Kind.DIRECTIVE,
    "Residents should boil their water.": Kind.DIRECTIVE,
    "We have to repair the dam.": Kind.DIRECTIVE,
    "The town ought to repair the dam.": Kind.DIRECTIVE,
    "They have to repair the dam.": Kind.FACT,
    "The plan is a terrible mistake.": Kind.OPINION,
    "The mayor has enormous courage.": Kind.FACT,
    "The plan is an obstacle to peace.": Kind.OPINION,
    "The story is a tale of terrible greed.": Kind.OPINION,
    "There is no plan that is perfect.": Kind.OPINION,
    "The term begins next Monday.": Kind.FORECAST,
    "The plan is historic.": Kind.OPINION,
    "The town deserves a better mayor.": Kind.OPINION,
    "The mayor lied to the court.": Kind.FACT,
    "The toll is necessary.": Kind.OPINION,
    "Should the court agree, the town will pay.": Kind.CONDITIONAL,
}


@pytest.mark.parametrize(("sentence", "kind"), KINDS.items(), ids=list(KINDS))
def test_a_sentence_is_of_the_kind_that_its_verb_says(sentence, kind):
    assert claims_of(sentence)[0].kind is kind


def test_a_would_inside_a_report_of_the_past_is_a_forecast():
    claim = claim_at("The mayor said the bridge would open in May.", "the bridge would open in May")
    assert claim.kind is Kind.FORECAST


def test_a_would_inside_a_report_of_the_present_stays_conditional():
    claim = claim_at("Critics argue the law would hurt voters.", "the law would hurt voters")
    assert claim.kind is Kind.CONDITIONAL


@pytest.mark.parametrize(
    ("sentence", "checkable"),
    [
        ("The bridge fell on Monday.", True),
        ("The bridge will open in May.", True),
        ("The plan is a terrible mistake.", False),
        ("The town must repair the dam.", False),
    ],
)
def test_opinions_and_directives_are_not_checkable(sentence, checkable):
    assert claims_of(sentence)[0].checkable is checkable


def test_a_condition_holds_for_both_predicates_that_follow_it():
    found = claims_of("If the river rises, the town could flood or lose power.")
    assert [claim.kind for claim in found] == [Kind.CONDITIONAL, Kind.CONDITIONAL]
    assert all(claim.spans[0].quote.startswith("If the river rises") for claim in found)


PLEADED = {
    '"The mayor has enormous courage," Lena Ott said.': Kind.OPINION,
    '"We need the money for our schools," Lena Ott said.': Kind.OPINION,
    '"The town needs a new bridge," Lena Ott said.': Kind.FACT,
    '"The mayor has three children," Lena Ott said.': Kind.FACT,
    '"Let\'s repair the bridge," said Lena Ott.': Kind.DIRECTIVE,
    "Lena Ott said she'd closed the bank.": Kind.FACT,
}


@pytest.mark.parametrize(("sentence", "kind"), PLEADED.items(), ids=list(PLEADED))
def test_in_somebodys_mouth_a_judgement_of_what_somebody_has_is_an_opinion(sentence, kind):
    assert claims_of(sentence)[0].kind is kind


def test_an_apposition_that_judges_is_an_opinion():
    claim = claim_at("The war, a terrible mistake, ended in May.", "The war, a terrible mistake")
    assert (claim.kind, claim.checkable) == (Kind.OPINION, False)


def test_what_is_told_in_the_present_behind_before_has_yet_to_happen():
    claim = claim_at(
        "The envoy flew to Brno to help the town before the rebels seize the port.", "the rebels seize the port"
    )
    assert (claim.kind, claim.certainty) == (Kind.FORECAST, "possible")


def test_what_somebody_calls_a_thing_is_an_opinion():
    claim = claim_at("The union called the plan an outrage.", "the plan an outrage")
    assert claim.kind is Kind.OPINION
    assert claim.text == "The plan is an outrage."


def test_slamming_as_yields_the_slamming_and_the_judgement():
    found = claims_of("The envoy slammed the sanctions as interference.")
    assert [claim.kind for claim in found] == [Kind.FACT, Kind.OPINION]
    assert found[1].text == "The sanctions are interference."


def test_a_question_states_nothing():
    assert claims_of("Why did the bridge fall?") == ()
    assert claims_of("So why would the mayor leave the town. ") == ()
    assert claims_of("What was her judgment in setting up this site.") == ()


def test_a_statement_may_open_with_a_question_word():
    assert claims_of("What is needed is a new bridge.")


def test_a_question_may_still_say_who_somebody_is():
    found = claims_of("Did the mayor meet Anna Belk, who once ran the bank?")
    assert [claim.text for claim in found] == ["Anna Belk once ran the bank."]


@pytest.mark.parametrize("saying", ["Lena Ott asked.", "He argued.", "You know.", "You see."])
def test_a_saying_without_what_is_said_states_nothing(saying):
    assert claims_of(saying) == ()


def test_when_it_comes_to_only_introduces():
    assert quotes_of("When it comes to repairing the old bridge, the town has no money.")[1:] == []


@pytest.mark.parametrize("courtesy", ["I want to thank the mayor.", "Let us begin with the news.", "We thank you all."])
def test_a_courtesy_states_nothing(courtesy):
    assert claims_of(courtesy) == ()


def test_what_we_do_not_want_is_no_courtesy():
    assert len(claims_of("We do not want people to play games with our schools.")) == 1


def test_a_first_person_who_will_do_something_states_it():
    assert claims_of("We will ask the court to open the files.")[0].kind is Kind.FORECAST
