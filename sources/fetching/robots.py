"""What a site's robots.txt asks of us (RFC 9309)."""

import re
from dataclasses import dataclass
from datetime import timedelta

from protego import Protego

# RFC 9309, 2.5: at least 500 KiB are read; 2.4: kept for a day at most.
MAX_BYTES = 500 * 1024
KEPT_FOR = timedelta(hours=24)
MAX_DELAY_S = 3600.0
_OK, _CLIENT_ERRORS, _TOO_MANY = 200, range(400, 500), 429


@dataclass(frozen=True)
class Rules:
    """What one robots.txt says to one agent; `delay` is in seconds, an hour at most."""

    parsed: Protego
    agent: str

    def allows(self, url: str) -> bool:
        """Say whether that agent may fetch the URL."""
        return bool(self.parsed.can_fetch(url, self.agent))

    @property
    def delay(self) -> float | None:
        """Return the rest asked for between two requests, None where nothing is."""
        asked = self.parsed.crawl_delay(self.agent)
        return None if asked is None else min(float(asked), MAX_DELAY_S)


def rules(text: str, agent: str) -> Rules:
    """Read a robots.txt for an agent by its product token; no text allows everything."""
    return Rules(Protego.parse(text[:MAX_BYTES]), agent)


def product(user_agent: str) -> str:
    """Return the product token of a User-Agent header, 'Factcheck' of 'Factcheck/1.0 (…)': what a robots.txt names."""
    return user_agent.partition("/")[0].partition(" ")[0]


def address(url: str) -> str:
    """Return where the robots.txt of a page's site is; whether that may be fetched, the client decides."""
    scheme, _colon, rest = url.partition("://")
    return f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}/robots.txt"


def is_answer(status: int) -> bool:
    """Say whether a status tells what the site asks of us: its text, or that there is none (2.3.1.3: 4xx)."""
    return status == _OK or (status in _CLIENT_ERRORS and status != _TOO_MANY)


def text_of(status: int, body: bytes) -> str:
    """Return the text to keep of an answer, without byte-order mark, NUL and what is too long, or ''."""
    return body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", "") if status == _OK else ""
