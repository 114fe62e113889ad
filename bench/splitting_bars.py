"""What splitting must reach: one bar a measure, beside what the trial reached and what others have published."""

from collections.abc import Mapping
from dataclasses import dataclass

MET, MISSED, NO_BAR, NO_TEXTS = "met", "MISSED", "", "no texts"


@dataclass(frozen=True, slots=True)
class Bar:
    """`part` measures it under `key`; `at_most`: less is better; `research` is the bar of what may not ship."""

    part: str
    key: str
    measure: str
    bar: float | None = None
    trial: str = ""
    published: str = ""
    research: str = ""
    at_most: bool = False

    def verdict(self, figure: float) -> str:
        """Say whether a figure reaches the bar."""
        if self.bar is None:
            return NO_BAR
        return MET if (figure <= self.bar if self.at_most else figure >= self.bar) else MISSED


BARS = (
    Bar("articles", "f1", "claims, F1 at 0.5", 0.86, ".818 (.751 unseen)", "people .95"),
    Bar("articles", "f1_strict", "claims, F1 at 0.7", 0.77, ".720 (.656 unseen)", "people .92"),
    Bar("articles", "core_recall", "recall of core claims at 0.5", 0.93, ".88"),
    Bar("articles", "certainty", "certainty, accuracy", 0.955, ".935", "people .99"),
    Bar("articles", "certainty_macro", "certainty, macro-F1", 0.72, ".645"),
    Bar("articles", "open", "certainty, F1 of not asserted", 0.80, ".72"),
    Bar("articles", "kind", "kind, accuracy", 0.89, ".850", "people .97"),
    Bar("articles", "kind_macro", "kind, macro-F1", 0.75, ".70"),
    Bar("articles", "last_source", "last source right", 0.90, ".811", "people .97"),
    Bar("articles", "chain", "whole chain of sources right", 0.83, ".759"),
    Bar("articles", "nested_last_source", "last source right, nested outlets", 0.85, ".61"),
    Bar("articles", "nested_example", "worked example: quote, certainty, sources", 1),
    Bar("articles", "rouge1", "standalone sentence, ROUGE-1 F", 0.82, ".69 unseen", "people .90"),
    Bar("articles", "check_worthy", "check-worthiness, AUC on checkable", 0.78, ".67"),
    Bar("articles", "exact_offsets", "quotes that stand where they say", 1),
    Bar("pronouns", "right", "third-person pronouns, right", 0.70, ".54"),
    Bar("pronouns", "wrong", "third-person pronouns, wrong", 0.10, at_most=True),
    Bar(
        "polnear_sent", "source", "polnear_sent, exact F1 of source", 0.63, ".583", "CRF .506, BERT .832", ".73 (.718)"
    ),
    Bar("polnear_sent", "cue", "polnear_sent, exact F1 of cue", 0.58, ".534", "CRF .534, BERT .753", ".68 (.667)"),
    Bar(
        "polnear_sent",
        "content",
        "polnear_sent, exact F1 of content",
        0.46,
        ".403",
        "CRF .286, BERT .729",
        ".56 (.529)",
    ),
    Bar("polnear_doc", "link", "polnear_doc, link F1", 0.53, ".478", research="– (.539)"),
    Bar("factuality", "r", "factuality UW, Pearson r", 0.70, ".619", "L-biLSTM .719", ".76 (.727)"),
    Bar("factuality", "mae", "factuality UW, mean error", 0.55, ".723", "L-biLSTM .508", ".45 (.480)", at_most=True),
    Bar("hedge", "f1", "conll2010_hedge, F1", 0.76, ".742"),
    Bar("ct24", "f1", "ct24_checkworthy, F1", 0.87, ".874", "winner .802 on test"),
    Bar("policlaim", "auc", "policlaim, AUC", 0.80, "", "TF-IDF AP .908"),
    Bar("ct25", "macro", "ct25_subjectivity, macro-F1", 0.64, ".644", "best .81 on test", ".74 (.716)"),
    Bar("propsegment", "f1", "propsegment, F1 (J ≥ .8)", 0.42, ".367", "BERT-large .342, people .671"),
    Bar("news_scu", "f", "news_scu, ROUGE-1 F", 0.62, ".579", "its own units .578"),
    Bar("speed", "ratio", "speed, times bare nlp.pipe", 0.75),
    Bar("speed", "words", "words a second and core"),
    Bar("speed", "bare_words", "words a second and core, bare nlp.pipe"),
    Bar("memory", "rules", "memory, rules only, MB", 250, "155 loaded", at_most=True),
    Bar("memory", "models", "memory, every model, MB", 450, "520", at_most=True),
    Bar("examples", "claims", "own articles, claims exact", 1),
    Bar("examples", "articles", "own articles, number", 22),
    Bar("bad_input", "texts", "bad input, texts", 2000),
    Bar("bad_input", "broken", "bad input, crashes and wrong offsets", 0, at_most=True),
    Bar("bad_input", "slowest", "bad input, slowest, s", 10, at_most=True),
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
            "measure": self.bar.measure,
            "figure": self.figure,
            "bar": self.bar.bar,
            "verdict": self.verdict,
            "why": self.why,
        }


def judged(part: str, figures: Mapping[str, float]) -> list[Outcome]:
    """Hold a part's figures against its bars; a figure that is not there is missed."""
    return [
        Outcome(bar, figure, bar.verdict(figure))
        if (figure := figures.get(bar.key)) is not None
        else Outcome(bar, None, MISSED, f"{part} gave no figure for {bar.key}")
        for bar in BARS
        if bar.part == part
    ]


def unmeasured(part: str, why: str, verdict: str) -> list[Outcome]:
    """The outcomes of a part that could not be measured."""
    return [Outcome(bar, None, verdict, why) for bar in BARS if bar.part == part]


def line(outcome: Outcome, research: Mapping[str, float]) -> str:
    """One line of the table."""
    bar = outcome.bar
    found = research.get(f"{bar.part}.{bar.key}")
    beyond = f"{_shown(found)} | {bar.research}" if found is not None or bar.research else ""
    sign = "≤" if bar.at_most else "≥"
    cells = (
        f"{bar.measure:<44}",
        f"{_shown(outcome.figure):>8}",
        f"{f'{sign} {_shown(bar.bar)}' if bar.bar is not None else '':>9}",
        f"{outcome.verdict:<9}",
        f"{bar.trial:<20}",
        f"{bar.published:<30}",
        beyond,
    )
    return (" ".join(cells) + (f"  not measured: {outcome.why}" if outcome.why else "")).rstrip()


HEAD = f"{'measure':<44} {'now':>8} {'bar':>9} {'':<9} {'trial':<20} {'published':<30} research: now | bar (trial)"
WHOLE = 100


def _shown(figure: float | None) -> str:
    if figure is None:
        return "–"
    if figure == int(figure) or figure >= WHOLE:
        return f"{figure:,.0f}"
    return f"{figure:.3f}".removeprefix("0")
