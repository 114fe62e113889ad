"""What is sealed is read with the key alone."""

from __future__ import annotations

import pytest

from factcheck.lib.sealing import Seal, SealBroken


def test_what_is_sealed_opens_again_and_says_nothing() -> None:
    seal = Seal(["a key"], purpose="tests")
    sealed = seal.seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert seal.open(sealed) == "JBSWY3DPEHPK3PXP"
    assert seal.seal("JBSWY3DPEHPK3PXP") != sealed


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed() -> None:
    sealed = Seal(["old"], purpose="tests").seal("x")
    assert Seal(["new", "old"], purpose="tests").open(sealed) == "x"
    assert Seal(["old"], purpose="tests").open(sealed) == "x"
    fresh = Seal(["new", "old"], purpose="tests").seal("x")
    with pytest.raises(SealBroken):
        Seal(["old"], purpose="tests").open(fresh)


@pytest.mark.parametrize(("keys", "purpose"), [(["another"], "tests"), (["a key"], "webhooks")])
def test_another_key_or_purpose_opens_nothing(keys: list[str], purpose: str) -> None:
    sealed = Seal(["a key"], purpose="tests").seal("x")
    with pytest.raises(SealBroken):
        Seal(keys, purpose=purpose).open(sealed)


@pytest.mark.parametrize("junk", ["", "junk", "gAAAAA=="])
def test_what_was_changed_does_not_open(junk: str) -> None:
    with pytest.raises(SealBroken):
        Seal(["a key"], purpose="tests").open(junk)
