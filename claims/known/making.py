"""From whatever fields a shape has to a fact-check: bounded, plain text, and refused with a reason."""

from __future__ import annotations

import hashlib
import html
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urldefrag

from claims.known.types import (
    MAX_LANGUAGE,
    MAX_NAME,
    MAX_RATING,
    MAX_TEXT,
    MAX_TITLE,
    Published,
    Refused,
    Told,
)
from factcheck.lib.addresses import MAX_URL, UrlRefused, absolute_url, canonical_url, checked_url, registrable_domain
from sources.fetching.decoding import cleaned
from sources.fetching.metadata import moment
from sources.fetching.passages import collapsed

MOST_REFUSED = 200
MAX_RAW, MAX_NUMBER = 100_000, 1_000_000.0
DIGEST = 16
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|</?[a-zA-Z][^<>]{0,2000}>", re.DOTALL)
_LANGUAGE = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_]\w+)*\s*")
_FRAGMENT = re.compile(r"[\w.~!$&'()*+,;=:@/?%-]{1,100}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Said:
    """The fields of one fact-check before anything is judged, as they were written; '' for what is not said."""

    url: str = ""
    text: str = ""
    rating: str = ""
    publisher: str = ""
    site: str = ""
    claimant: str = ""
    title: str = ""
    language: str = ""
    value: str = ""
    best: str = ""
    worst: str = ""
    reviewed: str = ""
    claimed: str = ""


class Refusal(Exception):
    """Why a fact-check is not taken, in words that say what to do."""


@dataclass(slots=True)
class Making:
    """Makes the fact-checks of one body, and keeps account of what is missing.

    `base` is where the body came from; where `own_site` is set, a fact-check that claims to be of another site is
    refused: a page speaks for its own site only. Times after `latest` are none.
    """

    latest: datetime
    base: str = ""
    own_site: str = ""
    made: list[Published] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    is_complete: bool = True

    def take(self, place: int, said: Said) -> None:
        """Make one, or keep why not."""
        try:
            self.made.append(self._published(said))
        except Refusal as why:
            self.refuse(place, str(why))

    def refuse(self, place: int, why: str) -> None:
        """Keep why one is not taken; the first so many in words."""
        self.is_complete = False
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(Refused(place, why))
        else:
            self.remarks["were refused beyond those that are named"] += 1

    def told(self, *problems: str, most: int, more: str = "") -> Told:
        """Return what came of it: the newest `most`, each once."""
        found = apart(self.made)
        kept = sorted(found, key=_age)[:most]
        said = [*problems]
        if len(kept) < len(found):
            said.append(f"It has {len(found)} fact-checks; the newest {len(kept)} are read.")
        said += [f"{count} {what}." for what, count in self.remarks.items()]
        complete = self.is_complete and not problems and len(kept) == len(found)
        return Told(tuple(kept), tuple(self.refused), tuple(said), complete, more)

    # -- one of them -------------------------------------------------------------------------------

    def _published(self, said: Said) -> Published:
        url = self._url(said.url)
        text = self._words(said.text, MAX_TEXT)
        if not text:
            raise Refusal("It does not say which claim was checked.")
        value, best, worst = self._numbers(said)
        rating = self._words(said.rating, MAX_RATING)
        if not rating and value is None:
            raise Refusal("It gives no rating, neither in words nor as a number within its bounds.")
        found = _LANGUAGE.fullmatch(said.language[:MAX_NAME])
        return Published(
            identity=canonical_url(url),
            url=url,
            text=text,
            rating=rating,
            publisher=self._words(said.publisher, MAX_NAME) or registrable_domain(url),
            site=self._site(said.site) or registrable_domain(url),
            claimant=self._words(said.claimant, MAX_NAME),
            title=self._words(said.title, MAX_TITLE),
            language=found[1].lower()[:MAX_LANGUAGE] if found else "",
            value=value,
            best=best,
            worst=worst,
            reviewed_at=self._moment(said.reviewed),
            claimed_at=self._moment(said.claimed),
        )

    def _url(self, raw: str) -> str:
        """Return the checked address, with its fragment where that is a plain one."""
        bare, fragment = urldefrag(raw.strip()[: MAX_URL * 2])
        try:
            url = absolute_url(bare, self.base) if self.base else checked_url(bare)
            canonical_url(url)
        except UrlRefused as refusal:
            raise Refusal(f"Its address cannot be used: {refusal}") from None
        if self.own_site and registrable_domain(url) != self.own_site:
            raise Refusal(f"It gives an address on {registrable_domain(url)}; a page speaks for its own site only.")
        is_kept = _FRAGMENT.fullmatch(fragment) and len(url) + len(fragment) < MAX_URL
        return f"{url}#{fragment}" if is_kept else url

    def _site(self, raw: str) -> str:
        """Return the domain, from an address or a bare name."""
        if not raw or len(raw) > MAX_NAME:
            return ""
        found = registrable_domain(raw if "://" in raw else f"https://{raw}/")
        return found if "." in found else ""

    def _words(self, raw: str, most: int) -> str:
        """Return what a reader sees of it; what is longer ends in dots, and that is told."""
        text = plain(raw)
        if len(text) <= most:
            return text
        self.remarks[f"texts are longer than {most} characters and end there"] += 1
        return text[: most - 2].rstrip() + " …"

    def _moment(self, raw: str) -> datetime | None:
        at = moment(raw)
        if at is not None and at > self.latest:
            self.remarks["times lie in the future and are left out"] += 1
            return None
        return at

    def _numbers(self, said: Said) -> tuple[float | None, float | None, float | None]:
        """Return value, best and worst; None for all where they are no numbers or not within each other.

        schema.org's Rating: bestRating is 5 and worstRating 1 where nothing is said.
        """
        value = number(said.value)
        if value is None:
            return None, None, None
        best, worst = number(said.best or "5"), number(said.worst or "1")
        if best is None or worst is None or not worst < best or not worst <= value <= best:
            self.remarks["ratings lie outside of their own bounds and count by their words only"] += 1
            return None, None, None
        return value, best, worst


def plain(raw: str) -> str:
    """Return text without markup, whether it was written as such or by references to characters."""
    text = raw[:MAX_RAW]
    for _ in range(2):  # what was escaped twice is as common as what was once
        text = html.unescape(_TAG.sub(" ", text))
    return collapsed(cleaned(_TAG.sub(" ", text)))


def number(raw: str) -> float | None:
    """Return a number as people write it, with a point or a comma; None for what is none or beyond all bounds."""
    found = _NUMBER.fullmatch(raw.strip()[:MAX_NAME])
    value = float(found[0].replace(",", ".")) if found else math.inf
    return value if abs(value) <= MAX_NUMBER else None


def _age(one: Published) -> float:
    """Order the newest first; what has no time comes last."""
    return -one.reviewed_at.timestamp() if one.reviewed_at else math.inf


# -- one address, several fact-checks --------------------------------------------------------------


def apart(made: Iterable[Published]) -> list[Published]:
    """Return each fact-check once, told apart where one address holds several.

    Of those that stand at one address by themselves the address is the identity. Several are told apart by the
    fragments that their addresses have (Google asks for such), or else by what they say.
    """
    found: dict[str, dict[str, Published]] = {}
    for one in made:
        kept = found.setdefault(one.identity, {})
        mark = urldefrag(one.url).fragment or digest(one.text)
        newer = kept.get(mark)
        kept[mark] = one if newer is None or _age(one) <= _age(newer) else newer
    return [one for kept in found.values() for one in _told_apart(kept)]


def _told_apart(kept: Mapping[str, Published]) -> list[Published]:
    if len(kept) == 1:
        return list(kept.values())
    return [replace(one, identity=f"{one.identity}#{mark}") for mark, one in kept.items()]


def digest(text: str) -> str:
    """Return by which a sentence is told from others."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode("utf-8", "replace")).hexdigest()[:DIGEST]
