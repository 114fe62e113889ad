"""What a field that learns attributions sees of each token: the parse, and what the rules made of it."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from bench.research_sets import CLASSES, HIGHEST, NEARBY
from claims.splitting import rows
from claims.splitting.attributions import Attributed, attributions_in
from claims.splitting.grammar import is_in
from claims.splitting.passage import Passage
from claims.splitting.tree import Word

TYPES = ("source", "cue", "content")
CUES = CLASSES[:6]
SEEN_BESIDE = (0, 9, 5)  # how many of its first signs a neighbour shows, by its distance

Labelled = tuple[str, int, int]


def labels(found: Sequence[Labelled], count: int) -> list[str]:
    """Spans as one label a token: B-source, I-source, …, O."""
    marked = ["O"] * count
    for name, start, end in found:
        marked[start:end] = [f"B-{name}", *[f"I-{name}"] * (end - start - 1)]
    return marked


def token_signs(sentences: Sequence[Sequence[str]]) -> Iterator[list[list[str]]]:
    """What the field sees of each token: its word in the tree, what the rules made of it, and its neighbours."""
    lines = [rows.spaced(tokens) for tokens in sentences]
    for tokens, line, parsed in zip(sentences, lines, rows.parsed(lines), strict=True):
        words: list[Word | None] = [None] * len(tokens)
        for word in (word for sentence in parsed for word in sentence.words):
            for at in line.covered(word.start, word.end):
                words[at] = word
        quoted = in_quotes(tokens)
        by_rule = attributions_in(Passage(0, len(line.text), line.text), parsed)
        layers = [labels(ruled(line, by_rule, name), len(tokens)) for name in TYPES]
        own = [
            [f"rule={'/'.join(ruled_as)}", f"quoted={inside}", *signs_of(token, word)]
            for token, word, inside, *ruled_as in zip(tokens, words, quoted, *layers, strict=True)
        ]
        yield [[*own[at], *beside(own, at)] for at in range(len(own))]


def ruled(line: rows.Tokenized, by_rule: Sequence[Attributed], name: str) -> list[Labelled]:
    """The spans of one type that the rules found, in the order of the line."""
    touched = {line.covered(*place) for one in by_rule for place in getattr(one, name)}
    return sorted((name, tokens.start, tokens.stop) for tokens in touched)


def in_quotes(tokens: Sequence[str]) -> list[bool]:
    """Whether each token stands between quotation marks."""
    inside, found = False, []
    for mark_or_word in tokens:
        inside = mark_or_word == "``" or (inside and mark_or_word != "''")
        found.append(inside)
    return found


def signs_of(token: str, word: Word | None) -> list[str]:
    """What a token is by itself and in the tree."""
    found = [f"token={token.lower()}", f"capital={token[:1].isupper()}"]
    if word is None:
        return found
    found += [f"tag={word.tag}", f"pos={word.pos}", f"dep={word.dep}", f"lemma={word.lemma}", f"entity={word.entity}"]
    found += [f"head={word.head.lemma}", f"over={word.head.pos}/{word.dep}", f"path={word.dep}<{word.head.dep}"]
    found += [f"way={way}" for way in ways(word)]
    found += [f"in={name}" for name in CLASSES if is_in(word, name)]
    found += [f"under={name}/{word.dep}" for name in CLASSES if is_in(word.head, name)]
    return found


def ways(word: Word) -> Iterator[str]:
    """The way up the tree to the nearest word that may be a cue, and on which side of it the word stands."""
    steps: list[str] = []
    for below, above in islice(pairwise([word, *word.ancestors()]), HIGHEST):
        steps.append(below.dep)
        classes = [name for name in CUES if is_in(above, name)]
        if classes:
            side = "before" if word.index < above.index else "behind"
            yield f"{side}:{'<'.join(steps)}"
            yield from (f"{name}:{side}:{steps[-1]}" for name in classes)
            return


def beside(own: Sequence[Sequence[str]], at: int) -> Iterator[str]:
    """The first signs of the tokens around one."""
    for step in range(-NEARBY, NEARBY + 1):
        if step and 0 <= at + step < len(own):
            yield from (f"{step}:{sign}" for sign in own[at + step][: SEEN_BESIDE[abs(step)]])
        elif step:
            yield f"{step}:none"
