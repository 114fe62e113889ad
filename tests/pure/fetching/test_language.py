import pytest

from sources.fetching.language import language_of
from tests.pace import within

ENGLISH = "The river bridge closed after the flood, and twelve people of the village were hurt."
GERMAN = "Die Brücke wurde nach dem Hochwasser gesperrt, und zwölf Menschen aus dem Dorf wurden verletzt."
RUSSIAN = "После наводнения мост через реку закрыли, и двенадцать человек получили травмы."
JAPANESE = "洪水の後、橋は閉鎖され、十二人が負傷しました。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (RUSSIAN, "ru"),
        (JAPANESE, "ja"),
        ("Le pont sur la rivière a été fermé après l'inondation et douze personnes ont été blessées.", "fr"),
        ("El puente sobre el río fue cerrado tras la inundación y doce personas resultaron heridas.", "es"),
        ("De brug over de rivier werd na de overstroming gesloten en twaalf mensen raakten gewond.", "nl"),
    ],
)
def test_the_text_says_its_language(text, code):
    assert language_of(text) == code


@pytest.mark.parametrize("text", ["", " \n", "🙂🙃 🙂", "12 345 67,8", "OK", "!!!", "a b c", "\ud800"])
def test_too_little_text_says_nothing(text):
    assert language_of(text) == ""


@pytest.mark.parametrize("declared", ["de", "de-AT", "DE_at", " de "])
def test_what_is_declared_wins_where_it_can_be_true(declared):
    assert language_of("Ok", declared) == "de"
    assert language_of("", declared) == "de"
    assert language_of(GERMAN, declared) == "de"


@pytest.mark.parametrize(
    ("text", "declared", "code"), [(RUSSIAN, "en", "ru"), (ENGLISH, "ru", "en"), (JAPANESE, "en", "ja")]
)
def test_what_is_declared_gives_way_to_the_letters(text, declared, code):
    assert language_of(text, declared) == code


@pytest.mark.parametrize("declared", ["", "english", "x-default", "und", "12", "e"])
def test_what_is_no_code_is_not_declared(declared):
    assert language_of(ENGLISH, declared) == "en"


def test_ten_megabytes_are_told_by_their_beginning():
    with within(5):
        assert language_of(ENGLISH * 120_000) == "en"
