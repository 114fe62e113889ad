"""The lexicons are data: each has a header, a version, and entries that its rule finds."""

from importlib import resources

import pytest

from claims.splitting import lexicons

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


def test_a_phrase_is_found_whole_whatever_the_case_and_the_spaces():
    found = lexicons.pattern("boilerplate").search("ALL  rights\nreserved.")
    assert found is not None
    assert lexicons.pattern("own_voice").search("The cement ehrlich used") is None


@pytest.mark.parametrize(("verb", "plain"), [("Suggests", "suggest"), ("write", "write"), ("reports,", "report")])
def test_a_verb_is_looked_up_in_its_plain_form(verb, plain):
    assert lexicons.stem(verb) == plain
