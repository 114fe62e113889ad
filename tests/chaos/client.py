"""A client that sends articles in, and keeps outside the system what it was answered."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.chaos.desk import Desk

TIMEOUT_S = 15.0
AGAIN_AFTER_S = 0.25
TEXT = "Shop {number} in Merrin burned down on Sunday. Police arrested {people} people nearby."
CLAIMS = 2  # in each of those texts


@dataclass(slots=True)
class Sent:
    """One article on its way in; `due` is when it may be sent, by time.monotonic."""

    number: int
    body: dict[str, str]
    due: float
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    uid: str = ""
    tries: int = 0
    took: float = 0.0
    status: int = 0

    @property
    def is_text(self) -> bool:
        """Whether it is a text; else it is the address of a page."""
        return "text" in self.body


class Client:
    """Several connections that send what is handed to them, each article again until it is answered 2xx."""

    def __init__(self, desk: Desk, token: str, history: Path, *, connections: int = 6) -> None:
        self.desk, self.token = desk, token
        self.sent: list[Sent] = []
        self._queue: SimpleQueue[Sent | None] = SimpleQueue()
        self._open = 0
        self._lock = threading.Lock()
        self._history = history.open("a", encoding="utf-8")
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(connections)]
        for thread in self._threads:
            thread.start()

    def texts(self, count: int, *, rate: float) -> list[Sent]:
        """Hand over so many new texts, `rate` a second; returns at once."""
        start = time.monotonic()
        return [
            self._hand_over({"text": TEXT.format(number=number, people=number + 2)}, start + place / rate)
            for place, number in enumerate(range(len(self.sent), len(self.sent) + count))
        ]

    def pages(self, urls: list[str]) -> list[Sent]:
        """Hand over the addresses of pages."""
        return [self._hand_over({"url": url}, time.monotonic()) for url in urls]

    def _hand_over(self, body: dict[str, str], due: float) -> Sent:
        one = Sent(len(self.sent), body, due)
        self.sent.append(one)
        with self._lock:
            self._open += 1
        self._queue.put(one)
        return one

    @property
    def open(self) -> int:
        """How many are not answered yet."""
        return self._open

    def wait(self, within: float) -> bool:
        """Wait until everything is answered; False if that takes too long."""
        deadline = time.monotonic() + within
        while self._open and time.monotonic() < deadline:
            time.sleep(0.05)
        return not self._open

    def close(self) -> None:
        """Stop sending; what is still open stays unanswered."""
        for _thread in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(TIMEOUT_S + 5)
        self._history.close()

    def _work(self) -> None:
        while (one := self._queue.get()) is not None:
            time.sleep(max(0.0, one.due - time.monotonic()))
            if self._is_answered(one):
                with self._lock:
                    self._open -= 1
            else:
                self._retry(one)

    def _retry(self, one: Sent) -> None:
        """Queue it again: the same body under the same key is the same article."""
        one.due = time.monotonic() + AGAIN_AFTER_S
        self._queue.put(one)

    def _is_answered(self, one: Sent) -> bool:
        one.tries += 1
        self._note(one, "invoke")
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": one.key,
        }
        started = time.monotonic()
        try:
            status, _headers, text = self.desk.ask(
                "POST", "/api/v1/articles", json.dumps(one.body), headers=headers, timeout=TIMEOUT_S
            )
        except (OSError, HTTPException) as error:
            self._note(one, "unknown", why=type(error).__name__)
            one.took = max(one.took, time.monotonic() - started)
            return False
        one.took, one.status = max(one.took, time.monotonic() - started), status
        if status not in {200, 201}:
            self._note(one, "fail", status=status, why=text[:200])
            return False
        one.uid = json.loads(text)["uid"]
        self._note(one, "ok", uid=one.uid, ms=round(one.took * 1000))
        return True

    def _note(self, one: Sent, what: str, **more: Any) -> None:
        line = {"at": round(time.time(), 3), "number": one.number, "what": what, "try": one.tries, **more}
        with self._lock:
            self._history.write(json.dumps(line) + "\n")
            self._history.flush()
