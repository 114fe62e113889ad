"""From text to passages: where paragraphs stand, whose words they are, and what is no part of the article.

Blocks that the page marked are believed. Without them structure is read off the text: blank lines, a headline,
speaker labels, and block quotations (a paragraph that ends in a colon, then another outlet's words until the
article's own voice resumes).
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from claims.splitting import lexicons
from claims.splitting.outlets import with_outlets
from claims.splitting.passage import DATELINE, Passage
from claims.splitting.types import Block, BlockKind

HEADLINE_WORDS = 20
LONGEST_ACRONYM = 4
WIDEST = 200  # of a line, in characters; longer ones are paragraphs
HALF = 2
LONGEST_FINAL = 40  # of a final mark with its quotation marks and brackets
SPACES = re.compile(r"\s+")
BREAKS = re.compile("[\n\u2028\u2029\v\f]")
FINAL = re.compile(r"""[.!?:…]["'”’)\]]*\s*$""")
LABEL = re.compile(r"""\s*["“]?([A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]*){0,3}):\s+""")
OPENING_QUOTE = re.compile(r'\s*["“]')
NAME_LABEL = re.compile(r"((?:[A-Z][\w.'’-]{1,40} ?){1,3}): (?=\w)")
POSTED_AT = re.compile(
    r"""\s*\d{1,2}:\d{2}(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|BST|CES?T|E[SD]?T|P[SD]?T))?\s*[-–—:|]?\s+(?=["“]?[A-Z])"""
)
SIGNATURE = re.compile(r"\s*[—–-]+\s*([^(\n]{2,60}?)\s*\(@\w+\)\s*(.*)$", re.DOTALL)
WORD = re.compile(r"\w+(?:['’]\w+)?")
LETTERS = re.compile(r"\w+")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]*")
NO_TEXT = frozenset({BlockKind.CAPTION, BlockKind.NOTICE, BlockKind.BOILERPLATE})


def segment(text: str, blocks: Sequence[Block] = ()) -> list[Passage]:
    """Cut the text into passages that may hold claims, in order."""
    marked = _from_blocks(text, blocks) if blocks else _from_text(text)
    voiced = with_outlets(_with_speakers(marked))
    read = [_read(passage) for passage in voiced if not _is_furniture(passage)]
    return _in_sentence_case(read, text) if any(passage.kind == BlockKind.HEADLINE for passage in read) else read


def _from_blocks(text: str, blocks: Sequence[Block]) -> list[Passage]:
    passages: list[Passage] = []
    reached = 0
    for block in sorted(blocks, key=lambda block: (block.start, block.end)):
        start, end = max(block.start, reached), min(block.end, len(text))
        if start >= end:
            continue
        reached = end
        if block.kind not in NO_TEXT:
            passages.extend(
                Passage(at, to, text[at:to], block.kind, block.cite) for at, to, _ in _paragraphs(text, start, end)
            )
    return passages


def _from_text(text: str) -> list[Passage]:
    passages = [Passage(start, end, text[start:end], gap=gap) for start, end, gap in _paragraphs(text, 0, len(text))]
    if len(passages) > 1 and _is_headline(passages[0].shown):
        passages[0] = replace(passages[0], kind=BlockKind.HEADLINE)
    return [
        replace(passage, kind=BlockKind.HEADLINE) if at and _is_subheading(passage.shown, second=at == 1) else passage
        for at, passage in enumerate(passages)
    ]


def _in_sentence_case(passages: Sequence[Passage], text: str) -> list[Passage]:
    """Write a headline's words small that the article writes small: the parser takes Every Capital for a name."""
    written = set(WORD.findall(text))
    named = {name[0]: name.start() for name in NAME.finditer(text)}
    return [
        _recased(passage, written, named) if passage.kind == BlockKind.HEADLINE else passage for passage in passages
    ]


def _recased(passage: Passage, written: Set[str], named: Mapping[str, int]) -> Passage:
    """`written` are the article's words as it writes them, `named` where it last writes a name within a sentence."""
    small: set[str] = set()
    if is_title := _is_title_case(passage.shown):
        small = {
            word.lower()
            for word in WORD.findall(passage.shown)
            if named.get(word, -1) < passage.end and not word.isupper()
        }
    known = lexicons.words("countries") | lexicons.words("demonyms")
    shown = WORD.sub(
        lambda word: (
            word[0]
            if not (is_title or word[0].isupper()) or word[0].lower().removesuffix("'s").removesuffix("’s") in known
            else _recased_word(word[0], written, small)
        ),
        passage.shown,
    )
    return replace(passage, shown=shown[:1].upper() + shown[1:]) if len(shown) == len(passage.shown) else passage


def _is_title_case(shown: str) -> bool:
    long_words = [word for word in WORD.findall(shown) if len(word) > LONGEST_ACRONYM]
    return bool(long_words) and all(word[0].isupper() for word in long_words)


def _recased_word(word: str, written: Set[str], small: Set[str]) -> str:
    lowered = word.lower()
    if lowered in written or lowered in small:
        return lowered
    shouted = word.isupper() and (len(word) > LONGEST_ACRONYM or word.title() in written)
    return word.title() if shouted else word


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Where paragraphs stand, and how many line breaks are before each.

    A single line break ends a paragraph only after a final mark, so that hard-wrapped text stays whole.
    """
    found: list[tuple[int, int, int]] = []
    at, breaks = start, 0
    gaps = (spaces for spaces in SPACES.finditer(text, start, end) if BREAKS.search(spaces[0]))
    for gap in [*gaps, None]:
        to = gap.start() if gap else end
        if gap is not None and gap[0].count("\n") == 1 and not _ends_paragraph(text, at, gap, end):
            continue
        left = len(text[at:to]) - len(text[at:to].lstrip())
        right = len(text[at:to].rstrip())
        if left < right:
            found.append((at + left, at + right, breaks))
        if gap:
            at, breaks = gap.end(), gap[0].count("\n")
    return found


def _ends_paragraph(text: str, start: int, gap: re.Match[str], end: int) -> bool:
    """Whether a single line break stands behind a final mark or a heading: a line half as long as the next could be."""
    if FINAL.search(text, max(start, gap.start() - LONGEST_FINAL), gap.start()):
        return True
    before = max(text.rfind("\n", start, gap.start()) + 1, start)
    after = BREAKS.search(text, gap.end(), min(end, gap.end() + WIDEST))
    length = (after.start() if after else min(end, gap.end() + WIDEST)) - gap.end()
    word = WORD.match(text, gap.end(), end)
    is_name = word is not None and text[gap.end()].isupper() and text[before].isupper()
    return is_name and word is not None and HALF * (gap.start() - before + word.end() - word.start()) < length


def _is_headline(shown: str) -> bool:
    count = len(WORD.findall(shown))
    return 1 < count <= HEADLINE_WORDS and not DATELINE.match(shown)


def _is_subheading(shown: str, *, second: bool) -> bool:
    """Whether a paragraph is a heading: all in capitals or, right behind the headline, Every Word With One."""
    letters = [char for char in shown if char.isalpha()]
    count = len(WORD.findall(shown))
    below = second and count <= HEADLINE_WORDS and not FINAL.search(shown) and _is_title_case(shown)
    return bool(letters) and count > 1 and (below or all(char.isupper() for char in letters))


def _with_speakers(passages: list[Passage]) -> list[Passage]:
    """Give labelled paragraphs their speaker, and unlabelled ones between two labels the speaker before."""
    labels = [LABEL.match(passage.shown) for passage in passages]
    last = max((at for at, label in enumerate(labels) if label), default=-1)
    quoted = any(OPENING_QUOTE.match(passage.shown) for passage, label in zip(passages, labels, strict=True) if label)
    headlines = [
        NAME_LABEL.match(passage.shown) if passage.kind == BlockKind.HEADLINE else None for passage in passages
    ]
    named = _last_named(passages) if any(headlines) else {}
    found: list[Passage] = []
    speaker = ""
    for at, (passage, label) in enumerate(zip(passages, labels, strict=True)):
        if label:
            speaker = label[1].strip()
            found.append(_from(passage, label.end(), speaker=speaker))
        elif speaker and (at < last or quoted) and (not quoted or OPENING_QUOTE.match(passage.shown)):
            found.append(replace(passage, speaker=speaker))
        else:
            headline = headlines[at]
            found.append(_headline_label(passage, headline, named, at) if headline else passage)
    return _signed(found)


def _last_named(passages: list[Passage]) -> dict[str, int]:
    """The last passage that has each word, as it is written and in small letters."""
    return {
        form: at
        for at, passage in enumerate(passages)
        for word in LETTERS.findall(passage.shown)
        for form in (word, word.lower())
    }


def _headline_label(passage: Passage, label: re.Match[str], named: Mapping[str, int], at: int) -> Passage:
    """In a headline a name before a colon is who says the rest, if the article goes on to name it."""
    name = label[1].strip()
    last = LETTERS.findall(name)[-1]
    is_tag = name.lower() in lexicons.words("headline_tags")
    is_named = not is_tag and named[last if " " in name else last.lower()] > at
    return _from(passage, label.end(), speaker=label[1] if is_named else "")


def _signed(passages: list[Passage]) -> list[Passage]:
    """A signature such as "— Name (@handle) date" names the speaker of the paragraph before it and goes."""
    found: list[Passage] = []
    for passage in passages:
        signature = SIGNATURE.match(passage.shown)
        if not signature:
            found.append(passage)
            continue
        for at in range(len(found) - 1, -1, -1):
            found[at] = replace(found[at], speaker=signature[1].strip())
            if found[at].gap != 1:
                break
    return found


def _from(passage: Passage, skip: int, *, speaker: str = "") -> Passage:
    return replace(passage, start=passage.start + skip, shown=passage.shown[skip:], speaker=speaker or passage.speaker)


def _read(passage: Passage) -> Passage:
    """The passage without where and when it was written: a dateline, the time of an entry."""
    opening = DATELINE.match(passage.shown) or POSTED_AT.match(passage.shown)
    return _from(passage, opening.end()) if opening and passage.kind != BlockKind.HEADLINE else passage


def _is_furniture(passage: Passage) -> bool:
    return passage.start >= passage.end or lexicons.pattern("furniture").match(passage.shown.lstrip(" ([")) is not None
