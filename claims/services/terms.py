"""Words as the index has them: their stems, how rare they are, and what a misspelled one may have meant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings
from django.db import connection, transaction

from claims.models import Representation, Term

# PostgreSQL's stemmers, for the languages that are split; in others a word is found as it is written.
CONFIGURATIONS: Mapping[str, str] = MappingProxyType({"en": "english", "de": "german"})
AS_WRITTEN = "simple"
MOST_TERMS = 300_000  # kept; what is rarer than all these counts as rare without being counted
LIKE = 0.3  # share of letter triples that two spellings must have in common
MOST_MISSPELLED, LOOKED_AT, MEANT = 5, 10, 2
SHORTEST = 4  # letters; what is shorter resembles too much


@dataclass(frozen=True, slots=True)
class Asked:
    """A stem that is searched for; `rarity` is its inverse document frequency (Spärck Jones 1972)."""

    word: str
    count: int
    rarity: float


def configuration(language: str) -> str:
    """Return PostgreSQL's text search configuration for a language."""
    return CONFIGURATIONS.get(language.partition("-")[0].lower(), AS_WRITTEN)


_STEMS = "SELECT tsvector_to_array(to_tsvector(%s::regconfig, unaccent(%s)))"
_FORMS = """
    SELECT place, config, tsvector_to_array(to_tsvector(config::regconfig, unaccent(word)))
    FROM unnest(%s::text[]) WITH ORDINALITY AS typed (word, place) CROSS JOIN unnest(%s::text[]) AS config
"""


def of_text(text: str, language: str) -> list[Asked]:
    """Return the stems of a sentence in that language."""
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [configuration(language), text])
        (stems,) = cursor.fetchone()
    return weighed(stems)


def of_words(words: Sequence[str]) -> tuple[list[list[Asked]], list[str]]:
    """Return the stems of each word typed, in every language of the desk, and the words that were taken for others.

    A word that no claim has is taken for the two that are spelled most like it.
    """
    languages = [configuration(language) for language in settings.CLAIMS_LANGUAGES]
    with connection.cursor() as cursor:
        cursor.execute(_FORMS, [list(words), [*languages, AS_WRITTEN]])
        rows = cursor.fetchall()
    forms: dict[int, set[str]] = {}
    stemmed: dict[int, str] = {}  # by place: a stem that tells of more than grammar
    for place, config, stems in rows:
        forms.setdefault(place, set()).update(stems)
        if stems and config == languages[0]:
            stemmed[place] = stems[0]
    known = _counts({stem for stems in forms.values() for stem in stems})
    unknown = [
        stem
        for place, stem in sorted(stemmed.items())
        if not forms[place] & known.keys() and len(stem) >= SHORTEST and not stem.isdecimal()
    ]
    meant = _meant(unknown[:MOST_MISSPELLED])
    wanted = [stems | set(meant.get(stemmed.get(place, ""), ())) for place, stems in sorted(forms.items())]
    every = {asked.word: asked for asked in weighed(sorted(set().union(*wanted)))} if wanted else {}
    return [[every[stem] for stem in sorted(stems)] for stems in wanted if stems], sorted(
        {word for words in meant.values() for word in words}
    )


def weighed(stems: Sequence[str]) -> list[Asked]:
    """Return each stem with its rarity, the rarest first."""
    counts, every = _counts(stems), claims()
    asked = [
        Asked(stem, count, math.log(1 + (every - min(count, every) + 0.5) / (count + 0.5)))
        for stem, count in ((stem, counts.get(stem, 0)) for stem in stems)
    ]
    return sorted(asked, key=lambda one: (one.count, one.word))


def _counts(stems: Sequence[str] | set[str]) -> dict[str, int]:
    return dict(Term.objects.filter(word__in=stems).values_list("word", "count"))


def claims() -> int:
    """Return about how many claims there are: what the planner goes by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [
            Representation._meta.db_table
        ])  # fmt: skip
        (many,) = cursor.fetchone()
    return max(int(many), 1000)


_MEANT = """
    SELECT typed, ARRAY(
        SELECT word FROM claims_term WHERE word %% typed ORDER BY similarity(word, typed) DESC, count DESC LIMIT %s
    ) FROM unnest(%s::text[]) AS typed
"""


def _meant(unknown: Sequence[str]) -> dict[str, list[str]]:
    if not unknown:
        return {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKE)])
        cursor.execute(_MEANT, [LOOKED_AT, list(unknown)])
        near = {typed: [word for word in words if _is_slip(typed, word)] for typed, words in cursor.fetchall()}
    return {typed: words[:MEANT] for typed, words in near.items() if words}


def _is_slip(typed: str, word: str) -> bool:
    """Say whether one is the other but for a slip, or two in a long word: a letter more, less, other, or swapped.

    That is the distance of Damerau (1964), in its restricted form.
    """
    most = 1 if len(typed) <= SHORTEST else 2
    before: list[int] = []
    row = list(range(len(word) + 1))
    for place, letter in enumerate(typed):
        last, before, row = before, row, [place + 1]
        for other, known in enumerate(word):
            steps = [before[other + 1] + 1, row[other] + 1, before[other] + (letter != known)]
            if place and other and (letter, typed[place - 1]) == (word[other - 1], known):
                steps.append(last[other - 1] + 1)
            row.append(min(steps))
    return row[-1] <= most


_COUNT = """
    INSERT INTO claims_term (word, count)
    SELECT word, ndoc FROM ts_stat('SELECT words FROM claims_representation')
    WHERE length(word) <= 100 ORDER BY ndoc DESC, word LIMIT %s
"""


@transaction.atomic
def count_again() -> int:
    """Count in how many claims each word stands; return how many words there are.

    Others read meanwhile, but no word comes in that is counted already, nor goes with its text and is counted still.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE claims_term IN SHARE ROW EXCLUSIVE MODE")
    Term.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [MOST_TERMS])
        return int(cursor.rowcount)
