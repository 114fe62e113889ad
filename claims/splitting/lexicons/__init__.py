"""The words that decide, one class a file: `#` opens a comment, every other line is one lemma or phrase.

The files are data: extending a class is a change to its file, and its `version` in the header goes up.
"""

import re
from functools import cache
from importlib import resources


@cache
def words(name: str) -> frozenset[str]:
    """Every entry of one class, lower-cased."""
    lines = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(entry for line in lines if (entry := line.partition("#")[0].strip().lower()))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One expression that finds any entry of a class as whole words, whatever the case."""
    longest_first = sorted(words(name), key=lambda entry: (-len(entry), entry))
    alternatives = "|".join(re.escape(entry).replace(r"\ ", r"\s+") for entry in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def stem(verb: str) -> str:
    """A third person's plain form, near enough to look a verb up before anything is parsed."""
    lowered = verb.lower().strip(",.;:")
    return lowered[:-1] if lowered.endswith("s") else lowered
