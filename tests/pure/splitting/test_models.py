"""Learnt weights are used only if they are the ones that were reviewed."""

from hashlib import sha256
from importlib import resources

import pytest

from claims.splitting import models

FILES = sorted(file.name for file in resources.files(models).iterdir() if file.name.endswith((".json", ".npz")))


def test_every_file_of_weights_is_pinned_and_every_pin_has_its_file():
    pinned = {name: sha256(resources.files(models).joinpath(name).read_bytes()).hexdigest() for name in FILES}
    assert models.digests() == pinned


def test_weights_that_were_changed_are_refused_and_named():
    content = resources.files(models).joinpath("checkworthy.json").read_bytes()
    assert models.check("checkworthy.json", content)["terms"]
    with pytest.raises(models.ModelChanged, match=r"models/checkworthy\.json is not the file"):
        models.check("checkworthy.json", content.replace(b"0", b"1", 1))


def test_weights_that_nobody_pinned_are_refused():
    with pytest.raises(models.ModelChanged):
        models.check("unknown.json", b"{}")
