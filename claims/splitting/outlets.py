"""Whose words a block quotation is: the outlet named before it, inside it, or where the article's own voice resumes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from claims.splitting import lexicons
from claims.splitting.inflect import past_of, present_of
from claims.splitting.passage import DATELINE, Passage
from claims.splitting.types import BlockKind

NAME = r"(?:[A-Z][\w&.'’-]*|of|the|de)"
QUOTED = re.compile(r'["“][^"“”]*["”]')
HOST = re.compile(r"(?:https?:)?//(?:www\.|m\.)?([^/:?#\s]+)", re.IGNORECASE)
OWN_VOICE = re.compile(
    r"\?|\b(?:I|we|We|our|Our|us|you|You|your|let's|Let's)\b|^\s*(?:If|So|Well|Now|Anyway|Look|Again|Perhaps|Maybe)\b"
)
PRONOUNS = frozenset({"He", "She", "They", "It", "I", "We", "You"})
NEAR = 2
BLANK_LINE = 2


def outlet_in(shown: str) -> str:
    """The first outlet that a text names, as it names it, or the empty string."""
    known = lexicons.pattern("outlets").search(shown)
    shaped = _shape().search(shown)
    matches = [match for match in (known, shaped) if match]
    if not matches:
        return ""
    name = min(matches, key=lambda match: (match.start(), -match.end()))
    article = re.search(r"\b([Tt]he) $", shown[: name.start()])
    return " ".join((("The " if article else "") + name[0]).split())


@cache
def _shape() -> re.Pattern[str]:
    nouns = "|".join(sorted(re.escape(noun.title()) for noun in lexicons.words("outlet_nouns")))
    return re.compile(rf"\b(?:(?:[A-Z][\w&-]{{0,40}}\.? ){{1,3}}(?:{nouns})|Daily [A-Z][\w-]{{1,40}})\b")


def with_outlets(passages: list[Passage]) -> list[Passage]:
    """Name the outlet of every passage of a block quotation.

    Where the page marked quotations, those are the blocks; else a block starts after a paragraph that ends in a colon.
    """
    marked = any(passage.kind == BlockKind.QUOTATION for passage in passages)
    found = list(passages)
    for start, end in _marked_blocks(passages) if marked else _inferred_blocks(passages):
        outlet = _outlet_of(passages, start, end)
        speaker = "" if outlet else _introduced(passages, start)
        for at in range(start, end):
            kind = BlockKind.QUOTATION if outlet or speaker else passages[at].kind
            found[at] = replace(passages[at], outlet=outlet, speaker=passages[at].speaker or speaker, kind=kind)
    return found


def _marked_blocks(passages: list[Passage]) -> Iterator[tuple[int, int]]:
    start = 0
    for at, passage in enumerate([*passages, None]):
        if passage is None or passage.kind != BlockKind.QUOTATION:
            if start < at:
                yield start, at
            start = at + 1


def _inferred_blocks(passages: list[Passage]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(passages) - 1:
        at += 1
        if not passages[at - 1].shown.rstrip().endswith(":") or passages[at].speaker:
            continue
        end = at + 1
        goes_on = _opens_with_quote if _opens_with_quote(passages[at]) else _is_anothers
        while end < len(passages) and goes_on(passages[end]):
            end += 1
        yield at, end
        at = end - 1 if end < len(passages) and passages[end - 1].shown.rstrip().endswith(":") else end


def _opens_with_quote(passage: Passage) -> bool:
    """Whether the passage goes on with a quotation: each paragraph of one opens with a mark."""
    return passage.shown.lstrip().startswith(('"', "“"))


def _is_anothers(passage: Passage) -> bool:
    return not _resumes(passage)


def _resumes(passage: Passage) -> bool:
    """Whether the article's own voice is heard again: it asks, says we or you, supposes, or introduces the next."""
    shown = QUOTED.sub("", passage.shown)
    return (
        passage.gap > BLANK_LINE
        or shown.rstrip().endswith(":")
        or OWN_VOICE.search(shown) is not None
        or lexicons.pattern("own_voice").search(shown) is not None
    )


def _outlet_of(passages: list[Passage], start: int, end: int) -> str:
    cite = next((passage.outlet for passage in passages[start:end] if passage.outlet), "")
    host = HOST.match(cite)
    if cite and not host:
        return cite
    places = [DATELINE.sub("", passages[at].shown) for at in range(max(start - 1, 0), start)]
    places = [_last_sentence(shown) for shown in places if shown.rstrip().endswith(":")]
    named = next((name for shown in places if (name := outlet_in(shown))), "")
    if named or host:
        return named or (host[1] if host else "")
    inside = next((name for passage in passages[start:end] if (name := _correspondents_outlet(passage.shown))), "")
    return inside or _named_after(passages[end : end + NEAR])


def _introduced(passages: list[Passage], start: int) -> str:
    """Who is said to speak before the block: "…. Ms. Ott writes:"."""
    before = passages[start - 1].shown if start else ""
    saying = _saying().search(_last_sentence(before))
    return saying[1].strip() if saying and saying[1].strip() not in PRONOUNS else ""


@cache
def _saying() -> re.Pattern[str]:
    verbs = lexicons.words("report")
    forms = "|".join(sorted(form for verb in {*verbs, "make", "issue"} for form in (present_of(verb), past_of(verb))))
    return re.compile(rf"((?:[A-Z][\w.'’-]{{0,40}}\s+){{1,4}})(?:{forms})(?:\s+[\w,]+){{0,8}}\s*:\s*$")


def _last_sentence(shown: str) -> str:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", shown.strip())[-1]


def _correspondents_outlet(shown: str) -> str:
    """The outlet whose own reporter speaks in the block."""
    reporter = re.search(r"\b(?:correspondent|reporter|producer|anchor|bureau)\b", shown)
    return outlet_in(shown[: reporter.start()]) if reporter else ""


def _named_after(passages: list[Passage]) -> str:
    """The outlet that the article's own voice goes on to speak about."""
    for passage in passages:
        name = outlet_in(passage.shown)
        after = passage.shown.partition(name.removeprefix("The "))[2].split() if name else []
        if after and lexicons.stem(after[0]) in lexicons.words("report"):
            return name
    return ""
