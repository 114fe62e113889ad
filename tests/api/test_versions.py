"""What is kept of a document, over REST: versions, their text, any two, and what a person supplies."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from factcheck.access.roles import Role, Scope
from factcheck.lib import clock
from sources.api.v1 import versions
from sources.models import Change, Document, Snapshot
from tests.api.conftest import Caller, Counts, is_problem
from tests.api.test_bad_input import BODIES, OTHER_KINDS
from tests.factories import person, token

pytestmark = pytest.mark.django_db

NEXT = "The bridge is open to lorries. Engineers found cracks in two pillars."
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40).decode()
HTML = b"<html><body><article><h1>Bridge</h1><p>The bridge is open to lorries again, says the council.</p></article>"

WALL = b"<html><body><h1>Please verify you are a human</h1><p>Press and hold.</p></body></html>"


@pytest.fixture
def supply(page: Document) -> str:
    return f"documents/{page.uid}/supply"


@pytest.fixture
def kept(page: Document) -> str:
    return f"documents/{page.uid}/versions"


def test_the_versions_of_a_page_tell_who_saw_them_and_how_much_they_changed(
    checker: Caller, page: Document, supply: str, kept: str
) -> None:
    checker.post(supply, {"text": NEXT})
    told = checker.get(kept).json()["results"]
    assert [one["number"] for one in told] == [2, 1]
    new, first = told
    assert (new["captured_by"], new["supplied_by"]) == ("person", "fact_checker")
    assert (first["captured_by"], first["supplied_by"], first["change"]) == ("fetch", None, None)
    assert {name: new["change"][name] for name in ("found", "weight", "is_stealth", "has_notice")} == {
        "found": "changed", "weight": "substantive", "is_stealth": True, "has_notice": False,
    }  # fmt: skip
    assert len(new["digest"]) == 64
    assert "text" not in new
    assert first["links"] == {"self": f"/api/v1/{kept}/1", "document": f"/api/v1/documents/{page.uid}"}
    assert checker.get(new["links"]["difference"]).status_code == 200
    assert checker.get(f"documents/{page.uid}").json()["links"]["versions"] == f"/api/v1/{kept}"


def test_versions_are_paged(checker: Caller, supply: str, kept: str) -> None:
    for number in range(4):
        checker.post(supply, {"text": f"The bridge carries {number} lorries."})
    first = checker.get(kept, page_size=2).json()
    assert [one["number"] for one in first["results"]] == [5, 4]
    second = checker.get(first["next"].removeprefix("http://testserver")).json()
    assert [one["number"] for one in second["results"]] == [3, 2]


def test_one_version_comes_with_its_text_and_never_with_markup(checker: Caller, supply: str, kept: str) -> None:
    page = HTML + b"<script>alert(1)</script></body></html>"
    assert checker.post(supply, {"file": base64.b64encode(page).decode()}).status_code == 201
    told = checker.get(f"{kept}/2").json()
    assert "open to lorries again" in told["text"]
    assert "<" not in told["text"]
    assert {block["kind"] for block in told["blocks"]} <= {"headline", "paragraph"}
    assert told["change"]["found"] == "changed"
    for number in (3, 0, 10**30):
        is_problem(checker.get(f"{kept}/{number}"), 404, "not_found")
    is_problem(checker.get(f"{kept}/x"), 404, "not_found")


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_a_text_is_for_the_desk_alone(role: Role, kept: str, subscriber: Caller, suggester: Caller) -> None:
    who = person(role)
    assert Caller(token(who, Scope.READ_ALL)).get(f"{kept}/1").status_code == 200
    for other in (Caller(token(who, Scope.READ_PUBLISHED)), subscriber, suggester):
        for path in (kept, f"{kept}/1", kept.replace("versions", "difference?was=1&now=1")):
            is_problem(other.get(path), 403, "not_allowed")
    assert Caller(token(who, Scope.READ_ALL)).get(f"{kept}/1")["Cache-Control"] == "private, no-cache"


def test_two_versions_are_held_against_each_other(checker: Caller, page: Document, supply: str) -> None:
    checker.post(supply, {"text": NEXT})
    at = f"documents/{page.uid}/difference"
    told = checker.get(at, was=1, now=2).json()
    assert (told["weight"], told["is_stealth"], told["is_whole"], told["notices"]) == ("substantive", True, True, [])
    assert (told["was"]["number"], told["now"]["number"], told["reasons_count"]) == (1, 2, 1)
    assert told["reasons"] == [
        {
            "kind": "status", "was": "The bridge is closed to lorries.", "now": "The bridge is open to lorries.",
            "is_substantive": True,
        }
    ]  # fmt: skip
    assert checker.get(at, was=2, now=2).json()["weight"] == "none"
    is_problem(checker.get(at, was=1, now=3), 404, "not_found")
    is_problem(checker.get(at, was=1), 400, "query_invalid")
    is_problem(checker.get(at, was=0, now=1), 400, "query_invalid")


def test_of_long_versions_the_answer_says_that_it_is_not_whole(
    checker: Caller, page: Document, supply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker.post(supply, {"text": NEXT})
    monkeypatch.setattr(versions, "LETTERS_COMPARED", 10)
    assert checker.get(f"documents/{page.uid}/difference", was=1, now=2).json()["is_whole"] is False


def test_what_a_person_saw_is_kept_in_their_name_and_its_claims_hear_of_it(
    checker: Caller, page: Document, supply: str
) -> None:
    answer = checker.post(supply, {"text": NEXT})
    told = answer.json()
    assert (answer.status_code, told["is_new"], told["version"]["number"]) == (201, True, 2)
    assert answer["Location"] == told["version"]["links"]["self"]
    snapshot = Snapshot.objects.get(document=page, number=2)
    assert snapshot.captured_by_user is not None
    assert snapshot.captured_by_user.username == "fact_checker"
    assert Change.objects.get(after=snapshot).due_at is not None
    again = checker.post(supply, {"text": NEXT})
    assert (again.status_code, again.json()["is_new"], again.json()["version"]["number"]) == (200, False, 2)
    assert not again.has_header("Location")


def test_sent_again_with_its_key_it_is_kept_once(checker: Caller, supply: str, kept: str) -> None:
    key = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    first, again = (checker.post(supply, {"text": NEXT}, headers=key) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert len(checker.get(kept).json()["results"]) == 2


def test_a_screenshot_comes_with_its_words_and_its_moment(
    checker: Caller, page: Document, supply: str, today: datetime
) -> None:
    seen_at = clock.now()
    body = {"file": PNG, "text": "The bridge is open.", "seen_at": seen_at.isoformat()}
    assert checker.post(supply, body).status_code == 201
    assert Snapshot.objects.get(document=page, number=2).taken_at == seen_at


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "invalid"),
    ({"text": " \n"}, 400, "invalid"),
    ({"file": "not base64!"}, 400, "invalid"),
    ({"file": "ée"}, 400, "invalid"),
    ({"file": "QUJD" * 1_800_000}, 400, "invalid"),
    ({"text": 5}, 400, "invalid"),
    ({"text": "x", "seen_at": "yesterday"}, 400, "invalid"),
    ({"text": "x", "by": "somebody"}, 400, "invalid"),
    ({"file": base64.b64encode(b"\x00\x01junk").decode()}, 422, "not_readable"),
    ({"file": base64.b64encode(HTML).decode(), "text": "and this"}, 422, "both"),
    ({"file": PNG}, 422, "text_missing"),
    ({"file": base64.b64encode(WALL).decode()}, 422, "gated"),
    ({"file": base64.b64encode(b"<html><body></body></html>").decode()}, 400, "no_text"),
    ({"text": "x" * 500_001}, 413, "too_large"),
    ({"text": "x", "seen_at": "2999-01-01T00:00:00Z"}, 422, "in_future"),
    ({"text": "x", "seen_at": "2001-01-01T00:00:00Z"}, 409, "older"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_what_cannot_be_kept_is_refused_in_words_and_leaves_nothing(  # noqa: PLR0917  a table
    checker: Caller, supply: str, counts: Counts, body: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    assert is_problem(checker.post(supply, body), status, code)["detail"]
    assert counts() == before


def test_bad_bodies_are_refused_here_too(checker: Caller, supply: str, counts: Counts) -> None:
    before = counts()
    for body, code in BODIES:
        is_problem(checker.post(supply, body), 400, code)
    for media_type in OTHER_KINDS:
        answer = checker.raw(supply, b'{"text": "x"}', media_type=media_type)
        is_problem(answer, 415, "unsupported_media_type")
    assert counts() == before


def test_a_text_without_address_takes_nothing(checker: Caller, article: Any) -> None:
    is_problem(checker.post(f"documents/{article.document.uid}/supply", {"text": "x"}), 409, "no_address")


def test_a_reader_supplies_nothing(page: Document, supply: str) -> None:
    reader = Caller(token(person(Role.READER), Scope.READ_ALL, Scope.WRITE_DESK))
    is_problem(reader.post(supply, {"text": NEXT}), 403, "not_allowed")
    assert page.snapshots.count() == 1


def test_a_page_that_is_behind_a_wall_is_seen_with_what_is_supplied(
    checker: Caller, page: Document, supply: str
) -> None:
    past = clock.now() - timedelta(days=30)
    Document.objects.filter(pk=page.pk).update(outcome="gated", seen_at=past)
    assert checker.get("documents", blind="true").json()["results"]
    checker.post(supply, {"text": NEXT})
    assert not checker.get("documents", blind="true").json()["results"]
