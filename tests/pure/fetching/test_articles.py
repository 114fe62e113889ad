from sources.fetching import articles
from sources.fetching.passages import Passage
from sources.fetching.types import BlockKind


def passage(text, kind=BlockKind.PARAGRAPH):
    return Passage(kind, pieces=[(text, "")])


def said(*given):
    found, page = ([passage(one) if isinstance(one, str) else one for one in some] for some in given)
    return [one.text for one in articles._enriched(found, page)]


def test_text_that_the_page_does_not_show_so_is_taken_as_found():
    assert said(["One.", "Two."], ["Menu", "Footer"]) == ["One.", "Two."]
    assert said(["One.", "Two, here.", "Three."], ["One.", "Two there.", "Three."]) == ["One.", "Two, here.", "Three."]


def test_captions_between_and_notices_shortly_after_are_added():
    caption, notice = passage("Photo.", BlockKind.CAPTION), passage("Correction: it was two.")
    page = [caption, "One.", caption, "Teaser", "Two.", "Share", notice, "Share", "Share", notice, caption]
    assert said(["One.", "Two."], page) == ["One.", "Photo.", "Two.", "Correction: it was two."]


def test_passages_that_were_run_together_are_taken_apart():
    assert said(["One. Two. Three."], ["One.", "Onset", "One.", "Two.", "Three.", "Four."]) == [
        "One.",
        "Two.",
        "Three.",
    ]
    assert said(["One. Two. Thr"], ["One.", "Two.", "Three."]) == ["One. Two. Thr"]


def test_the_same_line_in_a_menu_and_in_the_text_is_read_in_its_place():
    assert said(["One.", "News", "Two."], ["News", "One.", "News", "Two.", "News"]) == ["One.", "News", "Two."]
