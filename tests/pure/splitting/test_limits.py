"""What splitting does with too much, too little, and what is no language at all."""

import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.splitting import Block, Splitting, parse, split
from claims.splitting.names import collect
from claims.splitting.passage import Passage
from claims.splitting.segment import segment
from tests.pace import within


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n\t ",
        "\x00\x01\x02",
        "🙂🙂🙂",
        "\u200b\u200d\ufeff",
        '"',
        '"""',
        "(((((",
        "…",
        "?!",
        "—",
        "5",
        "\u2028",
    ],
)
def test_a_text_without_a_sentence_has_no_claims(text):
    assert split(text) == Splitting(())


def test_control_characters_and_invisible_ones_disturb_no_sentence():
    text = "The US \u00adbridge\u200b fell\x07 on\u00a0Monday."
    claim = split(text).claims[0]
    assert claim.spans[0].quote == text[claim.spans[0].start : claim.spans[0].end]
    assert claim.text.startswith("The US bridge")


def test_emoji_count_as_one_code_point_each():
    text = "🙂🙂 The bridge fell on Monday."
    span = split(text).claims[0].spans[0]
    assert text[span.start : span.end] == span.quote == "The bridge fell on Monday"


def test_one_enormous_token_is_passed_over_quickly():
    with within(10):
        found = split("The bridge fell on Monday. " + "x(" * 60_000 + " The town wept on Tuesday.")
        assert [claim.text for claim in found.claims] == ["The bridge fell on Monday.", "The town wept on Tuesday."]


def test_only_the_first_characters_are_read_and_that_is_said():
    found = split("The bridge fell on Monday." + "\n" * 200_000 + "The town wept.")
    assert [claim.text for claim in found.claims] == ["The bridge fell on Monday."]
    assert found.truncated == "only the first 200,000 characters were read"


def test_a_sentence_that_is_too_long_is_left_out_and_that_is_said():
    found = split("The bridge fell on Monday.\n\nThe town has " + "very " * 1_200 + "old houses.")
    assert [claim.text for claim in found.claims] == ["The bridge fell on Monday."]
    assert found.truncated == "a sentence longer than 5,000 characters was left out"


@pytest.mark.parametrize(
    "text",
    [
        "The bridge" + " " * 199_000 + "fell.",
        "The\u00a0bridge\n" * 2_000,
        "THE BRIDGE FELL.\n" * 1_500,
        "The mayor said:\n\n" + "A-" * 90_000 + "\n\n",
        "“" * 190_000,
        "— " * 95_000,
        "“No,” he said. " * 1_500,
        "The bridge fell, which " * 1_000,
        "(" * 95_000 + ")" * 95_000,
    ],
    ids=["spaces", "hard-wrapped", "capitals", "hyphens", "marks", "dashes", "quotations", "one sentence", "brackets"],
)
def test_no_text_takes_more_than_its_time(text):
    with within(20):
        split(text)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 199_000 + ":\n\nHe ran home.\n",
        ":\n\n" * 65_000,
        "".join(f"A{number} BC: DE FG\n\n" for number in range(12_000)),
    ],
    ids=["a word before a colon", "colons", "labels"],
)
def test_no_text_is_cut_into_passages_slowly(text):
    with within(5):
        assert segment(text)


def test_a_very_long_paragraph_is_read_in_stretches_that_go_on():
    text = "The bridge fell on Monday. " * 2_000
    [sentences] = parse.parse([Passage(0, len(text), text)])
    words = [word for sentence in sentences for word in sentence.words]
    assert [word.index for word in words] == list(range(12_000))
    assert all(text[word.start : word.end] == word.text for word in words)


def test_many_abbreviations_are_looked_up_quickly():
    short = ["".join(letters) for letters in product("ABCDEFGHIJ", repeat=4)]
    text = " ".join(f"{' '.join(f'{letter}xy' for letter in one)} ({one}) left." for one in short)
    with within(3):
        assert len(collect([], text).abbreviations) == len(short)


def test_a_word_that_is_too_long_is_passed_over_and_that_is_said():
    found = split("The bridge fell on Monday. See " + "x" * 300 + " for more.")
    assert found.claims[0].text == "The bridge fell on Monday."
    assert found.truncated == "a word longer than 200 characters was passed over"


@pytest.mark.parametrize("times", [38, 60])
def test_who_says_what_is_heeded_so_often_in_a_sentence_and_that_is_said(times):
    found = split("The mayor said " + "that the clerk said " * times + "that the bridge fell.")
    cut = "of a sentence in which who says what is told more than 40 times, the rest was not heeded"
    assert found.truncated == (cut if times > 40 else "")


def test_only_the_first_claims_are_kept_and_that_is_said():
    found = split("\n\n".join(f"Town {number} closed {number} bridges." for number in range(510)))
    assert len(found.claims) == 500
    assert found.truncated == "only the first 500 claims were kept"


def test_the_same_text_gives_the_same_claims():
    text = "Anna Belk, 43, said she had seen the fire. The army said rebels had attacked, killing three soldiers."
    assert split(text) == split(text)


HEAP = (
    'The|mayor|said|bridge|which|fell|,|.|\n\n|"|“|”|Anna Belk|(D-Ohio)|if|and|not|to|confirm|reports|12|people|—|:'
    "|ROWE:|?|could|be|'s|of|accused"
)
WORDS = st.sampled_from(HEAP.split("|"))


def holds_together(text, blocks=()):
    for claim in split(text, blocks=blocks).claims:
        assert 1 <= len(claim.spans) <= 3
        assert all(text[span.start : span.end] == span.quote != "" for span in (*claim.spans, *claim.also))
        assert all(a.end < b.start for a, b in zip(claim.spans, claim.spans[1:], strict=False))
        assert 0 <= claim.check_worthy <= 1
        assert claim.text.strip()
        assert claim.because
        assert all(link.source for link in claim.sources)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_every_quote_stands_where_it_says_in_any_heap_of_words(text):
    holds_together(text)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.text(max_size=120))
def test_every_quote_stands_where_it_says_in_any_text(text):
    holds_together(text)


ODD = st.characters(categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "So", "Mn", "Sk", "Lo", "Nd", "Pi", "Pf", "Ps"))
SENTENCES = st.sampled_from(
    ["The bridge fell.", "Anna Belk said: “It was old.", "” The town denied that", " rebels, who fled,", "🙂", "\u202e"]
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.one_of(SENTENCES, st.text(ODD, max_size=4)), max_size=12).map("".join))
def test_every_quote_stands_where_it_says_among_emoji_bidi_controls_and_halves_of_pairs(text):
    holds_together(text)


KINDS = st.sampled_from(["headline", "paragraph", "quotation", "list_item", "caption", "unheard of"])
PLACES = st.integers(min_value=-5, max_value=150)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.builds(Block, KINDS, PLACES, PLACES, st.sampled_from(["", "https://a.b/c", "The Post"])), max_size=5)
)
def test_any_blocks_are_taken(blocks):
    holds_together(
        "The bridge fell. “The town wept,” the mayor said. The Daily Herald reported: Rebels fled.", tuple(blocks)
    )


def test_importing_loads_no_model_and_no_framework():
    code = (
        "import sys, claims.splitting;"
        "found = {'spacy', 'torch', 'django', 'rest_framework', 'celery', 'redis', 'psycopg'} & set(sys.modules);"
        "sys.exit(repr(found) if found else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_missing_model_says_what_to_do():
    with pytest.raises(parse.ModelMissing, match="install"):
        parse.model_name(["django", "spacy"])


def test_the_first_model_by_name_is_taken():
    assert parse.model_name(["spacy", "en-core-web-trf", "en_core_web_sm"]) == "en_core_web_sm"
