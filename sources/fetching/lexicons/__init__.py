"""The words that decide what an edit changed, one class a file: `#` opens a comment, every other line is one entry.

The files are data: extending a class is a change to its file. `claims.splitting` has lists of its own for how sure a
text is: it reads one sentence, this compares two.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def entries(name: str) -> tuple[str, ...]:
    """Every entry of one class, lower-cased, in the order of the file."""
    lines = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(entry for line in lines if (entry := line.partition("#")[0].strip().lower()))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One expression that finds any entry of a class as whole words of a lower-case text; `*` ends an open word."""
    longest_first = sorted(entries(name), key=lambda entry: (-len(entry), entry))
    alternatives = "|".join(re.escape(entry).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for entry in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """The words that deny each word, both ways round; a line has both, sides by `/`."""
    found = defaultdict(set)
    for line in entries("opposites"):
        sides = [side.split() for side in line.split("/")]
        for one, other in (sides, reversed(sides)):
            for word in one:
                found[word].update(other)
    return {word: frozenset(others) for word, others in found.items()}
