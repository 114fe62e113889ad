"""reliability.md section 5, F and G: each bad input has its answer, none is a 500, none leaves a row."""

from __future__ import annotations

import json
import logging
import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from claims.models import Claim
from factcheck.access.models import Token, User
from factcheck.lib import clock
from tests.api.conftest import Caller, Counts, is_problem

pytestmark = pytest.mark.django_db

POSTS = ["articles", "claims", "claims/{claim}/moves", "claims/{claim}/evidence"]
BODIES = [
    (b"", "empty_body"),
    (b" ", "empty_body"),
    (b'{"text": "x"', "malformed_json"),
    (b'{"text": "\xff"}', "not_utf8"),
    (b"[" * 100_000, "too_deep"),
    (b'{"text": "\\u0000"}', "character_not_allowed"),
    (b'{"text": "\\ud800"}', "character_not_allowed"),
    (b'{"te\\u0000xt": "x"}', "character_not_allowed"),
    (b'{"text": NaN}', "number_out_of_range"),
    (b'{"text": 1e400}', "number_out_of_range"),
    (b'{"text": ' + b"1" * 5000 + b"}", "number_out_of_range"),
    (b'{"text": "x", "text": "y"}', "duplicate_key"),
    (b"[]", "not_an_object"),
    (b"null", "not_an_object"),
    (b'"x"', "not_an_object"),
    (b'{"newsroom": 1}', "invalid"),
    (b'{"id": 1}', "invalid"),
]


@pytest.mark.parametrize("path", POSTS)
def test_bad_bodies_are_refused_on_every_route_that_takes_one(
    checker: Caller, claim: Claim, counts: Counts, path: str
) -> None:
    before = counts()
    for body, code in BODIES:
        is_problem(checker.post(path.format(claim=claim.uid), body), 400, code)
    assert counts() == before


OTHER_KINDS = [
    "application/xml", "text/plain", "", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
    "application/json; charset=latin-1", "nonsense",
]  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_a_body_of_another_kind_is_415(checker: Caller, claim: Claim, counts: Counts, path: str) -> None:
    before = counts()
    for media_type in OTHER_KINDS:
        answer = checker.raw(path.format(claim=claim.uid), b'{"text": "x"}', media_type=media_type)
        is_problem(answer, 415, "unsupported_media_type")
    assert counts() == before


def test_a_large_body_is_413(checker: Caller, counts: Counts) -> None:
    before = counts()
    is_problem(checker.post("articles", {"text": "x" * 3_000_000}), 413, "too_large")
    is_problem(checker.post("articles", b'{"html": "' + b"x" * (12 * 1024 * 1024) + b'"}'), 413, "too_large")
    assert counts() == before


@pytest.mark.parametrize("accept", ["image/png", "text/html", "application/xml"])
def test_an_answer_of_another_kind_is_406(checker: Caller, accept: str) -> None:
    is_problem(checker.get("claims", headers={"Accept": accept}), 406, "not_acceptable")


LISTS = ["articles", "claims", "documents", "sources", "claims/{claim}/history", "claims/{claim}/evidence"]
QUERIES = [
    "n=1", "n=abc", "before=notadate", "format=json", "format=xml", "page=2", "order=text", "%00=1", "page_size=abc",
    "page_size=0", "page_size=-1", "page_size=", "page_size=1.5", "page_size=%D9%A3", "page_size=1&page_size=2",
    "cursor=%00", "cursor=", "%ff=1", "cursor=" + "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_bad_query_parameters_are_refused_on_every_list(checker: Caller, claim: Claim, path: str) -> None:
    for query in QUERIES:
        told = is_problem(checker.get(f"/api/v1/{path.format(claim=claim.uid)}?{query}"), 400, "query_invalid")
        assert told["errors"][0]["parameter"]


CLAIMS_QUERIES = [
    "status=true", "status=", "status=unreviewed&status=bogus", "status=%00", "stale=maybe", "stale=1", "stale=",
    "overdue=yes", "overdue=True", "reason=bogus", "certainty=sure", "kind=rumour", "source=5", "source=abc",
    "source=%7B00000000-0000-4000-8000-000000000000%7D", "article=-1", "q=", "q=%00", "q=a%00b", "q=" + "x" * 201,
    "created_after=notadate", "created_after=99999-01-01", "created_before=2026-13-01", "moved_after=%00",
    "created_after=0001-01-01T00:00:00%2B14:00", "stale=true&stale=false",
    "&".join(["status=unreviewed"] * 10),
]  # fmt: skip


@pytest.mark.parametrize("query", CLAIMS_QUERIES)
def test_bad_values_are_refused(checker: Caller, query: str) -> None:
    is_problem(checker.get(f"/api/v1/claims?{query}"), 400, "query_invalid")


ODD_QUERIES = [
    "q=%25", "q=_", "q=%5C", "q='%3B--", "q=%F0%9F%98%80", "q=%ff", "q=%ED%A0%80",
    "created_after=0001-01-01T00:00:00Z", "created_before=9999-12-31T23:59:59Z",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_odd_values_that_mean_something_are_answered(checker: Caller, claim: Claim, query: str) -> None:
    assert checker.get(f"/api/v1/claims?{query}").status_code == 200


def test_more_parameters_than_anybody_needs_are_a_bad_request(checker: Caller) -> None:
    is_problem(checker.get("/api/v1/claims?" + "&".join(f"a{n}=1" for n in range(2000))), 400, "bad_request")


def test_a_query_on_a_route_that_takes_none_is_refused(checker: Caller, claim: Claim, counts: Counts) -> None:
    before = counts()
    for path in ("me", "problems", f"claims/{claim.uid}"):
        is_problem(checker.get(path, expand="all"), 400, "query_invalid")
    is_problem(checker.post("claims?dry_run=1", {"text": "x"}), 400, "query_invalid")
    is_problem(checker.post("claims?status=supported", {"text": "x"}), 400, "query_invalid")
    assert counts() == before


UIDS = ["100000000000000000000000", "-1", "0", "٣", "%D9%A3", "abc", "%00", "null", "{uid}", "../claims", "%ff",
        "00000000-0000-4000-8000-00000000000g", "00000000-0000-4000-8000-000000000000"]  # fmt: skip


@pytest.mark.parametrize("path", ["claims/{}", "claims/{}/history", "articles/{}", "documents/{}", "sources/{}",
                                  "documents/{}/checks", "claims/{}/evidence"])  # fmt: skip
def test_what_is_no_uid_or_of_nothing_is_404(checker: Caller, path: str) -> None:
    for uid in UIDS:
        is_problem(checker.get(f"/api/v1/{path.format(uid)}"), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/claims", "/api/v1/claims//", "/api/x"]
)
def test_an_address_that_is_none_of_ours_is_404_for_any_method(nobody: Caller, path: str, settings: Any) -> None:
    for debug in (False, True):
        settings.DEBUG = debug
        for method in ("GET", "POST", "DELETE", "OPTIONS"):
            is_problem(nobody.raw(path, b"", method=method), 404, "not_found")


SECRETS = [
    "Bearer wrong", "Bearer", "Bearer ", "Basic dTpw", "Token x", "Bearer " + "x" * 10_000, "Bearer a\nb",
    "Bearer \x00", "Bearer é", "Bearer fct_ x",
]  # fmt: skip


@pytest.mark.parametrize("header", SECRETS)
def test_a_wrong_token_is_401_and_says_no_more(nobody: Caller, header: str) -> None:
    answer = nobody.get("claims", headers={"Authorization": header})
    told = is_problem(answer, 401, "token_invalid")
    assert told["detail"].startswith("The token is not valid.")
    assert answer["WWW-Authenticate"] == 'Bearer realm="factcheck"'


def test_revoked_expired_and_inactive_are_401_in_the_same_words(checker: Caller) -> None:
    wrong = Caller("wrong").get("me").json()
    now = clock.now()
    for change in ({"revoked_at": now}, {"revoked_at": None, "expires_at": now - timedelta(seconds=1)}):
        Token.objects.update(**change)
        assert checker.get("me").json()["detail"] == wrong["detail"]
    Token.objects.update(expires_at=now + timedelta(days=1))
    assert checker.get("me").status_code == 200
    User.objects.update(is_active=False)
    is_problem(checker.get("me"), 401, "token_invalid")


def test_a_wrong_host_is_400(checker: Caller) -> None:
    is_problem(checker.get("claims", headers={"Host": "evil.example"}), 400, "bad_request")
    assert Browser(raise_request_exception=False).get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_forged_address_and_a_forged_request_id_change_nothing(checker: Caller) -> None:
    answer = checker.get("me", headers={"X-Forwarded-For": "127.0.0.1", "X-Request-ID": "a b\u2028"})
    assert answer.status_code == 200
    assert len(answer["X-Request-ID"]) == 32
    assert checker.get("me", headers={"X-Request-ID": "cms-17.a_B"})["X-Request-ID"] == "cms-17.a_B"


def test_a_post_is_taken_with_and_without_a_slash(checker: Caller) -> None:
    assert checker.post("claims", {"text": "One."}).status_code == 201
    assert checker.post("claims/", {"text": "Two."}).status_code == 201
    assert checker.get("claims/").status_code == 200


def test_no_answer_is_kept_by_a_shared_cache_nor_given_again_unasked(checker: Caller) -> None:
    assert checker.get("claims")["Cache-Control"] == "private, no-cache"
    for answer in (
        checker.get("nothing"),
        checker.get("claims", page_size=0),
        checker.post("claims", {"text": "One."}),
    ):
        assert answer["Cache-Control"] == "no-store"


VALID = [
    ("articles", {"text": "The bridge is closed.", "title": "Bridge", "outlet": "The Post"}),
    ("claims", {"text": "The bridge is closed.", "kind": "fact", "said_at": "2026-03-01T10:00:00Z", "language": "en"}),
    ("claims/{claim}/moves", {"to": "in_review", "seen": "unreviewed", "reason": "so"}),
    ("claims/{claim}/evidence", {"url": "https://courier.example/1", "stance": "context", "quote": "x"}),
]
ODDITIES = [
    b"\x00", b"\xff", b'"', b"{", b"}", b"[", b"\\", b"\\u0000", b"\\ud800", b"null", b"1e999", b"-", b",", b":",
    b"true", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"\\u202e", b"\x7f", b"\\u001f", b"'", b"%00", b"\r\n",
    b" " * 50, b"A" * 400,
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), VALID, ids=[path for path, _body in VALID])
def test_no_mutation_of_a_good_body_breaks_anything(
    checker: Caller, claim: Claim, counts: Counts, path: str, body: dict[str, Any]
) -> None:
    rng = random.Random(20260302)
    good = json.dumps(body).encode()
    for _round in range(60):
        mutated = bytearray(good)
        for _change in range(rng.randint(1, 3)):
            at, until = sorted(rng.sample(range(len(mutated) + 1), 2))
            until = min(until, at + rng.randint(0, 8))
            mutated[at:until] = rng.choice(ODDITIES)
        before = counts()
        answer = checker.post(path.format(claim=claim.uid), bytes(mutated))
        assert answer.status_code < 500, (bytes(mutated), answer.content)
        if answer.status_code >= 400:
            told = is_problem(answer, answer.status_code, answer.json()["code"])
            assert told["code"] == "not_read_yet" or counts() == before, bytes(mutated)


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    """Keep the log of refused requests out of the way."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
