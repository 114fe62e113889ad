"""The standalone sentence of a claim: its own words, with the frame, hedges and ties to other sentences taken out."""

import re
from collections.abc import Sequence

from claims.splitting.clauses import Clause
from claims.splitting.grammar import auxiliaries, is_in, is_predicate
from claims.splitting.mentions import HE_OR_SHE, Mentions
from claims.splitting.tree import Word

TIES = frozenset({"also", "however", "meanwhile", "instead", "too", "moreover", "though", "therefore", "thus"})
HEDGES = {"may": "will", "might": "will", "could": "will"}
SPACED = re.compile(r"\s+")
BEFORE_MARK = re.compile(r"\s+([,.;:!?)\]])")
QUOTES = re.compile(r"""["“”]""")


def render(clause: Clause, text: str, mentions: Mentions, speaker: str) -> str:
    """Write the claim as one plain sentence; a pronoun that is not safely known stays as it stands."""
    copula = _copula(clause)
    pieces: list[str] = []
    dropped = _dropped(clause)
    last: Word | None = None
    for word in clause.words:
        if word in dropped:
            continue
        if last is not None and (word.start > last.end or word.index > last.index + 1):
            pieces.append(" ")
        if copula and word.index > copula[0].index and copula[1]:
            pieces.append(copula[1] + " ")
            copula = None
        pieces.append(_written(word, text, mentions, speaker))
        last = word
    return _finished("".join(pieces))


def _dropped(clause: Clause) -> set[Word]:
    dropped = {word for word in clause.words if word.lower in TIES and word.dep == "advmod"}
    dropped |= {word for word in clause.words if word.dep == "advmod" and is_in(word, "unconfirmed_adverbs")}
    helpers = auxiliaries(clause.head) if is_predicate(clause.head) else []
    had = [helper for helper in helpers if helper.lower == "had"]
    if len(helpers) == 1 and had and clause.head.text.endswith("ed"):
        dropped.update(had)
    own = clause.head.first("nsubj", "nsubjpass")
    if clause.site.rule == "relative clause" and own is not None and own.tag in {"WP", "WDT"}:
        dropped.add(own)
    return dropped


def _copula(clause: Clause) -> tuple[Word, str] | None:
    """Where a form of to be has to go, and which."""
    shared = clause.site.shared
    if not shared or clause.site.rule not in {"apposition", "participle"}:
        return None
    noun = shared[-1]
    is_many = any(word.tag in {"NNS", "NNPS"} and word.head not in shared for word in shared)
    past = clause.site.rule == "participle" and clause.head.tag == "VBN"
    form = ("were" if is_many else "was") if past else ("are" if is_many else "is")
    return noun, form


def _written(word: Word, text: str, mentions: Mentions, speaker: str) -> str:
    shown = text[word.start : word.end]
    if word.lower in {"i", "me"} and speaker:
        return speaker
    if word.lower in HE_OR_SHE and word.tag == "PRP" and mentions.person:
        return mentions.person
    return shown


def _finished(sentence: str) -> str:
    plain = BEFORE_MARK.sub(r"\1", SPACED.sub(" ", QUOTES.sub("", sentence))).strip(" ,;:—-")  # noqa: RUF001
    plain = plain[:1].upper() + plain[1:]
    return plain if plain.endswith((".", "!")) else f"{plain}."


def title_sentence(words: Sequence[Word], text: str) -> str:
    """"X is the Y" for a title before a name."""
    name = [word for word in words if word.entity == "PERSON"]
    title = [word for word in words if word not in name]
    shown = " ".join(text[word.start : word.end] for word in name)
    return _finished(f"{shown} is {' '.join(text[word.start : word.end] for word in title)}")
