"""Learnt weights: data files that the scripts in bench/ write; docs/models.md says what they learnt from.

`sha256sums.txt` (the format of sha256sum) pins every file: weights that are not the ones reviewed are never used.
"""

import json
from hashlib import sha256
from importlib import resources
from typing import Any


class ModelChanged(RuntimeError):
    """A file of weights is not the one that `sha256sums.txt` names."""


def weights(name: str) -> dict[str, Any]:
    """Read one JSON file of weights; whoever asks keeps what it makes of them."""
    return check(name, resources.files(__name__).joinpath(name).read_bytes())


def check(name: str, content: bytes) -> dict[str, Any]:
    """Return what the content says, if it is what stands in `sha256sums.txt` under the name."""
    if sha256(content).hexdigest() != digests().get(name):
        raise ModelChanged(f"claims/splitting/models/{name} is not the file in sha256sums.txt: train it or restore it.")
    read: dict[str, Any] = json.loads(content)
    return read


def digests() -> dict[str, str]:
    """The pinned digest of each file."""
    lines = resources.files(__name__).joinpath("sha256sums.txt").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
