"""A TCP proxy before Valkey that can half-open its connections: bytes are swallowed, the sockets stay alive."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from pathlib import Path

CHUNK = 65536


class Proxy:
    """Passes bytes between a loopback port and a UNIX socket, unless it is deaf."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.deaf = False
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._over = threading.Event()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._dropped: list[socket.socket] = []
        self._thread = threading.Thread(target=self._pass, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What REDIS_URL must say."""
        return f"redis://127.0.0.1:{self._listening.getsockname()[1]}/0"

    def half_open(self) -> None:
        """Swallow whatever goes through the connections that exist now, for ever; new ones are sound."""
        self.deaf = True

    def stop(self) -> None:
        """Close everything."""
        self._over.set()
        self._thread.join(5)
        for one in (self._listening, *self._pairs, *self._dropped):
            one.close()

    def _pass(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            while not self._over.is_set():
                if self.deaf:
                    self._drop_all(selector)
                for key, _events in selector.select(0.1):
                    if key.fileobj is self._listening:
                        self._accept(selector)
                    elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._pairs:
                        self._forward(selector, key.fileobj)

    def _accept(self, selector: selectors.BaseSelector) -> None:
        ours, _address = self._listening.accept()
        theirs = socket.socket(socket.AF_UNIX)
        try:
            theirs.settimeout(2)
            theirs.connect(str(self.target))
        except OSError:  # Valkey is down: the caller meets a closed connection
            ours.close()
            theirs.close()
            return
        for one, other in ((ours, theirs), (theirs, ours)):
            one.settimeout(1)
            self._pairs[one] = other
            selector.register(one, selectors.EVENT_READ)

    def _forward(self, selector: selectors.BaseSelector, one: socket.socket) -> None:
        other = self._pairs[one]
        try:
            content = one.recv(CHUNK)
            if content:
                other.sendall(content)
                return
        except OSError:
            pass  # either end is gone: both are closed
        for end in (one, other):
            with suppress(KeyError, ValueError):
                selector.unregister(end)
            self._pairs.pop(end, None)
            end.close()

    def _drop_all(self, selector: selectors.BaseSelector) -> None:
        """Hear nothing more on the connections there are, and close none of them."""
        for one in self._pairs:
            selector.unregister(one)
        self._dropped += list(self._pairs)
        self._pairs.clear()
        self.deaf = False
