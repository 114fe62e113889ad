"""The languages that can be split, by their two-letter codes. How to add one: docs/splitting.md."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from claims.splitting import parse, splitter
from claims.splitting.bundle import Language
from claims.splitting.german import GERMAN
from claims.splitting.types import Block, Splitting

ENGLISH = Language(
    code="en",
    name="English",
    pipeline=parse.model,
    rules=lambda _language, text, blocks, published: splitter.split(text, blocks=blocks, published=published),
)
LANGUAGES: Mapping[str, Language] = MappingProxyType({one.code: one for one in (ENGLISH, GERMAN)})


class LanguageNotSupported(ValueError):
    """There is no bundle for the language; the message says what to install."""


def split(text: str, *, blocks: Sequence[Block] = (), language: str = "en", published: date | None = None) -> Splitting:
    """Split an article into its claims; raises LanguageNotSupported.

    Reads at most 200,000 characters, skips sentences over 5,000 and stops at 500 claims, and says so in `truncated`.
    The same text gives the same claims, bit by bit. The first call loads the language's model (about a second).
    """
    if language not in LANGUAGES:
        raise LanguageNotSupported(f"Its language ({language}) cannot be split. {what_to_install(language)}")
    bundle = LANGUAGES[language]
    return bundle.rules(bundle, text, blocks, published)


def what_to_install(language: str) -> str:
    """Say what a desk must do so that a language is split: switch it on, or add a bundle for it."""
    known = LANGUAGES.get(language)
    if known is None:
        return "No rules for it are installed: docs/splitting.md says how to add a language."
    trial = " (experimental)" if known.is_experimental else ""
    return f"{known.name}{trial} is installed: add {language} to CLAIMS_LANGUAGES."
