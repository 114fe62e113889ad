"""Does a passage support a claim, refute it, or neither? A cross-encoder reads the two as one text: docs/models.md.

Suggests, never decides.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.stance import windows
from claims.stance.frames import Frame, frame
from claims.stance.signs import COUNT, signs
from factcheck.lib.wordpiece import WordPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

MODELS = Path(__file__).parent / "models"
WEIGHTS, VOCABULARY, PINS = "stance.onnx", "vocab.txt", "sha256sums.txt"
LIMIT = 256  # pieces of a pair
LONGEST = 40 * LIMIT  # characters: a text with more cannot fit
AT_ONCE = 16  # pairs
INPUTS = ("input_ids", "attention_mask", "token_type_ids", "signs")


class NoStance(RuntimeError):
    """The model cannot be used; the message says what to do."""


class StanceMissing(NoStance):
    """A file of the model is not there, or is none."""


class StanceChanged(NoStance):
    """A file of the model is not the one that is pinned."""


class Label(StrEnum):
    """What a passage says of a claim. UNKNOWN: too little, or it merely reports that somebody said so."""

    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    UNKNOWN = "NOT ENOUGH INFO"


LABELS = tuple(Label)  # in the order of the model's answers
# What a headline supports goes over to another label, for the most part, where it denies or merely reports.
FRAMED = {Frame.DENIED: LABELS.index(Label.REFUTES), Frame.REPORTED: LABELS.index(Label.UNKNOWN)}
SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Judgement:
    """The likeliest label, how likely each is, and which passage of the evidence says so (from `start` to `end`)."""

    label: Label
    scores: Mapping[Label, float]
    start: int
    end: int

    @property
    def says(self) -> float:
        """How likely it is that the passage supports or refutes, whichever is more."""
        return max(self.scores[Label.SUPPORTS], self.scores[Label.REFUTES])


class Stance:
    """A model in memory. One may be used by several threads at once."""

    def __init__(self, session: "InferenceSession", pieces: WordPiece, name: str) -> None:
        """`name` is stored beside what was judged."""
        self.name = name
        self._session = session
        self._pieces = pieces

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judgement]:
        """Judge each claim by the text laid beside it, in order.

        A pair of more than LIMIT pieces is read window by window: the window that supports or refutes most strongly,
        weighed by the share of the claim's words in it, answers. What is still longer, a sentence of hundreds of
        words, is read from its beginning.
        """
        spans = [self._spans(claim, evidence) for claim, evidence in pairs]
        asked = [
            (claim[:LONGEST], text[start:end][:LONGEST])
            for (claim, text), places in zip(pairs, spans, strict=True)
            for start, end in places
        ]
        scores = iter(self._scores(asked))
        return [
            _strongest(claim, text, places, list(islice(scores, len(places))))
            for (claim, text), places in zip(pairs, spans, strict=True)
        ]

    def _spans(self, claim: str, evidence: str) -> list[tuple[int, int]]:
        whole = [(0, len(evidence))]
        if len(evidence) > LONGEST:
            return windows.best(claim, evidence)
        fits = len(self._pieces.encode(claim, evidence, limit=LIMIT + 1).ids) <= LIMIT
        return whole if fits else windows.best(claim, evidence)

    def _scores(self, pairs: Sequence[tuple[str, str]]) -> "NDArray[np.float64]":
        """How likely each label is, a row a pair."""
        import numpy as np

        scores = np.empty((len(pairs), len(LABELS)))
        for places, logits in self._passes(pairs):
            raised = np.exp(logits - logits.max(axis=1, keepdims=True))
            scores[places] = raised / raised.sum(axis=1, keepdims=True)
        for row, pair in zip(scores, pairs, strict=True):
            to = FRAMED.get(frame(*pair))
            if to is not None:
                moved = SHARE * row[0]
                row[0] -= moved
                row[to] += moved
        return scores

    def _passes(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[list[int], "NDArray[np.float64]"]]:
        """Run the model over pairs of about the same length at once; yield their places and its answers."""
        import numpy as np

        cut = [self._pieces.encode(claim, text, limit=LIMIT) for claim, text in pairs]
        order = sorted(range(len(pairs)), key=lambda place: len(cut[place].ids))
        for first in range(0, len(order), AT_ONCE):
            places = order[first : first + AT_ONCE]
            ids = np.full((len(places), len(cut[places[-1]].ids)), self._pieces.pad, np.int64)
            mask, types = np.zeros_like(ids), np.zeros_like(ids)
            for row, place in enumerate(places):
                length = len(cut[place].ids)
                ids[row, :length], types[row, :length], mask[row, :length] = cut[place].ids, cut[place].types, 1
            shown = np.array([signs(*pairs[place]) for place in places], np.float32)
            inputs: dict[str, Any] = dict(zip(INPUTS, (ids, mask, types, shown), strict=True))
            yield places, self._session.run(None, inputs)[0].astype(np.float64)


def _strongest(claim: str, text: str, places: Sequence[tuple[int, int]], scores: Sequence[Any]) -> Judgement:
    """The judgement by the passage that says most, weighed by the share of the claim's words that it has."""
    judged = []
    for (start, end), row in zip(places, scores, strict=True):
        each = dict(zip(LABELS, map(float, row), strict=True))
        judged.append(Judgement(max(each, key=lambda label: each[label]), each, start, end))
    return max(judged, key=lambda one: one.says * windows.shared(claim, text[one.start : one.end]))


def load(folder: Path | None = None, *, threads: int = 1) -> Stance:
    """Return this process's model. The first call takes half a second. Raises StanceMissing or StanceChanged."""
    return _loaded(folder or MODELS, threads, os.getpid())


@lru_cache(maxsize=2)
def _loaded(folder: Path, threads: int, _process: int) -> Stance:
    """A model's threads do not live on in a forked process: each has its own."""
    pins = _pins(folder)
    lines = _pinned(folder / VOCABULARY, pins).decode("utf-8").removesuffix("\n").split("\n")
    weights = folder / WEIGHTS
    session = _session(_pinned(weights, pins), threads, weights)
    return Stance(session, WordPiece(lines), f"stance:{pins[WEIGHTS][:8]}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StanceMissing(f"{path} cannot be read ({error.strerror}): restore the file.") from None


def _pins(folder: Path) -> dict[str, str]:
    lines = _read(folder / PINS).decode("utf-8", "replace").splitlines()
    return {name.lstrip(" *"): digest for digest, _, name in (line.partition(" ") for line in lines)}


def _pinned(path: Path, pins: Mapping[str, str]) -> bytes:
    content = _read(path)
    if sha256(content).hexdigest() != pins.get(path.name):
        raise StanceChanged(f"{path} is not the file that {PINS} names: restore it, or train and pin anew.")
    return content


def _session(content: bytes, threads: int, path: Path) -> "InferenceSession":
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others want the processor too
    session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    taken = {one.name: one.shape[-1] for one in session.get_inputs()}
    if set(taken) != set(INPUTS) or taken["signs"] != COUNT:
        raise StanceMissing(f"{path} was not trained for the {COUNT} signs of claims/stance/signs.py: train it anew.")
    return session
