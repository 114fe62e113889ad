"""Splitting on the benchmarks' dev parts, one function a set; what is asked for is never in what is given."""

from collections.abc import Callable, Sequence
from typing import Any

from bench.splitting_sets import NotMeasured, Row, Sets, answers, read_files

Figures = dict[str, float]
HALF = 0.5


def polnear_sent(sets: Sets) -> Figures:
    """Exact F1 of source, cue and content, by sentence (PolNeAR as cut by CofeNet)."""
    rows = sets.rows("polnear_sent")
    found = answers("--sentences", [{"tokens": row["tokens"]} for row in rows], "spans")
    spans = [[tuple(span) for span in answer["spans"]] for answer in found]
    scores = sets.scorer().span_scores([row["spans"] for row in rows], spans)
    return {kind: scores[kind][2] for kind in ("source", "cue", "content")}


def polnear_doc(sets: Sets) -> Figures:
    """Link F1 of attributions in whole articles."""
    rows = sets.rows("polnear_doc")
    found = read_files((row["text"] for row in rows), "attributions", option="--attributions")
    gold = [row["attributions"] for row in rows]
    return {"link": sets.scorer().attribution_link_f1(gold, [answer["attributions"] for answer in found])[2]}


def factuality(sets: Sets) -> Figures:
    """Pearson r and mean absolute error on the news part (UW) of event_factuality."""
    rows = [row for row in sets.rows("event_factuality") if row["set"] == "uw"]
    asked = [{**row, "targets": [[*target[:3], 0.0] for target in row["targets"]]} for row in rows]
    found = answers("--factuality", asked, "factuality")
    gold = [target[3] for row in rows for target in row["targets"]]
    given = [float(figure) for answer in found for figure in answer["factuality"]]
    if len(gold) != len(given):
        raise NotMeasured(f"{len(given)} figures for {len(gold)} targets")
    return {"r": sets.scorer().pearson(gold, given), "mae": sets.scorer().mae(gold, given)}


def propsegment(sets: Sets) -> Figures:
    """F1 of propositions as sets of tokens, matched at Jaccard 0.8."""
    rows = sets.rows("propsegment")
    found = answers("--propositions", [_without(row, "propositions") for row in rows], "propositions")
    given = [answer["propositions"] for answer in found]
    return {"f1": sets.scorer().propseg_prf([row["propositions"] for row in rows], given)[2]}


def hedge(sets: Sets) -> Figures:
    """F1 of uncertain sentences at 0.5."""
    return {"f1": sets.scorer().prf(*_sentences(sets, "conll2010_hedge", "uncertain", "uncertain"), pos=True)[2]}


def ct24(sets: Sets) -> Figures:
    """F1 of check-worthy sentences of debates at 0.5."""
    return {"f1": sets.scorer().prf(*_sentences(sets, "ct24_checkworthy", "check_worthy", "check_worthy"), pos=True)[2]}


def policlaim(sets: Sets) -> Figures:
    """AUC of check-worthiness on speeches on which nothing was trained."""
    rows = sets.rows("policlaim")
    found = answers("--sentences", [{"text": row["text"]} for row in rows], "check_worthy")
    return {"auc": auc([row["factual_claim"] for row in rows], [answer["check_worthy"] for answer in found])}


def ct25(sets: Sets) -> Figures:
    """Macro-F1 of subjective against objective sentences of news at 0.5."""
    gold, given = _sentences(sets, "ct25_subjectivity", "subjective", "opinion")
    return {"macro": sets.scorer().macro_f1(gold, given)}


def news_scu(sets: Sets) -> Figures:
    """ROUGE-1 F of standalone claims and propositions against the units that people wrote."""
    rows = sets.rows("news_scu")
    found = read_files((" ".join(row["sentences"]) for row in rows), "units", option="--units")
    given = [answer["units"] for answer in found]
    return {"f": sets.scorer().scu_scores([row["scus"] for row in rows], given)[2]}


def _sentences(sets: Sets, name: str, label: str, answer: str) -> tuple[list[bool], list[bool]]:
    rows: Sequence[Row] = sets.rows(name)
    found = answers("--sentences", [{"text": row["text"]} for row in rows], answer)
    return [bool(row[label]) for row in rows], [given[answer] >= HALF for given in found]


def _without(row: Row, key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """How often a true one is scored above a false one; a tie counts half (Mann and Whitney)."""
    ranks = _ranks(scores)
    above = [rank for rank, holds in zip(ranks, truth, strict=True) if holds]
    count, rest = len(above), len(truth) - len(above)
    if not count or not rest:
        raise NotMeasured("all of one class")
    return (sum(above) - count * (count + 1) / 2) / (count * rest)


def _ranks(scores: Sequence[float]) -> list[float]:
    order = sorted(range(len(scores)), key=lambda at: scores[at])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for at in order[start:end]:
            ranks[at] = (start + 1 + end) / 2
        start = end
    return ranks


MEASURES: dict[str, Callable[[Sets], Figures]] = {
    "polnear_sent": polnear_sent,
    "polnear_doc": polnear_doc,
    "factuality": factuality,
    "hedge": hedge,
    "ct24": ct24,
    "policlaim": policlaim,
    "ct25": ct25,
    "propsegment": propsegment,
    "news_scu": news_scu,
}
