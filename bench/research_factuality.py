"""How certain an event is, by boosted trees over what the rules found: a part of bench/research.py."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.research_sets import CLASSES, HIGHEST, NEARBY, PARTS, Row, needed, rows_of
from claims.splitting import rows
from claims.splitting.factuality import MOST, factuality
from claims.splitting.grammar import auxiliaries, is_in, mark, own_subject
from claims.splitting.tree import Sentence, Word

SEEDS = range(1, 8)  # forests whose scores are averaged
FOREST: dict[str, Any] = {
    "objective": "l1", "num_leaves": 31, "learning_rate": 0.03, "min_data_in_leaf": 10, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "deterministic": True, "num_threads": 1, "verbosity": -1,
}  # fmt: skip
TREES = 300
ADVERBS = ("probable", "possible", "doubtful", "unconfirmed_adverbs")
FEW = 3


def certainty(folder: Path) -> dict[str, float]:
    """Pearson's r and the mean error on the events of UW, by boosted trees over the rules; parts of rows in a row."""
    forest, numpy = needed("lightgbm"), needed("numpy")
    read = [row for row in rows_of(folder, "event_factuality") if row["set"] == "uw"]
    events = list(events_of(read))
    gold = numpy.array([target[3] for row in read for target in row["targets"]])
    part = numpy.array([at * PARTS // len(read) for at, row in enumerate(read) for _ in row["targets"]])
    found = numpy.zeros(len(gold))
    for held in range(PARTS):
        names = common([signs for signs, own in zip(events, part, strict=True) if own != held])
        seen = numpy.array([[signs.get(name, 0.0) for name in names] for signs in events])
        for seed in SEEDS:
            events_seen = forest.Dataset(seen[part != held], gold[part != held])
            trees = forest.train(FOREST | {"seed": seed}, events_seen, TREES)
            found[part == held] += trees.predict(seen[part == held]).clip(-MOST, MOST) / len(SEEDS)
    return {"r": float(numpy.corrcoef(gold, found)[0, 1]), "MAE": float(abs(gold - found).mean())}


def common(events: Sequence[Mapping[str, float]]) -> list[str]:
    """The signs that more than a few events have."""
    counts = Counter(name for signs in events for name in signs)
    return sorted(name for name, count in counts.items() if count > FEW)


def events_of(read: Sequence[Row]) -> Iterator[dict[str, float]]:
    """What the trees see of each target: the rules' own figure, and what stands above the word in the tree."""
    lines = [rows.spaced(row["text"].split(" ")) for row in read]
    for row, line, parsed in zip(read, lines, rows.parsed(lines), strict=True):
        for target in row["targets"]:
            place = rows.place_of(line, target, parsed)
            yield event_signs(*place) if place else {}


def event_signs(word: Word, sentence: Sentence) -> dict[str, float]:
    """The signs of one event."""
    found = dict.fromkeys(clause_signs(word), 1.0)
    chain = list(word.ancestors())[:HIGHEST]
    found |= {"rule": factuality(word, sentence), "question": float(sentence.is_question), "depth": float(len(chain))}
    found["negated above"] = float(sum(above.first("neg") is not None for above in chain))
    found |= dict.fromkeys((f"child={child.dep}:{child.lower}" for child in word.children), 1.0)
    for at, (below, above) in enumerate(pairwise([word, *chain])):
        near = min(at, NEARBY)
        found |= dict.fromkeys((f"{near}:{below.dep}:{sign}" for sign in clause_signs(above)), 1.0)
        found |= dict.fromkeys((f"any:{sign}" for sign in clause_signs(above) if not sign.startswith("lemma")), 1.0)
    return found


def clause_signs(word: Word) -> Iterator[str]:
    """What a word is, and what its own clause makes of it."""
    own = own_subject(word)
    yield from (f"lemma={word.lemma}", f"tag={word.tag}", f"dep={word.dep}", f"mark={mark(word)}")
    yield from (f"in={name}" for name in CLASSES if is_in(word, name))
    yield from (f"helper={helper.lower}" for helper in auxiliaries(word))
    yield from (f"adverb={name}" for adverb in word.every("advmod") for name in ADVERBS if is_in(adverb, name))
    yield from (f"condition={mark(clause)}" for clause in word.every("advcl"))
    yield from (["negated"] if word.first("neg") is not None else [])
    yield from ([f"subject={own.lower if own.pos == 'PRON' else own.pos}"] if own is not None else [])
