"""Who is at the other end: by the number of proxies in front, never by what the other end says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

_WITH_PORT = re.compile(r"(?P<four>[0-9.]+):[0-9]+|\[(?P<six>[0-9a-fA-F:.]+)\](:[0-9]+)?", re.ASCII)
NEIGHBOURS = 64  # bits of an IPv6 address that one customer has


def client_address(meta: Mapping[str, str], proxies: int) -> str:
    """Return the address that the outermost of our `proxies` proxies saw, from a WSGI environment.

    Each proxy adds to X-Forwarded-For whom it saw; what stands left of ours anybody may have written. Where there are
    fewer entries than proxies, or no address stands there, it is the peer itself; "" for a UNIX socket's.
    """
    peer = _plain(meta.get("REMOTE_ADDR", ""))
    if proxies <= 0:
        return peer
    seen = [word.strip() for word in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return (_plain(seen[-proxies]) if len(seen) >= proxies else "") or peer


def household(address: str) -> str:
    """Return what is counted as one: an IPv4 address, or the /64 of an IPv6 one; any other word as it is."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return f"{IPv6Address(int(found) >> NEIGHBOURS << NEIGHBOURS)}/{NEIGHBOURS}"
    return str(found) if found else address


def _plain(word: str) -> str:
    """Return the address in one spelling, without port and brackets; "" for what is none."""
    with_port = _WITH_PORT.fullmatch(word)
    found = _address((with_port["four"] or with_port["six"]) if with_port else word)
    return str(found) if found else ""


def _address(word: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(word)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found
