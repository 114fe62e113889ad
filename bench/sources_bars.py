"""What looking, keeping and comparing must reach: one bar a measure, by the part that measures it."""

from collections.abc import Mapping
from dataclasses import dataclass

MET, MISSED, NO_BAR, NO_TEXTS = "met", "MISSED", "", "no texts"


@dataclass(frozen=True, slots=True)
class Bar:
    """`part` measures it under `key`; `at_most`: less is better; `beside`: what it is held against, in words."""

    part: str
    key: str
    measure: str
    bar: float | None = None
    at_most: bool = False
    beside: str = ""

    def verdict(self, figure: float) -> str:
        """Say whether a figure reaches the bar."""
        if self.bar is None:
            return NO_BAR
        return MET if (figure <= self.bar if self.at_most else figure >= self.bar) else MISSED


BARS = (
    Bar("body", "f1", "article body, 4-gram F1"),
    Bar("body", "bare", "article body, bare trafilatura", beside="without comments and tables"),
    Bar("body", "gain", "article body, F1 gained on it", 0.010),
    Bar("body", "worst", "article body, worst page against it", -0.05),
    Bar("body", "left_out", "article body, F1 gained less any one site", 0.010),
    Bar("failed", "behaviours", "failed looks, origin behaviours", 60, beside="5 looks each"),
    Bar("failed", "false_changes", "failed looks, false changes", 0, at_most=True),
    Bar("failed", "edits_seen", "failed looks, real edits seen after", 60),
    Bar("failed", "edits_doubled", "failed looks, edits seen twice", 0, at_most=True),
    Bar("alarms", "precision", "flags in 30 days, precision", 0.95, beside="300 pages, 20 live blogs"),
    Bar("alarms", "recall", "flags in 30 days, recall", 0.97),
    Bar("alarms", "live_edits", "live-blog edits away from the quotes", 200),
    Bar("alarms", "live_flags", "flags by those", 0, at_most=True),
    Bar("noise", "pages", "noise, pages served again", 200),
    Bar("noise", "substantive", "noise, false substantive changes", 1, at_most=True),
    Bar("noise", "changed", "noise, false changes of any weight"),
    Bar("noise", "edited", "noise with a real edit beside it, pages"),
    Bar("noise", "missed", "real edits missed there", 0, at_most=True),
    Bar("noise", "tuned_substantive", "the templates for tuning, substantive", beside="other templates, same pages"),
    Bar("noise", "tuned_changed", "the templates for tuning, any weight", beside="other templates, same pages"),
    Bar("edits", "edits", "real edits, number", 300),
    Bar("edits", "change", "real edits, class of change right", 0.95),
    Bar("edits", "anchor", "real edits, outcome of the anchor right", 0.97),
    Bar("edits", "silent", "real edits, silent re-anchors", 0, at_most=True),
    Bar("edits", "harmless", "harmless edits, number", beside="formats, signs, spelling"),
    Bar("edits", "harmless_substantive", "harmless edits called substantive"),
    Bar("edits", "harmless_denied", "harmless edits called a denial"),
    Bar("edits", "tuned_change", "edits of the tuning texts, class right", beside="other texts, same kinds"),
    Bar("edits", "tuned_anchor", "edits of the tuning texts, anchor right", beside="other texts, same kinds"),
    Bar("bombs", "bombs", "bombs, number", 40),
    Bar("bombs", "mutated", "pages, feeds and files broken by a seed", 2000),
    Bar("bombs", "unanswered", "bombs without an answer", 0, at_most=True),
    Bar("bombs", "slowest", "bombs, slowest, s", 10, at_most=True),
    Bar("bombs", "memory", "bombs, largest memory, MB", 600, at_most=True),
    Bar("bombs", "workers_lost", "bombs, workers lost", 0, at_most=True),
    Bar("guard", "addresses", "guard, addresses", 60),
    Bar("guard", "doors", "guard, entry points"),
    Bar("guard", "connections", "guard, connections at the canary", 0, at_most=True),
    Bar("politeness", "at_once", "500 due on one host, most at once", 1, at_most=True),
    Bar("politeness", "gap", "500 due on one host, smallest gap, s", 1),
    Bar("politeness", "p95", "50 other hosts meanwhile, p95, s", 5, at_most=True),
    Bar("pacing", "mixed", "up to date, times a fixed interval, mixed", 1.3, beside="same budget"),
    Bar("pacing", "worst", "up to date, times a fixed interval, worst", 0.98, beside="any workload"),
    Bar("pacing", "age_rule", "newsdiffs' age rule, times fixed, mixed"),
    Bar("speed", "looks", "looks a second, rows written"),
    Bar("speed", "threads", "bare httpx2, threads, a second"),
    Bar("speed", "coroutines", "bare httpx2, async, a second"),
    Bar("speed", "ratio", "looks, times bare httpx2 in threads", 0.5),
    Bar("archive", "records", "archive, records read by another reader"),
    Bar("archive", "unread", "archive, records it cannot read", 0, at_most=True),
    Bar("archive", "wrong", "archive, digests that do not match", 0, at_most=True),
)
PARTS = tuple(dict.fromkeys(bar.part for bar in BARS))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bar: its figure, or why there is none."""

    bar: Bar
    figure: float | None
    verdict: str
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "part": self.bar.part,
            "key": self.bar.key,
            "measure": self.bar.measure,
            "figure": self.figure,
            "bar": self.bar.bar,
            "verdict": self.verdict,
            "why": self.why,
        }


def judged(part: str, figures: Mapping[str, float]) -> list[Outcome]:
    """Hold a part's figures against its bars; a figure that is not there is missed where it has a bar."""
    return [
        Outcome(bar, figure, bar.verdict(figure))
        if (figure := figures.get(bar.key)) is not None
        else Outcome(bar, None, NO_BAR if bar.bar is None else MISSED, f"{part} gave no figure for {bar.key}")
        for bar in BARS
        if bar.part == part
    ]


def unmeasured(part: str, why: str, verdict: str) -> list[Outcome]:
    """The outcomes of a part that could not be measured."""
    return [Outcome(bar, None, verdict, why) for bar in BARS if bar.part == part]


def line(outcome: Outcome) -> str:
    """One line of the table."""
    bar = outcome.bar
    sign = "≤" if bar.at_most else "≥"
    cells = (
        f"{bar.part:<10}",
        f"{bar.measure:<42}",
        f"{_shown(outcome.figure):>8}",
        f"{f'{sign} {_shown(bar.bar)}' if bar.bar is not None else '':>8}",
        f"{outcome.verdict:<8}",
        bar.beside,
    )
    return (" ".join(cells) + (f"  not measured: {outcome.why}" if outcome.why else "")).rstrip()


HEAD = f"{'part':<10} {'measure':<42} {'now':>8} {'bar':>8}"
WHOLE = 100


def _shown(figure: float | None) -> str:
    if figure is None:
        return "–"
    if figure == int(figure) or abs(figure) >= WHOLE:
        return f"{figure:,.0f}"
    return f"{figure:.3f}"
