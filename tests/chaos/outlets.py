"""The demo's sites on loopback, for scripts: they are edited when told."""

from __future__ import annotations

import threading

from factcheck.management.demo import outlet


class Sites:
    """A server of pages that change once `edited` is set."""

    def __init__(self) -> None:
        self.edited = threading.Event()
        self.server = outlet.server(0, self.edited.is_set)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        """What a desk must be told to reach them, and to look again soon."""
        names = ",".join(f"{host}=127.0.0.1:{self.server.server_address[1]}" for host in outlet.HOSTS)
        return {"LOOPBACK_HOSTS": names, "CHANGE_LOOKS": "1", "LOOK_AGAIN_WITHIN": "2", "HOST_GAP": "0"}

    def close(self) -> None:
        """Go away."""
        self.server.shutdown()
        self.server.server_close()
