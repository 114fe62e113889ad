"""A client that sends articles in, and keeps outside the system what it was answered."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.chaos.desk import Desk

TIMEOUT_S = 15.0
AGAIN_AFTER_S = 0.25
NOT_YET = 409  # its first request is still being answered
REUSED = 422
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
    """Several connections that send what is handed to them, each article again until it is answered 2xx.

    Of each `keys_of`-th the key is tried twice more: for the same text, and for another.
    """

    def __init__(self, desk: Desk, token: str, history: Path, *, connections: int = 6, keys_of: int = 10) -> None:
        self.desk, self.token, self.keys_of = desk, token, keys_of
        self.sent: list[Sent] = []
        # Of every request, how long it took, from the moment at which it was to be sent; and what keys were wrongly
        # answered, of how many that were tried.
        self.took: list[float] = []
        self.wrong_keys: list[str] = []
        self.keys_tried = 0
        self._over = False
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
        self._over = True
        for _thread in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(TIMEOUT_S + 5)
        self._history.close()

    def _work(self) -> None:
        while (one := self._queue.get()) is not None:
            time.sleep(max(0.0, one.due - time.monotonic()))
            if self._is_answered(one):
                if self.keys_of and one.number % self.keys_of == 0:
                    self._try_key(one)
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
        status, _headers, text = self._post(one, one.body)
        took = time.monotonic() - one.due
        with self._lock:
            self.took.append(took)
        one.took, one.status = max(one.took, took), status
        if status not in {200, 201}:
            self._note(one, "fail" if status else "unknown", status=status, why=text[:200])
            return False
        one.uid = json.loads(text)["uid"]
        self._note(one, "ok", uid=one.uid, ms=round(one.took * 1000))
        return True

    def _post(self, one: Sent, body: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """Send a body under its key; status 0 where no answer came."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": one.key,
        }
        try:
            return self.desk.ask("POST", "/api/v1/articles", json.dumps(body), headers=headers, timeout=TIMEOUT_S)
        except (OSError, HTTPException) as error:
            return 0, {}, type(error).__name__

    def _try_key(self, one: Sent) -> None:
        """Whatever dies meanwhile, the key's first request is answered as before, and any other is refused."""
        status, headers, text = self._insist(one, one.body)
        is_same = status in {200, 201} and json.loads(text)["uid"] == one.uid
        if not (is_same and headers.get("idempotency-replayed") == "true") and not self._over:
            self.wrong_keys.append(f"the key of article {one.uid}: {status} to the same request: {text[:100]}")
        status, _headers, text = self._insist(one, {"text": f"Another text under the key {one.key} of Merrin."})
        if status != REUSED and not self._over:
            self.wrong_keys.append(f"the key of article {one.uid}: {status} to another request: {text[:100]}")
        with self._lock:
            self.keys_tried += 1

    def _insist(self, one: Sent, body: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """Send until there is an answer that is final."""
        while True:
            status, headers, text = self._post(one, body)
            if self._over or (0 < status < HTTPStatus.INTERNAL_SERVER_ERROR and status != NOT_YET):
                return status, headers, text
            time.sleep(AGAIN_AFTER_S)

    def _note(self, one: Sent, what: str, **more: Any) -> None:
        line = {"at": round(time.time(), 3), "number": one.number, "what": what, "try": one.tries, **more}
        with self._lock:
            self._history.write(json.dumps(line) + "\n")
            self._history.flush()
