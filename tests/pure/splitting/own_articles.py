"""Short articles of our own with the claims that a reader finds in them, written down before any program read them.

`articles/NAME.json`: `what` it is about, `parts` as [kind, text] or [kind, text, cite], `marked` (whether the page's
blocks are given to the program, or only the text), `claims` (quote, sources, certainty, kind), `nothing` (words that
may stand in no claim's quote) and `beside` (claims about the same, by number, whose certainties or sources differ).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.splitting import Block, FoundClaim, split

FOLDER = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True)
class Expected:
    """One claim as a reader would write it down."""

    quote: tuple[str, ...]
    sources: tuple[str, ...]
    certainty: str
    kind: str


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An article and what it says."""

    name: str
    what: str
    text: str
    blocks: tuple[Block, ...]
    claims: tuple[Expected, ...]
    nothing: tuple[str, ...]
    beside: tuple[tuple[int, ...], ...]

    def found(self) -> tuple[FoundClaim, ...]:
        """The claims that the program finds."""
        return split(self.text, blocks=self.blocks).claims


def own_articles() -> Iterator[OwnArticle]:
    """Every article, by name."""
    for path in sorted(FOLDER.glob("*.json")):
        written = json.loads(path.read_text(encoding="utf-8"))
        text, blocks = _laid_out(written["parts"])
        yield OwnArticle(
            name=path.stem,
            what=written["what"],
            text=text,
            blocks=blocks if written["marked"] else (),
            claims=tuple(
                Expected(tuple(claim["quote"]), tuple(claim["sources"]), claim["certainty"], claim["kind"])
                for claim in written["claims"]
            ),
            nothing=tuple(written["nothing"]),
            beside=tuple(tuple(numbers) for numbers in written["beside"]),
        )


def _laid_out(parts: Sequence[Sequence[str]]) -> tuple[str, tuple[Block, ...]]:
    text, blocks = "", []
    for kind, words, *cite in parts:
        text += "\n\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(words), cite[0] if cite else ""))
        text += words
    return text, tuple(blocks)


def as_expected(claim: FoundClaim) -> Expected:
    """A found claim in the words of an expected one."""
    return Expected(
        tuple(span.quote for span in claim.spans),
        tuple(link.source for link in claim.sources),
        str(claim.certainty),
        str(claim.kind),
    )


def side_by_side(article: OwnArticle, numbers: Sequence[int]) -> str:
    """What the article says of the same in several voices, one line a voice."""
    claims = [article.claims[number] for number in numbers]
    return "\n".join(
        f"  The text says: {claim.certainty:<12} {' → '.join(claim.sources) or 'the article itself':<40} "
        f"{' … '.join(claim.quote)}"
        for claim in claims
    )
