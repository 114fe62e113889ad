"""A sentence as a dependency tree of our own, so that the rules below know nothing of the parser that drew it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

UNSETTLED = -1


@dataclass(slots=True, eq=False)
class Word:
    """A token; `start` and `end` are code points of the whole article, `dep` its ClearNLP relation to `head`.

    `above` is the word it hangs on, None for the root of a sentence; `lower` the word without regard to case. Once its
    sentence is settled, a word knows its place in the tree (`enter` to `leave`) and keeps what hangs on it (`under`).
    """

    index: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    entity: str
    start: int
    end: int
    above: "Word | None" = None
    children: "list[Word]" = field(default_factory=list)
    lower: str = field(init=False)
    enter: int = field(default=UNSETTLED, init=False)
    leave: int = field(default=UNSETTLED, init=False)
    under: "list[Word] | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Fold the case once: every rule asks for it."""
        self.lower = self.text.lower()

    @property
    def head(self) -> "Word":
        """The word it hangs on; the root is its own head."""
        return self.above or self

    def first(self, *deps: str) -> "Word | None":
        """The first dependent with one of the relations."""
        for child in self.children:
            if child.dep in deps:
                return child
        return None

    def every(self, *deps: str) -> "list[Word]":
        """All dependents with one of the relations, in order."""
        return [child for child in self.children if child.dep in deps]

    def subtree(self) -> "list[Word]":
        """The word and all that hangs on it, in the order of the text; not to be changed by who asks."""
        if self.under is not None:
            return self.under
        found = [self]
        for word in found:
            found.extend(word.children)
        found.sort(key=by_index)
        if self.enter != UNSETTLED:
            self.under = found
        return found

    def ancestors(self) -> "Iterator[Word]":
        """The words above, nearest first."""
        above = self.above
        while above is not None:
            yield above
            above = above.above

    def is_under(self, other: "Word") -> bool:
        """Whether the word is `other` or hangs on it."""
        if self.enter != UNSETTLED:
            return other.enter <= self.enter < other.leave
        return self is other or any(above is other for above in self.ancestors())

    def settle(self, enter: int) -> None:
        """Number the words from here down, each before what hangs on it.

        A word hangs on another if its number lies between where that one is entered and left (Tarjan's preorder).
        """
        path = [(self, iter(self.children))]
        self.enter = enter
        while path:
            word, rest = path[-1]
            child = next(rest, None)
            if child is None:
                word.leave = enter + 1
                path.pop()
            else:
                enter += 1
                child.enter = enter
                path.append((child, iter(child.children)))

    def _unsettle(self) -> None:
        top = self
        while top.above is not None:
            top = top.above
        for word in top.subtree():
            word.enter = word.leave = UNSETTLED
            word.under = None

    def move_to(self, head: "Word", dep: str) -> None:
        """Hang the word elsewhere; the caller makes sure that `head` does not hang on it."""
        if self.enter != UNSETTLED:
            self._unsettle()
        if self.above is not None:
            self.above.children.remove(self)
        self.above, self.dep = head, dep
        head.children.append(self)
        head.children.sort(key=by_index)


@dataclass(slots=True, eq=False)
class Sentence:
    """The words of one sentence, in order; `root` is the one without a head."""

    words: list[Word]
    root: Word

    @property
    def start(self) -> int:
        """Where the sentence starts in the article."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where the sentence ends in the article."""
        return self.words[-1].end

    @property
    def is_question(self) -> bool:
        """Whether the sentence asks, by its mark or by a question word with the auxiliary before the subject."""
        if any(word.text == "?" for word in self.words[-2:]):
            return True
        telling = (word for word in self.words if word.pos not in {"CCONJ", "INTJ", "PUNCT"} and word.lower != "so")
        opening = list(islice(telling, 2))
        asks = [word.lower in {"why", "how", "what", "who", "where", "when"} for word in opening]
        if asks[:1] != [True]:
            return False
        tensed = opening[-1]
        verb = tensed.head if tensed.dep in {"aux", "auxpass"} else tensed
        behind = [own for own in verb.every("nsubj", "nsubjpass", "attr") if own.index > tensed.index]
        return bool(behind) and (verb is not tensed or verb.lemma == "be")

    def settle(self) -> None:
        """Say that the tree stays as it is: what hangs on what is then looked up, not walked.

        Places are numbered from the start of the sentence in the article, so that no two sentences share one.
        """
        self.root.settle(self.start)

    def reroot(self, word: Word) -> None:
        """Make a word below the root the root; the caller hangs the old one somewhere below it."""
        word.head.children.remove(word)
        word.above, word.dep = None, "ROOT"
        self.root = word

    def before(self, word: Word) -> Word | None:
        """The word just before."""
        position = word.index - self.words[0].index
        return self.words[position - 1] if position else None


def by_index(word: Word) -> int:
    """Order words as the text does."""
    return word.index


def plain(words: Iterable[Word], text: str) -> str:
    """The words as the article writes them, a gap in them as one space."""
    pieces: list[str] = []
    last: Word | None = None
    for word in words:
        if last is not None and (word.index > last.index + 1 or word.start > last.end):
            pieces.append(" ")
        pieces.append(text[word.start : word.end])
        last = word
    return "".join(pieces)
