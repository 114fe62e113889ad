"""What Atheris drives (`bench/fuzz_splitting.py --minutes`): any text, no crash, every offset exact."""

import sys

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # optional

with atheris.instrument_imports(include=["claims.splitting"]):
    from claims.splitting import split

from bench.fuzz_splitting import wrong
from bench.splitting_speed import own_texts

WORDS = " ".join(own_texts()).split()
MOST = 400


def once(given: bytes) -> None:
    """Read the bytes as words of our own articles with any characters between them, and split that."""
    data = atheris.FuzzedDataProvider(given)
    parts: list[str] = []
    while data.remaining_bytes() and len(parts) < MOST:
        foreign = data.ConsumeBool() and data.ConsumeBool()
        parts.append(data.ConsumeUnicode(4) if foreign else WORDS[data.ConsumeIntInRange(0, len(WORDS) - 1)] + " ")
    text = "".join(parts)
    fault = wrong(text, split(text))
    if fault:
        raise AssertionError(f"{fault} in {text!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
