"""Where a text names somebody, however it spells them; and where it does not."""

from __future__ import annotations

import pytest

from factcheck.lib.names import NameRefused, names_of

ILKA = names_of(["Ilka Brandt"])


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Ilka Brandt said.",
        "ILKA BRANDT",
        "Ilka\nBrandt",
        "Ilka  \n\n Brandt",
        "Ilka Brándt’s car",
        "Ilka Brandt's car",
        "Ilka Brandts Wagen",
        "Ilka M. Brandt",
        "Brandt, Ilka",
        "Il-\nka Bran-\n dt",
        "Ilka Bran\u00addt",
        "I\u0301lka Brandt",
        "\uff29lka Brandt",
        "https://news.example/people/ilka-brandt?x=1",
        "https://news.example/ilka_brandt",
        "https://news.example/?q=Ilka%20Brandt",
        "ilkabrandt.example",
    ],
)
def test_every_spelling_is_found(text: str) -> None:
    assert ILKA.are_in(text)
    assert ILKA.places(text)


@pytest.mark.parametrize("text", ["", "Ilka", "Brandt", "Ilka Brandter", "Milka Brandt", "Ilka said that Brandt left"])
def test_what_is_another_name_is_not(text: str) -> None:
    assert not ILKA.are_in(text)
    assert ILKA.places(text) == []


def test_places_are_of_the_text_as_it_is() -> None:
    text = "Die Straße: \u00cdlka Bran\u00addt ging. Ilka Brandt kam."
    assert [text[start:end] for start, end in ILKA.places(text)] == ["\u00cdlka Bran\u00addt", "Ilka Brandt"]


def test_a_surname_alone_is_found_where_it_is_asked_for() -> None:
    both = names_of(["Ilka Brandt", "Brandt"])
    assert both.are_in("Brandt’s wish")
    assert not names_of(["Al Bo"]).are_in("The albo of the year")


@pytest.mark.parametrize("spellings", [[], ["Al"], ["  "], ["…"]])
def test_what_would_match_too_much_is_refused(spellings: list[str]) -> None:
    with pytest.raises(NameRefused):
        names_of(spellings)
