"""Rows of data sets, answered line by line."""

import json

import pytest

from claims.splitting import rows


def test_each_target_of_a_row_gets_its_factuality():
    lines: list[str | bytes] = [
        json.dumps({"text": "The bridge fell .", "targets": [[2, 3, "fell", 3.0]]}),
        json.dumps(
            {"text": "The bridge did n't fall , but the town `` wept '' .", "targets": [[4, 5], [9, 12]]}
        ).encode(),
        json.dumps({"text": "", "targets": []}),
        json.dumps({"text": "`` '' .", "targets": [[0, 2]]}),
    ]
    assert list(rows.factualities(lines)) == [
        {"factuality": [3.0]},
        {"factuality": [-2.25, 3.0]},
        {"factuality": []},
        {"factuality": [3.0]},
    ]


def test_each_proposition_of_a_row_is_its_tokens():
    text = "The mayor (Green Party) sold the port."
    tokens = ["The", "mayor", "(", "Green", "Party", ")", "sold", "the", "port", "."]
    offsets = [0, 4, 10, 11, 17, 22, 24, 29, 33, 37]
    row = json.dumps({"text": text, "tokens": tokens, "offsets": offsets})
    assert list(rows.propositions([row])) == [{"propositions": [[0, 1, 6, 7, 8], [0, 1, 2, 3, 4, 5]]}]


def test_a_row_that_states_nothing_is_one_proposition():
    row = json.dumps({"text": "", "tokens": [], "offsets": []})
    assert list(rows.propositions([row])) == [{"propositions": [[]]}]


def test_spans_over_tokens_say_who_says_what():
    tokens = ["``", "The", "bridge", "is", "unsafe", ",", "''", "said", "Lena", "Ott", ",", "a", "teacher", "."]
    assert rows.spans_of(tokens) == [("content", 0, 7), ("cue", 7, 8), ("source", 8, 13)]
    assert rows.spans_of([]) == []
    assert list(rows.spans_of_each([tokens, []])) == [rows.spans_of(tokens), []]


def test_a_quotation_is_content_also_where_its_sentence_names_nobody():
    assert rows.spans_of(["``", "The", "bridge", "is", "old", "and", "unsafe", ".", "''"]) == [("content", 0, 9)]


def test_more_rows_than_are_parsed_at_once_are_all_answered():
    row = json.dumps({"text": "It fell .", "targets": [[1, 2]]})
    assert len(list(rows.factualities([row] * 300))) == 300


BAD = {
    "{": "line 2: not JSON",
    "": "line 2: not JSON",
    "[" * 100_000: "line 2: not JSON",
    "[]": "line 2: an object is wanted",
    "{}": "line 2: text: a string is wanted",
    '{"text": 1, "targets": []}': "line 2: text: a string is wanted",
    '{"text": "It fell ."}': "line 2: targets: a list is wanted",
    '{"text": "It fell .", "targets": [[2, 9]]}': "line 2: targets: [2, 9] names none of the 3 tokens",
    '{"text": "It fell .", "targets": [1]}': "line 2: targets: 1 names none of the 3 tokens",
}


@pytest.mark.parametrize(("line", "why"), BAD.items(), ids=[why[8:] for why in BAD.values()])
def test_a_line_that_is_no_row_is_named(line, why):
    with pytest.raises(rows.BadRow) as error:
        list(rows.factualities(['{"text": "It fell .", "targets": []}', line]))
    assert str(error.value) == why


@pytest.mark.parametrize(
    ("tokens", "offsets", "why"),
    [
        (["It"], None, "tokens, offsets: two lists of the same length are wanted"),
        (["It"], [], "tokens, offsets: two lists of the same length are wanted"),
        ([7], [0], "tokens, offsets: 7 cannot stand at 0"),
        (["It"], ["0"], 'tokens, offsets: "It" cannot stand at "0"'),
        (["It"], [99], 'tokens, offsets: "It" cannot stand at 99'),
        (["fell", "It"], [3, 0], 'tokens, offsets: "It" cannot stand at 0'),
    ],
)
def test_tokens_that_cannot_stand_in_the_text_are_named(tokens, offsets, why):
    with pytest.raises(rows.BadRow) as error:
        list(rows.propositions([json.dumps({"text": "It fell.", "tokens": tokens, "offsets": offsets})]))
    assert str(error.value) == f"line 1: {why}"


def test_units_are_the_claims_and_then_the_propositions_without_repeats():
    assert list(rows.units_of("The mayor sold the port in May.").stated) == [
        "The mayor sold the port in May.",
        "The mayor sold the port",
    ]
