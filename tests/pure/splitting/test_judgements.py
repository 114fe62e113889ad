"""What a single sentence is like: worth checking, an opinion, uncertain."""

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.splitting.__main__ import main
from claims.splitting.rows import BadRow, judgements
from claims.splitting.sentences import judge

HALF = 0.5


@pytest.mark.parametrize(
    "sentence",
    [
        "Unemployment fell to 4 percent last year.",
        "We have created 20,000 new jobs since I took office.",
        "The senator voted against the bill three times.",
        "Our exports to Mexico doubled between 1994 and 1999.",
        "Crime has gone up by 30 percent in this city.",
    ],
)
def test_figures_and_records_are_worth_checking(sentence):
    assert judge(sentence).check_worthy >= HALF


@pytest.mark.parametrize(
    "sentence",
    [
        "Thank you very much, and good evening.",
        "I think we can do better than that.",
        "Let me answer the question.",
        "What would you say to her?",
        "",
    ],
)
def test_courtesies_wishes_and_questions_are_not_worth_checking(sentence):
    assert judge(sentence).check_worthy < HALF


@pytest.mark.parametrize(
    "sentence",
    [
        "This plan is a disgrace, and everyone should be ashamed of it.",
        "Isn't it absurd that nobody ever asks who pays?",
        "Their cowardly silence is simply shameful.",
        "But we must never again trust these charlatans!",
    ],
)
def test_judgements_in_the_writers_own_voice_are_opinions(sentence):
    assert judge(sentence).opinion >= HALF


@pytest.mark.parametrize(
    "sentence",
    [
        "The council met on Tuesday and voted 7 to 2.",
        "The mayor said the plan was a disgrace.",
        "“This plan is a disgrace, and everyone should be ashamed of it.”",
        "‘What an absurd, shameful plan!’",
        "Anna Belk, John Marsh and Peter Lund signed the treaty in Oslo in 1994.",
        "Contents",
        "",
    ],
)
def test_events_and_what_others_say_are_no_opinions(sentence):
    assert judge(sentence).opinion < HALF


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge may have been built by monks.",
        "Many villagers left the valley.",
        "Critics called the bridge ugly.",
        "It is said that the bridge was cursed.",
        "It was a very long walk, often of almost ten hours, around the lake.",
    ],
)
def test_hedges_and_words_without_a_number_or_a_name_make_a_sentence_uncertain(sentence):
    assert judge(sentence).uncertain >= HALF


@pytest.mark.parametrize(
    "sentence",
    ["The bridge fell on 3 May 1994.", "Anna Belk built the bridge.", "She walked around the lake.", ""],
)
def test_a_plain_statement_is_certain(sentence):
    assert judge(sentence).uncertain < HALF


def test_the_month_of_may_is_no_hedge():
    assert judge("In May the bridge fell.").uncertain < judge("The bridge may fall.").uncertain


@given(st.text(max_size=200))
def test_whatever_the_text_each_answer_lies_between_0_and_1(text):
    judged = judge(text)
    assert all(0 <= answer <= 1 for answer in (judged.check_worthy, judged.opinion, judged.uncertain))


def test_curved_and_straight_apostrophes_are_read_alike():
    assert judge("We don’t need this nonsense.") == judge("We don't need this nonsense.")


def test_a_row_of_tokens_is_read_as_its_sentence():
    tokens = ["``", "What", "a", "mess", "!", "''", "he", "said", "."]
    row = next(judgements([json.dumps({"tokens": tokens, "text": "not this"})]))
    assert row["opinion"] == judge("“ What a mess ! ” he said .").opinion
    assert row["opinion"] < HALF
    assert ("cue", 7, 8) in row["spans"]


def test_rows_of_texts_and_of_tokens_may_be_mixed():
    lines = [
        '{"text": "Thank you."}',
        '{"tokens": ["The", "mayor", "said", "the", "bridge", "fell", "."]}',
        '{"tokens": []}',
        '{"tokens": ["Critics", "said", "the", "bridge", "fell", "."]}',
    ]
    spans = [row["spans"] for row in judgements(lines)]
    assert spans[0] == spans[2] == []
    assert ("cue", 2, 3) in spans[1]
    assert ("source", 0, 1) in spans[3]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "an object is wanted"),
        ("{}", "text: a string is wanted"),
        ('{"text": 5}', "text: a string is wanted"),
        ('{"tokens": "no"}', "tokens: a list of strings"),
        ('{"tokens": ["a", 5]}', "tokens: a list of strings"),
    ],
)
def test_a_line_that_is_no_row_is_named(line, wrong):
    with pytest.raises(BadRow, match=f"line 2: {wrong}"):
        list(judgements(['{"text": "The bridge fell."}', line]))


def asked(monkeypatch, rows: bytes) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rows)))
    return main(["--sentences"])


def test_rows_come_by_standard_input_and_go_out_one_a_line(monkeypatch, capsys):
    assert asked(monkeypatch, '{"text": "Oslo’s port lost 400 jobs."}\n{"text": "Thank you."}\n'.encode()) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["check_worthy"] > second["check_worthy"]


def test_a_bad_row_ends_it_with_2_and_is_named(monkeypatch, capsys):
    assert asked(monkeypatch, b'{"text": "The bridge fell."}\nnonsense\n') == 2
    assert "line 2: not JSON" in capsys.readouterr().err


def test_what_is_quoted_is_left_out_of_the_judgement():
    assert judge("The mayor walked out “with an absurd, shameful grin” at noon.").opinion < HALF


@pytest.mark.parametrize("arguments", [[], ["--sentences", "article.txt"]])
def test_files_or_rows_are_asked_for_never_both_or_neither(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "FILE" in capsys.readouterr().err
