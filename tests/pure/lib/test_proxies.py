"""A client cannot choose its own address."""

from __future__ import annotations

import pytest

from factcheck.lib.proxies import client_address, neighbourhood

PEER = "10.0.0.9"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        ("", 0, PEER),
        ("203.0.113.7", 0, PEER),  # nobody stands in front: the client wrote it
        ("203.0.113.7", 1, "203.0.113.7"),
        ("1.1.1.1, 203.0.113.7", 1, "203.0.113.7"),  # forged in front of what the proxy added
        ("1.1.1.1, 203.0.113.7, 10.0.0.8", 2, "203.0.113.7"),
        ("203.0.113.7", 2, PEER),  # shorter than the proxies are many: it did not come by them
        ("", 1, PEER),
        ("not an address", 1, PEER),
        ("1.1.1.1,  2001:db8::7 ", 1, "2001:db8::7"),
    ],
)
def test_only_our_own_proxies_are_believed(forwarded: str, proxies: int, client: str) -> None:
    assert client_address(PEER, forwarded, proxies=proxies) == client


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_whole_ipv6_network_is_one_client(address: str, one: str) -> None:
    assert neighbourhood(address) == one
