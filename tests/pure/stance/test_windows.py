"""Of a long text the passages that share the most with the claim are read."""

from __future__ import annotations

from claims.stance import windows

TEXT = " ".join(f"Sentence number {place} is about nothing much." for place in range(60))


def test_the_passage_that_shares_the_most_is_among_few() -> None:
    text = f"{TEXT} The ferry to Kelp Island sank in the harbour. {TEXT}"
    found = windows.best("The ferry to Kelp Island sank.", text)
    assert len(found) == windows.MOST
    assert any("ferry to Kelp Island" in text[start:end] for start, end in found)
    assert found == sorted(found)


def test_a_text_without_sentences_is_one_window() -> None:
    assert windows.best("A claim.", "") == [(0, 0)]
    assert windows.best("A claim.", "one word after another") == [(0, 22)]


def test_no_sentence_is_left_out() -> None:
    covered = set[int]()
    for start, end in windows._cut(TEXT):
        covered |= set(range(start, end))
    assert covered >= {place for place, letter in enumerate(TEXT) if letter != " "}
