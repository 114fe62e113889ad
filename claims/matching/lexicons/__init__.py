"""The words that decide how two claims stand to each other, one class a file: `#` opens a comment.

The files are data: extending a class is a change to its file.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """Every line of one class, lower-cased, in the order of the file."""
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(entry for line in text.splitlines() if (entry := line.partition("#")[0].strip().lower()))


@cache
def words(name: str) -> frozenset[str]:
    """Every entry of a class that has one or more a line."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def classes(name: str) -> Mapping[str, frozenset[str]]:
    """The lines that a word stands in, each by its first word."""
    found = defaultdict(set)
    for line in lines(name):
        entries = line.split()
        for word in entries:
            found[word].add(entries[0])
    return {word: frozenset(firsts) for word, firsts in found.items()}


@cache
def sides(name: str) -> Mapping[str, frozenset[str]]:
    """The words on the other side of each word's lines, sides parted by `/`."""
    found = defaultdict(set)
    for line in lines(name):
        parts = [side.split() for side in line.split("/")]
        for one, other in (parts, parts[::-1]):
            for word in one:
                found[word].update(other)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def phrases(name: str) -> re.Pattern[str]:
    """One expression that finds any entry of a class in a lower-case text; `*` ends an open word."""
    longest_first = sorted(lines(name), key=lambda entry: (-len(entry), entry))
    alternatives = "|".join(re.escape(entry).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for entry in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
