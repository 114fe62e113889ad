"""The one place that knows spaCy: texts in, sentences of `Word` out.

The model is loaded at the first use, once a process; any installed `en_core_web_*` package will do.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from claims.splitting.caps import LONGEST_WORD
from claims.splitting.passage import Passage
from claims.splitting.tree import Sentence, Word

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 64
MOST_AT_ONCE = 5_000  # words: the parser's memory grows with what it reads at once
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]+")
BRACKETED = re.compile(r"(?<=\w)[ \t]*\([^()\n]{1,40}\)|(?<=\w)\[\w{1,10}\]")
DASH = re.compile(r"(?<=\s)(?:-|--|–)(?=\s)")
MOST_MARKS = 4  # in a row of the same: more are an ornament, of which the parser would make a word each
MARKS = frozenset("-—*=_~.,:;!?()[]{}|/\\'<>+#•·…")
UNREADABLE = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
BROKEN = re.compile("[\ud800-\udfff]")  # halves of a pair, which no encoder takes


Place = tuple[int, int]


class Part(NamedTuple):
    """A passage or a stretch of one, with where its words stand in the article and which word of it is the first."""

    doc: "Doc"
    places: list[Place]
    first: int


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

    from claims.splitting.ruler import index_rules

    nlp = spacy.load(model_name(installed()))
    index_rules(nlp)
    return nlp


def parse(passages: Sequence[Passage], *, names: bool = True) -> Iterator[list[Sentence]]:
    """Yield the sentences of each passage, passage by passage: bounds are better that way than over the whole text.

    Without `names` no word's `entity` is told, in two thirds of the time.
    """
    nlp = model()
    cut = [_cut(nlp, *_tokens(nlp, passage)) for passage in passages]
    read = chain.from_iterable(_read(nlp, batch, names=names) for batch in _batches(chain.from_iterable(cut)))
    for parts in cut:
        yield list(chain.from_iterable(islice(read, len(parts))))


def hides_words(passage: Passage) -> bool:
    """Whether the passage has a word that is passed over as too long."""
    return any(any(char.isalnum() for char in found[0]) for found in UNREADABLE.finditer(passage.shown))


def _cut(nlp: "Language", words: list[str], spaces: list[bool], places: list[Place]) -> list[Part]:
    """Make documents for the parser: one of a passage, or more of one that is too long to be read at once."""
    from spacy.tokens import Doc

    ends = range(0, max(1, len(words)), MOST_AT_ONCE)
    stretches = [slice(start, start + MOST_AT_ONCE) for start in ends]
    return [
        Part(Doc(nlp.vocab, words=words[part], spaces=spaces[part]), places[part], part.start) for part in stretches
    ]


def _read(nlp: "Language", batch: Sequence[Part], *, names: bool) -> list[list[Sentence]]:
    docs = nlp.pipe([part.doc for part in batch], batch_size=BATCH, disable=() if names else ("ner",))
    return [list(_sentences(doc, part.places, part.first)) for doc, part in zip(docs, batch, strict=True)]


def _batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    batch: list[Part] = []
    for part in parts:
        if len(batch) == BATCH or (batch and sum(len(one.doc) for one in batch) + len(part.doc) > MOST_AT_ONCE):
            yield batch
            batch = []
        batch.append(part)
    yield batch


def _tokens(nlp: "Language", passage: Passage) -> tuple[list[str], list[bool], list[Place]]:
    """Tokenize what can be language; say for each token where it stands in the article.

    Short brackets only confuse the parser ("Pat Roe (D-Ohio) said"): hidden from it, they belong to the word before.
    """
    whole = BROKEN.sub("\ufffd", passage.shown.translate(STRAIGHT))
    straight = DASH.sub(lambda dash: "—".ljust(len(dash[0])), whole)
    shown = UNREADABLE.sub(_blank, BRACKETED.sub(_blank, straight))
    brackets = {passage.start + found.start(): passage.start + found.end() for found in BRACKETED.finditer(straight)}
    words: list[str] = []
    spaces: list[bool] = []
    places: list[Place] = []
    hides = UNSEEN.search(shown) is not None
    for token in nlp.tokenizer(shown):
        seen = (UNSEEN.sub("", token.text) if hides else token.text).strip()
        if seen and seen != '"' and not (seen in MARKS and words[-MOST_MARKS:] == [seen] * MOST_MARKS):
            words.append(seen)
            spaces.append(bool(token.whitespace_))
            start = passage.start + token.idx
            places.append((start, brackets.get(start + len(token.text), start + len(token.text))))
        elif spaces:
            spaces[-1] = True
    return words, spaces, places


def _blank(chunk: re.Match[str]) -> str:
    return " " * len(chunk[0])


def _lemma(text: str, lemma: str) -> str:
    """The parser's lemma; it takes "hoped" and "hoping" for hopping."""
    return "hope" if lemma == "hop" and text in {"hoped", "hoping"} else lemma


def _sentences(doc: "Doc", places: Sequence[Place], first: int) -> Iterator[Sentence]:
    """Copy the parser's tree, column by column: asking each token for each attribute costs several times as much.

    `first` is the number of the first word in its passage.
    """
    from spacy import attrs

    if not len(doc):
        return
    strings = doc.vocab.strings
    columns = [attrs.ORTH, attrs.LEMMA, attrs.POS, attrs.TAG, attrs.DEP, attrs.ENT_TYPE]
    codes: list[list[int]] = doc.to_array(columns).tolist()
    heads: list[int] = doc.to_array(attrs.HEAD).astype("int64").tolist()
    named = {code: strings[code] for code in {code for row in codes for code in row}}
    words = []
    for index, (row, (start, end)) in enumerate(zip(codes, places, strict=True), first):
        text, lemma, pos, tag, dep, entity = [named[code] for code in row]
        lemma = _lemma(text.lower(), lemma.lower())
        words.append(Word(index, text, lemma, pos, tag, dep, entity, start, end))
    for word, offset in zip(words, heads, strict=True):
        if offset:
            word.above = words[word.index - first + offset]
            word.above.children.append(word)
    for sent in doc.sents:
        own = words[sent.start : sent.end]
        yield Sentence(own, next(word for word in own if word.above is None))
