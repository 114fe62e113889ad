"""The one place that knows spaCy: texts in, sentences of `Word` out.

The model is loaded at the first use, once a process; any installed `en_core_web_*` package will do.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claims.splitting.passage import Passage
from claims.splitting.tree import Sentence, Word

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 64
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]+")
BRACKETED = re.compile(r"(?<=\w)[ \t]*\([^()\n]{1,40}\)|(?<=\w)\[\w{1,10}\]")
DASH = re.compile(r"(?<=\s)(?:-|--|–)(?=\s)")
UNREADABLE = re.compile(r"\S{201,}")


class ModelMissing(RuntimeError):
    """No English model of spaCy is installed."""


def installed() -> set[str]:
    """The names of all installed packages."""
    import importlib.metadata

    return {dist.name for dist in importlib.metadata.distributions()}


def model_name(packages: Iterable[str]) -> str:
    """Return the first `en_core_web_*` among packages, by name."""
    names = {name.replace("-", "_") for name in packages}
    models = sorted(name for name in names if name.startswith("en_core_web_"))
    if not models:
        raise ModelMissing("No English spaCy model (en_core_web_*) is installed: install the requirements.")
    return models[0]


@lru_cache(maxsize=1)
def model() -> "Language":
    """Load the model."""
    import spacy

    return spacy.load(model_name(installed()))


def parse(passages: Sequence[Passage]) -> Iterator[list[Sentence]]:
    """Yield the sentences of each passage, passage by passage: bounds are better that way than over the whole text."""
    nlp = model()
    seen = [_tokens(nlp, passage) for passage in passages]
    docs = (doc for doc, _ in seen)
    for doc, (_, places) in zip(nlp.pipe(docs, batch_size=BATCH), seen, strict=True):
        yield [_sentence(sent, places) for sent in doc.sents]


def _tokens(nlp: "Language", passage: Passage) -> tuple["Doc", list[tuple[int, int]]]:
    """Tokenize what can be language; say for each token where it stands in the article.

    Short brackets only confuse the parser ("Pat Roe (D-Ohio) said"): hidden from it, they belong to the word before.
    """
    from spacy.tokens import Doc

    straight = DASH.sub(lambda dash: "—".ljust(len(dash[0])), passage.shown.translate(STRAIGHT))
    shown = UNREADABLE.sub(_blank, BRACKETED.sub(_blank, straight))
    brackets = {passage.start + found.start(): passage.start + found.end() for found in BRACKETED.finditer(straight)}
    words: list[str] = []
    spaces: list[bool] = []
    places: list[tuple[int, int]] = []
    for token in nlp.tokenizer(shown):
        seen = UNSEEN.sub("", token.text).strip()
        if seen and seen not in {'"'}:
            words.append(seen)
            spaces.append(bool(token.whitespace_))
            start = passage.start + token.idx
            places.append((start, brackets.get(start + len(token.text), start + len(token.text))))
        elif spaces:
            spaces[-1] = True
    return Doc(nlp.vocab, words=words, spaces=spaces), places


def _blank(chunk: re.Match[str]) -> str:
    return " " * len(chunk[0])


def _lemma(text: str, lemma: str) -> str:
    """The parser's lemma; it takes "hoped" and "hoping" for hopping."""
    return "hope" if lemma == "hop" and text in {"hoped", "hoping"} else lemma


def _sentence(sent: Any, places: list[tuple[int, int]]) -> Sentence:
    words = [
        Word(
            index=token.i,
            text=token.text,
            lemma=_lemma(token.text.lower(), token.lemma_.lower()),
            pos=token.pos_,
            tag=token.tag_,
            dep=token.dep_,
            entity=token.ent_type_,
            start=places[token.i][0],
            end=places[token.i][1],
        )
        for token in sent
    ]
    first = sent.start
    root = words[sent.root.i - first]
    for token, word in zip(sent, words, strict=True):
        if word is not root:
            word.above = words[token.head.i - first]
            word.above.children.append(word)
    return Sentence(words, root)
