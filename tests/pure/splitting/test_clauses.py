"""Which words of a sentence make a claim of their own."""

import pytest

from tests.pure.splitting.reading import claim_at, claims_of, quotes_of, texts_of

SPLIT = {
    "The minister flew to Ostrava and met the mayor.": [
        "The minister flew to Ostrava",
        "The minister | met the mayor",
    ],
    "Twelve people died, and 40 people were injured.": ["Twelve people died", "40 people were injured"],
    "The outbreak has resulted in 10 human cases and 46 animal cases.": [
        "The outbreak has resulted in 10 human cases",
        "The outbreak has resulted in | 46 animal cases",
    ],
    "The bill would ban rifles, require checks and raise the age to 21.": [
        "The bill would ban rifles",
        "The bill would | require checks",
        "The bill would | raise the age to 21",
    ],
    "The company, which employs 300 people, closed on Monday.": [
        "The company, which employs 300 people",
        "The company | closed on Monday",
    ],
    "The vote, scheduled for Tuesday, has been postponed.": [
        "The vote, scheduled for Tuesday",
        "The vote | has been postponed",
    ],
    "The governor, a Republican, vetoed the bill twice.": [
        "The governor, a Republican",
        "The governor | vetoed the bill twice",
    ],
    "While the president praised the deal, some lawmakers attacked it.": [
        "the president praised the deal",
        "some lawmakers attacked it",
    ],
    "Tired of the war, the king left the country.": ["Tired of the war, the king", "the king left the country"],
    "The army attacked the base, killing three soldiers.": [
        "The army attacked the base",
        "killing three soldiers",
    ],
    "The club sold its stadium, with each fan receiving a seat.": [
        "The club sold its stadium",
        "each fan receiving a seat",
    ],
    "A strike by nurses closed two hospitals.": ["A strike by nurses", "A strike by nurses closed two hospitals"],
    "A raise by Monday was promised.": ["A raise by Monday was promised"],
    "The vote was hurt by a strike by nurses.": ["The vote was hurt by a strike by nurses", "a strike by nurses"],
    "The court ruled for the town, handing the firm a defeat and giving the mayor a victory.": [
        "The court ruled for the town",
        "handing the firm a defeat",
        "giving the mayor a victory",
    ],
    "The mayor may sell the port and is in debt.": ["The mayor may sell the port", "The mayor | is in debt"],
    "They hired a man named Rudolf Tarn.": ["They hired a man named Rudolf Tarn"],
    "She ran for mayor in May, only to lose by two votes.": [
        "She ran for mayor in May",
        "She | only to lose by two votes",
    ],
    "Only to win is sweet.": ["Only to win is sweet"],
    "It is what it was before the vote for what it was.": ["It is what it was before the vote for what it was"],
    "She had no business selling the old bridge.": ["She had no business selling the old bridge"],
    "Nor was the bridge safe.": ["Nor was the bridge safe"],
    "The mayor answered by saying that the dam was safe.": ["The mayor answered", "the dam was safe"],
    "The crew moved the stones one by one.": ["The crew moved the stones one by one"],
    "Farmers, especially older men, lost their land.": ["Farmers, especially older men, lost their land"],
    "The court agreed, and the town will pay.": ["The court agreed", "the town will pay"],
    "The mayor wanted a small office to stay open.": ["The mayor wanted a small office to stay open"],
    "The mayor wants to close the port and sell the mine.": ["The mayor wants to close the port and sell the mine"],
    "This is something the town needs and wants.": ["This is something the town needs and wants"],
    "They were pleased and relieved.": ["They were pleased and relieved"],
    "He lived in a house that burned.": ["He lived in a house that burned", "a house that burned"],
    "The mayor believes the bridge is safe.": ["The mayor believes the bridge is safe"],
    "Police charged the man on Monday.": ["Police charged the man on Monday"],
    "He tried to confirm that the pilot survived.": [
        "He tried to confirm that the pilot survived",
        "the pilot survived",
    ],
    "The law that hurt the town failed.": ["The law that hurt the town", "The law | failed"],
    "A bridge that fell on Monday.": ["A bridge that fell on Monday"],
    "The storm killed 12 people and 40 cows.": ["The storm killed 12 people and 40 cows"],
    "As the paper reports the news, the town sleeps.": ["the paper reports the news", "the town sleeps"],
    "About 40 tonnes of oil leaked from the ship.": ["About 40 tonnes of oil leaked from the ship"],
    "Kolo, who joined in May, equalised with a free kick and won the game.": [
        "Kolo, who joined in May",
        "Kolo | equalised with a free kick",
        "Kolo | won the game",
    ],
    "The best finisher in the league left.": ["The best finisher in the league left"],
    "Ms. Aune, how bad is it?": [],
    "What the minister said, and what is true": [],
    "Which of the two is right, nobody can tell.": ["nobody can tell"],
    "What matters is the price.": ["What matters is the price"],
    "The mayor apologised after claiming that the dam was safe.": [
        "The mayor apologised after claiming that the dam was safe",
        "the dam was safe",
    ],
    "The mayor answered by claiming that the dam was safe.": ["The mayor answered", "the dam was safe"],
    "Scientists found ice in a crater, a discovery that could help them.": [
        "Scientists found ice in a crater",
        "a discovery that could help them",
    ],
    "The firm apologised for any distress caused and promised to plant trees.": [
        "The firm apologised for any distress caused",
        "The firm | promised to plant trees",
    ],
    "A post shared 40,000 times on the web says the mast is harmful.": [
        "A post shared 40,000 times on the web",
        "the mast is harmful",
    ],
    "Officials urged parents to have their children vaccinated after two cases were found near the border.": [
        "Officials urged parents to have their children vaccinated after two cases were found near the border",
        "parents to have their children vaccinated",
        "two cases were found near the border",
    ],
    "The village lost its bridge, its school and its mill.": ["The village lost its bridge, its school and its mill"],
    "The suspect is a baker, not a thief.": ["The suspect is a baker, not a thief"],
    "The author, who calls himself Wind Watch, fled.": [
        "The author, who calls himself Wind Watch",
        "The author | fled",
    ],
    "The economy is slowing as we want it to.": ["The economy is slowing as we want it to"],
    "The council took measures to oppose the plan.": ["The council took measures to oppose the plan"],
}


@pytest.mark.parametrize(("sentence", "expected"), SPLIT.items(), ids=list(SPLIT))
def test_each_statement_of_a_sentence_is_a_claim(sentence, expected):
    assert quotes_of(sentence) == expected


def test_a_restrictive_relative_stays_inside_its_parent_and_is_a_claim_too():
    sentence = "The victim was treated by two nurses who caught the virus."
    assert quotes_of(sentence) == [sentence.rstrip("."), "two nurses who caught the virus"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor spoke to those who had lost their homes.",
        "There is no driver who saw the crash.",
        "This is something the town needs.",
        "The club bought a house that I like.",
        "She is the leader who won the vote.",
    ],
)
def test_a_relative_that_only_says_which_one_is_meant_is_no_claim(sentence):
    assert quotes_of(sentence) == [sentence.rstrip(".")]


def test_a_relative_behind_an_apposition_speaks_of_the_named_one():
    found = claims_of("The party chose Lena Ott, a teacher who lives in Brno.")
    assert "Lena Ott lives in Brno." in [claim.text for claim in found]


def test_a_short_clause_of_time_stays_where_it_is():
    sentence = "The mayor wept when he left."
    assert quotes_of(sentence) == ["The mayor wept when he left"]


def test_a_clause_of_time_is_a_claim_and_stays_with_a_short_main_clause():
    sentence = "Talks began after the guards freed three prisoners."
    assert quotes_of(sentence) == [
        "Talks began after the guards freed three prisoners",
        "the guards freed three prisoners",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "She is an associate for education organizing at the institute.",
        "The mayor left smiling.",
        "The mayor left, smiling.",
    ],
)
def test_a_gerund_or_a_single_participle_is_no_claim(sentence):
    assert len(claims_of(sentence)) == 1


def test_a_comparison_is_no_claim():
    assert quotes_of("The captain knows as much about ships as I do.") == [
        "The captain knows as much about ships as I do"
    ]


def test_what_a_feeling_is_about_is_a_claim_beside_the_feeling():
    sentence = "The widow is angry that the firm is closing the mine."
    assert quotes_of(sentence) == [sentence.rstrip("."), "the firm is closing the mine"]


def test_an_accusation_and_what_it_accuses_of_are_claims():
    found = claims_of("Prosecutors accused Mr. Tarn of stealing funds and lying to investigators.")
    assert [(claim.text, claim.certainty.value) for claim in found] == [
        ("Prosecutors accused Mr. Tarn of stealing funds.", "asserted"),
        ("Mr. Tarn stole funds.", "unconfirmed"),
        ("Mr. Tarn lied to investigators.", "unconfirmed"),
    ]


def test_a_proposal_and_what_it_proposes_are_claims():
    found = claims_of("The minister urged voters to stay home.")
    assert [(claim.text, claim.kind.value) for claim in found] == [
        ("The minister urged voters to stay home.", "fact"),
        ("Voters should stay home.", "directive"),
    ]


@pytest.mark.parametrize(
    ("sentence", "proposal"),
    [
        ("The mayor called on residents to boil their water.", "Residents should boil their water."),
        ("The union called upon the state to raise wages.", "The state should raise wages."),
        ("The mayor on Monday called on Jana Kolar to resign.", "Jana Kolar should resign."),
    ],
)
def test_who_calls_on_somebody_proposes_what_he_should_do(sentence, proposal):
    assert [(claim.text, claim.kind.value) for claim in claims_of(sentence)] == [
        (sentence, "fact"),
        (proposal, "directive"),
    ]


def test_a_call_on_somebody_without_a_deed_proposes_nothing():
    assert len(claims_of("The mayor called on the widow on Monday.")) == 1


def test_a_clause_that_misses_nothing_is_no_relative_clause():
    assert len(claims_of("She reminded the court he was the only witness.")) == 1


def test_a_second_verb_of_the_past_has_a_first_one():
    assert quotes_of("The union called upon the government to raise wages and said it would strike.")[0] == (
        "The union called upon the government to raise wages"
    )


def test_a_call_for_something_proposes_it():
    found = claims_of("The governor called for an inquiry.")
    assert [claim.text for claim in found] == ["The governor called for an inquiry.", "There should be an inquiry."]


def test_a_proposal_that_is_not_made_proposes_nothing():
    assert len(claims_of("The minister did not urge voters to stay home.")) == 1


def test_a_further_verb_goes_on_with_the_relative_clause_whose_tense_it_shares():
    found = claims_of(
        "She wants to continue the policies that have weakened the town, ruined its schools and closed its port."
    )
    assert {"The policies have ruined the town's schools.", "The policies have closed the town's port."} <= {
        c.text for c in found
    }


def test_a_condition_without_if_is_no_claim_of_its_own():
    sentence = "The firm could close its plant, should the court reject the appeal."
    assert all("closed" not in claim.text for claim in claims_of(sentence))
    assert claims_of(sentence)[0].kind == "conditional"


def test_a_verb_of_saying_behind_the_last_comma_frames_what_is_before_it():
    sentence = "A man pleaded guilty to charges of theft, the court in Brno announced Monday."
    assert claim_at(sentence, "A man pleaded guilty to charges of theft").sources[-1].cue == "announced"


def test_a_subject_that_the_parser_lists_with_the_noun_before_is_found():
    sentence = "Under a plan to close the mines, Marek also raised the tax."
    assert "Marek also raised the tax" in quotes_of(sentence)[0]


HANGS = {
    "The envoy suggested talks between his office and the rebels, who have long refused to disarm.": (
        "The rebels have long refused to disarm."
    ),
    "They sent a boat to the crew at one point that failed to find anyone.": "A boat failed to find anyone.",
    "They were close to a deal when President Harlan Moss broke off the talks in May, citing attacks on the convoy.": (
        "Harlan Moss cited attacks on the convoy."
    ),
    "The council left the room after the mayor spoke, closing the door behind them.": (
        "The mayor closed the door behind the council."
    ),
    "After a strike ordered by Mr. Harlan Moss, a change of plan by Gen. Ruth Oakes and a vote by the council, "
    "the port was calm.": "A strike was ordered by Harlan Moss.",
    "Anna Belk ran for mayor, only to lose badly.": "Anna Belk lost badly.",
}


@pytest.mark.parametrize(("text", "stated"), HANGS.items())
def test_what_is_told_on_the_way_is_told_of_the_right_one(text, stated):
    assert stated in texts_of(claims_of(text))


LISTED = "The residents will face the ministry, 14 towns and a number of farms in court."


def test_several_things_beside_one_are_a_list():
    assert texts_of(claims_of(LISTED)) == [LISTED]
