"""A page as a test puts it there, and the site that answers with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from factcheck.lib.answers import Failed, Response
from sources.fetching.types import Outcome

URL = "https://news.example.org/bridge"
WORDS = "Engineers found cracks in the Selmar bridge on Friday, the mayor said. " * 4
RNG = random.Random(7)


def html(text: str = WORDS, **_more: str) -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return f"<html lang=en><title>Bridge</title><article><h1>Bridge</h1>{paragraphs}</article></html>".encode()


def answer(body: bytes | None = None, *, status: int = 200, **headers: str) -> Response:
    return Response(
        url=URL,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=html() if body is None else body,
        media_type="text/html",
        charset="utf-8",
        redirects=(),
        took=0.01,
        truncated=False,
    )


class Site:
    """Answers what the test last put there, and remembers what it was asked."""

    def __init__(self) -> None:
        self.now_says: Response | Failed = answer()
        self.asked: list[Any] = []

    def __call__(self, _url: str, *, validators: Any) -> Response | Failed:
        self.asked.append(validators)
        return self.now_says


Look = Callable[..., Outcome]
