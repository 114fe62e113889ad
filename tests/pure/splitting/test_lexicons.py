"""The lexicons are data: each has a header, a version, and entries that its rule finds."""

from importlib import resources

import pytest

from claims.splitting import lexicons
from claims.splitting.grammar import is_in
from claims.splitting.parse import parse
from claims.splitting.passage import Passage

FILES = sorted(file.name for file in resources.files(lexicons).iterdir() if file.name.endswith(".txt"))


@pytest.mark.parametrize("name", FILES)
def test_every_lexicon_has_a_header_a_version_and_entries(name):
    lines = resources.files(lexicons).joinpath(name).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Lexicon: ")
    assert lines[1].startswith("# version: ")
    assert lexicons.words(name.removesuffix(".txt"))


@pytest.mark.parametrize("name", FILES)
def test_no_entry_stands_twice(name):
    lines = resources.files(lexicons).joinpath(name).read_text(encoding="utf-8").splitlines()[2:]
    assert sorted(lines, key=str.lower) == sorted({line.lower(): line for line in lines}.values(), key=str.lower)


EXAMPLES = {
    "aims": ["The council *decided* to close the bridge.", "It was an *attempt* to close the bridge."],
    "attitudes_to": ["The council *praised* the plan.", "Critics *mocked* the plan."],
    "attributing": [
        "The council *feared* that the bridge would fall.",
        "They *complained* that the bridge was closed.",
    ],
    "factive": ["The council *learned* that the bridge had fallen.", "We are *glad* that the bridge stands."],
    "implies": ["The mayor *managed* to close the bridge.", "The council *began* selling the port."],
    "implies_not": ["The mayor *failed* to close the bridge.", "The army *prevented* a fire."],
    "intentions": ["The mayor *vowed* to close the bridge.", "The council *wants* to sell the port."],
    "quoting": ["“Close it,” the mayor *shouted*.", "“Close it,” the mayor *pleaded*."],
    "supposing": ["The council *suspects* that the bridge was sold.", "There is a *risk* that the bridge falls."],
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_class_finds_its_examples(name):
    for text in EXAMPLES[name]:
        before, marked, after = text.split("*")
        shown = before + marked + after
        sentences = next(parse([Passage(0, len(shown), shown)]))
        found = next(word for sentence in sentences for word in sentence.words if word.start == len(before))
        assert is_in(found, name), found.lemma


def test_a_phrase_is_found_whole_whatever_the_case_and_the_spaces():
    found = lexicons.pattern("boilerplate").search("ALL  rights\nreserved.")
    assert found is not None
    assert lexicons.pattern("own_voice").search("The cement ehrlich used") is None


@pytest.mark.parametrize(("verb", "plain"), [("Suggests", "suggest"), ("write", "write"), ("reports,", "report")])
def test_a_verb_is_looked_up_in_its_plain_form(verb, plain):
    assert lexicons.stem(verb) == plain
