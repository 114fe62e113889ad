"""Train the model of stance that ships, and write it with its digest: docs/models.md.

    pip install --require-hashes -r bench/train_stance.txt
    python bench/train_stance.py [--benchmarks DIR] [--out DIR] [--after STAGE] [--write]

A cross-encoder fine-tuned from MiniLM: claim and passage are read as one text. It learns from VitaminC's train part and
FoolMeTwice's dev part, in the second stage also from examples made of those by rule (`bench/stance_examples.py`), and
never from what has FEVER-Symmetric's text. Same machine, same libraries: same weights.
"""

import argparse
import hashlib
import json
import pickle
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import stance_encoder  # noqa: E402
from bench.stance_examples import REFUTES, SUPPORTS, UNKNOWN, Pair, made  # noqa: E402
from claims.stance import signs  # noqa: E402
from claims.stance.model import LABELS, MODELS, PINS, VOCABULARY, WEIGHTS  # noqa: E402
from factcheck.lib.wordpiece import WordPiece  # noqa: E402

DEFAULT = ROOT.parent / "shared" / "benchmarks"
LEARNT = {
    "vitaminc/train.jsonl": "36576406fa4c9cb9ba831e051b688cfa6688317873080d2dd973bbfbcd6a80f4",
    "fool_me_twice/dev.jsonl": "e29be7c3103ed3cf42089cd9f29b4500b3a2a6efa8817598545d2a16266402b4",
}
EMERGENT = {"for": SUPPORTS, "against": REFUTES, "observing": UNKNOWN}
LENGTHS = (32, 48, 64, 96, 128, 160)  # pieces a pair is padded to; longer ones are cut
BATCH = 32
WARM = 0.08
LEAN = 0.4  # what NOT ENOUGH INFO is raised by: chosen on VitaminC's dev part
SEED = 3


class Stage(NamedTuple):
    """Epochs at a rate that rises and falls over `planned` epochs.

    `made`: beside this share of the examples made by rule; `with_signs`: the head reads the signs of
    `claims/stance/signs.py` too, and learns ten times as fast as what is below it.
    """

    rate: float
    planned: int
    epochs: int
    made: float
    with_signs: bool


STAGES = (
    Stage(8e-5, planned=3, epochs=2, made=0.0, with_signs=False),
    Stage(1e-4, planned=2, epochs=2, made=0.5, with_signs=True),
)


class Row(NamedTuple):
    """A pair as numbers."""

    ids: list[int]
    types: list[int]
    signs: list[float]
    label: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Train stage by stage, saying after each epoch what the dev parts say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--benchmarks", type=Path, default=DEFAULT, metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    parser.add_argument("--vocabulary", type=Path, default=MODELS / VOCABULARY)
    parser.add_argument("--after", type=int, metavar="STAGE", help="go on from what that stage left in --out")
    parser.add_argument("--until", type=int, default=len(STAGES) - 1, metavar="STAGE")
    parser.add_argument("--write", action="store_true", help="write what was learnt to claims/stance/models")
    asked = parser.parse_args(arguments)
    wordpiece = WordPiece(asked.vocabulary.read_text(encoding="utf-8").split("\n")[:-1])
    pairs, dev = learnt(asked.benchmarks), measured(asked.benchmarks)
    weights = stance_encoder.read(seed=1)
    words = weights.pop("word")
    trainer = Trainer(words, {name: rows(wordpiece, found) for name, found in dev.items()})
    first = 0 if asked.after is None else asked.after + 1
    if first:
        weights = pickle.loads(_kept(asked.out, first - 1).read_bytes())  # noqa: S301  our own file
    for number, stage in list(enumerate(STAGES))[first : asked.until + 1]:
        if stage.with_signs:
            weights = stance_encoder.with_signs(weights, signs.COUNT, seed=1)
        epochs = [rows(wordpiece, chosen(pairs, stage, epoch)) for epoch in range(stage.planned)]
        print(f"stage {number}: {[len(epoch) for epoch in epochs]} pairs", flush=True)
        weights = trainer.train(weights, epochs, stage, _kept(asked.out, number))
    if asked.write:
        publish({**weights, "word": words})
    return 0


def publish(weights: Any) -> None:
    """Write the model and pin its digest and its vocabulary's."""
    stance_encoder.write(weights, MODELS / WEIGHTS, signs.COUNT, LEAN)
    sums = [f"{hashlib.sha256((MODELS / name).read_bytes()).hexdigest()}  {name}" for name in (WEIGHTS, VOCABULARY)]
    (MODELS / PINS).write_text("\n".join(sums) + "\n", encoding="ascii")
    print(f"wrote {WEIGHTS}: {(MODELS / WEIGHTS).stat().st_size:,} bytes")


def _kept(folder: Path, stage: int) -> Path:
    return folder / f"stage-{stage}.pkl"


def chosen(pairs: Sequence[Pair], stage: Stage, epoch: int) -> list[Pair]:
    """What an epoch of a stage learns from; other examples are made for each."""
    if not stage.made:
        return list(pairs)
    examples = made(pairs, seed=7 + epoch)
    chance = random.Random(epoch)  # noqa: S311  a draw, no secret
    some = chance.sample(examples, round(stage.made * len(examples)))
    return [*pairs, *some]


def _rows(benchmarks: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (benchmarks / name).read_text(encoding="utf-8").splitlines()]


def _same(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def learnt(benchmarks: Path) -> list[Pair]:
    """The pairs to learn from, less those whose claim or evidence stands in FEVER-Symmetric."""
    for name, digest in LEARNT.items():
        found = hashlib.sha256((benchmarks / name).read_bytes()).hexdigest()
        if digest and found != digest:
            raise SystemExit(f"{name} is not the file the recipe was written for: {found}")
    kept_out = {
        _same(row[key]) for row in _rows(benchmarks, "fever_symmetric/dev.jsonl") for key in ("claim", "evidence")
    }
    pairs = []
    for name in LEARNT:
        for row in _rows(benchmarks, name):
            said = row["evidence"] if isinstance(row["evidence"], str) else " ".join(row["evidence"])
            if not kept_out & {_same(row["claim"]), _same(said)}:
                pairs.append(Pair(row["claim"], said, row["label"].replace("_", " ")))
    return pairs


def measured(benchmarks: Path) -> dict[str, list[Pair]]:
    """What each epoch is measured by; nothing is learnt from it."""
    found = {
        name: [Pair(row["claim"], row["evidence"], row["label"]) for row in _rows(benchmarks, f"{name}/dev.jsonl")]
        for name in ("vitaminc", "fever_symmetric")
    }
    headlines = _rows(benchmarks, "emergent/dev.jsonl")
    return found | {"emergent": [Pair(row["claim"], row["headline"], EMERGENT[row["label"]]) for row in headlines]}


def rows(wordpiece: WordPiece, pairs: Sequence[Pair]) -> list[Row]:
    """The pairs as numbers."""
    return [
        Row(
            *wordpiece.encode(pair.claim, pair.evidence, limit=LENGTHS[-1]),
            signs.signs(pair.claim, pair.evidence),
            [str(label) for label in LABELS].index(pair.label),
        )
        for pair in pairs
    ]


def batches(found: Sequence[Row], size: int, chance: random.Random | None = None) -> Iterator[tuple[int, list[int]]]:
    """Places of rows of about one length, in an order drawn by chance where it is given."""
    order = list(range(len(found)))
    if chance:
        chance.shuffle(order)
    near: dict[int, list[int]] = {length: [] for length in LENGTHS}
    for place in order:
        near[next(length for length in LENGTHS if len(found[place].ids) <= length)].append(place)
    cut = [(length, places[at : at + size]) for length, places in near.items() for at in range(0, len(places), size)]
    if chance:
        chance.shuffle(cut)
    yield from cut


def packed(found: Sequence[Row], length: int, places: Sequence[int], size: int) -> tuple[NDArray[Any], ...]:
    """A batch as arrays: ids, mask, types, signs, labels, and what each row counts (0 fills up)."""
    ids, mask, types = (np.zeros((size, length), np.int32) for _ in range(3))
    shown = np.zeros((size, signs.COUNT), np.float32)
    labels, counts = np.zeros(size, np.int32), np.zeros(size, np.float32)
    for at, place in enumerate(places):
        row = found[place]
        ids[at, : len(row.ids)], types[at, : len(row.ids)], mask[at, : len(row.ids)] = row.ids, row.types, 1
        shown[at], labels[at], counts[at] = row.signs, row.label, 1
    mask[len(places) :, 0] = 1
    return ids, mask, types, shown, labels, counts


class Trainer:
    """Trains weights and measures them."""

    def __init__(self, words: Any, dev: dict[str, list[Row]]) -> None:
        """`words`: the words' vectors, which stay as they are."""
        self.words, self.dev = jax.numpy.asarray(words), dev
        self.answers = jax.jit(self._answers)

    def _answers(self, weights: Any, batch: tuple[Any, ...], key: Any = None) -> Any:
        return stance_encoder.logits({**weights, "word": self.words}, batch, key)

    def train(self, weights: Any, epochs: Sequence[list[Row]], stage: Stage, out: Path) -> Any:
        """Train for a stage, writing the weights after each epoch."""
        chance, key = random.Random(SEED), jax.random.PRNGKey(0)  # noqa: S311  a draw, no secret
        steps = sum(len(list(batches(epoch, BATCH))) for epoch in epochs)

        def learning(rate: float) -> Any:
            slope = optax.warmup_cosine_decay_schedule(0, rate, int(WARM * steps), steps)
            return optax.adamw(slope, weight_decay=0.01)

        parts = {name: "head" if name == "cls" and stage.with_signs else "body" for name in weights}
        each_rate = {"body": learning(stage.rate), "head": learning(stage.rate * 10)}
        optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.multi_transform(each_rate, parts))
        state, start, done = optimiser.init(weights), time.monotonic(), 0

        def loss(weights: Any, batch: tuple[Any, ...], key: Any) -> Any:
            *shown, labels, counts = batch
            answers = self._answers(weights, tuple(shown), key)
            each = optax.softmax_cross_entropy_with_integer_labels(answers, labels)
            return (each * counts).sum() / counts.sum()

        @jax.jit  # type: ignore[untyped-decorator]
        def step(weights: Any, state: Any, batch: Any, key: Any) -> Any:
            lost, slope = jax.value_and_grad(loss)(weights, batch, key)
            change, state = optimiser.update(slope, state, weights)
            return optax.apply_updates(weights, change), state, lost

        for epoch in epochs[: stage.epochs]:
            total = []
            for length, places in batches(epoch, BATCH, chance):
                key, now = jax.random.split(key)
                weights, state, lost = step(weights, state, packed(epoch, length, places, BATCH), now)
                total.append(float(lost))
                done += 1
                if not done % 100:
                    taken = time.monotonic() - start
                    print(f"{done} of {steps}: loss {np.mean(total[-100:]):.3f}, {taken:.0f} s", flush=True)
            out.write_bytes(pickle.dumps(jax.tree_util.tree_map(np.asarray, weights)))
            print("; ".join(self.says(weights)), flush=True)
        return weights

    def says(self, weights: Any) -> Iterator[str]:
        """What the weights reach on each dev part."""
        for name, found in self.dev.items():
            scores = np.zeros((len(found), len(LABELS)))
            for length, places in batches(found, 64):
                scores[places] = self.answers(weights, packed(found, length, places, 64)[:4])[: len(places)]
            truth = np.array([row.label for row in found])
            guess = scores[:, :2].argmax(1) if name == "fever_symmetric" else scores.argmax(1)
            each = []
            for label in range(len(LABELS)):
                hits = ((guess == label) & (truth == label)).sum()
                each.append(2 * hits / max((guess == label).sum() + (truth == label).sum(), 1))
            yield f"{name} accuracy {(guess == truth).mean():.4f}, F1 {np.round(each, 3).tolist()}"


if __name__ == "__main__":
    sys.exit(main())
