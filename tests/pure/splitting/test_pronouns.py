"""Whom he, she, it and they mean; and when nobody can say."""

import pytest

from claims.splitting.splitter import pronouns_of
from tests.pure.splitting.reading import blocks_of, claims_of, texts_of

MEANT = {
    "Anna Belk spoke on Monday. She left.": ["Anna Belk"],
    "Mr. Rowe spoke. He left.": ["Rowe"],
    "The widow spoke. She left.": ["the widow"],
    "Anna Belk met John Marsh. He left.": ["John Marsh"],
    "John Marsh said Paul Rowe was right when he left.": ["Paul Rowe"],
    "John Marsh brought his daughter with him.": ["John Marsh", "John Marsh"],
    "The council said it would sue.": ["the council"],
    "The plan failed. Mr. Rowe said it was flawed.": ["the plan"],
    "The rebels said they held the town.": ["the rebels"],
    "Anna Belk and John Marsh said they had won.": ["Anna Belk and John Marsh"],
    "The guards freed three prisoners and sent them home.": ["three prisoners"],
    "Nobody wants to sell their house.": ["nobody"],
    "John Marsh himself left.": ["John Marsh"],
    "The mayor, John Marsh, has hurt himself.": ["John Marsh"],
    "The guards caught two thieves and freed them.": ["two thieves"],
    "The ship sank. It was near the port.": ["the ship"],
    "The minister angered a country that loves its king.": ["the country"],
    "The Space Agency and the Navy said they had agreed.": ["the Space Agency and the Navy"],
    "The Selmar Post reported the fire. Three ferrymen of Selmar drowned, it wrote.": ["the Selmar Post"],
}


@pytest.mark.parametrize(("text", "names"), MEANT.items(), ids=list(MEANT))
def test_a_pronoun_means_who_is_most_present_and_fits(text, names):
    assert [name for _, name in pronouns_of(text)] == names


LEFT = [
    "Ilka Brandt had closed the bridge. She told reporters that it would reopen.",
    "The board of its members met.",
    "Peace and trade failed. It was late.",
    "The laws failed. They want peace.",
    "Anna Belk and Lena Ott met. Later she left.",
    "She left.",
    "Anna Belk said it was late.",
    "The comments hurt. The towns wept. The sea froze. They hit the club.",
    "The laws hurt. They hit the club.",
]


@pytest.mark.parametrize("text", LEFT)
def test_a_pronoun_that_could_mean_another_is_left(text):
    assert pronouns_of(text)[-1][1] == ""


EMPTY = [
    "It is clear that the plan failed.",
    "It was the voters who lost.",
    "It seems that the plan failed.",
    "It was announced that the plan failed.",
    "The train did not make it in time.",
    "It is hard to win.",
]


@pytest.mark.parametrize("text", EMPTY)
def test_an_it_that_means_nothing_is_neither_written_out_nor_a_riddle(text):
    found = claims_of(f"The council met. {text}")
    assert pronouns_of(f"The council met. {text}")[-1][1] == ""
    assert [span.quote for claim in found for span in claim.unresolved] == []


def test_he_who_is_spoken_of_is_not_he_who_speaks():
    text = 'Paul Rowe met John Marsh. "He is wrong," John Marsh said.'
    assert pronouns_of(text)[0][1] == "Paul Rowe"


def test_who_is_named_beside_his_office_is_who_speaks():
    text = 'Paul Rowe met John Marsh. "He is wrong," said the mayor, John Marsh.'
    assert pronouns_of(text)[0][1] == "Paul Rowe"


def test_a_pronoun_is_no_part_of_what_it_means():
    text = "The king sold the ships and the port that holds them."
    assert "port" not in pronouns_of(text)[-1][1]


def test_the_speaker_of_a_transcript_is_not_he_either():
    text, blocks = blocks_of(
        ("paragraph", "John Marsh met Paul Rowe."),
        ("paragraph", "MARSH: He lost the vote."),
    )
    assert "Paul Rowe lost the vote." in texts_of(claims_of(text, blocks))


def test_what_only_a_quotation_speaks_of_is_not_it_outside():
    text = '"The breaking of the rule is grave," said Lena Ott.\n\nPaul Rowe said it was late.'
    assert pronouns_of(text)[-1][1] == ""


def test_a_pronoun_learns_whether_a_name_is_his_or_hers():
    text = "Kim Rowe said she had won. John Marsh met Kim Rowe. She left."
    assert pronouns_of(text)[-1][1] == "Kim Rowe"


def test_a_pronoun_whose_owner_the_claim_names_stays():
    assert "John Marsh sold his house." in texts_of(claims_of("John Marsh sold his house."))


def test_an_owner_is_written_as_an_owner():
    found = texts_of(claims_of("John Marsh spoke. His house burned. The voters spoke. Their houses burned."))
    assert "John Marsh's house burned." in found
    assert "The voters' houses burned." in found


def test_a_verb_agrees_with_the_name():
    assert "The United States wants peace." in texts_of(
        claims_of("The United States is dissatisfied, and they want peace.")
    )
    assert "Lena Ott has seen the fire." in texts_of(claims_of('Lena Ott said, "I have seen the fire."'))
    assert "Lena Ott was seen." in texts_of(claims_of('Lena Ott said, "I was seen."'))


def test_what_stays_a_riddle_is_told_with_its_place():
    claim = claims_of("She left the town.")[0]
    assert [(span.start, span.end, span.quote) for span in claim.unresolved] == [(0, 3, "She")]
    assert [span.quote for span in claims_of("We won our case.")[0].unresolved] == ["We", "our"]
