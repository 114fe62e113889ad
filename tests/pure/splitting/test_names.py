"""Short names in full: people, abbreviations, bodies, pairs, countries, and nouns told more fully before."""

import pytest

from claims.splitting.names import collect
from tests.pure.splitting.reading import claims_of, texts_of
from tests.pure.splitting.trees import sentence

FULLER = {
    "Anna Belk spoke. Belk left.": "Anna Belk left.",
    "Anna Belk spoke. Ms. Belk left.": "Anna Belk left.",
    "Foreign Minister Anna Belk spoke. Belk's aide left.": "Anna Belk's aide left.",
    "British Prime Minister Anna Belk spoke. Belk left.": "Anna Belk left.",
    "Paul Rowe Jr. spoke. Rowe left.": "Paul Rowe Jr. left.",
    "The Fund for Old Ships (FOS) spoke. FOS left.": "Fund for Old Ships (FOS) left.",
    "A prisoner swap failed. The swap was late.": "The prisoner swap was late.",
    "Anna Belk's comments hurt. The comments were late.": "Anna Belk's comments were late.",
    "The National Space Agency spoke. The agency left.": "The National Space Agency left.",
    "John Marsh and Paul Rowe spoke. Both men left.": "John Marsh and Paul Rowe left.",
    "Norway and Sweden spoke. The two countries left.": "Norway and Sweden left.",
    "Rebels took a port in Norway. They now hold most of the country.": "Rebels now hold most of Norway.",
    "The mayor, Anna Belk, left.": "Anna Belk left.",
    "American John Marsh and Australian Paul Rowe spoke. Rowe left.": "Paul Rowe left.",
}


@pytest.mark.parametrize(("text", "fuller"), FULLER.items(), ids=list(FULLER))
def test_what_is_short_is_written_as_the_article_gave_it_in_full(text, fuller):
    assert fuller in texts_of(claims_of(text))


SHORT = {
    "Anna Belk met Paul Belk. Belk left.": "Belk left.",
    "Anna Belk spoke. President Belk left.": "President Belk left.",
    "The Belk plan failed. Anna Belk spoke.": "The Belk plan failed.",
    "NATO spoke. The North Atlantic Treaty Organization (NATO) met. NATO left.": "NATO left.",
    "Anna Belk's song failed. Anna Belk sold the song.": "Anna Belk sold the song.",
    "John Marsh and Paul Rowe spoke. Men left.": "Men left.",
    "John Marsh and Paul Rowe spoke. John Marsh and Paul Rowe left.": "John Marsh and Paul Rowe left.",
    "John Marsh and Paul Rowe spoke. Both men in the room left at noon.": "Both men in the room left at noon.",
    "A prisoner swap failed. A currency swap failed. The swap was late.": "The swap was late.",
    "The Space Agency met the Food Agency. The agency left.": "The agency left.",
    "An American and an Australian spoke. Both men left.": "Both men left.",
    "The rebels spoke. Both sides left.": "Both sides left.",
    "John Marsh and Paul Rowe spoke. The two old men left.": "The two old men left.",
    "John Marsh and Paul Rowe spoke. Both men in the room left.": "Both men in the room left.",
    "The rebels left the country.": "The rebels left the country.",
    "Anna Belk spoke. Anna Belk left, and Belk wept.": "Anna Belk left.",
    "The Ministry of Old Ships (XYZ) spoke. XYZ left.": "XYZ left.",
}


@pytest.mark.parametrize(("text", "short"), SHORT.items(), ids=list(SHORT))
def test_what_could_be_somebody_else_or_is_known_stays_short(text, short):
    assert short in texts_of(claims_of(text))


def test_an_apposition_itself_keeps_both_names():
    assert "The mayor is Anna Belk." in texts_of(claims_of("The mayor, Anna Belk, left."))


SEATS = {
    "Rep. Dora Quill (D-Ohio) left.": "Dora Quill is a Democratic U.S. representative from Ohio.",
    "Sen. Dora Quill (I-Vt.) left.": "Dora Quill is an independent U.S. senator from Vermont.",
    "Gov. Dora Quill (R-NH) left.": "Dora Quill is the Republican governor of New Hampshire.",
    "Ambassador Gen. Dora Quill left.": "Dora Quill is an Ambassador general.",
    "Dr. Dora Quill of the Health Institute left.": "Dr. Dora Quill is with the Health Institute.",
    "Rep. Dora Quill (D-Nowhere) left.": "Dora Quill is a Rep.",
    "Republican nominee Gov. Dora Quill left.": "Dora Quill is the Republican nominee.",
    "American Paul Rowe left.": "Paul Rowe is American.",
    "U.S. attorney Dora Quill left.": "Dora Quill is a U.S. attorney.",
}


@pytest.mark.parametrize(("text", "told"), SEATS.items(), ids=list(SEATS))
def test_a_title_is_told_in_words(text, told):
    assert told in texts_of(claims_of(text))


def test_a_given_name_that_the_parser_does_not_know_belongs_to_the_name():
    drawn = sentence("Amaryl NNP compound Quill\nQuill NNP nsubj left\nleft VBD ROOT left")
    drawn.words[1].entity = "PERSON"
    assert collect([drawn], "Amaryl Quill left").people == {"Quill": "Amaryl Quill"}


def test_a_name_that_stands_twice_in_a_claim_is_written_in_full_once():
    assert "Anna Belk sold Belk's house." in texts_of(claims_of("Anna Belk sold Belk's house."))


def test_a_title_that_is_told_is_left_out_elsewhere():
    found = texts_of(claims_of("Foreign Minister Anna Belk, 43, met Gen. Lloyd Marsh."))
    assert "Anna Belk met Gen. Lloyd Marsh." in found
