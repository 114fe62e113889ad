"""Who says what, by two conditional random fields that learn from PolNeAR: a part of bench/research.py.

One learns from the train part of polnear_doc, whole articles cut into rows as CofeNet cut polnear_sent's; the other
from four fifths of polnear_sent's own articles. A stretch counts as found where the mean of what both give it is a
third or more: F1 is best where the threshold is half of what it reaches (Lipton et al. 2014, "Optimal Thresholding of
Classifiers to Maximize F1 Measure"), and that is about two thirds. The most probable labels (Viterbi) find too little.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.research_sets import PARTS, Row, in_parts, needed, rows_of
from bench.research_signs import TYPES, Labelled, labels, token_signs

WIDE = {"c1": 0.0, "c2": 1.0, "max_iterations": 100, "feature.minfreq": 2, "feature.possible_transitions": True}
OWN = {"c1": 0.05, "c2": 0.5, "max_iterations": 60, "feature.possible_transitions": True}
LABELS = ("O", *(f"{edge}-{name}" for name in TYPES for edge in "BI"))
ENOUGH = 1 / 3
LEAST = 0.05  # below it a stretch is not looked at
LONG = 12  # tokens from which on two rows with the same letters are the same passage
ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Sens?|Reps?|Gov|Gen|Lt|Col|Sgt|Rev|Hon|Jr|Sr|St|vs|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|"
    "Ltd|Calif|Fla|Wash|Ariz|Pa|Va|Md|Mass|Mich|Ill|Ind|Conn|Wis|Minn|Tenn|Ala|Ga|La|Miss|Mo|Nev|Ore|Tex|Vt|Wyo|Prof|Capt|"
    "Maj|Adm|Okla|Ark|Kan|Neb|Colo|Del|Ky|Mont"
)
ENDING = r"(?:s|S|re|ve|ll|d|m|t)\b"
TREEBANK = re.compile(
    rf"<[^<>\n]{{1,400}}>|\.\.\.+|--+|[—–]|(?:[A-Za-z]\.){{2,}}|[A-Z]\.(?=\s+[A-Z])|(?:{ABBREVIATIONS})\.|[@#]\w+"
    rf"|\b[A-Za-z]+(?=n['’]t\b)|n['’]t\b|(?<=\w)['’]{ENDING}|\bcan(?=not\b)|___+|\d+(?:[.,:]\d+)*(?:[-–]?\w+)*(?:-\w+)*"
    rf"|\w+(?:[-/&'’.](?!{ENDING})\w+)*(?:['’]t\b)?|\S"
)
TREEBANK_SIGNS = {
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "—": "--",
    "–": "--",
    "…": "...",
    "[": "-LSB-",
    "]": "-RSB-",
}
PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
BEFORE_AN_OPENING = " \n([—-“‘\xa0"

Signs = Sequence[Sequence[str]]
Found = dict[Labelled, float]


def attribution(folder: Path) -> dict[str, float]:
    """Exact F1 of source, cue and content on polnear_sent."""
    crf, numpy = needed("pycrfsuite"), needed("numpy")
    read = rows_of(folder, "polnear_sent")
    signs = list(token_signs([row["tokens"] for row in read]))
    known = {letters(row["tokens"]) for row in read} - {""}
    more = [row for row in articles_cut(rows_of(folder, "polnear_doc", "train")) if letters(row["tokens"]) not in known]
    wide = trained(crf, numpy, WIDE, zip(token_signs([row["tokens"] for row in more]), more, strict=True))
    parts = in_parts([article_of(row) for row in read])
    found: list[list[Labelled]] = [[] for _ in read]
    for part in range(PARTS):
        seen = ((signs[at], row) for at, row in enumerate(read) if parts[at] != part)
        own = trained(crf, numpy, OWN, seen)
        for at in (at for at in range(len(read)) if parts[at] == part):
            found[at] = chosen(wide.stretches(signs[at]), own.stretches(signs[at]))
    return {name: exact_f1([row["spans"] for row in read], found, name) for name in TYPES}


def article_of(row: Row) -> str:
    """A row's article, whoever annotated it: some were annotated twice."""
    return str(row["doc"]).rpartition("_")[0]


def letters(tokens: Sequence[str]) -> str:
    """What two copies of a passage share; short rows are no copies."""
    return re.sub(r"\W", "", "".join(tokens)) if len(tokens) > LONG else ""


def articles_cut(articles: Sequence[Row]) -> Iterator[Row]:
    """Paragraphs of annotated articles as rows of tokens with spans."""
    for article in articles:
        for paragraph in PARAGRAPH.finditer(article["text"]):
            tokens = list(TREEBANK.finditer(article["text"], *paragraph.span()))
            spans = {
                (name, *touched)
                for attribution in article["attributions"]
                for name in TYPES
                for start, end in attribution[name]
                if (touched := covered(tokens, start, end))
            }
            if tokens:
                yield {"tokens": list(map(as_treebank, tokens)), "spans": sorted(spans, key=lambda span: span[1])}


def covered(tokens: Sequence[re.Match[str]], start: int, end: int) -> tuple[int, int] | None:
    """The tokens that a stretch of the article touches: the first, and the one behind the last."""
    places = [at for at, token in enumerate(tokens) if token.start() < end and token.end() > start]
    return (places[0], places[-1] + 1) if places else None


def as_treebank(token: re.Match[str]) -> str:
    """A token as treebanks write it; a straight quotation mark opens behind a space and before a letter."""
    start, end = token.span()
    if token.group() != '"':
        return TREEBANK_SIGNS.get(token.group(), token.group().replace("’", "'"))
    opens = start == 0 or token.string[start - 1] in BEFORE_AN_OPENING
    return "``" if opens and not token.string[end : end + 1].isspace() else "''"


class Field:
    """The weights that a conditional random field learnt, and the probability of each stretch by them."""

    def __init__(self, numpy: ModuleType, learnt: Any) -> None:
        """Take the weights of a tagger."""
        self.numpy = numpy
        self.next = numpy.zeros((len(LABELS), len(LABELS)))
        self.weights: dict[str, Any] = {}
        for (label, following), weight in learnt.transitions.items():
            self.next[LABELS.index(label), LABELS.index(following)] = weight
        self.next = numpy.exp(self.next)
        for (sign, label), weight in learnt.state_features.items():
            self.weights.setdefault(sign, numpy.zeros(len(LABELS)))[LABELS.index(label)] = weight

    def stretches(self, signs: Signs) -> Found:
        """Every stretch that the field does not think improbable, with its probability."""
        seen, ahead, behind = self.passes(signs)
        found: Found = {}
        for at in range(len(seen)):
            for kind, name in enumerate(TYPES):
                begins, goes_on = 1 + 2 * kind, 2 + 2 * kind
                label, end, so_far = begins, at + 1, ahead[at, begins]
                while so_far * behind[end - 1, label] >= LEAST:
                    last = end == len(seen)
                    probable = so_far
                    if not last:
                        following = self.next[label] * seen[end] * behind[end]
                        probable = so_far * (following.sum() - following[goes_on])
                    if probable >= LEAST:
                        found[name, at, end] = float(probable)
                    if last:
                        break
                    so_far, label, end = so_far * self.next[label, goes_on] * seen[end, goes_on], goes_on, end + 1
        return found

    def passes(self, signs: Signs) -> tuple[Any, Any, Any]:
        """What each token says for each label, and the sums from the left and from the right (forward, backward)."""
        count = len(signs)
        seen = self.numpy.zeros((count, len(LABELS)))
        for at, own in enumerate(signs):
            seen[at] = sum(self.weights[sign] for sign in own if sign in self.weights)
        seen = self.numpy.exp(seen - seen.max(1, keepdims=True))
        ahead, behind = self.numpy.zeros_like(seen), self.numpy.ones_like(seen)
        for at in range(count):
            ahead[at] = seen[at] * (ahead[at - 1] @ self.next if at else 1.0)
            total = ahead[at].sum()
            ahead[at] /= total
            seen[at] /= total
        for at in range(count - 2, -1, -1):
            behind[at] = self.next @ (seen[at + 1] * behind[at + 1])
        return seen, ahead, behind


def trained(crf: ModuleType, numpy: ModuleType, how: Mapping[str, Any], seen: Any) -> Field:
    """A field trained on pairs of signs and row; it lives in memory and in one scratch file."""
    with tempfile.NamedTemporaryFile(suffix=".crf") as scratch:
        trainer = crf.Trainer(verbose=False)
        trainer.set_params(how)
        for signs, row in seen:
            trainer.append(signs, labels(row["spans"], len(row["tokens"])))
        trainer.train(scratch.name)
        tagger = crf.Tagger()
        tagger.open(scratch.name)
        return Field(numpy, tagger.info())


def chosen(one: Found, other: Found) -> list[Labelled]:
    """The stretches that are probable enough, the most probable first, none over another."""
    both = {stretch: (one.get(stretch, 0.0) + other.get(stretch, 0.0)) / 2 for stretch in one.keys() | other.keys()}
    found: list[Labelled] = []
    for stretch in sorted((stretch for stretch in both if both[stretch] >= ENOUGH), key=lambda it: (-both[it], it)):
        if all(stretch[2] <= start or stretch[1] >= end for _, start, end in found):
            found.append(stretch)
    return found


def exact_f1(gold: Sequence[Sequence[Labelled]], found: Sequence[Sequence[Labelled]], name: str) -> float:
    """Micro-averaged F1 of one type's spans."""
    wanted = {(at, one[1], one[2]) for at, row in enumerate(gold) for one in row if one[0] == name}
    given = {(at, one[1], one[2]) for at, row in enumerate(found) for one in row if one[0] == name}
    return 2 * len(wanted & given) / (len(wanted) + len(given))
