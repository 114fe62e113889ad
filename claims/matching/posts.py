"""What people write in posts, made plain for searching: without links, tags as words, who wrote it apart."""

import re
import unicodedata
from dataclasses import dataclass

MOST_SENTENCES = 8
FEWEST_WORDS = 4  # of a sentence that is looked for by itself
TAIL = 200  # characters at the end of a post in which its writer is looked for
LINK = re.compile(r"(?:https?:|(?:pic\.twitter|t\.co|bit\.ly|www)\b)\S*", re.IGNORECASE)
WRITER = re.compile(r" ?[—–-]{1,2} ?([^—@]{0,80}?) ?\(@(\w{1,50})\)[^—]{0,60}$")
TAG = re.compile(r"[#@](\w{1,100})")
JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")
QUOTES = re.compile(r"[“”„«»\"]|(?<!\w)['‘’\u201a]|['‘’](?!\w)")
BOUND = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a text, its sentences, and the words that name who wrote it."""

    text: str
    sentences: tuple[str, ...]
    writer: str


def read(text: str) -> Asked:
    """Read a post, or any text: `— Name (@handle) date` at its end names the writer."""
    whole = _spaced(text)
    at = max(0, len(whole) - TAIL)
    signed = WRITER.search(whole.rstrip('" '), at)
    body = plain(TAG.sub(_split, LINK.sub(" ", whole[: signed.start()] if signed else whole)))
    sentences = [one for one in BOUND.split(body) if len(one.split()) >= FEWEST_WORDS]
    writer = f"{signed[1]} {JOINTS.sub(' ', signed[2])}" if signed else ""
    return Asked(body or whole, tuple(sentences[:MOST_SENTENCES]) or (body or whole,), writer)


def plain(text: str) -> str:
    """A text in one spelling, without quotation marks: two that differ in those alone are equal."""
    return _spaced(QUOTES.sub(" ", unicodedata.normalize("NFKC", text)).replace("’", "'"))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _split(tag: re.Match[str]) -> str:
    return JOINTS.sub(" ", tag[1])
