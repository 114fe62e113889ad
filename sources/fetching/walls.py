"""Pages that answer 200 and are not the page: logins, bot checks, empty shells for JavaScript."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from sources.fetching.changes import sentences
from sources.fetching.digest import normalised
from sources.fetching.outcomes import PDF
from sources.fetching.types import Outcome, Reading

FEW_WORDS = 120
HARDLY_ANY_WORDS = 30
FEW_BESIDE_A_PASSWORD = 60  # a site may have its login on every page
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
_FLAGS = re.IGNORECASE | re.MULTILINE
_NOT_FOUND = re.compile(
    r"^\W*(?:error )?404\b|^\W*(?:page|article|story|file) (?:was |could )?not (?:be )?found"
    r"|(?:page|article|story) (?:that )?you(?:['’]re| are| were|['’]ve| have)? (?:looking for|requested)",
    _FLAGS,
)
_OUT_OF_ORDER = re.compile(
    r"something went wrong|(?:temporarily|currently) unavailable|(?:down for|under|undergoing) (?:\w+ )?maintenance"
    r"|(?:service|server) (?:is )?unavailable|internal server error|bad gateway|gateway time-?out|try again later",
    _FLAGS,
)
_CLOSED = re.compile(
    r"not available in your (?:country|region|location|area)|accept (?:all )?cookies|before you continue"
    r"|(?:cookie|privacy) (?:settings|preferences|choices)|we (?:use|value) (?:cookies|your privacy)",
    _FLAGS,
)
# What a short page says of itself, in the order in which it is asked.
_SAYS_SO = ((_NOT_FOUND, Outcome.GONE), (_OUT_OF_ORDER, Outcome.UNREACHABLE), (_CLOSED, Outcome.GATED))
WALLS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.GATED: "a login, a bot check, a question of cookies or a closed country",
        Outcome.UNSUPPORTED: "a shell that JavaScript would fill",
        Outcome.GONE: "the page says that it was not found",
        Outcome.UNREACHABLE: "the page says that the site is out of order",
    }
)
_EDITED = re.compile(r"\b(?:retract|withdr[ae]w|remov|delet|correct|unpublish|editor|apolog)", re.IGNORECASE)
SHRUNK = 3

_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_NEEDS_JAVASCRIPT = re.compile(
    r"(?:enable|requires?|need|turn on|activate|without)\s+(?:\w+\s+){0,3}javascript"
    r"|javascript (?:is|must be|has to be) (?:\w+\s+)?(?:disabled|enabled|required|needed|off)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)

# What sites call the page to which they send whom they do not let in, or who asks for what is not there.
_DOORS = frozenset(
    {"login", "log-in", "signin", "sign-in", "sign_in", "signup", "sign-up", "sso", "auth", "oauth", "authorize"}
    | {"subscribe", "subscription", "subscriptions", "paywall", "register", "registration", "consent", "captcha"}
    | {"challenge", "account", "accounts", "identity"}
)
_LED_TO = (
    (_DOORS, Outcome.GATED),
    (frozenset({"404", "notfound", "not-found", "page-not-found"}), Outcome.GONE),
    (frozenset({"500", "503", "error", "errors", "maintenance", "unavailable", "sorry"}), Outcome.UNREACHABLE),
)


def led_to(asked: str, found: str) -> Outcome | None:
    """Return what it comes to that who asked for one address was led to another, None where that says nothing.

    By the names of the folders and the page, and of the server: https://login.…, …/subscribe?from=…, …/404.html.
    """
    new = _names(found) - _names(asked)
    return next((outcome for names, outcome in _LED_TO if new & names), None)


def _names(url: str) -> frozenset[str]:
    parts = urlsplit(url.lower())
    return frozenset({parts.netloc.partition(".")[0], *(part.partition(".")[0] for part in parts.path.split("/"))})


def looks_gated(reading: Reading, body: bytes) -> Outcome | None:
    """Return GATED for a wall, UNSUPPORTED for a page that JavaScript would fill, None for a page.

    `body` is the page as it came. A page with an article's worth of words is never a wall, whatever it says; nor is a
    PDF file: what keeps people out comes as a page.
    """
    words = len(reading.text.split())
    if words > FEW_WORDS or body.startswith(PDF):
        return None
    said_so = next(
        (outcome for pattern, outcome in _SAYS_SO if pattern.search(f"{reading.title}\n{reading.text}")), None
    )
    if said_so is not None:
        return said_so
    source = body[:_MARKUP_LOOKED_AT].decode("latin-1")
    said = f"{reading.title}\n{reading.text}"
    if _GATES.search(said) or (words <= HARDLY_ANY_WORDS and _GATES.search(source)):
        return Outcome.GATED
    if words <= FEW_BESIDE_A_PASSWORD and _PASSWORD.search(source):
        return Outcome.GATED
    if _NEEDS_JAVASCRIPT.search(said):
        return Outcome.UNSUPPORTED
    is_shell = words <= HARDLY_ANY_WORDS and _SCRIPT.search(source)
    return Outcome.UNSUPPORTED if is_shell and _is_unfilled(reading, source) else None


def is_stand_in(text: str, *, instead_of: str) -> bool:
    """Tell whether a short text that shares no sentence with the long one before is another page in its place.

    One that speaks of a retraction, a removal or a correction is taken for what it says.
    """
    words = len(text.split())
    if words > FEW_WORDS or words * SHRUNK > len(instead_of.split()) or _EDITED.search(text):
        return False
    return not {normalised(one) for one in sentences(text)} & {normalised(one) for one in sentences(instead_of)}


def _is_unfilled(reading: Reading, source: str) -> bool:
    """Tell whether a page with hardly a word says that JavaScript is wanted, or says nothing at all."""
    return not reading.text.strip() or _NEEDS_JAVASCRIPT.search(source) is not None
