"""Splitting on whole annotated articles: which claims, whose, how sure, what sort, in which words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from bench.splitting_rows import Figures, auc
from bench.splitting_sets import NotMeasured, Row, Sets, read_files

HIT, STRICT = 0.5, 0.7
NESTED = "hotair"
ASSERTED = "asserted"


@dataclass(slots=True)
class Tally:
    """What was found in some articles beside what people found: hits are pairs (gold, found)."""

    gold: int = 0
    found: int = 0
    strict: int = 0
    core: int = 0
    core_hit: int = 0
    hits: list[tuple[Row, Row]] = field(default_factory=list)

    def f1(self) -> float:
        """F1 of the claims at an overlap of 0.5."""
        return 2 * len(self.hits) / (self.gold + self.found) if self.gold + self.found else 0.0

    def f1_strict(self) -> float:
        """F1 of the claims at an overlap of 0.7."""
        return 2 * self.strict / (self.gold + self.found) if self.gold + self.found else 0.0

    def add(self, other: "Tally") -> None:
        """Take in another article's."""
        self.gold += other.gold
        self.found += other.found
        self.strict += other.strict
        self.core += other.core
        self.core_hit += other.core_hit
        self.hits += other.hits


def articles(sets: Sets) -> Figures:
    """Every measure over all annotated articles; prints a line an article."""
    texts, own = sets.texts(), sets.articles_scorer()
    answers = read_files(texts.values(), "claims")
    if len(sets.gold(next(iter(texts)))) == 0:
        raise NotMeasured("no gold claims")
    whole, nested = Tally(), Tally()
    right_places, examples = [], []
    print(f"{'article':<46}{'gold':>6}{'found':>7}{'F1':>8}{'strict':>8}{'source':>8}")
    for (name, text), answer in zip(texts.items(), answers, strict=True):
        gold, found = sets.gold(name), answer["claims"]
        tally = _tally(own, text, gold, found)
        sources = _share(_same_last(own, one, other) for one, other in tally.hits)
        figures = f"{tally.gold:>6}{tally.found:>7}{tally.f1():>8.3f}{tally.f1_strict():>8.3f}{sources:>8.3f}"
        print(f"{name[:44]:<46}{figures}")
        whole.add(tally)
        right_places += [_stands(text, claim) for claim in found]
        if name.startswith(NESTED):
            nested.add(tally)
            examples += [_is_exact(own, claim, found) for claim in gold if _is_worked_example(claim)]
    print()
    return {
        **_of_claims(whole),
        **_of_labels(sets, whole),
        **_of_words(own, whole),
        "nested_last_source": _share(_same_last(own, one, other) for one, other in nested.hits),
        "nested_example": float(bool(examples) and all(examples)),
        "exact_offsets": _share(right_places),
    }


def _tally(own: ModuleType, text: str, gold: Sequence[Row], found: Sequence[Row]) -> Tally:
    pairs = own.score(text, gold, found)
    hits = [(gold[i], found[j]) for i, j, score in pairs if score >= HIT]
    return Tally(
        gold=len(gold),
        found=len(found),
        strict=sum(score >= STRICT for *_, score in pairs),
        core=sum(claim.get("salience") == "core" for claim in gold),
        core_hit=sum(claim.get("salience") == "core" for claim, _ in hits),
        hits=hits,
    )


def _of_claims(whole: Tally) -> Figures:
    return {"f1": whole.f1(), "f1_strict": whole.f1_strict(), "core_recall": whole.core_hit / whole.core}


def _of_labels(sets: Sets, whole: Tally) -> Figures:
    scorer = sets.scorer()
    figures: Figures = {}
    for field_name in ("certainty", "kind"):
        gold = [one[field_name] for one, _ in whole.hits]
        given = [other[field_name] for _, other in whole.hits]
        figures[field_name] = scorer.accuracy(gold, given)
        figures[f"{field_name}_macro"] = scorer.macro_f1(gold, given)
    gold_open = [one["certainty"] != ASSERTED for one, _ in whole.hits]
    given_open = [other["certainty"] != ASSERTED for _, other in whole.hits]
    figures["open"] = scorer.prf(gold_open, given_open, pos=True)[2]
    return figures


def _of_words(own: ModuleType, whole: Tally) -> Figures:
    checkable = [bool(one["checkable"]) for one, _ in whole.hits]
    return {
        "last_source": _share(_same_last(own, one, other) for one, other in whole.hits),
        "chain": _share(_same_chain(own, one["sources"], other["sources"]) for one, other in whole.hits),
        "rouge1": sum(own.rouge1(one["claim"], other["claim"]) for one, other in whole.hits) / len(whole.hits),
        "check_worthy": auc(checkable, [other["check_worthy"] for _, other in whole.hits]),
    }


def _same_last(own: ModuleType, one: Row, other: Row) -> bool:
    return bool(own.same_source(one["sources"], other["sources"]))


def _same_chain(own: ModuleType, gold: Sequence[str], found: Sequence[str]) -> bool:
    return len(gold) == len(found) and all(bool(own.same_source([a], [b])) for a, b in zip(gold, found, strict=True))


def _stands(text: str, claim: Row) -> bool:
    places = zip(claim["spans"], claim["quote"], strict=True)
    return all(text[start:end] == quote for (start, end), quote in places) and all(
        quote in text for quote in claim["also"]
    )


def _is_worked_example(claim: Row) -> bool:
    """Whether the article has it from an outlet that has it from reports which nobody could confirm."""
    return bool(claim["certainty"] == "unconfirmed" and claim["sources"][1:] == ["Reports"])


def _is_exact(own: ModuleType, gold: Row, found: Sequence[Row]) -> bool:
    return any(
        other["quote"] == gold["quote"]
        and other["certainty"] == gold["certainty"]
        and _same_chain(own, gold["sources"], other["sources"])
        for other in found
    )


def _share(holds: Iterable[bool]) -> float:
    values = list(holds)
    return sum(values) / len(values) if values else 0.0
