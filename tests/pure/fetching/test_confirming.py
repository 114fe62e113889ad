"""What counts of what the last looks saw: what they agree on, and what does not come and go."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from sources.fetching.confirming import (
    GONE,
    MEMORY,
    MOST_KEYS,
    Keys,
    Sighting,
    Verdict,
    differs,
    is_unstable,
    judged,
    keys_of,
    rebased,
    remembered,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)
BASE = "The bridge is closed. The ferry is running. Nobody knows for how long."
BLUE, RED = f"{BASE} The advert is blue.", f"{BASE} The advert is red now."
SETTLED, AWAITED, SAME, RESTLESS = Verdict.SETTLED, Verdict.AWAITED, Verdict.SAME, Verdict.RESTLESS


def verdicts(*texts: str, looks: int = 2) -> list[Verdict]:
    """Look every ten minutes, keep what has settled, and say what each look came to."""
    kept, since, found, is_moody = texts[0], START, [], False
    memory: list[Sighting] = []
    for at, text in zip(itertools.count(2), texts[1:], strict=False):
        seen: Keys = frozenset() if text == kept else GONE if not text else differs(kept, text)
        if seen and not memory:
            memory = [Sighting(START, frozenset())] * (2 if SAME in found else 1)
        memory = [*memory, Sighting(START + at * TEN, seen)] if seen or memory else []
        verdict = SAME
        if memory:
            verdict = judged(memory, kept=keys_of(kept), since=since, looks=looks, apart=TEN, was_unstable=is_moody)
            memory = remembered(memory)
        if verdict is SETTLED and text:
            kept, since = text, START + at * TEN
            memory = rebased(memory)
        is_moody = is_unstable(memory, was=is_moody)
        found.append(verdict)
    return found


def chosen(one: str, other: str, *, seed: int, share: float = 0.5, looks: int = 100) -> list[str]:
    rng = random.Random(seed)
    return [one if rng.random() < share else other for _look in range(looks)]


def test_what_two_looks_agree_on_counts() -> None:
    assert verdicts(BASE, BASE, BLUE, BLUE, BLUE) == [SAME, AWAITED, SETTLED, SAME]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_hundred_looks_at_two_versions_by_chance_make_one_change_at_most(share: float) -> None:
    changes = [verdicts(BLUE, *chosen(BLUE, RED, seed=seed, share=share)).count(SETTLED) for seed in range(40)]
    assert sum(count <= 1 for count in changes) >= 36
    assert max(changes) <= 3


@pytest.mark.parametrize("turns", [(RED, BLUE), (RED, RED, BLUE), (RED, BLUE, BLUE), (RED, RED, BLUE, BLUE)])
def test_versions_in_turn_make_one_change_at_most(turns: tuple[str, ...]) -> None:
    assert verdicts(BLUE, *turns * 25).count(SETTLED) <= 1


def test_a_text_that_is_another_at_every_look_is_none() -> None:
    assert SETTLED not in verdicts(*(f"{BASE} You are visitor {number}." for number in range(100)))
    rng = random.Random(1)
    noise = [" ".join(f"Sentence {rng.random()} stands here." for _sentence in range(9)) for _look in range(60)]
    assert SETTLED not in verdicts(*noise)


@pytest.mark.parametrize(
    "edit", [("ferry is", "ferry is not"), ("The ferry is running. ", ""), ("Nobody", "Yes. Nobody")]
)
def test_an_edit_of_a_page_with_a_clock_is_seen_once_and_soon(edit: tuple[str, str]) -> None:
    texts = [f"{BASE} You are visitor {number}." for number in range(60)]
    found = verdicts(*texts[:30], *(text.replace(*edit) for text in texts[30:]))
    assert found.count(SETTLED) == 1
    assert found.index(SETTLED) <= 29 + 3


@pytest.mark.parametrize("seed", range(6))
def test_an_edit_of_a_page_of_two_versions_is_seen_soon(seed: int) -> None:
    texts = chosen(BLUE, RED, seed=seed)
    found = verdicts(BLUE, *texts[:50], *(text.replace("ferry is", "ferry is not") for text in texts[50:]))
    assert found[:50].count(SETTLED) <= 1
    assert SETTLED in found[50:56]


def test_a_live_blog_is_confirmed_at_every_second_look() -> None:
    texts = [BASE]
    for number in range(20):
        texts.append(f"Entry {number} came in. {texts[-1]}")
    assert verdicts(*texts) == [AWAITED, SETTLED] * 10


def test_what_was_taken_back_counts_when_it_has_stayed_so() -> None:
    found = verdicts(*[BLUE] * 3, *[RED] * 2, *[BLUE] * 14)
    assert [at for at, verdict in enumerate(found) if verdict is SETTLED] == [3, 15]


def test_a_page_is_gone_after_two_looks_even_where_one_confirms_a_change() -> None:
    assert verdicts(BASE, BASE, "", "", looks=1) == [SAME, AWAITED, SETTLED]
    assert verdicts(BASE, BLUE, looks=1) == [SETTLED]


def test_a_page_that_is_missing_by_chance_is_restless_not_gone() -> None:
    found = verdicts(BASE, *chosen(BASE, "", seed=2))
    assert SETTLED not in found[20:]
    assert RESTLESS in found


def test_the_same_sentences_in_another_order_differ_as_a_whole() -> None:
    turned = "The ferry is running. The bridge is closed. Nobody knows for how long."
    assert keys_of(turned) == keys_of(BASE)
    assert len(differs(BASE, turned)) == 1
    assert verdicts(BASE, BASE, turned, turned) == [SAME, AWAITED, SETTLED]


def test_of_very_many_sentences_the_same_few_are_remembered() -> None:
    many = " ".join(f"Sentence {number} stands here." for number in range(2000))
    keys = differs(BASE, many)
    assert len(keys) == MOST_KEYS
    assert len(keys & differs(BASE, f"{many} One more stands here.")) >= MOST_KEYS - 1
    assert verdicts(BASE, BASE, many, many) == [SAME, AWAITED, SETTLED]


def test_a_calm_page_remembers_nothing_and_a_sighting_comes_back_from_its_row() -> None:
    calm = [Sighting(START, frozenset())] * MEMORY
    one = Sighting(START, frozenset({"b", "a"}))
    assert remembered(calm) == []
    assert remembered([one, *calm]) == []
    assert len(remembered([*calm, one])) == MEMORY
    assert Sighting.from_json(one.as_json()) == one
    assert one.as_json() == [START.isoformat(), ["a", "b"]]


def test_a_missing_page_stays_missing_seen_from_another_version() -> None:
    memory = [Sighting(START, GONE), Sighting(START + TEN, frozenset({"a"}))]
    assert rebased(memory) == [Sighting(START, GONE), Sighting(START + TEN, frozenset())]


def test_a_restless_page_that_says_more_than_it_does_each_time_is_looked_at_again_soon() -> None:
    texts = [f"{BASE} You are visitor {number}." for number in range(40)]
    found = verdicts(*texts[:30], *(f"{text} Correction: it was wrong." for text in texts[30:]))
    assert found[28] is RESTLESS
    assert found[29:32] == [AWAITED, AWAITED, SETTLED]
