"""Whether two sentences differ in nothing but spelling: what nobody needs to look at again. Names and numbers count."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.fetching.digest import normalised

SHORTEST, LONG = 5, 8
_WORD = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
# Signs that say something: what is counted, that it is below nothing, that it is asked.
_TELLING = re.compile(r"[%$£€¥?]|(?<![^\s(\[\"'])-(?=\d)")
# Never a part of another word: "the rapist" is no therapist, and who is "now here" is not nowhere.
_LITTLE = frozenset({"a", "an", "the", "no", "not", "now", "in", "on", "un", "is", "so", "all", "any", "some"})
_DOUBLED = re.compile(r"(.)\1")
_BRITISH = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"))


def is_respelled(was: str, now: str) -> bool:
    """Say whether these are the same words, some of them spelled otherwise; not where a name or a number is."""
    if _TELLING.findall(normalised(was)) != _TELLING.findall(normalised(now)):
        return False
    before, after = _words(was), _words(now)
    if "".join(before).casefold() == "".join(after).casefold():
        return _LITTLE.isdisjoint({word.casefold() for word in before} ^ {word.casefold() for word in after})
    if len(before) != len(after):
        return False
    return all(one == other or _is_same_word(one, other) for one, other in zip(before, after, strict=True))


def _words(sentence: str) -> list[str]:
    return _WORD.findall(_HYPHEN.sub("", normalised(sentence)))


def _is_same_word(one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    is_plain = one.isalpha() and other.isalpha() and one.islower() and other.islower()
    if not is_plain or min(len(one), len(other)) < SHORTEST or one[0] != other[0]:
        return False
    return _is_swapped(one, other) or _plain(one) == _plain(other) or _is_slip(one, other)


def _plain(word: str) -> str:
    """Return the word without doubled letters, spelled as in America."""
    for british, american in _BRITISH:
        word = word.replace(british, american)
    return _DOUBLED.sub(r"\1", word)


def _is_swapped(one: str, other: str) -> bool:
    """Tell whether two neighbouring letters changed places: 'recieve'."""
    apart = _unlike(one, other)
    return len(one) == len(other) and len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(one) == sorted(other)  # noqa: PLR2004


def _is_slip(one: str, other: str) -> bool:
    """Tell whether a long word has a letter more or less within: 'goverment'. At either end it may be another word."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) < LONG or len(longer) != len(shorter) + 1:
        return False
    at = next((place for place in _unlike(shorter, longer)), len(shorter))
    return 2 < at < len(longer) - 2 and shorter[at:] == longer[at + 1 :]  # noqa: PLR2004


def _unlike(one: Sequence[str], other: Sequence[str]) -> list[int]:
    return [place for place, (here, there) in enumerate(zip(one, other, strict=False)) if here != there]
