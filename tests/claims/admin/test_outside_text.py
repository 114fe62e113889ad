"""Whatever the text says, it stays text; and no page carries a style or script of its own."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.models import Appearance, Article, Claim, Evidence, Policy, Reread
from claims.services import articles, claims, evidence, parts, verdicts, wording
from claims.services.parts import Part
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import Token, User, mint
from factcheck.access.roles import Role
from sources.models import Check, Document, Source
from tests.claims.admin.conftest import at, flag, inline_in, listed, page_of, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db
EVIL = "<img src=x onerror=alert(1)>\"'</textarea></title></script><script>alert(2)</script>{{ 7 }}{% now 'Y' %}"


@pytest.fixture
def pages(now: datetime) -> list[str]:
    """Every page, of rows whose every outside field holds markup."""
    by = person(Role.EDITOR, username="evil", first_name=EVIL[:28])
    article, _is_new = articles.submit_text(f"{EVIL}\n\nThe end is {EVIL}.", now=now, title=EVIL, outlet=EVIL, by=by)
    claim = claims.make(
        EVIL, now=now, by=by, claimant=EVIL, said_where=EVIL, article=article, quote=EVIL, language="<b>"
    )
    appearance = claim.appearances.get()
    appearance.chain.create(position=0, name=EVIL, cue=EVIL, source=article.document.publisher)
    appearance.chain.create(position=1, name=EVIL, cue=EVIL)
    Appearance.objects.filter(pk=appearance.pk).update(because=[EVIL], anchor="reworded", anchor_sentence=EVIL)
    Reread.objects.create(appearance=appearance, what="chain", was=[{"name": EVIL, "cue": EVIL}], by=by, at=now)
    wording.edit(claim, f"{EVIL} {EVIL}", seen=claim.text, why=EVIL, by=by, now=now)
    split = parts.split_up(
        claims.make(f"So {EVIL}", now=now, by=by), [Part(EVIL), Part("No.")], seen=f"So {EVIL}", by=by, now=now
    )
    page = page_of(f"A page. {EVIL}", now=now)
    Document.objects.filter(pk=page.pk).update(
        title=EVIL, outcome="gone", outcome_detail=EVIL, due_because=EVIL, last_error=EVIL, quarantined_at=now
    )
    Check.objects.create(document=page, due_at=now, at=now, outcome="gone", detail=EVIL, took_ms=1)
    held = evidence.attach(claim, page, quote=EVIL, stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    Evidence.objects.filter(pk=held.pk).update(anchor="denied", anchor_sentence=f"{EVIL} not")
    evidence.suggest(claim, article.document, because=EVIL, now=now)
    Claim.objects.filter(pk=claim.pk).update(topic=EVIL[:100])
    seen = Status.UNREVIEWED
    verdicts.change_status(claim, to=Status.SUPPORTED, by=by, now=now, seen=seen, reason=EVIL, search_log=EVIL)
    flag(claim, StaleReason.QUOTE_CHANGED, now=now, document=page, was=EVIL, today=f"{EVIL} not", quote=EVIL)
    Article.objects.filter(pk=article.pk).update(state_reason=EVIL, last_error=EVIL, quarantined_at=now)
    source = article.document.publisher
    token, _secret = mint(name=EVIL[:90], scopes=["read:all"], client=Newsroom.objects.create(name=EVIL))
    rows = (claim, article, page, source, Policy.objects.earliest("id"), token, token.client, by)
    models = (Claim, Article, Document, Source, Policy, Token, Newsroom, User)
    adds = (Claim, Article, Source, Policy, Token, Newsroom, User)
    return [
        "/admin/", "/admin/claims/", "/admin/password_change/", f"/admin/access/user/{by.pk}/password/",
        f"{listed(Claim, 'add')}?article={article.pk}", at(split[0]), at(split[0].part_of),
        f"{listed(Claim, 'add')}?article={article.pk}&version=1&start=0&end=200", f"{at(claim)}?merge=%3Cscript%3E%22",
        *(at(row) for row in rows), *(listed(model) for model in models), *(listed(model, "add") for model in adds),
        f"{listed(Claim)}?status=supported&q=alert", f"{listed(Claim)}?q=%3Cscript%3E", f"{listed(Source)}?_popup=1",
        *(at(row, "history") for row in rows[:5]),
    ]  # fmt: skip


def test_outside_text_is_escaped_and_no_page_has_a_style_or_script_of_its_own(pages: list[str]) -> None:
    client = signed_in(Role.ADMIN)
    for url in pages:
        answer = client.get(url)
        assert answer.status_code == 200, url
        html = answer.content.decode()
        assert "<img src=x" not in html, url
        assert "<script>alert" not in html, url
        assert inline_in(answer) == [], url
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy


def test_refused_forms_are_escaped_too(pages: list[str]) -> None:
    client = signed_in(Role.ADMIN)
    claim = Claim.objects.earliest("pk")
    evil = {"reason": EVIL, "search_log": EVIL, "seen": EVIL, "to": EVIL, "attach-address": EVIL, "attach-quote": EVIL}
    answers = [
        client.post(at(claim, "move"), evil),
        client.post(at(claim, "attach"), evil),
        client.post(listed(Claim, "add"), {"text": EVIL, "kind": EVIL, "article": EVIL, "said_at": EVIL}),
        client.post(listed(Article, "add"), {"text": EVIL, "url": EVIL, "outlet": EVIL}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "<img src=x" not in answer.content.decode()
        assert inline_in(answer) == []


def test_the_door_itself_keeps_the_policy() -> None:
    assert inline_in(Client().get("/accounts/login/")) == []


def test_outside_text_says_its_language_and_direction(checker: Client, article: Article) -> None:
    claim = article.appearances.earliest("id").claim
    assert '<h1 lang="en" dir="auto">' in checker.get(at(claim)).content.decode()
    assert 'lang="en" dir="auto"' in checker.get(listed(Claim)).content.decode()


def test_a_page_leads_outside_only_by_a_web_address(checker: Client, notice: Document) -> None:
    page = checker.get(at(notice)).content.decode()
    assert f'href="{notice.url}"' in page
    assert 'rel="nofollow noopener noreferrer ugc"' in page
