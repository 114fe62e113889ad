"""Examples of stance made by rule out of pairs that people labelled: what an edit does to the label is known.

Every example is an edit of a training pair by one of our own frames, so that the label follows from logic and from
what our product means by the words: something merely reported, asked or suspected does not support a claim (NOT ENOUGH
INFO), a denial refutes it, a confirmation says what the words in it say. Beside each edit stands one with the same
words and another answer (a claim that is itself hedged; a denial of something else), or the model would learn to look
for words: Gururangan et al., "Annotation Artifacts", NAACL 2018; Kaushik et al., "Counterfactually-Augmented Data",
ICLR 2020.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

YEARS = (1500, 2100)  # between them, a number without commas is a year
COMMAS_FROM, LEAST, LONGEST = 1000, 2, 700  # what is written with commas; the least number and longest passage changed
Parts = tuple[str, str]
SUPPORTS, REFUTES, UNKNOWN = "SUPPORTS", "REFUTES", "NOT ENOUGH INFO"
FLIPPED = {SUPPORTS: REFUTES, REFUTES: SUPPORTS}


def each(words: str) -> list[str]:
    """The frames of one kind, which bars part."""
    return words.split("|")


def happens(share: float, chance: random.Random) -> bool:
    """Whether an edit is made this time."""
    return chance.random() < share


class Pair(NamedTuple):
    """A claim, what is laid beside it, and which of the three labels that gives."""

    claim: str
    evidence: str
    label: str


WHO = each(
    "Police|Officials|A spokesman|The company|The ministry|Her lawyer|His agent|The mayor|The army|A minister|"
    "Witnesses|"
    "The family|The band|A source|The government|Local media|A blogger|The newspaper|A former employee|State television"
)
REPORTED = each(
    "Report: {s}|{s}, report says|{s}: report|Reports say {s}|{s}, sources claim|Rumor: {s}|{s}?|Is it true that {s}?|"
    "{who} says {s}|{who} claims {s}|{who}: {s}|Unconfirmed reports say that {s}|It is alleged that {s}|Allegedly {s}|"
    "Reportedly, {s}|{s}, according to unnamed sources|Local media report that {s}|It is not yet confirmed that {s}|"
    "It is not known whether {s}|It may be that {s}|A post shared online says {s}|Questions over claim that {s}|"
    "{who} reported {s}|Did it happen? Some say {s}|{who} looks into reports that {s}|{who} investigates whether {s}|"
    "{who} said to believe that {s}|Rumors that {s} spread|Could it be that {s}?|{s}, {who} says|{s}, claims {who}|"
    "{s} - {who} is checking the story|A video is said to show that {s}|{who} cannot confirm that {s}|"
    "Mystery over whether {s}|{who} fears that {s}|{who} thinks {s}|{s}, {who} told reporters|"
    "What we know about claims {s}"
)
DENIED = each(
    "It is not true that {s}|False: {s}|No, {s} is a hoax|Hoax: {s}|{who} denies that {s}|{who} denies {s}|"
    "The claim that {s} is false|The story that {s} was made up|Reports that {s} are untrue|Debunked: {s}|"
    "{s}? No, that never happened|Fact check: it is false that {s}|{s} is fake news|{who} dismisses report that {s}|"
    "Rumor that {s} is a hoax|A satirical site invented the story that {s}|Sorry, the story that {s} is not real|"
    "{who} retracts the story that {s}|Contrary to reports, it is not the case that {s}|Do not believe that {s}|"
    "No, {s} is not what happened|{who} admits inventing that {s}|{who} rejects claims that {s}|"
    "That {s} turned out to be a lie|{who} calls it nonsense that {s}|No truth to rumor that {s}|{s}: it was all fake"
)
CONFIRMED = each(
    "It is confirmed that {s}|{who} confirms that {s}|Yes, {s}|It is true that {s}|{who} confirmed on Monday that {s}|"
    "Official: {s}|Footage shows how {s}|{s}, court records show|Watch: {s}|{s}!|Here is how {s}|Why {s}|UPDATE: {s}|"
    "Outrage as {s}|The moment when {s}|Breaking: {s}|After long talks, {s}|{s} - and nobody noticed|How {s}|"
    "{who} admits that {s}|It has been established that {s}|{s}. Here is what happened next|Surprise as {s}|"
    "Proof that {s}"
)
SOFT = {
    "was": "was reportedly|is said to have been|may have been|was allegedly",
    "were": "were reportedly|are said to have been|may have been|were allegedly",
    "is": "is said to be|is reportedly|may be|is rumored to be",
    "are": "are said to be|are reportedly|may be",
    "has": "has reportedly|is said to have|has allegedly|may have",
    "have": "have reportedly|are said to have|may have",
    "will": "may|could|is rumored to|might",
}
AUXILIARY = re.compile(r"\b(is|was|are|were|has|have|had|will|can|could|did|does)\b(?! (?:not|n't|never|no)\b)")
DENIAL = re.compile(r"\b(?:not|n't|never|no|nobody|none)\b")
NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w/-])")
NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
COMPARED = re.compile(r"\b(more|less|fewer|over|under|least|most|about|around|above|below|than|nearly|almost)\b")
SMALL = re.compile(r"\b(?:the|a|an|has been|have been|had been) ")
OPPOSITES = (
    "more less|rose fell|increased decreased|won lost|before after|first last|above below|oldest youngest|over under|"
    "largest smallest|highest lowest|better worse|joined left|began ended|started stopped|accepted rejected|"
    "male female|"
    "best worst|positive negative|only never|earlier later|higher lower|early late|alive dead|north south|east west"
)
SWAPPED = {a: b for pair in OPPOSITES.split("|") for a, b in (pair.split(), pair.split()[::-1])}


def bare(sentence: str) -> str:
    """The sentence without the full stop, fit to stand within a frame."""
    return sentence.strip().rstrip(".!? ")


def framed(frames: Sequence[str], sentence: str, chance: random.Random) -> str:
    """The sentence within one of the frames."""
    return chance.choice(frames).format(s=bare(sentence), who=chance.choice(WHO))


def headline(sentence: str, chance: random.Random) -> str:
    """The sentence as a headline has it: without articles, and sometimes in the present."""
    short = SMALL.sub("", bare(sentence))
    return short.replace(" was ", " ").replace(" were ", " ") if happens(0.4, chance) else short


def softened(sentence: str, chance: random.Random) -> str | None:
    """The sentence with its verb hedged."""
    found = [match for match in AUXILIARY.finditer(sentence) if match[1] in SOFT]
    if not found:
        return None
    verb = found[0]
    return sentence[: verb.start()] + chance.choice(SOFT[verb[1]].split("|")) + sentence[verb.end() :]


def reported(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """What is merely reported settles nothing, whatever it says; unless the claim says no more than that."""
    if pair.label == UNKNOWN:
        return
    said = headline(pair.claim, chance) if happens(0.4, chance) and pair.label == SUPPORTS else pair.evidence
    soft = softened(said, chance) if happens(0.35, chance) else None
    yield Pair(pair.claim, soft or framed(REPORTED, said, chance), UNKNOWN)
    if pair.label == SUPPORTS and happens(0.2, chance):
        yield Pair(framed(REPORTED[9:16], pair.claim, chance), framed(REPORTED[9:16], pair.evidence, chance), SUPPORTS)
    if happens(0.3, chance):
        yield Pair(pair.claim, f"{pair.evidence} {framed(REPORTED, other.claim, chance)} .", pair.label)


def denied(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """Denying what supports a claim refutes it; denying something else does not."""
    if pair.label != SUPPORTS:
        return
    said = headline(pair.claim, chance) if happens(0.5, chance) else pair.evidence
    yield Pair(pair.claim, framed(DENIED, said, chance), REFUTES)
    if happens(0.2, chance):
        yield Pair(framed(DENIED, pair.claim, chance), framed(DENIED, pair.evidence, chance), SUPPORTS)
    if happens(0.2, chance):
        yield Pair(framed(DENIED, pair.claim, chance), pair.evidence, REFUTES)
    if happens(0.4, chance):
        yield Pair(pair.claim, f"{pair.evidence} {framed(DENIED, other.claim, chance)} .", SUPPORTS)


def confirmed(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """A confirmation, or a headline's flourish, says what the words in it say."""
    del other
    said = pair.evidence
    if pair.label == SUPPORTS and happens(0.6, chance):
        said = headline(pair.claim, chance)
    yield Pair(pair.claim, framed(CONFIRMED, said, chance), pair.label)


def negated(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """A claim with its verb denied: what refuted it supports it, and the other way round."""
    del other, chance
    if pair.label == UNKNOWN:
        return
    verbs = list(AUXILIARY.finditer(pair.claim))
    if len(verbs) != 1 or DENIAL.search(pair.claim):
        if " not " in pair.claim and len(DENIAL.findall(pair.claim)) == 1:
            yield Pair(pair.claim.replace(" not ", " ", 1), pair.evidence, FLIPPED[pair.label])
        return
    end = verbs[0].end()
    yield Pair(f"{pair.claim[:end]} not{pair.claim[end:]}", pair.evidence, FLIPPED[pair.label])


def opposed(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """A claim with one word turned into its opposite."""
    del other, chance
    words = pair.claim.split(" ")
    places = [place for place, word in enumerate(words) if word in SWAPPED]
    if pair.label == SUPPORTS and len(places) == 1 and not DENIAL.search(pair.claim):
        words[places[0]] = SWAPPED[words[places[0]]]
        yield Pair(" ".join(words), pair.evidence, REFUTES)


def written(value: float, like: str) -> str:
    """The number as its neighbour is written: with or without commas and decimals."""
    decimals = len(like.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like or value < COMMAS_FROM else f"{value:.{decimals}f}"


def numbered(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """Another number refutes; more than less than it, or about it, supports."""
    del other
    shared = [match for match in NUMBER.finditer(pair.claim) if match[0] in NUMBER.findall(pair.evidence)]
    if pair.label != SUPPORTS or not shared or COMPARED.search(pair.claim):
        return
    found = chance.choice(shared)
    value, text = float(found[0].replace(",", "")), found[0]
    is_year = text.isdigit() and YEARS[0] < value < YEARS[1]
    step = chance.randint(1, 9) if is_year else max(1.0, round(value * chance.choice((0.05, 0.1, 0.25, 0.5))))
    up, down = written(value + step, text), written(max(value - step, 0), text)
    if value < LEAST or len(pair.evidence) > LONGEST:
        return
    parts = pair.claim[: found.start()], pair.claim[found.end() :]
    yield from _changed(pair, text, parts, (up, down), chance)
    if is_year:
        yield from _dated(pair, parts, (up, down), chance)
    else:
        yield from _compared(pair, text, parts, (up, down), chance)


def _changed(pair: Pair, text: str, parts: Parts, limits: Parts, chance: random.Random) -> Iterator[Pair]:
    """Another number in the claim, in the passage, in both."""
    there = re.compile(rf"(?<![\w.,]){re.escape(text)}(?![\w])")
    yield Pair(chance.choice(limits).join(parts), pair.evidence, REFUTES)
    elsewhere = there.sub(chance.choice(limits), pair.evidence)
    if happens(0.5, chance):
        yield Pair(pair.claim, elsewhere, REFUTES)
    if happens(0.7, chance):
        yield Pair(limits[0].join(parts), there.sub(limits[0], pair.evidence), SUPPORTS)


def _dated(pair: Pair, parts: Parts, limits: Parts, chance: random.Random) -> Iterator[Pair]:
    """“in 1999” becomes “before 2001”."""
    if not parts[0].endswith(" in "):
        return
    start, (up, down) = parts[0].removesuffix("in "), limits
    for word, year, label in (
        ("before", up, SUPPORTS), ("after", up, REFUTES), ("after", down, SUPPORTS), ("before", down, REFUTES),
    ):  # fmt: skip
        if happens(0.4, chance):
            yield Pair(f"{start}{word} {year}{parts[1]}", pair.evidence, label)


def _compared(pair: Pair, text: str, parts: Parts, limits: Parts, chance: random.Random) -> Iterator[Pair]:
    """“12” becomes “more than 10”."""
    up, down = limits
    for word, limit, label in (
        ("more than", down, SUPPORTS), ("more than", up, REFUTES), ("less than", up, SUPPORTS),
        ("less than", down, REFUTES), ("over", down, SUPPORTS), ("under", down, REFUTES), ("at least", up, REFUTES),
        ("about", text, SUPPORTS),
    ):  # fmt: skip
        if happens(0.35, chance):
            yield Pair(f"{word} {limit}".join(parts), pair.evidence, label)


def renamed(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """A name changed in the claim alone refutes it; changed on both sides, nothing changes."""
    shared = [name for name in NAME.findall(pair.claim) if name in pair.evidence]
    strangers = [name for name in NAME.findall(other.claim) if name not in pair.evidence]
    if not shared or not strangers:
        return
    name, stranger = chance.choice(shared), chance.choice(strangers)
    claim = pair.claim.replace(name, stranger)
    if pair.label == SUPPORTS and pair.claim.find(name) > len(pair.claim) // 2:
        yield Pair(claim, pair.evidence, REFUTES)
    yield Pair(claim, pair.evidence.replace(name, stranger), pair.label)


def strayed(pair: Pair, other: Pair, chance: random.Random) -> Iterator[Pair]:
    """What was said of something else says nothing of this."""
    words = set(pair.claim.split()) - set(other.evidence.split())
    if happens(0.5, chance) and len(words) >= LEAST + 1:
        yield Pair(pair.claim, other.evidence, UNKNOWN)


EDITS: tuple[tuple[Callable[[Pair, Pair, random.Random], Iterator[Pair]], float], ...] = (
    (reported, 0.20), (denied, 0.22), (confirmed, 0.14), (negated, 0.10), (opposed, 0.4), (numbered, 0.35),
    (renamed, 0.10), (strayed, 0.05),
)  # fmt: skip


def made(pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """Examples out of the pairs, each edit for its share of them; the same pairs and seed give the same examples."""
    chance = random.Random(seed)  # noqa: S311  examples, no secrets
    examples: list[Pair] = []
    for place, pair in enumerate(pairs):
        near = pairs[(place + chance.randint(3, 12)) % len(pairs)]
        for edit, share in EDITS:
            if happens(share, chance):
                examples += edit(pair, near, chance)
    return examples
