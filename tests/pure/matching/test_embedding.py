"""Texts become vectors, by the weights that were reviewed and by no others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from claims.matching import embedding
from claims.matching.embedding import MINILM, EmbedderMissing, ModelChanged, NoEmbedder, load

ROOT = Path(__file__).resolve().parents[3]
PORT = "The port of Sarn was closed on Monday."
SAME = "On Monday the harbour in Sarn was shut."
OTHER = "Beans are sown late in spring."
# ONNX, as bytes of its protocol buffer: y is x, one number.
IDENTITY = (
    b'\x08\x08:7\n\x10\n\x01x\x12\x01y"\x08Identity\x12\x01gZ\x0f\n\x01x\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01b\x0f\n\x01y'
    b"\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01B\x04\n\x00\x10\x11"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of MiniLM as somebody else would bring a model along."""
    own = tmp_path / "other-model"
    own.mkdir()
    shutil.copy(embedding.packaged(embedding.PACKAGE), own / "model.onnx")
    shutil.copy(MINILM / "vocab.txt", own)
    shutil.copy(MINILM / "sha256sums.txt", own)
    return own


def pin(folder: Path) -> None:
    lines = [f"{sha256((folder / name).read_bytes()).hexdigest()} *{name}\n" for name in ("model.onnx", "vocab.txt")]
    (folder / "sha256sums.txt").write_text("".join(lines), encoding="ascii")


def test_what_means_the_same_lies_close_together() -> None:
    port, same, other = load().embed([PORT, SAME, OTHER])
    assert port @ same > 0.8
    assert port @ other < 0.2


def test_vectors_have_unit_length_and_keep_the_order_of_their_texts() -> None:
    texts = [("The well is dry. " * at)[: 7 * at] for at in range(40)]
    vectors = load().embed(texts)
    assert vectors.shape == (40, load().dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors, [load().embed([text])[0] for text in texts], atol=1e-5)


def test_no_texts_are_no_vectors() -> None:
    assert load().embed([]).shape == (0, 384)


def test_a_process_has_one_embedder_and_its_name_names_the_weights() -> None:
    assert load() is load()
    assert load().name == "minilm-int8:8199be6f"


FORKED = """
import os
from claims.matching.embedding import load
before = load()
if os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
os._exit(load() is before or load().embed(["The well is dry."]).shape != (1, 384))
"""


def test_a_forked_process_loads_its_own() -> None:
    """The threads of a model do not live on in a child."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0


def test_threads_may_share_one() -> None:
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda _: load().embed([PORT])[0], range(8)))
    np.testing.assert_allclose(vectors, [vectors[0]] * 8, atol=1e-6)


def test_another_model_is_a_folder(folder: Path) -> None:
    own = load(folder)
    assert own.name == "other-model:8199be6f"
    np.testing.assert_allclose(own.embed([PORT]), load().embed([PORT]), atol=1e-6)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt"])
def test_a_file_that_was_changed_is_refused_and_named(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ModelChanged, match=rf"{name} is not the file that sha256sums\.txt names: restore it"):
        load(folder)


def test_a_file_that_nobody_pinned_is_refused(folder: Path) -> None:
    (folder / "sha256sums.txt").write_text("", encoding="ascii")
    with pytest.raises(ModelChanged):
        load(folder)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt", "sha256sums.txt"])
def test_a_file_that_is_missing_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EmbedderMissing, match=rf"{name} cannot be read \(No such file.*change EMBEDDING_MODEL"):
        load(folder)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("model.onnx", b"no model", "is no model that onnxruntime runs"),
        ("vocab.txt", b"the\nwell\n", r"is no vocabulary of BERT's: '\[UNK\]'"),
        ("vocab.txt", b"\xff", "is no vocabulary of BERT's"),
    ],
    ids=["model", "words", "bytes"],
)
def test_a_file_that_is_none_is_told(folder: Path, name: str, content: bytes, says: str) -> None:
    (folder / name).write_bytes(content)
    pin(folder)
    with pytest.raises(NoEmbedder, match=says):
        load(folder)


def test_a_model_of_another_make_is_told(folder: Path) -> None:
    """One that gives numbers under another name than it takes them: a model made by hand, of one step."""
    (folder / "model.onnx").write_bytes(IDENTITY)
    pin(folder)
    with pytest.raises(EmbedderMissing, match=r"must take input_ids, .* and give states of 384 numbers"):
        load(folder)


def test_weights_that_are_not_installed_are_told() -> None:
    with pytest.raises(EmbedderMissing, match="no_such_weights is not installed: install the requirements"):
        embedding.packaged("no_such_weights")
