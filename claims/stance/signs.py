"""Signs of a pair that a small network reads badly: whether numbers, dates, names and denials of the two agree."""

import re
from collections.abc import Sequence
from itertools import pairwise

from claims.stance.quantities import Quantity, quantities

_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w'-]+")
_DENIAL = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|without|cannot|isn|wasn|didn|doesn|hasn|won't|refus\w+|fail\w+)\b"
)
_HEDGE = re.compile(
    r"\b(?:report\w*|alleg\w+|rumou?r\w*|claim(?:s|ed|ing)?|unconfirmed|suspect\w*|possibl[ey]|may|might|could|would|"
    r"apparent\w*|said to|says?|sources?|believed|thought|fear\w*|investigat\w*|probe|probing|question\w*|unclear|"
    r"whether|if|mystery|likely|perhaps|maybe|speculat\w*|unverified)\b|\?"
)
_DISOWNED = re.compile(
    r"\b(?:den(?:y|ies|ied|ial)|false\w*|hoax\w*|fake\w*|debunk\w*|untrue|myth|made up|satir\w*|reject\w*|dismiss\w*|"
    r"refut\w*|nonsense|lie|lies|baseless|invented|retract\w*|isn't|not true|no truth|no evidence|no,)\b"
)
_ONLY = re.compile(r"\b(?:only|all|every|always|exclusively|entire\w*|solely|just)\b")
_OPPOSITES = [
    (re.compile(rf"\b(?:{one})\b"), re.compile(rf"\b(?:{other})\b"))
    for one, other in (
        ("rose|rise\\w*|increas\\w*|grew|gain\\w*|up", "fell|fall\\w*|decreas\\w*|declin\\w*|drop\\w*|lost|down"),
        ("won|wins?|beat|defeat\\w*|victory", "lost|loses?|loss|losing"),
        ("before|earlier|prior", "after|later|since"),
        ("positive\\w*|praise\\w*|acclaim\\w*|favou?rable", "negative\\w*|critici\\w*|panned|unfavou?rable|mixed"),
        ("more|most|highest|largest|biggest|best", "less|fewer|least|lowest|smallest|worst"),
        ("alive|living|survived", "dead|died|killed|death|deceased"),
        ("began|begin\\w*|start\\w*|open\\w*|join\\w*", "end\\w*|stop\\w*|clos\\w*|left|leave\\w*|ceas\\w*"),
        ("male|man|men|his|he", "female|woman|women|her|she"),
        ("first|oldest|north\\w*|east\\w*", "last|youngest|south\\w*|west\\w*"),
    )
]
_GRAMMAR = (
    "the a an of in on at to for by with and or as is was are were be been has have had it its his her their that this "
    "which who from than s"
)
_LITTLE = frozenset(_GRAMMAR.split())
_FAMILIES = (("number", "money", "percent", "score"), ("date",), ("rank",))
COUNT = 63


def signs(claim: str, evidence: str) -> list[float]:
    """Return the signs of a pair, each from -1 to 1; always as many."""
    one, other = claim.lower(), evidence.lower()
    claimed, said = quantities(claim), quantities(evidence)
    found = []
    for family in _FAMILIES:
        found += _agreement(_of(claimed, family), _of(said, family))
    for pattern in (_DENIAL, _HEDGE, _DISOWNED, _ONLY):
        here, there = bool(pattern.search(one)), bool(pattern.search(other))
        found += [float(here), float(there), float(here != there)]
    return [*found, *_opposed(one, other), *_shared(claim, evidence)]


def _of(found: Sequence[Quantity], family: Sequence[str]) -> list[Quantity]:
    return [one for one in found if one.kind in family]


def _agreement(claimed: Sequence[Quantity], said: Sequence[Quantity]) -> list[float]:
    """How far the quantities of a claim are met by those of the passage: compared ones, plain ones, parts of names."""
    named = [one for one in claimed if one.is_named]
    compared = [one for one in claimed if one.meant != "=" and not one.is_named]
    plain = [one for one in claimed if one.meant == "=" and not one.is_named]
    found = [float(bool(said)), *_met(compared, said), *_met(plain, said)]
    return [*found, _worst([any(one.equals(other) for other in said) for one in named])]


def _met(claimed: Sequence[Quantity], said: Sequence[Quantity]) -> list[float]:
    """Are they met by their likeliest counterparts, by any, by all; how close and how alike are the counterparts."""
    if not claimed:
        return [0.0] * 6
    if not said:
        return [0.5, 0, 0, 0, 0, 0]
    best, any_met, all_met, close, alike = [], [], [], [], []
    for one in claimed:
        kin = [other for other in said if other.kind == one.kind] or list(said)
        likely = max(kin, key=lambda other: _likeness(one, other))
        met = [one.met_by(other) for other in kin]
        best.append(one.met_by(likely))
        any_met.append(any(met))
        all_met.append(all(met))
        close.append(one.closeness(likely))
        alike.append(min(_likeness(one, likely), 8.0) / 8)
    return [1.0, _worst(best), _worst(any_met), _worst(all_met), min(close), min(alike)]


def _likeness(one: Quantity, other: Quantity) -> float:
    """How likely two quantities count the same thing: by unit, words around them, and size."""
    is_unit = bool(one.unit) and (one.unit == other.unit or one.unit in other.near)
    return 2.0 * is_unit + 1.0 * len(one.near & other.near) + 4.0 * one.closeness(other) + (one.kind == other.kind)


def _worst(met: Sequence[bool]) -> float:
    """1 where all are, -1 where one is not, 0 of none."""
    return 0.0 if not met else 1.0 if all(met) else -1.0


def _opposed(one: str, other: str) -> list[float]:
    """Whether a word stands against its opposite, and whether against its like."""
    against = alike = 0.0
    for up, down in _OPPOSITES:
        is_up, is_down, was_up, was_down = (bool(p.search(text)) for text in (one, other) for p in (up, down))
        against += (is_up and was_down and not was_up) or (is_down and was_up and not was_down)
        alike += (is_up and was_up) or (is_down and was_down)
    return [min(against, 2.0) / 2, min(alike, 2.0) / 2]


def _shared(claim: str, evidence: str) -> list[float]:
    """What part of the claim's words, pairs of words and names the passage has too, and how long the two are."""
    one, other = ([word[:6] for word in _WORD.findall(text.lower())] for text in (claim, evidence))
    there = set(other)
    telling = [word for word in one if word not in _LITTLE]
    pairs, others = set(pairwise(one)), set(pairwise(other))
    names = {name.lower()[:6] for name in _NAME.findall(claim)}
    missing = [word for word in telling if word not in there]
    return [
        _share(telling, there),
        len(pairs & others) / max(len(pairs), 1),
        _share(sorted(names), there) if names else 0.5,
        float(any(word in names for word in missing)),
        min(len(missing), 5) / 5,
        min(len(one), 40) / 40,
        min(len(other), 100) / 100,
    ]


def _share(words: Sequence[str], there: set[str]) -> float:
    return sum(word in there for word in words) / max(len(words), 1)
