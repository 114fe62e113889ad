"""The research column of splitting: what training on the data sets themselves gives on top of the rules.

    python bench/research.py [--benchmarks DIR] [--only attribution|factuality]

A conditional random field labels PolNeAR's tokens and boosted trees score UW's events, both over what the rules of
claims/splitting found, in five parts by document. Neither set permits more than measuring: nothing trained here is
kept, and the package never imports it. Needs python-crfsuite (MIT) and lightgbm (MIT), which no requirements name.
"""

import argparse
import importlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.splitting import rows  # noqa: E402  the script runs without being installed
from claims.splitting.factuality import MOST, factuality  # noqa: E402
from claims.splitting.grammar import auxiliaries, is_in, mark, own_subject  # noqa: E402
from claims.splitting.tree import Sentence, Word  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "benchmarks"
PARTS = 5
SEEDS = range(1, 8)  # forests whose scores are averaged
FOREST: dict[str, Any] = {
    "objective": "l1", "num_leaves": 31, "learning_rate": 0.03, "min_data_in_leaf": 10, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "deterministic": True, "num_threads": 1, "verbosity": -1,
}  # fmt: skip
TREES = 300
FIELD = {"c1": 0.05, "c2": 0.5, "max_iterations": 60, "feature.possible_transitions": True}
CLASSES = (
    "report", "attributing", "quoting", "attitudes_to", "intentions", "talking_about", "denial", "doubt", "unconfirmed",
    "aims", "plans", "supposing", "factive", "implies", "implies_not", "forecast", "urge", "unconfirmed_nouns",
    "report_nouns", "probable", "possible", "doubtful", "unconfirmed_adverbs", "opinion", "verify",
)  # fmt: skip
TYPES = ("source", "cue", "content")
CUES = CLASSES[:6]
BARS = {"source": 0.73, "cue": 0.68, "content": 0.56, "r": 0.76, "MAE": 0.45}
ADVERBS = ("probable", "possible", "doubtful", "unconfirmed_adverbs")
SEEN_BESIDE = (0, 9, 5)  # how many of its first signs a neighbour shows, by its distance
NEARBY = 2
FEW = 3
HIGHEST = 6

Row = Mapping[str, Any]
Labelled = tuple[str, int, int]


class Absent(RuntimeError):
    """What only research needs is not installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each measure beside its bar; return 1 where one is missed, 2 where something is absent."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT, metavar="DIR")
    parser.add_argument("--only", choices=list(MEASURES), help="one of the two")
    asked = parser.parse_args(arguments)
    missed = 0
    try:
        for name in [asked.only] if asked.only else MEASURES:
            for measure, value in MEASURES[name](asked.benchmarks).items():
                is_reached = value <= BARS[measure] if measure == "MAE" else value >= BARS[measure]
                missed += not is_reached
                print(f"{name:12} {measure:8} {value:.3f}  bar {BARS[measure]:.2f}  {'' if is_reached else 'MISSED'}")
    except Absent as error:
        print(f"RESEARCH COLUMN NOT MEASURED: {error}", file=sys.stderr)
        return 2
    return 1 if missed else 0


def needed(name: str) -> ModuleType:
    """Import a library that only research needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Absent(f"{error}. Install it by hand (python-crfsuite, lightgbm): no requirements name it.") from None


def rows_of(folder: Path, name: str) -> list[Row]:
    """The rows of a data set's dev part."""
    path = folder / name / "dev.jsonl"
    if not path.is_file():
        raise Absent(f"no {path}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def in_parts(documents: Sequence[str]) -> list[int]:
    """The part that each row belongs to: whole documents, dealt in turn."""
    part_of = {name: at % PARTS for at, name in enumerate(dict.fromkeys(documents))}
    return [part_of[name] for name in documents]


def attribution(folder: Path) -> dict[str, float]:
    """Exact F1 of source, cue and content on polnear_sent, by a conditional random field over the rules."""
    crf = needed("pycrfsuite")
    read = rows_of(folder, "polnear_sent")
    signs = list(token_signs([row["tokens"] for row in read]))
    parts = in_parts([row["doc"] for row in read])
    found: list[list[Labelled]] = [[] for _ in read]
    for part in range(PARTS):
        tagger = trained(crf, [at for at in range(len(read)) if parts[at] != part], signs, read)
        for at in (at for at in range(len(read)) if parts[at] == part):
            found[at] = spans(tagger.tag(signs[at]))
    return {name: exact_f1([row["spans"] for row in read], found, name) for name in ("source", "cue", "content")}


def trained(crf: ModuleType, places: Sequence[int], signs: Sequence[list[list[str]]], read: Sequence[Row]) -> Any:
    """A field trained on some of the rows; it lives in memory and in one scratch file."""
    with tempfile.NamedTemporaryFile(suffix=".crf") as scratch:
        trainer = crf.Trainer(verbose=False)
        trainer.set_params(FIELD)
        for at in places:
            trainer.append(signs[at], labels(read[at]["spans"], len(read[at]["tokens"])))
        trainer.train(scratch.name)
        tagger = crf.Tagger()
        tagger.open(scratch.name)
    return tagger


def labels(found: Sequence[Labelled], count: int) -> list[str]:
    """Spans as one label a token: B-source, I-source, …, O."""
    marked = ["O"] * count
    for name, start, end in found:
        marked[start:end] = [f"B-{name}", *[f"I-{name}"] * (end - start - 1)]
    return marked


def spans(marked: Sequence[str]) -> list[Labelled]:
    """Labels as spans."""
    found: list[Labelled] = []
    for at, label in enumerate(marked):
        begin, _, name = label.partition("-")
        if begin == "I" and found and found[-1][0] == name and found[-1][2] == at:
            found[-1] = (name, found[-1][1], at + 1)
        elif name:
            found.append((name, at, at + 1))
    return found


def exact_f1(gold: Sequence[Sequence[Labelled]], found: Sequence[Sequence[Labelled]], name: str) -> float:
    """Micro-averaged F1 of one type's spans."""
    wanted = {(at, one[1], one[2]) for at, row in enumerate(gold) for one in row if one[0] == name}
    given = {(at, one[1], one[2]) for at, row in enumerate(found) for one in row if one[0] == name}
    return 2 * len(wanted & given) / (len(wanted) + len(given))


def token_signs(sentences: Sequence[Sequence[str]]) -> Iterator[list[list[str]]]:
    """What the field sees of each token: its word in the tree, what the rules made of it, and its neighbours."""
    lines = [rows.spaced(tokens) for tokens in sentences]
    ruled = rows.spans_of_each(sentences)
    for tokens, line, parsed, by_rule in zip(sentences, lines, rows.parsed(lines), ruled, strict=True):
        words: list[Word | None] = [None] * len(tokens)
        for word in (word for sentence in parsed for word in sentence.words):
            for at in line.covered(word.start, word.end):
                words[at] = word
        quoted = in_quotes(tokens)
        layers = [labels([one for one in by_rule if one[0] == name], len(tokens)) for name in TYPES]
        own = [
            [f"rule={'/'.join(ruled_as)}", f"quoted={inside}", *signs_of(token, word)]
            for token, word, inside, *ruled_as in zip(tokens, words, quoted, *layers, strict=True)
        ]
        yield [[*own[at], *beside(own, at)] for at in range(len(own))]


def in_quotes(tokens: Sequence[str]) -> list[bool]:
    """Whether each token stands between quotation marks."""
    inside, found = False, []
    for mark_or_word in tokens:
        inside = mark_or_word == "``" or (inside and mark_or_word != "''")
        found.append(inside)
    return found


def signs_of(token: str, word: Word | None) -> list[str]:
    """What a token is by itself and in the tree."""
    found = [f"token={token.lower()}", f"capital={token[:1].isupper()}"]
    if word is None:
        return found
    found += [f"tag={word.tag}", f"pos={word.pos}", f"dep={word.dep}", f"lemma={word.lemma}", f"entity={word.entity}"]
    found += [f"head={word.head.lemma}", f"over={word.head.pos}/{word.dep}", f"path={word.dep}<{word.head.dep}"]
    found += [f"way={way}" for way in ways(word)]
    found += [f"in={name}" for name in CLASSES if is_in(word, name)]
    found += [f"under={name}/{word.dep}" for name in CLASSES if is_in(word.head, name)]
    return found


def ways(word: Word) -> Iterator[str]:
    """The way up the tree to the nearest word that may be a cue, and on which side of it the word stands."""
    steps: list[str] = []
    for below, above in islice(pairwise([word, *word.ancestors()]), HIGHEST):
        steps.append(below.dep)
        classes = [name for name in CUES if is_in(above, name)]
        if classes:
            side = "before" if word.index < above.index else "behind"
            yield f"{side}:{'<'.join(steps)}"
            yield from (f"{name}:{side}:{steps[-1]}" for name in classes)
            return


def beside(own: Sequence[Sequence[str]], at: int) -> Iterator[str]:
    """The first signs of the tokens around one."""
    for step in range(-NEARBY, NEARBY + 1):
        if step and 0 <= at + step < len(own):
            yield from (f"{step}:{sign}" for sign in own[at + step][: SEEN_BESIDE[abs(step)]])
        elif step:
            yield f"{step}:none"


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


MEASURES: Mapping[str, Callable[[Path], dict[str, float]]] = {"attribution": attribution, "factuality": certainty}

if __name__ == "__main__":
    sys.exit(main())
