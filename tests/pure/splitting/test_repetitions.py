"""The same statement twice is one claim with `also`; in another voice it is another claim."""

from tests.pure.splitting.reading import claim_at, claims_of, paragraphs, quoted


def test_a_headline_that_the_body_repeats_is_also_of_the_fuller_claim():
    text = paragraphs(
        "Town closes its old bridge",
        "The town of Brno closes its old bridge on Monday after years of debate.",
        "The debate began in 1990. Nobody in the town remembers how.",
    )
    fuller = next(claim for claim in claims_of(text) if "on Monday" in claim.text)
    assert [span.quote for span in fuller.also] == ["Town closes its old bridge"]


def test_a_headline_that_says_more_is_a_claim():
    text = paragraphs("Mayor flies to Oslo to save the bridge", "The bridge fell on Monday. The town wept for hours.")
    assert quoted(claims_of(text)[0]) == "Mayor flies to Oslo to save the bridge"


def test_a_headline_with_another_certainty_is_a_claim_of_its_own():
    text = paragraphs(
        "Rebels seize the port",
        "Reports that rebels seize the port could not be confirmed by anybody in the capital.",
    )
    assert [claim.certainty.value for claim in claims_of(text)] == ["asserted", "unconfirmed"]


def test_what_a_feeling_is_about_does_not_repeat_the_feeling():
    sentence = "The widow is glad that the town of Brno closed the old iron bridge over the river."
    assert len(claims_of(sentence)) == 2


def test_a_repeated_statement_is_told_once():
    text = "The mayor closed the old bridge. The town wept. The mayor closed the old bridge."
    claim = claim_at(text, "The mayor closed the old bridge")
    assert [span.start for span in claim.also] == [text.rindex("The mayor")]


def test_a_repetition_by_somebody_else_is_another_claim():
    text = paragraphs("The mayor closed the old bridge.", "Lena Ott said the mayor closed the old bridge.")
    assert len([claim for claim in claims_of(text) if "closed the old bridge" in claim.text]) == 2
