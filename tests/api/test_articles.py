"""POST and GET /articles."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Article, Claim, Submission
from factcheck.access.roles import Scope
from factcheck.ledger import drain_all
from sources.models import Document
from tests.api.conftest import PAGE, Caller, Counts, client_with, is_problem
from tests.factories import STORY, person, split_article, token

pytestmark = pytest.mark.django_db

HTML = (
    "<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>"
    + "<p>The Selmar bridge was closed to lorries on Monday, the mayor’s office said in a long statement.</p>" * 3
    + "</article></body></html>"
)


def test_a_text_becomes_an_article_with_its_place(checker: Caller) -> None:
    answer = checker.post("articles", {"text": STORY, "title": "Talks collapse", "outlet": "The Selmar Post"})
    assert answer.status_code == 201
    told = answer.json()
    assert told["state"] == "due"
    assert told["title"] == "Talks collapse"
    assert told["outlet"]["name"] == "The Selmar Post"
    assert told["snapshot"]["number"] == 1
    assert told["claims_count"] == 0
    assert answer["Location"] == "http://testserver" + told["links"]["self"]
    drain_all()
    shown = checker.get(told["links"]["self"]).json()
    assert shown["state"] == "split"
    assert shown["claims_count"] == len(shown["claims"]) > 0
    assert {one["certainty"] for one in shown["claims"]} >= {"unconfirmed"}
    listed = checker.get(shown["links"]["claims"]).json()["results"]
    assert {one["uid"] for one in listed} == {one["uid"] for one in shown["claims"]}


def test_the_same_text_again_is_the_same_article(checker: Caller, counts: Counts) -> None:
    first = checker.post("articles", {"text": STORY})
    before = counts()
    again = checker.post("articles/", {"text": STORY})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["uid"] == again.json()["uid"]
    assert counts() == before


@pytest.mark.parametrize("again", [PAGE + "#top", PAGE + "?utm_source=x", "https://COURIER.example:443/bridge"])
def test_the_same_page_in_another_spelling_is_the_same_article(checker: Caller, again: str) -> None:
    first = checker.post("articles", {"url": PAGE})
    assert first.status_code == 201
    assert first.json()["state"] == "waiting"
    assert first.json()["snapshot"] is None
    assert checker.post("articles", {"url": again}).json()["uid"] == first.json()["uid"]
    assert [one["uid"] for one in checker.get("articles", url=again).json()["results"]] == [first.json()["uid"]]


def test_a_saved_page_becomes_an_article(checker: Caller) -> None:
    answer = checker.post("articles", {"html": HTML, "outlet": "The Selmar Post"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["outlet"]["name"] == "The Selmar Post"
    snapshot = Article.objects.get(uid=answer.json()["uid"]).document.snapshot
    assert snapshot is not None
    assert "mayor’s" in snapshot.text


def test_a_page_that_cannot_be_read_is_shown_as_failed_with_its_reason(checker: Caller, today: datetime) -> None:
    uid = checker.post("articles", {"url": PAGE}).json()["uid"]
    Document.objects.update(outcome="gated", outcome_detail="login", due_at=today + timedelta(hours=1))
    told = checker.get(f"articles/{uid}").json()
    assert told["state"] == "failed"
    assert told["state_reason"].startswith("gated: login")
    Article.objects.update(quarantined_at=today, last_error="died 3 times")
    assert checker.get(f"articles/{uid}").json()["state"] == "quarantined"


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "invalid"),
    ({"url": PAGE, "text": "x"}, 400, "invalid"),
    ({"url": PAGE, "title": "x"}, 400, "invalid"),
    ({"html": HTML, "title": "x"}, 400, "invalid"),
    ({"url": PAGE, "outlet": "x"}, 400, "invalid"),
    ({"text": 5}, 400, "invalid"),
    ({"text": None}, 400, "invalid"),
    ({"text": ["x"]}, 400, "invalid"),
    ({"text": "x", "title": "x" * 501}, 400, "invalid"),
    ({"text": "x", "status": "supported"}, 400, "invalid"),
    ({"text": "x", "uid": "x"}, 400, "invalid"),
    ({"text": ""}, 400, "empty"),
    ({"text": "  \n"}, 400, "empty"),
    ({"text": "\x01\x02\x03"}, 400, "not_text"),
    ({"text": "\u200b"}, 400, "no_text"),
    ({"text": "x" * (2 * 1024 * 1024 + 1)}, 413, "too_large"),
    ({"html": ""}, 400, "empty"),
    ({"html": "no tags"}, 400, "not_html"),
    ({"html": "<p></p>"}, 400, "no_text"),
    ({"html": "<" * (5 * 1024 * 1024 + 1)}, 413, "too_large"),
    # reliability.md 5 A
    *(({"url": url}, 400, "url_invalid") for url in [
        "", "  ", "notaurl", "//example.com/", "http:/example.com", "http://", "http://[::1", "http://example.com:99999/",
        "http://example.com:-1/", "http://example.com:0/", "http://a b.com/", "http://exa\nmple.com/",
        "http://exa\tmple.com/", "http://exa\rmple.com/", "http://exa%00mple.com/",
        "http://127.0.0.1:80\\@example.com/", f"http://{'a' * 64}.com/", f"http://{'a.' * 127}com/", "http://xn--/",
        "http://①②⑦.0.0.1/", "http://１２７.0.0.1/",
    ]),
    ({"url": "https://example.com/" + "a" * 2048}, 400, "url_too_long"),
    ({"url": "https://user:pass@example.com/"}, 400, "url_credentials"),
    *(({"url": url}, 400, "scheme_not_allowed") for url in [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/",
    ]),
    ({"url": "http://example.com:22/"}, 400, "port_not_allowed"),
    # reliability.md 5 A 29 and B
    *(({"url": f"http://{host}/"}, 422, "address_not_allowed") for host in [
        "localhost", "db.internal", "printer.local", "intranet", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1",
        "127.1", "0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
        "192.0.0.192", "168.63.129.16", "224.0.0.1", "255.255.255.255", "240.0.0.1", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%eth0]",
        "[fd00:ec2::254]", "[fec0::1]",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_refused_says_why_and_leaves_no_row(
    checker: Caller, counts: Counts, body: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    is_problem(checker.post("articles", body), status, code)
    assert counts() == before


def test_a_field_that_is_not_ours_is_named_by_its_pointer(checker: Caller) -> None:
    told = is_problem(checker.post("articles", {"text": "x", "sta/t~us": 1}), 400, "invalid")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("#/sta~1t~0us", "unknown_field")]


def test_articles_are_narrowed_by_outlet_and_time(checker: Caller, article: Article, today: datetime) -> None:
    other = split_article(today, "The council of Selmar met on Monday.", outlet="The Courier")
    assert article.document.publisher is not None
    source = str(article.document.publisher.uid)
    assert uids(checker.get("articles", source=source)) == [str(article.uid)]
    assert uids(checker.get("articles")) == [str(other.uid), str(article.uid)]
    hour = timedelta(hours=1)
    assert uids(checker.get("articles", created_after=(today + hour).isoformat())) == []
    assert len(uids(checker.get("articles", created_before=(today + hour).isoformat()))) == 2


def test_a_client_that_may_suggest_sees_its_own_articles_only(
    checker: Caller, suggester: Caller, article: Article
) -> None:
    own = suggester.post("articles", {"text": "The mayor of Selmar resigned on Monday."})
    assert own.status_code == 201
    assert uids(suggester.get("articles")) == [own.json()["uid"]]
    is_problem(suggester.get(f"articles/{article.uid}"), 404, "not_found")
    other = client_with(Scope.WRITE_SUGGEST, name="Another newsroom")
    is_problem(other.get(f"articles/{own.json()['uid']}"), 404, "not_found")
    assert len(uids(checker.get("articles"))) == 2


def test_a_client_sees_how_many_claims_its_article_has_but_not_the_desks_claims(suggester: Caller) -> None:
    uid = suggester.post("articles", {"text": STORY}).json()["uid"]
    drain_all()
    told = suggester.get(f"articles/{uid}").json()
    assert told["claims_count"] == Claim.objects.count() > 0
    assert told["claims"] == []


def uids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["uid"] for one in answer.json()["results"]]


def test_whoever_sends_in_an_article_that_is_there_already_sees_it_too(
    checker: Caller, suggester: Caller, subscriber: Caller
) -> None:
    other = client_with(Scope.WRITE_SUGGEST, name="Another newsroom")
    writer = Caller(token(person(username="writer"), Scope.WRITE_SUGGEST))
    sent = {"text": "The mayor of Selmar resigned on Monday."}
    uid = checker.post("articles", sent).json()["uid"]
    for caller in (suggester, other, writer):
        is_problem(caller.get(f"articles/{uid}"), 404, "not_found")
        assert caller.post("articles", sent).status_code == 200
        assert caller.post("articles", sent).status_code == 200
        assert caller.get(f"articles/{uid}").json()["uid"] == uid
        assert uids(caller.get("articles")) == [uid]
    assert Submission.objects.count() == 4
    is_problem(client_with(Scope.WRITE_SUGGEST, name="A third").get(f"articles/{uid}"), 404, "not_found")


def test_who_was_first_by_an_older_version_sees_it_without_a_row_of_its_own(suggester: Caller) -> None:
    uid = suggester.post("articles", {"text": "The mayor of Selmar resigned on Monday."}).json()["uid"]
    Submission.objects.all().delete()
    assert uids(suggester.get("articles")) == [uid]
