"""Pages that answer 200 and are not the page: logins, bot checks, empty shells for JavaScript."""

import re

from sources.fetching.types import Outcome, Reading

FEW_WORDS = 120
HARDLY_ANY_WORDS = 30
_MARKUP_LOOKED_AT = 200_000
_GATES = re.compile(
    r"verify (?:that )?you are (?:a |not a )?(?:human|robot|bot)|are you a (?:robot|human)|not a robot"
    r"|checking (?:your|if the site) (?:browser|connection)|just a moment\.\.\.|attention required!"
    r"|enable javascript and cookies|please enable cookies|unusual (?:traffic|activity)|captcha"
    r"|access (?:to this page )?(?:has been )?denied|request (?:has been |was )?blocked"
    r"|complete the security check|(?:log|sign) in to (?:continue|read|your account|view)"
    r"|(?:subscribe|register) to (?:continue|read|keep reading)|create a free account to"
    r"|(?:already|only for|for) (?:a )?subscribers?\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_NEEDS_JAVASCRIPT = re.compile(
    r"(?:enable|requires?|need|turn on|activate|without)\s+(?:\w+\s+){0,3}javascript"
    r"|javascript (?:is|must be|has to be) (?:\w+\s+)?(?:disabled|enabled|required|needed|off)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def looks_gated(reading: Reading, body: bytes) -> Outcome | None:
    """Return GATED for a wall, UNSUPPORTED for a page that JavaScript would fill, None for a page.

    `body` is the page as it came. A page with an article's worth of words is never a wall, whatever it says.
    """
    words = len(reading.text.split())
    if words > FEW_WORDS:
        return None
    source = body[:_MARKUP_LOOKED_AT].decode("latin-1")
    said = f"{reading.title}\n{reading.text}"
    if _GATES.search(said) or (words <= HARDLY_ANY_WORDS and _GATES.search(source)):
        return Outcome.GATED
    if words <= HARDLY_ANY_WORDS and _PASSWORD.search(source):
        return Outcome.GATED
    if _NEEDS_JAVASCRIPT.search(said):
        return Outcome.UNSUPPORTED
    is_shell = words <= HARDLY_ANY_WORDS and _SCRIPT.search(source)
    return Outcome.UNSUPPORTED if is_shell and _is_unfilled(reading, source) else None


def _is_unfilled(reading: Reading, source: str) -> bool:
    """Tell whether a page with hardly a word says that JavaScript is wanted, or says nothing at all."""
    return not reading.text.strip() or _NEEDS_JAVASCRIPT.search(source) is not None
