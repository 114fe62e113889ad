"""A Valkey of our own on a port, and a wire before it that can go dead without telling anybody."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from factcheck import embedded
from tests.chaos.desk import _free_port, eventually


class Valkey:
    """A real server that can be frozen, killed and started again, without what it held."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.start()

    def start(self) -> None:
        binary = embedded._valkey(embedded.place(os.environ.get("TEST_SERVICES", "test")))
        command = [str(binary), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(self._answers, within=20, what="Valkey answers")

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def freeze(self) -> None:
        self.running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.running.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()


class Wire:
    """Carries bytes between clients and a port. A dead connection stays open: what is sent into it is swallowed."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.born_dead = False
        self.in_vain = 0
        self.dead: set[socket.socket] = set()
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_dead(self) -> None:
        """Swallow what existing connections carry, both ways; new ones work."""
        self.dead |= self.open

    def stay_dead(self) -> None:
        """Swallow what new connections carry, too."""
        self.born_dead = True
        self.go_dead()

    def heal(self) -> None:
        """Let new connections work; the dead ones stay dead."""
        self.born_dead = False

    def close(self) -> None:
        self.listener.close()
        for one in list(self.open):
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                near, _address = self.listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.to))
                except ConnectionError:  # the broker is away: whoever called is told so, the next one is heard
                    self.in_vain += 1
                    near.close()
                    continue
                self.open |= {near, far}
                if self.born_dead:
                    self.dead |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while came := source.recv(65536):
                if source not in self.dead:
                    sink.sendall(came)
        if source not in self.dead:
            for one in (source, sink):
                self.open.discard(one)
                one.close()


@contextmanager
def broker() -> Iterator[tuple[Valkey, Wire]]:
    """Give a server behind a wire, and take both away."""
    valkey = Valkey()
    wire = Wire(valkey.port)
    try:
        yield valkey, wire
    finally:
        wire.close()
        valkey.thaw()
        valkey.kill()
