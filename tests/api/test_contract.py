"""Real answers are what the OpenAPI description says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from claims.models import Appearance, Article, Claim, Drift, Evidence, Link
from claims.services import evidence, flags
from claims.verification.staleness import StaleReason
from sources.models import Check, Document, Source
from sources.services import sources
from tests.api.conftest import Caller
from tests.api.test_access import ADDRESS, LET_IN

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def strict(part: Any) -> Any:
    """Let objects with named properties have no others: what is not described may not be said."""
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {name: strict(one) for name, one in part.items()}
    if told.get("type") == "object" and "properties" in told and isinstance(told["properties"], dict):
        told.setdefault("additionalProperties", False)
    return told


def check(schema: Any, name: str, method: str, answer: Any) -> None:
    path = "/api/v1/" + ADDRESS[name].replace("<uuid:", "{").replace("<int:", "{").replace(">", "}")
    said = schema["paths"][path][method.lower()]["responses"][str(answer.status_code)]
    media_type = answer["Content-Type"]
    described = strict({**said["content"][media_type]["schema"], "components": schema["components"]})
    errors = list(Draft202012Validator(described).iter_errors(answer.json()))
    broken = answer.json() | {"next": 5, "nonsense": 1} if isinstance(answer.json(), dict) else [5]
    assert list(Draft202012Validator(described).iter_errors(broken)), "the description refuses nothing"
    assert not errors, (name, [(list(error.path), error.message[:300]) for error in errors])


def suggested(claim: Claim, today: datetime) -> tuple[Link, Drift]:
    """Suggest a link of the claim, and a drift."""
    found: dict[str, Any] = {"claim": claim, "state": "suggested", "because": ["x"], "found_at": today, "at": today}
    one, other = Appearance.objects.order_by("id")[:2]
    said = {"appearance": one, "source": other, "said": "It is.", "source_said": "It may be."}
    link = Link.objects.create(other=other.claim, kind="narrows", sure=0.5, likeness=0.5, **found)
    return link, Drift.objects.create(kind="hedge_dropped", **said, **found)


def test_every_answer_is_as_described(  # noqa: PLR0917  fixtures
    checker: Caller, suggester: Caller, article: Article, page: Document, today: datetime, schema: Any
) -> None:
    claim = Claim.objects.order_by("id")[0]
    Claim.objects.filter(pk=claim.pk).update(claimant=sources.find_or_make("Ilka Brandt"), said_at=today)
    Source.objects.filter(name="Ilka Brandt").update(parent=sources.find_or_make("The Council"))
    flags.raise_flag(claim, StaleReason.QUOTE_CHANGED, now=today, document=page, was="a", today="b")
    flags.raise_flag(claim, StaleReason.TOO_OLD, now=today, status="unreviewed")
    evidence.suggest(claim, page, because="a link", now=today)
    evidence.suggest(claim, article.document, because="a link", now=today)
    Check.objects.create(document=page, due_at=today, at=today, outcome="gated", took_ms=5)
    of_claim = f"claims/{claim.uid}"
    link, drift = suggested(claim, today)
    uids = [str(one.uid) for one in Evidence.objects.all()]
    posts: list[tuple[str, str, Any]] = [
        ("api-articles", "articles", {"text": "The mayor resigned."}),
        ("api-articles", "articles", {"text": "The mayor resigned."}),
        ("api-articles", "articles", {"url": "https://courier.example/later"}),
        ("api-articles", "articles", {"url": "http://127.0.0.1/"}),
        ("api-articles", "articles", {"nothing": 1}),
        ("api-claims", "claims", {"text": "The mayor resigned."}),
        ("api-accept", f"{of_claim}/evidence/{uids[0]}/accept", {"stance": "supports", "quote": "closed to lorries"}),
        ("api-accept", f"{of_claim}/evidence/{uids[0]}/accept", {"stance": "supports"}),
        ("api-dismiss", f"{of_claim}/evidence/{uids[1]}/dismiss", None),
        ("api-evidence", f"{of_claim}/evidence", {"stance": "refutes", "document": str(page.uid)}),
        ("api-link-accept", f"{of_claim}/links/{link.uid}/accept", None),
        ("api-link-accept", f"{of_claim}/links/{link.uid}/accept", None),
        ("api-drift-dismiss", f"{of_claim}/drifts/{drift.uid}/dismiss", None),
        ("api-moves", f"{of_claim}/moves", {"to": "supported", "seen": "unreviewed", "reason": "seen"}),
        ("api-moves", f"{of_claim}/moves", {"to": "withdrawn", "seen": "supported", "reason": "x"}),
        ("api-look", f"documents/{page.uid}/look", None),
        ("api-supply", f"documents/{page.uid}/supply", {"text": "The bridge is open to all lorries."}),
        ("api-supply", f"documents/{page.uid}/supply", {"text": "The bridge is open to all lorries."}),
        ("api-supply", f"documents/{page.uid}/supply", {"text": "x", "seen_at": "2999-01-01T00:00:00Z"}),
    ]
    for name, path, body in posts:
        check(schema, name, "POST", checker.post(path, body))
    gets = {
        "api-me": "me", "api-problems": "problems",
        "api-articles": "articles", "api-article": f"articles/{article.uid}",
        "api-claims": "claims", "api-claim": of_claim, "api-history": f"{of_claim}/history",
        "api-independence": f"{of_claim}/independence",
        "api-links": f"{of_claim}/links", "api-drifts": f"{of_claim}/drifts",
        "api-similar": f"{of_claim}/similar", "api-claim-known-checks": f"{of_claim}/known-checks",
        "api-known-checks": "known-checks",
        "api-evidence": f"{of_claim}/evidence", "api-documents": "documents", "api-document": f"documents/{page.uid}",
        "api-checks": f"documents/{page.uid}/checks", "api-versions": f"documents/{page.uid}/versions",
        "api-version": f"documents/{page.uid}/versions/2",
        "api-difference": f"documents/{page.uid}/difference?was=1&now=2", "api-sources": "sources",
        "api-source": f"sources/{Source.objects.get(name='Ilka Brandt').uid}",
    }  # fmt: skip
    assert set(gets) | {"api-schema", "api-docs"} == {name for name, method in LET_IN if method == "GET"}
    for name, path in gets.items():
        answer = checker.get(path)
        assert answer.status_code == 200
        check(schema, name, "GET", answer)
        check(schema, name, "GET", checker.get(path, nonsense=1))
    suggester.post("claims", {"text": "A suggestion."})
    check(schema, "api-claims", "GET", suggester.get("claims"))
    check(schema, "api-me", "GET", suggester.get("me"))


def test_bodies_are_described_without_room_for_unknown_fields(schema: Any) -> None:
    taken = {"ArticleInRequest", "ClaimInRequest", "MoveInRequest", "EvidenceInRequest", "AcceptInRequest"}
    taken |= {"SupplyInRequest"}
    bodies = {name: one for name, one in schema["components"]["schemas"].items() if name.endswith("Request")}
    assert set(bodies) == taken
    assert all(one["additionalProperties"] is False for one in bodies.values())
