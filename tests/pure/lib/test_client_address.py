"""Whose request it is, behind any number of proxies."""

from __future__ import annotations

import pytest

from factcheck.lib.client_address import client_address, household

PEER = "203.0.113.9"
SEEN = [
    (0, None, PEER),
    (0, "198.51.100.1", PEER),
    (1, "198.51.100.1", "198.51.100.1"),
    (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
    (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
    (2, "198.51.100.1", PEER),
    (1, None, PEER),
    (1, "unknown", PEER),
    (1, "198.51.100.1:4711", "198.51.100.1"),
    (1, "[2001:db8::1]:4711", "2001:db8::1"),
    (1, "[2001:DB8:0::1]", "2001:db8::1"),
    (1, "::ffff:198.51.100.1", "198.51.100.1"),
    (1, "127.0.0.1\x00", PEER),
]


@pytest.mark.parametrize(("proxies", "forwarded", "address"), SEEN)
def test_the_outermost_proxy_of_ours_says_who_it_saw(proxies: int, forwarded: str | None, address: str) -> None:
    meta = {"REMOTE_ADDR": PEER} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    assert client_address(meta, proxies) == address


def test_the_peer_of_a_unix_socket_has_no_address() -> None:
    assert client_address({"REMOTE_ADDR": ""}, 0) == ""
    assert client_address({}, 3) == ""


def test_a_customers_whole_ipv6_network_counts_as_one() -> None:
    assert household("2001:db8:1:2:3::4") == household("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert household("2001:db8:1:3::1") != household("2001:db8:1:2::1")
    assert household("198.51.100.1") == "198.51.100.1"
    assert household("") == ""
