"""GET and POST /claims, and the history of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Article, Claim
from claims.services import evidence, flags, verdicts, wording
from claims.services.claims import make
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import User
from sources.models import Document, Source
from tests.api.conftest import Caller, Counts, is_problem
from tests.api.test_articles import uids
from tests.factories import STORY, person

pytestmark = pytest.mark.django_db

QUOTE = "engineers had found\ncracks in two of the pillars"


def test_a_claim_tells_where_it_stands_and_who_the_text_has_it_from(checker: Caller, article: Article) -> None:
    told = next(one for one in checker.get("claims", certainty="unconfirmed").json()["results"])
    assert told["status"] == "unconfirmed"
    assert told["origin"] == "split"
    assert (told["overdue"], told["stale"], told["flags"]) == (False, False, [])
    place = told["appearances"][0]
    assert place["article"] == str(article.uid)
    assert place["chain"][0]["name"] == "The Selmar Post"
    assert place["chain"][0]["source"] == str(Source.objects.get(name="The Selmar Post").uid)
    assert place["chain"][-1]["source"] is None
    assert article.snapshot is not None
    for span in place["spans"]:
        quote, position = span["selector"]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert article.snapshot.text[position["start"] : position["end"]] == quote["exact"]
    assert place["snapshot"] == article.snapshot.number
    assert told["allowed_moves"] == [
        "in_review", "supported", "refuted", "conflicting", "not_enough_evidence", "not_checkable",
    ]  # fmt: skip
    assert checker.get(f"claims/{told['uid']}").json() == told


def test_a_claim_tells_what_its_sentence_says_in_place_of_the_articles_words(
    checker: Caller, claim: Claim, today: datetime
) -> None:
    edit = {"start": 5, "end": 8, "was": "She", "now": "Ilka Brandt", "why": "she is Ilka Brandt", "at": 0}
    Claim.objects.filter(pk=claim.pk).update(edits=[edit], written="Ilka Brandt left.", text="Ilka Brandt left.")
    assert checker.get(f"claims/{claim.uid}").json()["edits"] == [{**edit, "put_back": False}]
    wording.put_back(claim, 0, by=User.objects.get(username="fact_checker"), now=today)
    told = checker.get(f"claims/{claim.uid}").json()
    assert (told["text"], told["edits"][0]["put_back"]) == ("She left.", True)


def test_a_reader_is_offered_no_moves(reader: Caller, claim: Claim) -> None:
    assert reader.get(f"claims/{claim.uid}").json()["allowed_moves"] == []


def test_a_claim_by_hand_needs_no_article(checker: Caller) -> None:
    answer = checker.post("claims", {
        "text": "Die Brücke ist gesperrt.", "language": "de", "claimant": "Ilka Brandt", "kind": "fact",
        "said_at": "2026-03-01T10:00:00Z", "said_where": "council meeting",
    })  # fmt: skip
    assert answer.status_code == 201
    told = answer.json()
    assert (told["origin"], told["status"], told["language"]) == ("person", "unreviewed", "de")
    assert told["claimant"]["name"] == "Ilka Brandt"
    assert told["said_at"] == "2026-03-01T10:00:00Z"
    assert told["appearances"] == []
    assert answer["Location"].endswith(f"/api/v1/claims/{told['uid']}")


def test_a_claim_marked_in_an_article_is_pinned_to_its_quote(checker: Caller, article: Article) -> None:
    answer = checker.post("claims", {
        "text": "Two pillars are cracked.", "article": str(article.uid), "quote": QUOTE, "certainty": "probable",
    })  # fmt: skip
    assert answer.status_code == 201, answer.content
    place = answer.json()["appearances"][0]
    assert place["certainty"] == "probable"
    assert " ".join(place["quote"].split()) == " ".join(QUOTE.split())


def test_a_client_suggests_and_sees_its_own_claims_only(
    checker: Caller, suggester: Caller, claim: Claim, counts: Counts
) -> None:
    own = suggester.post("claims", {"text": "The bridge will be torn down."})
    assert own.status_code == 201
    assert own.json()["origin"] == "client"
    assert uids(suggester.get("claims")) == [own.json()["uid"]]
    is_problem(suggester.get(f"claims/{claim.uid}"), 404, "not_found")
    assert own.json()["flags"] is None
    assert own.json()["allowed_moves"] == []
    is_problem(suggester.get(f"claims/{own.json()['uid']}/history"), 403, "not_allowed")


def test_a_client_cannot_place_a_claim_in_an_article_of_the_desk(
    suggester: Caller, article: Article, counts: Counts
) -> None:
    before = counts()
    sent = {"text": "Two pillars are cracked.", "article": str(article.uid), "quote": QUOTE}
    is_problem(suggester.post("claims", sent), 422, "article_unknown")
    assert counts() == before


def test_a_person_who_may_only_suggest_sees_what_they_wrote(today: datetime, claim: Claim) -> None:
    from factcheck.access.roles import Scope
    from tests.factories import token

    someone = person(username="someone")
    own = make("The mayor resigned.", now=today, by=someone)
    caller = Caller(token(someone, Scope.WRITE_SUGGEST))
    assert uids(caller.get("claims")) == [str(own.uid)]
    assert caller.post("articles", {"text": STORY}).status_code == 201
    assert len(uids(caller.get("articles"))) == 1


UNKNOWN = "00000000-0000-4000-8000-000000000000"
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "invalid"),
    ({"text": ""}, 400, "invalid"),
    ({"text": "x" * 2001}, 400, "claim_text"),
    ({"text": 5}, 400, "invalid"),
    ({"text": True}, 400, "invalid"),
    ({"text": "x", "status": "supported"}, 400, "invalid"),
    ({"text": "x", "uid": UNKNOWN}, 400, "invalid"),
    ({"text": "x", "kind": "rumour"}, 422, "not_in_list"),
    ({"text": "x", "kind": 7}, 422, "not_in_list"),
    ({"text": "x", "kind": "rumour", "language": "?"}, 400, "invalid"),
    ({"text": "x", "language": "english please"}, 400, "invalid"),
    ({"text": "x", "said_at": "yesterday"}, 400, "invalid"),
    ({"text": "x", "said_at": "0001-01-01T00:00:00+14:00"}, 400, "invalid"),
    ({"text": "x", "said_at": "9999-12-31T23:59:59-12:00"}, 400, "invalid"),
    ({"text": "x", "said_at": 5}, 400, "invalid"),
    ({"text": "x", "said_where": "x" * 301}, 400, "invalid"),
    ({"text": "x", "claimant": "x" * 301}, 400, "invalid"),
    ({"text": "x", "article": UNKNOWN}, 400, "invalid"),
    ({"text": "x", "quote": "x"}, 400, "invalid"),
    ({"text": "x", "certainty": "asserted"}, 400, "invalid"),
    ({"text": "x", "article": 5, "quote": "x"}, 400, "invalid"),
    ({"text": "x", "article": "{" + UNKNOWN + "}", "quote": "x"}, 400, "invalid"),
    ({"text": "x", "article": UNKNOWN, "quote": "x"}, 422, "article_unknown"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_refused_says_why_and_leaves_no_row(
    checker: Caller, counts: Counts, body: dict[str, Any], status: int, code: str
) -> None:
    before = counts()
    is_problem(checker.post("claims", body), status, code)
    assert counts() == before


def test_a_quote_that_does_not_stand_in_its_article_is_refused_whole(
    checker: Caller, article: Article, counts: Counts
) -> None:
    before = counts()
    sent = {"text": "A claim.", "article": str(article.uid), "quote": "words from another article"}
    is_problem(checker.post("claims", sent), 422, "quote_not_found")
    assert counts() == before


def test_a_quote_of_a_page_that_was_not_read_yet_is_a_conflict(checker: Caller) -> None:
    uid = checker.post("articles", {"url": "https://courier.example/later"}).json()["uid"]
    is_problem(checker.post("claims", {"text": "A claim.", "article": uid, "quote": "x"}), 409, "not_read_yet")


def test_claims_are_narrowed_by_every_parameter(
    checker: Caller, article: Article, page: Document, today: datetime
) -> None:
    flagged = make("The bridge was sold.", now=today, kind="forecast", claimant="Ilka Brandt")
    flags.raise_flag(flagged, StaleReason.SOURCE_GONE, now=today, document=page, anchor="page_gone")
    old = make("The bridge is safe.", now=today - timedelta(days=4000))
    Claim.objects.filter(pk=old.pk).update(holds_until=today - timedelta(days=1))
    everything = set(uids(checker.get("claims")))
    assert uids(checker.get("claims", stale="true")) == [str(flagged.uid)]
    assert set(uids(checker.get("claims", stale="false"))) == everything - {str(flagged.uid)}
    assert uids(checker.get("claims", reason="source_gone")) == [str(flagged.uid)]
    assert uids(checker.get("claims", reason="too_old")) == []
    assert uids(checker.get("claims", kind="forecast", q="sold")) == [str(flagged.uid)]
    assert uids(checker.get("claims", overdue="true")) == [str(old.uid)]
    assert set(uids(checker.get("claims", overdue="false"))) == everything - {str(old.uid)}
    assert uids(checker.get("claims", q="BRIDGE was")) == [str(flagged.uid)]
    brandt = flagged.claimant
    assert brandt is not None
    assert str(flagged.uid) in uids(checker.get("claims", source=brandt.uid))
    post = Source.objects.get(name="The Selmar Post")
    of_post = set(uids(checker.get("claims", source=post.uid)))
    assert of_post == set(uids(checker.get("claims", article=article.uid)))
    assert of_post == everything - {str(flagged.uid), str(old.uid)}
    assert len(uids(checker.get("claims", certainty="unconfirmed"))) == 1
    assert set(uids(checker.get("claims", status=["unconfirmed", "unreviewed"]))) == everything
    assert uids(checker.get("claims", status="refuted")) == []
    assert uids(checker.get("claims", source=UNKNOWN)) == uids(checker.get("claims", article=UNKNOWN)) == []
    day = timedelta(days=1)
    assert str(old.uid) not in uids(checker.get("claims", moved_after=(today - day).isoformat()))
    assert uids(checker.get("claims", created_after=(today + day).isoformat())) == []
    assert set(uids(checker.get("claims", created_before=(today + day).isoformat()))) == everything


def test_an_open_flag_is_shown_with_its_page_and_both_sentences(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    flags.raise_flag(claim, StaleReason.QUOTE_CHANGED, now=today, document=page, was="A.", today="B.")
    told = checker.get(f"claims/{claim.uid}").json()
    assert told["stale"] is True
    flag = told["flags"][0]
    assert (flag["reason"], flag["document"]["uid"], flag["document"]["url"]) == (
        "quote_changed", str(page.uid), page.url,
    )  # fmt: skip
    assert flag["detail"] == {"was": "A.", "today": "B."}


def test_overdue_is_computed_when_read(checker: Caller, claim: Claim, today: datetime) -> None:
    Claim.objects.filter(pk=claim.pk).update(holds_until=today + timedelta(hours=1))
    assert checker.get(f"claims/{claim.uid}").json()["overdue"] is False
    Claim.objects.filter(pk=claim.pk).update(holds_until=today - timedelta(seconds=1))
    assert checker.get(f"claims/{claim.uid}").json()["overdue"] is True


def test_history_tells_every_move_with_who_why_and_what_was_on_the_table(
    checker: Caller, claim: Claim, page: Document, today: datetime
) -> None:
    someone = person(username="someone")
    evidence.attach(claim, page, quote="closed to lorries", stance="supports", by=someone, now=today)  # type: ignore[arg-type]
    verdicts.change_status(
        claim, to=Status.SUPPORTED, seen=Status.UNREVIEWED, by=someone, now=today, reason="Seen on the page."
    )
    told = checker.get(f"claims/{claim.uid}/history").json()["results"]
    assert [one["type"] for one in told] == [
        "claim.status_changed", "claim.evidence_accepted", "claim.created",
    ]  # fmt: skip
    assert [one["number"] for one in told] == [3, 2, 1]
    moved = told[0]["status_change"]
    assert (moved["old"], moved["new"], moved["by"], moved["why"]) == (
        "unreviewed", "supported", "someone", "Seen on the page.",
    )  # fmt: skip
    assert moved["snapshots"] == [{"document": str(page.uid), "number": 1}]
    assert told[1]["status_change"] is None
    newest = checker.get(f"claims/{claim.uid}/history", page_size=1).json()
    assert checker.get(newest["next"].removeprefix("http://testserver")).json()["results"][0]["number"] == 2
