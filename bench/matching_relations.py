"""Relations between claims on pairs of our own, and what is joined without asking, there and on MRPC.

`f1` is the mean over the five kinds that matter; what is related without being any of them counts where it is taken
for one. `held` were written before the rules, `fresh` after them by another hand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bench.relation_pairs import PARTS, Pair, pairs
from bench.splitting_sets import NoTexts, Sets
from claims.matching.embedding import load
from claims.matching.relations import Kind, Relation, Statement, is_certainly_same, relate

COUNTED = (Kind.SAME, Kind.CONTRADICTS, Kind.SUPERSEDES, Kind.NARROWS, Kind.UNRELATED)
Told = tuple[Pair, Relation]


def measure(sets: Sets) -> Mapping[str, float]:
    """Every figure of relations."""
    told = {part: _told(pairs(part)) for part in PARTS}
    every = [one for part in PARTS for one in told[part]]
    figures: dict[str, float] = {"pairs": len(every), "f1": _f1(every), **_joined("", every), **_mrpc(sets)}
    for part in PARTS:
        _print(part, told[part])
    for part in ("held", "fresh"):
        figures |= {f"{part}_pairs": len(told[part]), part: _f1(told[part]), **_joined(f"{part}_", told[part])}
    return figures


def _told(every: Sequence[Pair]) -> list[Told]:
    likeness = _likeness([(pair.one.text, pair.other.text) for pair in every])
    return [(pair, relate(pair.one, pair.other, likeness=near)) for pair, near in zip(every, likeness, strict=True)]


def _likeness(texts: Sequence[tuple[str, str]]) -> list[float]:
    place = {text: at for at, text in enumerate(sorted({text for both in texts for text in both}))}
    vectors = load().embed(list(place))
    return [float(vectors[place[one]] @ vectors[place[other]]) for one, other in texts]


def _kind(pair: Pair, found: Relation) -> str:
    """The kind that was found; one that is read the wrong way round is none."""
    is_wrong_way = found.kind is pair.kind is Kind.NARROWS and found.is_reversed != pair.is_reversed
    return "" if is_wrong_way else found.kind


def _f1(told: Iterable[Told]) -> float:
    right, found, gold = Counter[str](), Counter[str](), Counter[str]()
    for pair, relation in told:
        kind = _kind(pair, relation)
        right[kind] += kind == pair.kind
        found[kind] += 1
        gold[pair.kind] += 1
    return sum(2 * right[kind] / (found[kind] + gold[kind]) for kind in COUNTED) / len(COUNTED)


def _joined(prefix: str, told: Iterable[Told]) -> dict[str, float]:
    gold = [(pair.kind is Kind.SAME, is_certainly_same(relation)) for pair, relation in told]
    joined = [is_same for is_same, is_joined in gold if is_joined]
    same = [is_joined for is_same, is_joined in gold if is_same]
    return {f"{prefix}same": sum(joined) / max(1, len(joined)), f"{prefix}joined": sum(same) / len(same)}


def _mrpc(sets: Sets) -> dict[str, float]:
    """What would be joined of MRPC's pairs, and how much of that its annotators call no paraphrase."""
    try:
        rows = sets.rows("mrpc")
    except NoTexts:
        return {}
    likeness = _likeness([(row["a"], row["b"]) for row in rows])
    found = [
        (row["same"], relate(Statement(row["a"]), Statement(row["b"]), likeness=near))
        for row, near in zip(rows, likeness, strict=True)
    ]
    joined = [is_same for is_same, relation in found if is_certainly_same(relation)]
    return {"mrpc": sum(joined) / max(1, len(joined)), "mrpc_joined": len(joined)}


def _print(part: str, told: Iterable[Told]) -> None:
    """Say what was taken for what, of each part."""
    wrong = Counter((str(pair.kind), kind or "the wrong way round") for pair, one in told if (kind := _kind(pair, one)))
    print(f"relations, {part}:", ", ".join(f"{one} as {other} {n}" for (one, other), n in sorted(wrong.items())))
