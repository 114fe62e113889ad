"""Certainty drift: a text says more than the source that it has it from."""

import re
from dataclasses import dataclass

from claims.matching import lexicons
from claims.matching.moments import moments
from claims.matching.quantities import Quantity, quantities
from claims.splitting.types import Certainty

_MONTH = re.compile(r"(?<=\S )May\b")
SURE = frozenset({Certainty.ASSERTED, Certainty.DENIED})
RANK = {
    Certainty.DOUBTFUL: 0, Certainty.UNCONFIRMED: 1, Certainty.POSSIBLE: 1, Certainty.PROBABLE: 2,
    Certainty.ASSERTED: 3, Certainty.DENIED: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as a text has it, how sure that text is, and whom it has it from."""

    text: str
    certainty: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """What an article hardened: `hedge_dropped`, `number_hardened` or `allegation_hardened`, and why we think so."""

    kind: str
    because: str


def drift(source: Said, article: Said) -> Drift | None:
    """Say how the article says more than its source did; None where it does not, or says less."""
    found = (rule(source, article) for rule in (_allegation, _hedge, _number))
    return next((one for one in found if one is not None), None)


def _allegation(source: Said, article: Said) -> Drift | None:
    """A suspicion or charge that becomes a fact."""
    was = _found("allegations", source.text)
    if was and not _is_open(article):
        return Drift("allegation_hardened", f"the source has “{was}”, the article has it as a fact")
    return None


def _hedge(source: Said, article: Said) -> Drift | None:
    was = _found("hedges", source.text)
    if RANK[Certainty(article.certainty)] > RANK[Certainty(source.certainty)]:
        return Drift("hedge_dropped", f"{source.certainty} in the source, {article.certainty} in the article")
    if was and not _is_open(article):
        return Drift("hedge_dropped", f"the source has “{was}”, the article asserts it")
    return None


def _is_open(said: Said) -> bool:
    """Whether a text leaves it open itself, by its words or by what was read off them."""
    hedged = _found("hedges", said.text) or _found("allegations", said.text)
    return bool(hedged) or Certainty(said.certainty) not in SURE


def _number(source: Said, article: Said) -> Drift | None:
    """A number that loses its "about", or the range that it was the end of."""
    figures = quantities(source.text, (), [one.spot for one in moments(source.text, None)])
    told = {one.low for one in figures if one.is_exact}
    for one in quantities(article.text, (), [one.spot for one in moments(article.text, None)]):
        was = next((other for other in figures if _holds(other, one)), None)
        if one.is_exact and one.low not in told and was is not None:
            return Drift("number_hardened", f"the source leaves open how many exactly, the article says {one.shown}")
    return None


def _holds(loose: Quantity, one: Quantity) -> bool:
    """Whether a number lies within what another leaves open."""
    return not loose.is_exact and loose.units == one.units and loose.low <= one.low <= loose.high


def _found(name: str, text: str) -> str:
    """Return the first entry of a class that a text has; May is a month."""
    found = lexicons.phrases(name).search(_MONTH.sub("", text).casefold())
    return found[0] if found else ""
