"""Documents, their looks, and sources."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from claims.models import Article
from factcheck.access.roles import Role
from sources.models import Check, Document, Snapshot, Source
from sources.services import documents, grading
from tests.api.conftest import PAGE, Caller, is_problem, read_page
from tests.api.test_articles import uids
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_a_document_tells_how_the_last_look_went_and_why_the_next_is_due(checker: Caller, page: Document) -> None:
    told = checker.get(f"documents/{page.uid}").json()
    assert (told["url"], told["outcome"], told["snapshot"]["number"]) == (PAGE, "changed", 1)
    assert (told["overdue"], told["blind"], told["stuck_since"]) == (False, False, None)
    assert told["due_because"] == "not looked at yet"
    assert told["publisher"]["name"] == "courier.example"


def test_overdue_and_blind_are_computed_when_read(checker: Caller, page: Document, today: datetime) -> None:
    Document.objects.update(due_at=today - timedelta(minutes=1), outcome="gated", seen_at=today - timedelta(days=60))
    told = checker.get(f"documents/{page.uid}").json()
    assert (told["overdue"], told["blind"]) == (True, True)
    assert uids(checker.get("documents", blind="true")) == [str(page.uid)]
    assert uids(checker.get("documents", blind="false")) == []


def test_documents_are_narrowed(checker: Caller, page: Document, article: Article, today: datetime) -> None:
    other = read_page(today, "https://post.example/1")
    Document.objects.filter(pk=other.pk).update(outcome="gone")
    assert page.publisher is not None
    assert uids(checker.get("documents", outcome="gone")) == [str(other.uid)]
    assert uids(checker.get("documents", outcome=["gone", "changed"])) == [str(other.uid), str(page.uid)]
    assert uids(checker.get("documents", source=page.publisher.uid)) == [str(page.uid)]
    assert uids(checker.get("documents", url=PAGE + "?utm_source=x")) == [str(page.uid)]
    assert len(uids(checker.get("documents"))) == 3
    is_problem(checker.get("documents", url="http://127.0.0.1/"), 422, "address_not_allowed")
    is_problem(checker.get("documents", url="nonsense"), 400, "url_invalid")


def test_look_now_makes_it_due_at_once(checker: Caller, page: Document) -> None:
    answer = checker.post(f"documents/{page.uid}/look")
    assert answer.status_code == 202
    assert answer.json()["due_because"] == "somebody asked for it"
    assert answer.json()["overdue"] is True


def test_a_paused_page_and_a_text_are_not_looked_at(
    checker: Caller, page: Document, article: Article, today: datetime
) -> None:
    is_problem(checker.post(f"documents/{article.document.uid}/look"), 409, "not_watched")
    documents.pause(page, now=today)
    is_problem(checker.post(f"documents/{page.uid}/look", {}), 409, "not_watched")
    is_problem(checker.post(f"documents/{page.uid}/look", {"now": True}), 400, "invalid")


def test_every_look_is_listed_with_the_version_it_kept(checker: Caller, page: Document, today: datetime) -> None:
    snapshot = Snapshot.objects.get()
    for minutes, outcome, kept in ((1, "changed", snapshot.pk), (2, "unchanged", None), (3, "gated", None)):
        at = today + timedelta(minutes=minutes)
        Check.objects.create(
            document=page, due_at=at, at=at, outcome=outcome, http_status=200, took_ms=12, snapshot_id=kept
        )
    first = checker.get(f"documents/{page.uid}/checks", page_size=2).json()
    assert [(one["outcome"], one["snapshot"]) for one in first["results"]] == [("gated", None), ("unchanged", None)]
    second = checker.get(first["next"].removeprefix("http://testserver")).json()
    assert [(one["outcome"], one["snapshot"]) for one in second["results"]] == [("changed", 1)]
    assert second["next"] is None
    back = checker.get(second["previous"].removeprefix("http://testserver")).json()
    assert back["results"] == first["results"]


def test_a_source_tells_its_names_grade_and_owner(checker: Caller, article: Article) -> None:
    post = Source.objects.get(name="The Selmar Post")
    owner = Source.objects.create(name="Selmar Media", kind="organisation", reliability_grade="B")
    Source.objects.filter(pk=post.pk).update(parent=owner)
    told = checker.get(f"sources/{post.uid}").json()
    assert (told["names"], told["kind"], told["reliability_grade"]) == (["The Selmar Post"], "outlet", "F")
    assert told["parent"] == {"uid": str(owner.uid), "name": "Selmar Media"}
    assert uids(checker.get(told["links"]["claims"])) != []
    assert uids(checker.get(told["links"]["documents"])) == [str(article.document.uid)]
    assert uids(checker.get("sources", kind="organisation")) == [str(owner.uid)]
    assert uids(checker.get("sources", q="selmar po")) == [str(post.uid)]


def test_a_merged_source_leads_to_the_other_and_is_listed_no_more(checker: Caller, article: Article) -> None:
    post = Source.objects.get(name="The Selmar Post")
    old = Source.objects.create(name="SelPo", merged_into=post)
    assert checker.get(f"sources/{old.uid}").json()["merged_into"] == {"uid": str(post.uid), "name": "The Selmar Post"}
    assert str(old.uid) not in uids(checker.get("sources"))


def test_the_reason_of_a_grade_is_told_by_no_door(
    checker: Caller, subscriber: Caller, suggester: Caller, article: Article, today: datetime
) -> None:
    post = Source.objects.get(name="The Selmar Post")
    editor = person(Role.EDITOR)
    grading.grade(post, Source.Grade.D, why="caught inventing quotes", by=editor, now=today)
    claim = article.appearances.earliest("id").claim
    paths = [f"sources/{post.uid}", "sources", "articles", f"articles/{article.uid}", "claims", f"claims/{claim.uid}"]
    paths += [f"claims/{claim.uid}/{more}" for more in ("history", "independence", "similar", "evidence")]
    for path in [*paths, f"documents/{article.document.uid}"]:
        for caller in (checker, subscriber, suggester):
            said = caller.get(path).content.decode()
            assert "inventing" not in said
            assert '"D"' not in said or (caller is checker and path.startswith("sources")), path


def test_no_client_without_read_all_sees_a_grade(subscriber: Caller, suggester: Caller, article: Article) -> None:
    post = Source.objects.get(name="The Selmar Post")
    for caller in (subscriber, suggester):
        is_problem(caller.get("sources"), 403, "not_allowed")
        is_problem(caller.get(f"sources/{post.uid}"), 403, "not_allowed")
    own = suggester.post("articles", {"text": "The mayor resigned.", "outlet": "The Selmar Post"}).content.decode()
    assert "grade" not in own
