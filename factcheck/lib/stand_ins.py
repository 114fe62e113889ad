"""Names under .test that lead to a server on this machine, for the demo and the tests; the guard stays on.

Each name resolves to a public address from a small pool, which the guard judges like any other; dialling
one of those addresses reaches the loopback port. Every other name and address is real.
"""

import re
import socket
from collections.abc import Sequence

from factcheck.lib.addresses import MAX_PORT, PORTS
from factcheck.lib.http import Dial, Resolve, dial_address, resolve_name

_ENTRY = re.compile(r"(?P<name>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.test)=(?P<host>127\.0\.0\.1|\[::1\]):(?P<port>[0-9]{1,5})")
_POOL = "93.184.216."
_FIRST, _LAST = 34, 254


def stand_ins(spec: str) -> tuple[Resolve, Dial]:
    """Return the resolver and the dialler for 'news.test=127.0.0.1:8123,post.test=127.0.0.1:8124'.

    Raises ValueError for a name outside .test, a target that is not loopback, a name given twice.
    """
    entries = [_entry(text.strip()) for text in spec.split(",") if text.strip()]
    names = [name for name, _, _ in entries]
    if len(set(names)) != len(names) or len(names) > _LAST - _FIRST + 1:
        raise ValueError(f"each name once, and at most {_LAST - _FIRST + 1} of them: {spec!r}")
    by_name = {name: f"{_POOL}{_FIRST + index}" for index, name in enumerate(names)}
    by_address = {by_name[name]: (host, port) for name, host, port in entries}

    def resolve(host: str, port: int) -> Sequence[str]:
        return (by_name[host],) if host in by_name else resolve_name(host, port)

    def dial(address: str, port: int, timeout: float) -> socket.socket:
        if address not in by_address:
            return dial_address(address, port, timeout)
        if port != PORTS["http"]:
            raise ConnectionRefusedError(f"the stand-in at {address} speaks plain http only")
        return dial_address(*by_address[address], timeout)

    return resolve, dial


def _entry(text: str) -> tuple[str, str, int]:
    match = _ENTRY.fullmatch(text)
    if match is None or not 0 < int(match["port"]) <= MAX_PORT:
        raise ValueError(f"{text!r} is not NAME.test=127.0.0.1:PORT")
    return match["name"], match["host"].strip("[]"), int(match["port"])
