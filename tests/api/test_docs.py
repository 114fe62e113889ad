"""The examples of docs/api.md are run, one after the other, and what they say is held against the real answers."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from claims.models import Claim
from factcheck.api.problems import KINDS
from factcheck.ledger import drain_all
from sources.models import Document
from tests.api.conftest import Caller
from tests.api.test_access import ADDRESS, LET_IN
from tests.factories import split_article

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"```sh\ncurl -s (.*?) +# (\d+)\n```\n```json\n(.*?)```", TEXT, re.DOTALL)


def run(command: str, caller: Caller, claim: Claim, page: Document) -> Any:
    filled = {"\\\n": " ", "$TOKEN": caller.secret, "$CLAIM": str(claim.uid), "$DOCUMENT": str(page.uid)}
    for place, value in filled.items():
        command = command.replace(place, value)
    words = shlex.split(command)
    url = urlsplit(words.pop(0))
    assert url.netloc == "127.0.0.1:8000"
    options = list(zip(words[::2], words[1::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    body = next((value for name, value in options if name == "-d"), None)
    assert headers.pop("Authorization") == f"Bearer {caller.secret}"
    if body is None:
        return caller.get(f"{url.path}?{url.query}")
    return caller.raw(url.path, body.encode(), media_type=headers.pop("Content-Type"), headers=headers)


def is_alike(said: Any, real: Any, at: str = "") -> None:
    """Check names and kinds everywhere, and words where the handbook does not shorten them."""
    if isinstance(said, dict):
        assert set(said) == set(real), at
        for name in said:
            is_alike(said[name], real[name], f"{at}/{name}")
    elif isinstance(said, list):
        assert len(said) == len(real), at
        for number, (one, other) in enumerate(zip(said, real, strict=True)):
            is_alike(one, other, f"{at}/{number}")
    elif isinstance(said, str) and not re.search(r"…(?!\s|$)|….{0,20}$|^fct_|^\d{4}-|^…", said):
        assert said == real, at
    else:
        assert type(said) is type(real), (at, said, real)


@pytest.mark.django_db
def test_every_example_gives_what_the_handbook_says(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    assert len(EXAMPLES) == 10
    split_article(
        today, "The bridge is open to lorries. Reports of a closure could not be confirmed.", outlet="The Selmar Post"
    )
    for command, status, said in EXAMPLES:
        answer = run(command, checker, claim, page)
        assert answer.status_code == int(status), (command, answer.content)
        is_alike(json.loads(said), answer.json())
        drain_all()


def test_the_handbook_names_every_code_and_every_route() -> None:
    assert [code for code in KINDS if f"`{code}`" not in TEXT] == []
    named = set(re.findall(r"(GET|POST) (/[\w/{}-]+)", TEXT))
    routes = {
        (method, "/" + ADDRESS[name].replace("<uuid:", "{").replace("<int:", "{").replace(">", "}"))
        for name, method in LET_IN
    }
    assert routes <= named, routes - named
