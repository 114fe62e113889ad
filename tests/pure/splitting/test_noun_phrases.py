"""What noun phrases state: titles, ages, appositions, plans."""

import pytest

from tests.pure.splitting.reading import claim_at, claims_of, quotes_of, texts_of

BESIDE = {
    "Foreign Minister Anna Belk resigned.": ("Foreign Minister Anna Belk", "Anna Belk is the Foreign Minister."),
    "Rep. Dora Quill (D-Ohio) resigned.": (
        "Rep. Dora Quill (D-Ohio)",
        "Dora Quill is a Democratic U.S. representative from Ohio.",
    ),
    "Anna Belk, 43, saw the fire.": ("Anna Belk, 43", "Anna Belk is 43 years old."),
    "Anna Belk, the mayor of Brno, resigned.": (
        "Anna Belk, the mayor of Brno",
        "Anna Belk is the mayor of Brno.",
    ),
    "The council rejected Poland's plan to close the border.": (
        "Poland's plan to close the border",
        "Poland has a plan to close the border.",
    ),
    "Despite a wave of strikes, the club sold its stadium.": ("a wave of strikes", "There was a wave of strikes."),
    "He met Fox Radio host Jeanine Sparrow.": (
        "Fox Radio host Jeanine Sparrow",
        "Jeanine Sparrow is a Fox Radio host.",
    ),
    "Councillor Rita Boyle resigned.": ("Councillor Rita Boyle", "Rita Boyle is a councillor."),
    "Colin Harker, 41, of Mill Lane, Dunsby, denied arson.": ("Colin Harker, 41", "Colin Harker is 41 years old."),
    "The president of the film academy, Lucia Ferrante, resigned.": (
        "The president of the film academy, Lucia Ferrante",
        "The president of the film academy is Lucia Ferrante.",
    ),
    "Her husband, the painter Nils Torvald, died in 1988.": (
        "Her husband, the painter Nils Torvald",
        "Her husband is the painter Nils Torvald.",
    ),
    "Mayor Ilka Brandt resigned.": ("Mayor Ilka Brandt", "Ilka Brandt is the mayor."),
    "The strike ended after a visit by the minister.": (
        "a visit by the minister",
        "There was a visit by the minister.",
    ),
    "The law did not change its reading by the courts.": (
        "its reading by the courts",
        "The law's reading was by the courts.",
    ),
    "A raid by the militia ruined the harvest.": ("A raid by the militia", "There was a raid by the militia."),
    "The firm lost its licence over mistakes by its pilots.": (
        "mistakes by its pilots",
        "There were mistakes by the firm's pilots.",
    ),
    "The Kurdish-led council met.": ("The Kurdish-led council", "The council is Kurdish-led."),
}


@pytest.mark.parametrize(("sentence", "expected"), BESIDE.items(), ids=list(BESIDE))
def test_what_stands_beside_a_noun_is_a_background_claim(sentence, expected):
    quote, text = expected
    claim = claim_at(sentence, quote)
    assert claim.text == text
    assert claim.salience == "background"


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Rowe resigned.",
        "Gen. Lloyd Marsh resigned.",
        "President Marsh resigned.",
        "The ship left Paris, France, on Monday.",
        "The council met.",
        "The council's plan failed.",
        "The state-run council met.",
        "Fighting went on in northern Iraq.",
        "Despite the ban, the club sold its stadium.",
    ],
)
def test_a_bare_title_a_place_in_a_place_or_an_empty_plan_is_no_claim(sentence):
    assert len(claims_of(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Repairs cost 12 million crowns, according to a report by the city's building office.",
        "The pipes leak, according to a test by the water board.",
        "The mayor quoted a study by the water board.",
        "A boycott by the clubs would hurt the town.",
        "The town does not fear a boycott by the clubs.",
        "The clubs voted against a plan for a boycott by the fans.",
        "The talks were a bid by the king to win time.",
        "The army had nothing left to send.",
    ],
)
def test_what_somebody_wrote_would_do_or_has_none_of_is_no_deed(sentence):
    assert len(claims_of(sentence)) == 1


def test_a_list_is_no_apposition():
    assert quotes_of("The virus was found in Berrien, Cass and Kalamazoo.") == [
        "The virus was found in Berrien, Cass and Kalamazoo"
    ]


def test_a_title_is_told_once_for_each_person():
    text = "Foreign Minister Anna Belk resigned. Foreign Minister Anna Belk then left the country."
    titles = [claim for claim in claims_of(text) if claim.text == "Anna Belk is the Foreign Minister."]
    assert len(titles) == 1
    assert [span.quote for span in titles[0].also] == ["Foreign Minister Anna Belk"]


def test_an_office_behind_a_name_is_part_of_the_title():
    found = texts_of(claims_of("Dr. Jana Kolar of the Health Institute spoke."))
    assert "Dr. Jana Kolar is with the Health Institute." in found
