"""A seeded editor of real texts: it does to an article what editors do, and says what must be seen of it.

What each kind of edit must be seen as stands in EXPECTED; it was written before anything was tuned to it. Of a text's
documents one half is for tuning, the other for measuring (`halves`): no sentence stands in both.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sources.fetching.changes import bounds

SHORTEST, LONGEST = 40, 400  # characters of a sentence that somebody would quote
LEAST_SENTENCES = 8
FAR = 3  # sentences between where one stood and where it was moved to
INNER = 1 / 3  # of the quotes are the end of a sentence only
COPIES = 4  # every so manieth edit of a sentence has an equal sentence elsewhere on the page


@dataclass(frozen=True, slots=True)
class Expected:
    """How an edit must be seen: how much it weighs, what must be named of it, and what became of the quote."""

    weight: str
    because: str
    anchor: str
    is_stealth: bool


EXPECTED: Mapping[str, Expected] = MappingProxyType(
    {
        "number": Expected("substantive", "number", "denied", is_stealth=True),
        "name": Expected("substantive", "name", "reworded", is_stealth=True),
        "negation": Expected("substantive", "negation", "denied", is_stealth=True),
        "hedge_added": Expected("substantive", "certainty", "reworded", is_stealth=True),
        "hedge_dropped": Expected("substantive", "certainty", "reworded", is_stealth=True),
        "removed": Expected("substantive", "removed", "removed", is_stealth=True),
        "moved": Expected("minor", "moved", "moved", is_stealth=False),
        "paragraph": Expected("substantive", "added", "holds", is_stealth=False),
        "correction": Expected("substantive", "correction", "holds", is_stealth=False),
    }
)
KINDS = tuple(EXPECTED)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: `old[start:end]` is the quote; `place` is where it stands in `new`, -1 where it does not."""

    kind: str
    old: str
    new: str
    start: int
    end: int
    place: int


def halves(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the texts for tuning and those for measuring: told apart by their own letters, whatever their order."""
    long = [text for text in texts if len(bounds(text)) >= LEAST_SENTENCES]
    odd = {text: hashlib.sha256(text.encode()).digest()[0] % 2 for text in long}
    known = {text[start:end] for text in long if odd[text] for start, end in bounds(text)}
    return (
        [text for text in long if odd[text]],
        [text for text in long if not odd[text] and not any(text[s:e] in known for s, e in quotable(text))],
    )


def quotable(text: str) -> list[tuple[int, int]]:
    """Return from where to where the sentences go that somebody would quote, those that stand there once."""
    found = [(start, end) for start, end in bounds(text) if SHORTEST <= end - start <= LONGEST]
    return [(start, end) for start, end in found if text.count(text[start:end]) == 1]


def edits(texts: Sequence[str], *, each: int, seed: int, kinds: Iterable[str] = KINDS) -> Iterator[Edit]:
    """Make so many edits of each kind, spread over the texts; fewer where the texts have no place for them."""
    for kind in kinds:
        rng = random.Random(f"{seed} {kind}")  # noqa: S311
        made, tries = 0, 0
        while made < each and tries < each * 40:
            tries += 1
            edit = _tried(kind, rng.choice(texts), rng, texts=texts, has_copy=made % COPIES == COPIES - 1)
            if edit is not None:
                made += 1
                yield edit


def _tried(kind: str, text: str, rng: random.Random, *, texts: Sequence[str], has_copy: bool) -> Edit | None:
    start, end = rng.choice(quotable(text) or [(0, 0)])
    if start == end:
        return None
    if has_copy and kind in WITHIN:
        text = f"{text}\n\nTo sum up. {text[start:end]} So much for now."
    new = edited(kind, text, start, end, rng, texts=texts)
    if new is None or new == text:
        return None
    stands = kind in EXPECTED and EXPECTED[kind].anchor in {"holds", "moved"}
    later = next(_WORD.finditer(text, start + (end - start) // 3, end)).start()
    inner = later if rng.random() < INNER else start
    return Edit(kind, text, new, inner, end, new.index(text[start:end]) + inner - start if stands else -1)


_WORD = re.compile(r"\b\w")


def edited(kind: str, text: str, start: int, end: int, rng: random.Random, *, texts: Sequence[str]) -> str | None:
    """Return the text with this kind of edit to, or beside, the sentence text[start:end]; None where it offers none."""
    if within := WITHIN.get(kind) or HARMLESS.get(kind):
        sentence = within(text[start:end], rng, names_of(texts))
        return None if sentence is None or sentence == text[start:end] else text[:start] + sentence + text[end:]
    return AROUND[kind](text, start, end, rng, texts)


# Within a sentence

_DIGITS = re.compile(r"(?<![\w./-])\d[\d,]*(?:\.\d+)?(?![\w/-])")
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "sixty")
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{3,}\b")
_AUXILIARY = re.compile(
    r"\b(is|was|are|were|will|would|has|have|had|can|could|did|does|should)\b(?! (?:not|never|no)\b|n['’]t)"
    r"(?!(?: \w+){0,3} (?:clear|known|confirmed|verified|certain|sure)\b)",
)
_VERB = re.compile(r"\b(is|was|are|were|has|had|have)\b(?! to\b)")
_ADVERB = re.compile(r"\b(?:reportedly|allegedly|apparently|possibly|probably|likely|perhaps|supposedly|seemingly),? ")
_MODAL = re.compile(r"\b(?:may|might|could)\b(?! not\b)")
_NOT = ("not", "never")
_HEDGES = ("reportedly", "allegedly", "apparently", "possibly", "probably", "supposedly", "perhaps", "likely")
_BEFORE = ("It is not clear whether ", "It has not been confirmed that ", "According to unconfirmed reports, ")
_NO_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|\w+ember|October"
    r"|Th(?:at|is|ey|ere|ese|ose)|Wh(?:at|en|ere|ich|ile)|With|Your"
)


def names_of(texts: Sequence[str]) -> list[str]:
    """Return the names in the texts, to put one for another."""
    found = {name for text in texts for name in _NAME.findall(text)}
    return sorted(name for name in found if not _NO_NAME.fullmatch(name))


def _one_of(pattern: re.Pattern[str], sentence: str, rng: random.Random) -> re.Match[str] | None:
    places = list(pattern.finditer(sentence))
    return rng.choice(places) if places else None


def _put(sentence: str, place: re.Match[str], words: str) -> str:
    return sentence[: place.start()] + words + sentence[place.end() :]


def _number(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    places = [*_DIGITS.finditer(sentence), *_NUMBER_WORD.finditer(sentence)]
    if not places:
        return None
    place = rng.choice(places)
    if place[0][0].isdigit():
        digits = place[0].replace(",", "")
        other = f"{float(digits) + rng.randint(1, 9):.1f}" if "." in digits else str(int(digits) + rng.randint(1, 9))
    else:
        other = rng.choice([word for word in _WORDS if word != place[0]])
    return _put(sentence, place, other)


def _name(sentence: str, rng: random.Random, names: Sequence[str]) -> str | None:
    places = [place for place in _NAME.finditer(sentence) if place[0] in names]
    others = [name for name in names if name not in sentence]
    return _put(sentence, rng.choice(places), rng.choice(others)) if places else None


def _negation(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    place = _one_of(_AUXILIARY, sentence, rng)
    return None if place is None else _put(sentence, place, f"{place[0]} {rng.choice(_NOT)}")


def _hedge_added(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    place = _one_of(_VERB, sentence, rng)
    if place is None or rng.random() < 1 / 4:
        return rng.choice(_BEFORE) + sentence[0].lower() + sentence[1:]
    return _put(sentence, place, f"{place[0]} {rng.choice(_HEDGES)}")


def _hedge_dropped(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    place = _one_of(_ADVERB, sentence, rng)
    if place is not None:
        return _put(sentence, place, "")
    place = _one_of(_MODAL, sentence, rng)
    return None if place is None else _put(sentence, place, "will")


def _removed(_sentence: str, _rng: random.Random, _names: Sequence[str]) -> str | None:
    return ""


Within = Callable[[str, random.Random, Sequence[str]], str | None]
WITHIN: Mapping[str, Within] = MappingProxyType(
    {
        "number": _number,
        "name": _name,
        "negation": _negation,
        "hedge_added": _hedge_added,
        "hedge_dropped": _hedge_dropped,
        "removed": _removed,
    }
)

# What no reader would call a change


def _format(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    place = _one_of(_FORMATTED, sentence, rng)
    if place is None:
        return None
    words = place[0].replace(",", "")
    digits = str(_WORDS.index(words) + 2) if words in _SMALL else words
    return _put(sentence, place, _OTHER_FORMS.get(words, digits))


def _shapes(sentence: str, _rng: random.Random, _names: Sequence[str]) -> str | None:
    return sentence.translate(_OTHER_SHAPES)


def _spelling(sentence: str, rng: random.Random, _names: Sequence[str]) -> str | None:
    place = _one_of(_LONG_WORD, sentence, rng)
    return None if place is None else _put(sentence, place, place[0][:3] + place[0][4] + place[0][3] + place[0][5:])


_SMALL = _WORDS[:11]
_FORMATTED = re.compile(rf"\b\d{{1,3}},\d{{3}}\b|\bpercent\b|\b(?:is|was|did|does|has)n't\b|\b(?:{'|'.join(_SMALL)})\b")
_OTHER_FORMS = {"percent": "per cent"} | {f"{verb}n't": f"{verb} not" for verb in ("is", "was", "did", "does", "has")}
_OTHER_SHAPES = str.maketrans({"“": '"', "”": '"', "’": "'", "—": "–", '"': "”", "'": "’"})
_LONG_WORD = re.compile(r"\b[a-z]{7,}\b")
HARMLESS: Mapping[str, Within] = MappingProxyType({"format": _format, "shapes": _shapes, "spelling": _spelling})

# Around it


def _breaks(text: str) -> list[int]:
    """Return where a paragraph begins, the end of the text last."""
    return [found.end() for found in re.finditer(r"\n\s*\n", text)] + [len(text)]


def _inserted(text: str, at: int, paragraph: str) -> str:
    return f"{text}\n\n{paragraph}" if at == len(text) else f"{text[:at]}{paragraph}\n\n{text[at:]}"


def _moved(text: str, start: int, end: int, rng: random.Random, _texts: Sequence[str]) -> str | None:
    left = (
        text[:start].rstrip(" ") + " " + text[end:].lstrip(" ")
        if text[end : end + 1] == " "
        else text[:start] + text[end:]
    )
    cut = [place for place, _end in bounds(left)]
    here = sum(place < start for place in cut)
    far = [at for at in _breaks(left) if abs(sum(place < at for place in cut) - here) > FAR]
    return _inserted(left, rng.choice(far), text[start:end]) if far else None


def _paragraph(text: str, _start: int, _end: int, rng: random.Random, texts: Sequence[str]) -> str | None:
    other = rng.choice([one for one in texts if one[:200] != text[:200]])
    paragraphs = [one.strip() for one in re.split(r"\n\s*\n", other) if SHORTEST * 2 <= len(one) <= LONGEST * 2]
    telling = [one for one in paragraphs if _NAME.search(one) or _DIGITS.search(one)]
    return _inserted(text, rng.choice(_breaks(text)), rng.choice(telling)) if telling else None


_NOTES = (
    "Correction: An earlier version of this article misstated the year in which the council met.",
    "Clarification: This story has been changed to say that the vote was held behind closed doors.",
    "Editor's note: A quotation in this report was attributed to the wrong person. We regret the error.",
    "CORRECTION (May 3): The name of the hospital was misspelled.",
    "This article has been corrected: the company is based in Leeds, not in London.",
    "An earlier version of this story said that the mayor had resigned. He has not.",
)


def _correction(text: str, _start: int, _end: int, rng: random.Random, _texts: Sequence[str]) -> str | None:
    at = rng.choice([_breaks(text)[0], len(text)])
    return _inserted(text, at, rng.choice(_NOTES))


Around = Callable[[str, int, int, random.Random, Sequence[str]], str | None]
AROUND: Mapping[str, Around] = MappingProxyType({"moved": _moved, "paragraph": _paragraph, "correction": _correction})
