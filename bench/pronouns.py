"""Measure how third-person pronouns are resolved, on pronouns that we annotated in the annotated articles.

    python bench/pronouns.py [--articles DIR] [--all]

`pronouns.json` holds offsets alone, in code points of the articles' texts: for every third-person pronoun of each
article `[start, end, meaning]`, where the meaning is a list of `[start, end]` of mentions that name it properly, or
"pleonastic" (it rains), or "none" (the article does not say). All 146 pronouns of the nine articles are annotated,
reflexive ones and those in questions among them.

A pronoun is *right* when the name that splitting would write for it and one of the mentions have the same head, and
the words of one are all among the words of the other (articles and the titles before a name apart); a pronoun that
means nothing is right when it is left as it stands. It is *wrong* when it would be written out as anything else, and
*left* when splitting abstains, which the claim's `unresolved` shows.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT.parent / "shared" / "articles"
ANNOTATED = Path(__file__).with_name("pronouns.json")
RIGHT, WRONG = 0.70, 0.10
WORD = re.compile(r"\w+(?:[.’'-]\w+)*\.?")
PHRASE = re.compile(r"\s(?:of|in|on|at|for|from|by|with|led|made|to|over)\s|,")
UNTOLD = frozenset({"the", "a", "an", "mr.", "mrs.", "ms.", "dr.", "gov.", "rep.", "both"})

Meaning = str | list[list[int]]


@dataclass(slots=True)
class Measured:
    """How many pronouns were resolved rightly, wrongly or left; `mistakes` says which and as what."""

    right: int
    wrong: int
    left: int
    mistakes: list[str]

    @property
    def total(self) -> int:
        """All pronouns."""
        return self.right + self.wrong + self.left


def measure(texts: Path) -> Measured:
    """Resolve the annotated pronouns of the articles in a folder."""
    from claims.splitting.splitter import pronouns_of

    measured = Measured(0, 0, 0, [])
    for name, rows in json.loads(ANNOTATED.read_text(encoding="utf-8")).items():
        text = (texts / name).read_text(encoding="utf-8")
        names = {(span.start, span.end): written for span, written in pronouns_of(text)}
        for start, end, meaning in rows:
            judge(measured, text, (start, end), meaning, names.get((start, end), ""))
    return measured


def judge(measured: Measured, text: str, place: tuple[int, int], meaning: Meaning, written: str) -> None:
    """Count one pronoun."""
    mentions = [] if isinstance(meaning, str) else [text[start:end] for start, end in meaning]
    if (not mentions and not written) or any(is_same(written, mention) for mention in mentions):
        measured.right += 1
        return
    outcome = "wrong" if written else "left"
    setattr(measured, outcome, getattr(measured, outcome) + 1)
    around = " ".join(text[max(0, place[0] - 60) : place[1] + 20].split())
    measured.mistakes.append(f"{outcome:<6}{text[slice(*place)]:<7}{written!r} for {mentions or meaning!r}: {around}")


def is_same(written: str, mention: str) -> bool:
    """Whether two names have one head, and one has all the words of the other."""
    first, second = words_of(written), words_of(mention)
    same_head = words_of(head_of(written))[-1:] == words_of(head_of(mention))[-1:] != []
    return same_head and (set(first) <= set(second) or set(second) <= set(first))


def head_of(name: str) -> str:
    """A noun phrase up to what hangs on its noun."""
    return PHRASE.split(name, maxsplit=1)[0] or name


def words_of(name: str) -> list[str]:
    """The words of a name, small, without articles, titles and the mark of an owner."""
    words = [re.sub(r"['’]s?$", "", word.lower()) for word in WORD.findall(name)]
    return [word for word in words if word not in UNTOLD]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=Path, default=DEFAULT, metavar="DIR")
    parser.add_argument("--all", action="store_true", help="print each pronoun that is wrong or left")
    options = parser.parse_args(arguments)
    if not (options.articles / "texts").is_dir():
        print(f"No annotated articles in {options.articles}: nothing measured.")
        return 0
    measured = measure(options.articles / "texts")
    for mistake in measured.mistakes if options.all else ():
        print(mistake)
    right, wrong, left = (count / measured.total for count in (measured.right, measured.wrong, measured.left))
    print(
        f"{measured.total} third-person pronouns: right {right:.3f} (bar {RIGHT}), wrong {wrong:.3f} (bar {WRONG}), "
        f"left {left:.3f}"
    )
    return 0 if right >= RIGHT and wrong <= WRONG else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
