"""Bars and what became of them: one line of a table a measure."""

from collections.abc import Mapping, Sequence
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


def judged(bars: Sequence[Bar], figures: Mapping[str, float]) -> list[Outcome]:
    """Hold figures against their bars; a figure that is not there is missed where it has a bar."""
    return [
        Outcome(bar, figure, bar.verdict(figure))
        if (figure := figures.get(bar.key)) is not None
        else Outcome(bar, None, NO_BAR if bar.bar is None else MISSED, f"{bar.part} gave no figure for {bar.key}")
        for bar in bars
    ]


def unmeasured(bars: Sequence[Bar], why: str, verdict: str) -> list[Outcome]:
    """The outcomes of what could not be measured."""
    return [Outcome(bar, None, verdict, why) for bar in bars]


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
