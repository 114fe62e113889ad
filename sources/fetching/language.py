"""Which language a text is in."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

SAMPLE = 5000
LETTERS_NEEDED = 24
WIDE_LETTERS_NEEDED = 8
SURE = 0.7
_CODE_LENGTH = 2
_DECLARED = re.compile(r"\s*([a-zA-Z]{2})(?:[-_][\w-]*)?\s*")
_WIDE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")  # one letter says as much as several of an alphabet
# Languages that are not written in Latin letters, by what Unicode calls their letters.
_SCRIPTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "kk", "ky", "mn", "tg"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ug"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    **dict.fromkeys(("he", "yi"), ("HEBREW",)),
    "sr": ("CYRILLIC", "LATIN"), "el": ("GREEK",), "zh": ("CJK",), "ja": _WIDE[:3], "ko": ("HANGUL", "CJK"),
    "th": ("THAI",), "bn": ("BENGALI",), "ta": ("TAMIL",), "te": ("TELUGU",), "ka": ("GEORGIAN",),
    "hy": ("ARMENIAN",), "am": ("ETHIOPIC",),
}  # fmt: skip


def language_of(text: str, declared: str = "") -> str:
    """Return the two-letter code of the text's language; '' when there is too little to tell.

    What is declared (an html lang such as 'en-GB') wins where it can be true of these letters; else the
    text decides, by py3langid (Lui and Baldwin 2012, langid.py).
    """
    letters = [character for character in text[:SAMPLE] if character.isalpha()]
    match = _DECLARED.fullmatch(declared)
    code = match[1].lower() if match else ""
    if code and _may_be(code, letters):
        return code
    is_enough = len(letters) >= LETTERS_NEEDED or _share(letters, _WIDE) * len(letters) >= WIDE_LETTERS_NEEDED
    return _detected("".join(text[:SAMPLE])) if is_enough else ""


def _may_be(code: str, letters: list[str]) -> bool:
    """Tell whether most letters belong to the script of the language; nothing speaks against no letters."""
    return not letters or _share(letters, _SCRIPTS.get(code, ("LATIN",))) * 2 >= 1


def _share(letters: list[str], scripts: tuple[str, ...]) -> float:
    inside = sum(unicodedata.name(letter, "").startswith(scripts) for letter in letters)
    return inside / len(letters) if letters else 0.0


def _detected(text: str) -> str:
    language, certainty = _identifier().classify(text)
    return str(language) if certainty >= SURE and len(language) == _CODE_LENGTH else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
