"""German, experimental: the second bundle, that shows the seam. It needs no model: sentences end at their marks."""

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from claims.splitting import lexicons, plain
from claims.splitting.bundle import Language

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline

FOLDER = "de"
CAPITAL = r"[A-ZÄÖÜ][\wäöüß.-]*"
ARTICLE = "[Dd]er|[Dd]ie|[Dd]as|[Dd]em|[Dd]en|[Dd]es"
WHO = rf"(?:(?:{ARTICLE})\s+)?(?:[a-zäöüß]+(?:e|en|er)\s+)?{CAPITAL}(?:\s+{CAPITAL}){{0,4}}"


def _any_of(*names: str) -> str:
    entries = sorted({entry for name in names for entry in lexicons.words(f"{FOLDER}/{name}")}, key=len, reverse=True)
    return "|".join(re.escape(entry) for entry in entries)


VERB = _any_of("report", "unconfirmed_report", "denial")
WHOLE = r"(?P<claim>.+)$"
PATTERNS = MappingProxyType(
    {
        # "Die Brücke ist gesperrt, sagte die Bürgermeisterin am Montag."
        "after": re.compile(
            rf"(?P<claim>.+),\s+(?P<cue>{VERB})\s+(?P<source>{WHO})(?:\s+(?:mit|a[mn]|i[mn]|vor|nach)\b[^,]*)?\W*$",
            re.DOTALL,
        ),
        # "Laut der Polizei floh der Fahrer."
        "according": re.compile(
            rf"(?P<cue>[Ll]aut|[Nn]ach\s+(?:Angaben|Informationen)(?:\s+(?:von|vom|eines|einer))?)"
            rf"\s+(?P<source>{WHO})\s+{WHOLE}",
            re.DOTALL,
        ),
        # "Die Bürgermeisterin sagte am Montag, dass die Brücke gesperrt ist."
        "said": re.compile(
            rf"(?P<source>{WHO})\s+(?P<cue>{VERB})\b[^,:]{{0,60}}[,:]\s+(?P<that>da(?:ss|ß)\s+)?{WHOLE}", re.DOTALL
        ),
        "hearsay": re.compile(r"\bsoll(?:en)?\b(?=.*\b(?:haben|sein)\W*$)", re.DOTALL),
    }
)


@lru_cache(maxsize=1)
def pipeline() -> "Pipeline":
    """Make spaCy's blank pipeline: its German tokenizer, and sentences that end at their marks."""
    import spacy

    nlp = spacy.blank("de")
    nlp.add_pipe("sentencizer")
    return nlp


GERMAN = Language(
    code="de",
    name="German",
    pipeline=pipeline,
    rules=plain.find,
    lexicons=FOLDER,
    patterns=PATTERNS,
    is_experimental=True,
)
