"""The seam between languages: a bundle each, and a small second one that shows it."""

import re

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting import LANGUAGES, Language, LanguageNotSupported, Splitting, plain, split, what_to_install
from tests.pure.splitting.reading import chain_of, paragraphs, quoted

BRIDGE = "The bridge fell on Monday."


def german(text):
    return split(text, language="de").claims


def test_english_is_a_bundle_like_any_other():
    assert split(BRIDGE, language="en") == split(BRIDGE)
    assert LANGUAGES["en"].pipeline().lang == "en"
    assert not LANGUAGES["en"].is_experimental


def test_a_language_without_a_bundle_is_refused_with_what_to_do():
    with pytest.raises(LanguageNotSupported, match=r"\(fi\) cannot be split.*docs/splitting.md"):
        split("Silta on suljettu.", language="fi")
    assert what_to_install("de") == "German (experimental) is installed: add de to CLAIMS_LANGUAGES."
    assert what_to_install("en") == "English is installed: add en to CLAIMS_LANGUAGES."


def test_another_language_is_a_value():
    """Spanish, by the same plain rules: a pipeline of spaCy's, four patterns, and word lists."""
    frame = r"(?P<claim>.+), (?P<cue>dijo) (?P<source>.+)$"
    never = re.compile(r"(?!)")
    nlp = spacy.blank("es")
    nlp.add_pipe("sentencizer")
    spanish = Language(
        code="es",
        name="Spanish",
        pipeline=lambda: nlp,
        rules=plain.find,
        lexicons="de",
        patterns={"after": re.compile(frame), "according": never, "said": never, "hearsay": never},
    )
    found = spanish.rules(spanish, "El puente está cerrado, dijo la alcaldesa.", (), None)
    assert [(quoted(claim), chain_of(claim)) for claim in found.claims] == [
        ("El puente está cerrado", ["la alcaldesa"])
    ]


FRAMED = {
    "Die Brücke in Selmar ist gesperrt, sagte die Bürgermeisterin am Montag.": (
        "Die Brücke in Selmar ist gesperrt", "die Bürgermeisterin", "Die Brücke in Selmar ist gesperrt.",
    ),
    "Laut der Polizei wurden drei Menschen verletzt.": (
        "wurden drei Menschen verletzt", "der Polizei", "Laut der Polizei wurden drei Menschen verletzt.",
    ),
    "Nach Angaben von Ilka Brandt kostet die Sanierung zwölf Millionen Euro.": (
        "kostet die Sanierung zwölf Millionen Euro", "Ilka Brandt",
        "Nach Angaben von Ilka Brandt kostet die Sanierung zwölf Millionen Euro.",
    ),
    "Die Polizei teilte am Sonntag mit, dass der Fahrer geflohen ist.": (
        "der Fahrer geflohen ist", "Die Polizei", "Die Polizei teilte am Sonntag mit, dass der Fahrer geflohen ist.",
    ),
    "Der Sprecher sagte, die Brücke sei seit Freitag gesperrt.": (
        "die Brücke sei seit Freitag gesperrt", "Der Sprecher", "Die Brücke sei seit Freitag gesperrt.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), FRAMED.items(), ids=list(FRAMED))
def test_a_frame_in_german_names_the_source(sentence, expected):
    [claim] = german(sentence)
    assert (quoted(claim), chain_of(claim)[-1], claim.text) == expected
    assert sentence[claim.spans[0].start : claim.spans[0].end] == quoted(claim)


CERTAIN = {
    "Die Brücke wurde am Montag gesperrt.": ("asserted", "fact"),
    "Kämpfer haben angeblich den Grenzposten eingenommen.": ("unconfirmed", "fact"),
    "Kämpfer sollen den Grenzposten eingenommen haben.": ("unconfirmed", "fact"),
    "Die Brücke soll im Mai gebaut werden.": ("asserted", "fact"),
    "Der Bericht ließ sich nicht bestätigen.": ("unconfirmed", "fact"),
    "Der Minister bestritt, dass er das Geld genommen hat.": ("denied", "fact"),
    "Die Kosten könnten auf zwölf Millionen steigen.": ("possible", "fact"),
    "Die Straße bleibt wahrscheinlich bis Freitag zu.": ("probable", "fact"),
    "Für eine Explosion gibt es keine Hinweise.": ("doubtful", "fact"),
    "Der Stadtrat stimmt nächste Woche ab.": ("asserted", "forecast"),
}


@pytest.mark.parametrize(("sentence", "expected"), CERTAIN.items(), ids=list(CERTAIN))
def test_a_few_words_of_german_say_how_sure_the_text_is(sentence, expected):
    [claim] = german(sentence)
    assert (claim.certainty.value, claim.kind.value) == expected
    assert claim.because[1] == "stated as so" or "“" in claim.because[1]


def test_sentences_keep_their_places_in_the_text():
    text = paragraphs(
        "„Die Brücke fiel am 3. Mai“, sagte Dr. Ilka Brandt. Wer weiß das?", "Mehr dazu.", "Sie ist neu 🙂."
    )
    for claim in german(text):
        assert text[claim.spans[0].start : claim.spans[0].end] == quoted(claim) != ""
    assert not [claim for claim in german(text) if "?" in claim.text]


def test_what_is_no_part_of_an_article_and_questions_are_no_claims_in_german():
    assert german("Lesen Sie auch: Die neue Brücke von Selmar. Wann kommt die neue Brücke?") == ()


def test_what_is_said_twice_is_one_claim():
    text = paragraphs(
        "Die Brücke in Selmar ist gesperrt", "Die Brücke in Selmar ist gesperrt.", "Der Fluss steigt seit Tagen an."
    )
    assert [quoted(claim) for claim in german(text)] == [
        "Die Brücke in Selmar ist gesperrt", "Der Fluss steigt seit Tagen an",
    ]  # fmt: skip


def test_caps_hold_in_every_language_and_are_told():
    found = split("Die Brücke fiel am Montag." + "\n" * 200_000 + "Die Stadt weint sehr.", language="de")
    assert found.truncated == "only the first 200,000 characters were read"
    long = split("Die Stadt hat " + "sehr " * 1_200 + "alte Häuser.", language="de")
    assert long == Splitting((), "a sentence longer than 5,000 characters was left out")
    many = split("\n\n".join(f"Stadt {n} sperrte am Montag {n} Brücken." for n in range(510)), language="de")
    assert (len(many.claims), many.truncated) == (500, "only the first 500 claims were kept")


@pytest.mark.parametrize("text", ["", " \n", "🙂🙂", "?!", "\x00\x01", "„“", "5"])
def test_no_german_sentence_no_claim(text):
    assert german(text) == ()


GERMAN = st.sampled_from(
    ["Die Brücke", "fiel", "sagte", "laut", "der Polizei", ",", ".", "dass", "„", "“", "🙂", "12", "?"]
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(GERMAN, max_size=20).map(" ".join) | st.text(max_size=80))
def test_every_german_quote_stands_where_it_says(text):
    for claim in german(text):
        assert all(text[span.start : span.end] == span.quote != "" for span in (*claim.spans, *claim.also))
        assert claim.because
        assert claim.text.strip(" .")
