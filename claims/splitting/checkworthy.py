"""How much a claim is worth checking: what its words say (`worth`, `subjectivity`) beside what the parse says of it."""

from math import exp

from claims.splitting.clauses import Clause
from claims.splitting.subjectivity import leaning
from claims.splitting.types import Certainty, Kind, Salience
from claims.splitting.worth import learnt, log_odds

WEIGHTS = {
    "number": 0.9,
    "name": 0.5,
    "open": 1.2,
    "source": 0.3,
    "core": 0.9,
    "length": 0.6,
    "first person": -0.8,
    "unresolved": -1.0,
}
KIND_WEIGHT = {Kind.FACT: 0.0, Kind.FORECAST: -0.7, Kind.CONDITIONAL: -1.5, Kind.OPINION: -2.2, Kind.DIRECTIVE: -2.2}
BY_WORDS = 0.4  # of the log-odds that the words alone give
BY_LEANING = -0.5
BIAS = -1.4
LONG = 8


def check_worthy(clause: Clause, *, certainty: Certainty, kind: Kind, salience: Salience, sourced: bool) -> float:
    """Return 0 to 1, rounded to three digits; only the order within an article means anything."""
    words = clause.words
    signs = {
        "number": any(word.pos == "NUM" or word.entity in {"MONEY", "PERCENT", "CARDINAL"} for word in words),
        "name": any(word.pos == "PROPN" for word in words),
        "open": certainty is Certainty.UNCONFIRMED,
        "source": sourced,
        "core": salience is Salience.CORE,
        "length": len(words) >= LONG,
        "first person": any(word.lower in {"i", "we", "my", "our"} for word in words),
        "unresolved": words[0].tag in {"PRP", "DT"} and words[0].lower in {"it", "they", "this", "that"},
    }
    said = " ".join(word.text for word in words)
    total = BIAS + KIND_WEIGHT[kind] + sum(WEIGHTS[name] for name, holds in signs.items() if holds)
    total += BY_WORDS * log_odds(said, learnt()) + BY_LEANING * leaning(said)
    return round(1 / (1 + exp(-total)), 3)
