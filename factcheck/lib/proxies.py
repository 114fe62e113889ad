"""Who asked, behind proxies: only as many places of X-Forwarded-For are believed as there are proxies of ours."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

NETWORK_BITS = 64


def client_address(remote: str, forwarded: str, *, proxies: int) -> str:
    """Return the address of the client.

    `remote` is the peer of the connection, `forwarded` the header X-Forwarded-For. Each proxy of ours adds the address
    that it saw at the end, so the client stands as many places from the end as there are proxies; whatever stands
    before that place was written by the client itself. A header that is shorter, or no address, is not believed.
    """
    places = [place.strip() for place in forwarded.split(",")]
    if not 0 < proxies <= len(places):
        return remote
    try:
        return str(ip_address(places[-proxies]))
    except ValueError:
        return remote


def neighbourhood(address: str) -> str:
    """Return what is counted as one client: an IPv4 address, or an IPv6 network of 64 bits; other text as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), NETWORK_BITS), strict=False))
