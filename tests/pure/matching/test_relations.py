from datetime import UTC, datetime, timedelta

import pytest

from bench.relation_pairs import PARTS, pairs
from claims.matching import prepared
from claims.matching.prepared import REMEMBERED
from claims.matching.relations import (
    Kind,
    Relation,
    Statement,
    is_certainly_same,
    prepare,
    prepare_all,
    relate,
    relate_all,
)

MORNING = datetime(2024, 5, 14, 8, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=11)


def between(one, other, *, likeness=0.95, at=(None, None), certainty=("asserted", "asserted"), language="en"):
    said = [Statement(text, language, when, sure) for text, when, sure in zip((one, other), at, certainty, strict=True)]
    return relate(*said, likeness=likeness)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("The flood killed 12 people in Ostra.", "Twelve people in Ostra were killed by the flood.", Kind.SAME),
        ("Rents in Porto fell by 12 %.", "Rents in Porto rose by 12 %.", Kind.CONTRADICTS),
        ("Rents in Porto fell by 12 %.", "Rents in Porto did not fall.", Kind.CONTRADICTS),
        ("Rents in Porto fell by 12 %.", "Rents in Porto fell by 3 %.", Kind.CONTRADICTS),
        ("The flood killed no cows in Ostra.", "The flood killed 40 cows in Ostra.", Kind.CONTRADICTS),
        ("Brenna beat Kalde in the final.", "Kalde beat Brenna in the final.", Kind.CONTRADICTS),
        ("Brenna lost to Kalde in the final.", "Kalde won against Brenna in the final.", Kind.SAME),
        ("Brenna sued Kalde for fraud.", "Kalde sued Brenna for fraud.", Kind.RELATED),
        ("The mill was built in 1871.", "The mill was built in 1781.", Kind.CONTRADICTS),
        ("The pact was signed in Turin.", "The pact was signed in Pisa.", Kind.CONTRADICTS),
        ("The flood killed 12 people in Ostra.", "The flood killed 12 people in Italy.", Kind.NARROWS),
        ("The flood killed 12 people in Ostra.", "The flood killed at least 10 people in Ostra.", Kind.NARROWS),
        ("The flood killed 12 people in Ostra on Friday.", "The flood killed 12 people in Ostra.", Kind.NARROWS),
        ("The flood killed 12 people in Ostra.", "The flood killed 12 people in Belmar.", Kind.RELATED),
        ("The flood killed 12 people in Ostra.", "The flood injured 12 people in Ostra.", Kind.RELATED),
        ("Rents in Porto fell by 12 % in 2021.", "Rents in Porto fell by 12 % in 2019.", Kind.RELATED),
        ("Rents in Porto will fall by 12 %.", "Rents in Porto fell by 12 %.", Kind.RELATED),
        ("Rents in Porto may fall by 12 %.", "Rents in Porto fell by 12 %.", Kind.RELATED),
        ("The town may stop the sale of the mill.", "The town started the sale of the mill.", Kind.RELATED),
        ("Of young tenants 12 % left Porto.", "Of tenants 12 % left Porto.", Kind.RELATED),
        ("Tenants marched against the law in Porto.", "Tenants marched for the law in Porto.", Kind.RELATED),
        ("The flood killed 12 cows and 15 pigs.", "The flood killed 15 cows and 12 pigs.", Kind.CONTRADICTS),
        ("In Ostra 12 were killed and 15 were hurt.", "In Ostra 15 were killed and 12 were hurt.", Kind.RELATED),
        ("Rents in Porto did not fall.", "Rents in Porto rose.", Kind.RELATED),
        ("Vets vaccinated 12 cows and 15 pigs.", "Vets vaccinated 15 pigs and 12 cows.", Kind.SAME),
        ("Ostra opened a library on Friday.", "Ostra dismissed its mayor on Friday.", Kind.UNRELATED),
        ("Ostra dismissed its mayor.", "A fire destroyed the old harbour.", Kind.UNRELATED),
        ("Many people asked whether Ostra would sell.", "Ostra would sell.", Kind.RELATED),
        ("The mayor of Ostra sold the mill in May.", "The mill in Ostra was cheap in May.", Kind.RELATED),
    ],
)
def test_a_pair_is_told(one, other, kind):
    likeness = 0.6 if kind is Kind.UNRELATED else 0.92
    assert between(one, other, likeness=likeness).kind is kind


def test_every_answer_says_why_in_words_and_how_sure():
    found = between("Rents in Porto fell by 12 %.", "Rents in Porto rose by 12 %.")
    assert found.because == ("“fell” against “rose”",)
    assert 0 <= found.sure <= 1


def test_a_later_figure_supersedes_the_earlier_one_whichever_is_asked_first():
    early, late = "The flood killed 12 people in Ostra.", "The death toll of the flood in Ostra rose to 15."
    found = between(late, early, at=(EVENING, MORNING))
    assert (found.kind, found.is_reversed) == (Kind.SUPERSEDES, False)
    back = between(early, late, at=(MORNING, EVENING))
    assert (back.kind, back.is_reversed) == (Kind.SUPERSEDES, True)
    assert "12 against 15" in back.because[0]


def test_figures_of_one_hour_contradict_each_other():
    found = between("The flood killed 12 people.", "The flood killed 15 people.", at=(MORNING, MORNING))
    assert found.kind is Kind.CONTRADICTS


def test_no_newer_figure_is_expected_of_what_is_history():
    one, other = "In 1953 the flood killed 1,836 people.", "In 1953 the flood killed 2,400 people."
    assert between(one, other, at=(EVENING, MORNING)).kind is Kind.CONTRADICTS


def test_the_one_that_says_more_narrows_whichever_is_asked_first():
    more, less = "The flood killed 12 people in Ostra on Friday night.", "The flood killed 12 people in Ostra."
    assert not between(more, less).is_reversed
    assert between(less, more).is_reversed


def test_a_denial_of_the_same_words_contradicts_them():
    found = between("Ostra sold its mill.", "Ostra sold its mill.", certainty=("asserted", "denied"))
    assert found.kind is Kind.CONTRADICTS


def test_a_day_of_the_week_is_another_one_weeks_later():
    told = "Brenna dismissed its coach on Friday."
    assert between(told, told, at=(MORNING, MORNING + timedelta(days=60))).kind is Kind.RELATED
    assert between(told, told, at=(MORNING, EVENING)).kind is Kind.SAME


def test_a_verb_that_nobody_listed_is_taken_for_a_synonym_in_sentences_that_are_otherwise_one():
    one, other = "Brenna jettisoned its coach.", "Brenna ditched its coach."
    found = between(one, other, likeness=0.96)
    assert found.kind is Kind.SAME
    assert not is_certainly_same(found)
    assert between(one, other, likeness=0.8).kind is Kind.RELATED


def test_what_somebody_is_only_said_to_have_said_is_held_against_what_happened():
    found = between("The council said that Ostra sold its mill.", "Ostra sold its mill.")
    assert is_certainly_same(found)


@pytest.mark.parametrize("half", PARTS)
def test_however_alike_their_vectors_no_two_claims_that_differ_are_joined(half):
    joined = [
        (pair.one.text, pair.other.text)
        for pair in pairs(half)
        if pair.kind is not Kind.SAME and is_certainly_same(relate(pair.one, pair.other, likeness=0.99))
    ]
    assert joined == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("He sold the mill in Ostra.", "He sold the mill in Ostra."),
        ("Ships sailed from Ostra to Belmar.", "Ships sailed from Belmar to Ostra."),
        ("Ostra exports more wine than Belmar.", "Belmar exports more wine than Ostra."),
        ("The mill closed before the war.", "The mill closed after the war."),
        ("Ostra could be a harbour of Italy.", "Ostra is a harbour of Italy."),
        ("Rents fell in Ostra by about 12 %.", "Rents fell in Ostra by roughly 12.5 %."),
        ("Brenna agreed to buy Kalde.", "Kalde agreed to buy Brenna."),
        ("The flood left 12 dead and 15 hurt.", "The flood left 15 dead and 12 hurt."),
        ("The flood left 12 dead and 15 hurt.", "The flood left 12 hurt and 15 dead."),
        ("Rents in Porto fell from 9 % to 7 %.", "Rents in Porto fell from 7 % to 9 %."),
    ],
)
def test_whatever_can_be_read_another_way_is_left_to_a_person(one, other):
    assert not is_certainly_same(between(one, other, likeness=0.99))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kalde was bought by Brenna for $3bn.", "Brenna bought Kalde for 3 billion dollars."),
        ("More than 400 farmers marched in Ostra.", "In Ostra more than 400 farmers marched."),
        ("In 2021 rents in Porto fell by 12 percent.", "Rents in Porto fell by 12 per cent in 2021."),
    ],
)
def test_the_same_in_another_order_is_joined(one, other):
    later = MORNING + timedelta(days=1)
    assert is_certainly_same(between(one, other, likeness=0.93, at=(MORNING, later)))


def test_what_recurs_is_not_joined_across_months_unless_it_names_the_year():
    at = (MORNING, MORNING + timedelta(days=90))
    assert not is_certainly_same(between("Rents in Porto fell.", "Rents in Porto fell.", at=at))
    dated = "Rents in Porto fell in 2021."
    assert is_certainly_same(between(dated, dated, at=at))


def test_hardly_alike_or_without_a_common_word_is_told_apart_before_anything_is_parsed():
    REMEMBERED.clear()
    assert between("Ostra sold its mill.", "Rents fell.", likeness=0.2).kind is Kind.UNRELATED
    assert between("Ostra sold its mill.", "Rents fell in Porto.", likeness=0.55).kind is Kind.UNRELATED
    assert between("?!", "So so.", likeness=0.5).kind is Kind.UNRELATED
    assert not REMEMBERED


def test_what_says_nothing_is_related_to_nothing():
    assert between("It was so.", "Ostra sold its mill.").kind is Kind.UNRELATED


@pytest.mark.parametrize(
    ("one", "other", "likeness", "kind"),
    [
        ("In Ostra starben 12 Menschen.", "In Belmar starben 12 Menschen.", 0.95, Kind.RELATED),
        ("Gestern starben in Ostra 12 Menschen.", "In Ostra starben zwölf Menschen.", 0.95, Kind.SAME),
        ("In Ostra starben 12 Menschen.", "In Ostra starben 15 Menschen.", 0.95, Kind.CONTRADICTS),
        ("In Ostra starben 12 Menschen.", "In Ostra starben Menschen.", 0.95, Kind.RELATED),
        ("In Ostra starben 12 Menschen.", "In Ostra starben 12 Menschen.", 0.5, Kind.UNRELATED),
    ],
)
def test_in_a_language_that_we_do_not_parse_numbers_and_names_tell_and_nothing_is_joined(one, other, likeness, kind):
    found = between(one, other, likeness=likeness, language="de")
    assert found.kind is kind
    assert not is_certainly_same(found)


def test_many_sentences_are_taken_apart_at_once_as_one_by_one():
    texts = ["Ostra sold its mill.", "The flood killed 12 people in Ostra on Friday."]
    at_once = prepare_all([(text, MORNING) for text in texts])
    assert [one.keys for one in at_once] == [prepare(text, MORNING).keys for text in texts]


def test_one_claim_is_held_against_many_as_against_each():
    one = Statement("Ostra sold its mill in May.")
    others = [(Statement("Ostra sold its mill."), 0.9), (Statement("Rents fell."), 0.1), (one, 1.0)]
    assert relate_all(one, others) == [relate(one, other, likeness=near) for other, near in others]
    assert relate_all(one, others[1:2])[0].kind is Kind.UNRELATED


def test_what_is_remembered_of_parsed_sentences_is_bounded(monkeypatch):
    REMEMBERED.clear()
    monkeypatch.setattr(prepared, "MOST_REMEMBERED", 2)
    for text in ("Ostra sold its mill.", "Rents fell.", "Brenna won."):
        prepare(text)
    assert len(REMEMBERED) == 1


def test_only_the_same_can_be_certainly_the_same():
    assert not is_certainly_same(Relation(Kind.NARROWS, 1.0, ()))


@pytest.mark.parametrize("text", ["\u200b", "\ufeff", "\u00ad", " "])
def test_a_text_in_which_nothing_stands_is_related_to_nothing(text: str) -> None:
    assert relate(Statement(text), Statement(text), likeness=1.0).kind is Kind.UNRELATED


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, 23, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("when", ["tomorrow", "yesterday", "on Sunday", "last month", "next year"])
def test_a_day_outside_the_calendar_is_no_day(at: datetime, when: str) -> None:
    text = f"The bridge in Selmar was closed {when}."
    there = Statement("The bridge in Selmar was closed on 3 May.", at=at)
    assert relate(Statement(text, at=at), Statement(text, at=at), likeness=1.0).kind is Kind.SAME
    assert relate(Statement(text, at=at), there, likeness=0.9).sure <= 1
