"""Lists by cursor."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

import pytest

from claims.services.claims import make
from tests.api.conftest import Caller, is_problem

pytestmark = pytest.mark.django_db


def walk(caller: Caller, url: str, way: str = "next") -> list[dict[str, Any]]:
    pages = []
    at: str | None = url
    while at:
        answer = caller.get(at.removeprefix("http://testserver"))
        assert answer.status_code == 200, answer.content
        pages.append(answer.json())
        links = {rel: to for to, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.get("Link", ""))}
        assert links == {
            rel: pages[-1][name] for rel, name in (("next", "next"), ("prev", "previous")) if pages[-1][name]
        }
        at = pages[-1][way]
    return pages


@pytest.mark.parametrize("many", [0, 1, 4, 5, 6, 15, 23])
def test_a_walk_sees_each_row_once_and_back_again(checker: Caller, today: datetime, many: int) -> None:
    made = [str(make(f"Claim {number}.", now=today).uid) for number in range(many)]
    pages = walk(checker, "/api/v1/claims?page_size=5")
    assert [one["uid"] for page in pages for one in page["results"]] == made[::-1]
    assert pages[0]["previous"] is None
    assert pages[-1]["next"] is None
    assert len(pages) == max(1, -(-many // 5))
    if len(pages) > 1:
        back = walk(checker, pages[-1]["previous"], way="previous")
        assert [one["uid"] for page in back[::-1] for one in page["results"]] == made[::-1][: (len(pages) - 1) * 5]
        assert back[-1]["previous"] is None


def test_a_row_that_comes_in_meanwhile_moves_nothing(checker: Caller, today: datetime) -> None:
    made = [str(make(f"Claim {number}.", now=today).uid) for number in range(6)]
    first = checker.get("claims", page_size=3).json()
    late = str(make("Late.", now=today).uid)
    second = checker.get(first["next"].removeprefix("http://testserver")).json()
    assert [one["uid"] for one in first["results"] + second["results"]] == made[::-1]
    newer = checker.get(second["previous"].removeprefix("http://testserver")).json()
    assert newer["results"] == first["results"]
    newest = checker.get(newer["previous"].removeprefix("http://testserver")).json()
    assert [one["uid"] for one in newest["results"]] == [late]


def test_parameters_stay_with_the_walk(checker: Caller, today: datetime) -> None:
    for number in range(4):
        make(f"Claim {number}.", now=today, kind="forecast" if number % 2 else "fact")
    pages = walk(checker, "/api/v1/claims?page_size=1&kind=forecast")
    assert [len(page["results"]) for page in pages] == [1, 1]


def test_a_page_has_fifty_rows_unless_asked_and_never_more_than_two_hundred(checker: Caller, today: datetime) -> None:
    for number in range(51):
        make(f"Claim {number}.", now=today)
    assert len(checker.get("claims").json()["results"]) == 50
    answer = checker.get("claims", page_size="1000000000")
    assert (answer.status_code, len(answer.json()["results"])) == (200, 51)
    assert checker.get("claims", page_size="9" * 300).status_code == 200


def word(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


BAD = [
    "zzz", "%00", "é", "a", "=", "o", word("o"), word("x5"), word("o-5"), word("o" + "9" * 19), word("o٣"),
    word("o5 OR 1"), word("o2026-01-01T00:00:00+00:00"), word("o2026-99-01T00:00:00+00:00"), "a" * 101,
]  # fmt: skip


@pytest.mark.parametrize("cursor", BAD)
def test_a_cursor_that_is_none_of_ours_is_refused(checker: Caller, cursor: str) -> None:
    answer = checker.get("claims", cursor=cursor)
    is_problem(answer, 400, "query_invalid" if len(cursor) > 100 else "cursor_invalid")


@pytest.mark.parametrize("cursor", [word("o5"), word("o2026-99-01T00:00:00+00:00"), word("o2026-01-01T00:00:00Z")])
def test_a_cursor_of_another_list_is_refused(checker: Caller, page: Any, cursor: str) -> None:
    is_problem(checker.get(f"documents/{page.uid}/checks", cursor=cursor), 400, "cursor_invalid")


def test_a_cursor_beyond_either_end_gives_an_empty_page(checker: Caller, claim: Any) -> None:
    for text in ("o0", "n" + "9" * 18):
        assert checker.get("claims", cursor=word(text)).json() == {"next": None, "previous": None, "results": []}
