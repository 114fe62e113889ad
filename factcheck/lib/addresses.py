"""Which URLs may be fetched, in one unambiguous form, and which addresses never.

Nothing here resolves a name: what a name resolves to is judged by `is_denied` when `http.fetch` dials it.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

MAX_URL = 2048
MAX_HOST = 253
MAX_PORT = 65535
MAX_SHOWN = 80
PORTS = {"http": 80, "https": 443}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Code = Literal[
    "url_invalid",
    "url_too_long",
    "url_credentials",
    "scheme_not_allowed",
    "port_not_allowed",
    "address_not_allowed",
    "erased",
]


class UrlRefused(ValueError):
    """A URL that will not be fetched: `code` for machines, the message for the person who typed it."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code


@dataclass(frozen=True)
class Parts:
    """A URL that passed the check, taken apart; `target` is path and query as they go on the wire."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_default_port(self) -> bool:
        """Whether the port goes without saying."""
        return self.port == PORTS[self.scheme]

    @property
    def authority(self) -> str:
        """Host as a URL and a Host header write it, with the port where it says something."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_default_port else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


# -- checking --------------------------------------------------------------------------------------

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(.*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{0,5}))?")
_PLAIN = re.compile(r"[!-\[\]-~]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DOTTED = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")

# Names that mean this machine or this network wherever they are asked.
_LOCAL_SUFFIXES = (
    ".localhost", ".localdomain", ".local", ".internal", ".intranet", ".private", ".corp", ".home", ".lan",
    ".home.arpa",
)  # fmt: skip


def checked_url(raw: str) -> str:
    """Return the URL in one unambiguous form, or raise `UrlRefused`; its fragment is dropped."""
    return str(checked_parts(raw))


def absolute_url(reference: str, base: str) -> str:
    """Return what a reference found at `base` means, checked; spaces in it are encoded, as browsers do."""
    reference = reference.strip(" ").replace(" ", "%20")
    if not _SCHEME.fullmatch(reference):
        check_characters(reference)
        reference = _merged(base, reference)
    return checked_url(reference)


def _merged(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError as error:
        raise UrlRefused("url_invalid", f"'{_shown(reference)}' is no URL: {error}") from None


def checked_parts(raw: str) -> Parts:
    """Return the parts of a URL that may be fetched as far as its text can tell, or raise `UrlRefused`."""
    check_characters(raw)
    scheme, rest = _split_scheme(raw)
    authority, target = _split_authority(rest)
    if "@" in authority:
        raise UrlRefused("url_credentials", "Leave out the user name and password before the @.")
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise UrlRefused("url_invalid", f"'{authority}' is not a host name with an optional port.")
    host = _checked_host(match["host"])
    parts = Parts(scheme, host, _checked_port(match["port"], scheme), _encoded_target(target))
    _check_length(str(parts))
    return parts


def endpoint(raw: str) -> Parts:
    """Return the parts of the address of an operator's own server: any host and port. Raises ValueError.

    Only for settings: what comes from outside goes through `checked_parts`.
    """
    check_characters(raw)
    parts = urlsplit(raw)
    if parts.scheme not in PORTS or not parts.hostname or not raw.isascii():
        raise ValueError("write an address that begins with http:// or https://, in plain letters")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("leave out user name, password, ? and #")
    return Parts(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], _encoded_target(parts.path))


def _check_length(url: str) -> None:
    if len(url) > MAX_URL:
        raise UrlRefused("url_too_long", f"A URL may have {MAX_URL} characters; this one has {len(url)}.")


def check_characters(raw: str) -> None:
    """Refuse nothing, too much, controls, white space, backslashes and lone surrogates."""
    if not raw or not raw.strip():
        raise UrlRefused("url_invalid", "Give the address of a page, such as https://example.com/story.")
    _check_length(raw)
    if _PLAIN.fullmatch(raw):  # most of all; asking for each letter's category takes as long as all the rest
        return
    for character in raw:
        if character == "\\" or character.isspace() or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise UrlRefused(
                "url_invalid",
                f"The URL contains the character U+{ord(character):04X}, which has no place in one.",
            )


def _split_scheme(raw: str) -> tuple[str, str]:
    match = _SCHEME.fullmatch(raw)
    if match is None:
        raise UrlRefused("url_invalid", "Give the whole URL, beginning with https:// or http://.")
    scheme = match[1].lower()
    if scheme not in PORTS:
        raise UrlRefused("scheme_not_allowed", f"Only http and https can be fetched, not '{scheme[:40]}:'.")
    return scheme, match[2]


def _split_authority(rest: str) -> tuple[str, str]:
    if not rest.startswith("//"):
        raise UrlRefused("url_invalid", "Two slashes belong after the colon, as in https://example.com/.")
    authority, separator, target = re.fullmatch(r"//([^/?#]*)([/?#]?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]  # matches whatever follows //
    if not authority:
        raise UrlRefused("url_invalid", "The URL names no host.")
    return authority, separator + target


def _checked_port(text: str | None, scheme: str) -> int:
    if not text:
        return PORTS[scheme]
    port = int(text)
    if not 0 < port <= MAX_PORT:
        raise UrlRefused("url_invalid", f"There is no port {port}.")
    if port not in PORTS.values():
        raise UrlRefused("port_not_allowed", f"Only the ports 80 and 443 can be fetched, not {port}.")
    return port


def _checked_host(text: str) -> str:
    if text.startswith("["):
        return _checked_ipv6(text[1:-1])
    host = _ascii_host(text).removesuffix(".")
    labels = host.split(".")
    if len(host) > MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("url_invalid", f"'{_shown(text)}' is not a host name.")
    if _NUMBER.fullmatch(labels[-1]):
        return _checked_ipv4(host)
    if len(labels) == 1 or host.endswith(_LOCAL_SUFFIXES):
        raise _not_allowed(host)
    return host


def _ascii_host(text: str) -> str:
    if text.isascii():
        host = text.lower()
        return _ascii_idn(host) if "xn--" in host else host
    if unicodedata.normalize("NFKC", text) != text or "\u3002" in text:
        raise UrlRefused("url_invalid", f"Write the host '{_shown(text)}' with ordinary letters and digits.")
    return _ascii_idn(text.lower())


def _ascii_idn(host: str) -> str:
    import idna

    try:
        encoded = idna.encode(host)
        idna.decode(encoded)
    except (idna.IDNAError, UnicodeError):
        raise UrlRefused("url_invalid", f"'{_shown(host)}' is not a host name.") from None
    return encoded.decode("ascii").lower()


def _checked_ipv4(host: str) -> str:
    if _DOTTED.fullmatch(host):
        return _checked_dotted(host)
    try:
        address = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        raise UrlRefused("url_invalid", f"'{_shown(host)}' is neither a name nor an address.") from None
    raise UrlRefused("address_not_allowed", f"'{_shown(host)}' is a disguised way to write {address}.")


def _checked_dotted(host: str) -> str:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        raise UrlRefused("url_invalid", f"'{host}' is neither a name nor an address.") from None
    if is_denied(host):
        raise _not_allowed(host)
    return host


def _checked_ipv6(text: str) -> str:
    address, zone, _ = text.partition("%")
    try:
        parsed = ipaddress.IPv6Address(address)
    except ValueError:
        raise UrlRefused("url_invalid", f"'[{_shown(text)}]' is not an IPv6 address.") from None
    if zone or is_denied(str(parsed)):
        raise _not_allowed(text)
    return parsed.compressed


def _not_allowed(host: str) -> UrlRefused:
    return UrlRefused(
        "address_not_allowed",
        f"'{_shown(host)}' is not on the public internet; only public pages can be fetched.",
    )


def _shown(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _encoded_target(target: str) -> str:
    target = target.partition("#")[0]
    if not target.startswith("/"):
        target = "/" + target
    return quote(target, safe="/?%:@!$&'()*+,;=~[]|")


# -- denied addresses ------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def denied_networks() -> tuple[Network, ...]:
    """Return the networks of denied_networks.txt."""
    return tuple(ipaddress.ip_network(word) for word in _first_words("denied_networks.txt"))


def _first_words(filename: str) -> list[str]:
    lines = Path(__file__).with_name(filename).read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=4096)
def is_denied(ip: str, *, also: tuple[str, ...] = ()) -> bool:
    """Tell whether no fetch may reach this address; also true of what is no address, and of zones.

    `also` names the operator's own networks on top of the table; nothing can be taken off it. An IPv6
    form that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) is denied whatever it
    carries.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return True
    return any(
        address.version == network.version and address in network for network in (*denied_networks(), *_parsed(also))
    )


def is_address(host: str) -> bool:
    """Tell whether a checked host is a numeric address and not a name."""
    return ":" in host or _DOTTED.fullmatch(host) is not None


def _parsed(networks: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(network) for network in networks)


# -- identity --------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def trackers() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the names of trackers.txt: whole ones, and prefixes."""
    words = _first_words("trackers.txt")
    prefixes = tuple(word[:-1] for word in words if word.endswith("*"))
    return frozenset(words), prefixes


_SPELLING = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def is_same_page(one: str, other: str) -> bool:
    """Tell whether two URLs differ in http or https, www and a slash at the end only, as sites redirect to one form."""
    return _SPELLING.sub("", one, count=1).rstrip("/") == _SPELLING.sub("", other, count=1).rstrip("/")


_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


def canonical_url(url: str) -> str:
    """Return the identity of a page: two URLs that differ only in spelling or tracking give the same one.

    Raises `UrlRefused` as `checked_url` does. Idempotent.
    """
    from w3lib.url import canonicalize_url

    parts = checked_parts(url)
    path, _, query = parts.target.partition("?")
    kept = [pair for pair in query.split("&") if pair and not _is_tracker(pair)]
    bare = f"{parts.scheme}://{parts.authority}{path}" + ("?" + "&".join(kept) if kept else "")
    canonical = canonicalize_url(_BARE_PERCENT.sub("%25", bare))
    _check_length(canonical)
    return canonical


def _is_tracker(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    names, prefixes = trackers()
    return name in names or name.startswith(prefixes)


def registrable_domain(url: str) -> str:
    """Return the domain somebody registered ('bbc.co.uk'), else the host; '' for what is no URL."""
    from tld import get_tld

    try:
        host = checked_parts(url).host
    except UrlRefused:
        return ""
    found = get_tld(f"http://{host}/", as_object=True, fail_silently=True, search_private=True)
    if found is not None and not isinstance(found, str):
        return found.fld
    return host if is_address(host) else ".".join(host.split(".")[-2:])
