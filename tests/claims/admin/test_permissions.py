"""Who may see and do what in the admin: every role at every page and action, from the one table of roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from claims.models import Article, Claim, Evidence, Policy
from claims.services import evidence
from claims.verification.staleness import StaleReason
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import Token, User, mint
from factcheck.access.roles import Action, Role, role_may
from sources.models import Source
from tests.claims.admin.conftest import at, flag, listed, said, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db
ROLES = [*Role.values, ""]


@pytest.fixture
def actions(article: Article, pinned: Evidence, now: datetime) -> list[tuple[str, dict[str, Any], Action]]:
    """Every action, with what it takes and what one must be allowed."""
    claim, document = pinned.claim, pinned.document
    assert document is not None
    edit = {"start": 0, "end": 2, "was": "It", "now": "The bridge", "why": "it is the bridge", "at": 0}
    Claim.objects.filter(pk=claim.pk).update(written="The bridge is shut.", text="The bridge is shut.", edits=[edit])
    evidence.suggest(claim, article.document, because="by a link", now=now)
    suggested = Evidence.objects.suggested().get()
    raised = flag(claim, StaleReason.TOO_OLD, now=now)
    work, submit, policies, access = (
        Action.WORK_CLAIMS, Action.SUBMIT, Action.MANAGE_POLICIES, Action.MANAGE_ACCESS,
    )  # fmt: skip
    token, _secret = mint(name="t", scopes=["read:all"], client=Newsroom.objects.create(name="A newsroom"))
    policy = Policy.objects.earliest("id")
    return [
        (at(claim, "move"), {"to": "in_review", "seen": "unreviewed"}, Action.MOVE_STATUS),
        (at(claim, "attach"), {"attach-address": document.url, "attach-stance": "context"}, work),
        (at(claim, "accept", suggested.pk), {f"accept-{suggested.pk}-stance": "context"}, work),
        (at(claim, "dismiss", pinned.pk), {}, work),
        (at(claim, "clear", raised.pk), {}, work),
        (at(claim, "reword", 0), {"as": "article"}, work),
        (at(article, "requeue"), {}, submit),
        ("/admin/stuck/split/", {"all": "1"}, work),
        *((at(document, name), {}, work) for name in ("look", "pause", "resume", "requeue")),
        (listed(Claim, "add"), {"text": "By hand.", "kind": "fact", "language": "en", "certainty": "asserted"}, submit),
        (listed(Article, "add"), {"text": "A text about the bridge."}, submit),
        (at(policy), {"status": policy.status, "kind": "", "holds_for": "2 00:00:00"}, policies),
        (listed(Token), {"action": "revoke", "_selected_action": [token.pk]}, access),
        (at(document, "takedown", 1), {"why": "a court order"}, Action.ERASE),
    ]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_the_table_says(role: str, actions: list[tuple[str, dict[str, Any], Action]]) -> None:
    client = signed_in(role, username=f"one-{role}")
    for url, form, action in actions:
        answer = client.post(url, form)
        if role_may(role, action):
            assert answer.status_code == 302, (url, said(answer)[:2000])
            assert not answer["Location"].startswith(("/admin/login/", "/accounts/login/")), url
        else:
            asked_in = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
            assert answer.status_code == 403 or (not role and asked_in), url


@pytest.mark.parametrize("role", [Role.FACT_CHECKER, Role.EDITOR, Role.ADMIN])
def test_nobody_deletes_anything(role: Role, article: Article, pinned: Evidence) -> None:
    client = signed_in(role, username=f"one-{role}")
    rows: list[Any] = [
        pinned.claim,
        article,
        pinned.document,
        Source.objects.earliest("id"),
        Policy.objects.earliest("id"),
    ]
    for row in rows:
        assert client.post(at(row, "delete"), {"post": "yes"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).exists()


def test_every_page_of_the_admin_asks_the_role_table() -> None:
    from factcheck.access.admin import ByRole

    assert {Group, Authenticator, SocialApp}.isdisjoint(admin.site._registry)
    assert [str(one) for one in admin.site._registry.values() if not isinstance(one, ByRole)] == []


@pytest.mark.parametrize("is_superuser", [True, False])
def test_djangos_own_permissions_open_nothing(is_superuser: bool) -> None:
    from django.contrib.auth.models import Permission

    someone = person("", username="staff", is_staff=True, is_superuser=is_superuser)
    someone.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(someone)
    assert client.get(listed(Claim)).status_code == (200 if is_superuser else 302)


def test_what_was_typed_is_shown_again_when_the_session_has_ended(checker: Client, pinned: Evidence) -> None:
    checker.logout()
    form = {"to": "in_review", "seen": "unreviewed", "reason": "an hour of <work>"}
    answer = checker.post(at(pinned.claim, "move"), form)
    assert answer.status_code == 403
    assert "You were signed out" in said(answer)
    assert "an hour of &lt;work&gt;" in said(answer)
    assert not pinned.claim.status_changes.exists()
    answer = checker.post(listed(Article, "add"), {"text": "a pasted article", "csrfmiddlewaretoken": "x"})
    assert "a pasted article" in said(answer)
    assert "csrfmiddlewaretoken" not in said(answer)


def test_who_was_made_inactive_is_out_at_once(checker: Client) -> None:
    User.objects.filter(username="fact_checker").update(is_active=False)
    assert checker.get("/admin/").status_code == 302


def test_a_reader_is_shown_no_form_to_act_with(article: Article, pinned: Evidence) -> None:
    client = signed_in(Role.READER)
    for row in (pinned.claim, article, pinned.document):
        page = said(client.get(at(row)))
        assert page.count("<form") == 2 + page.count("Verify the history")  # signing out, the language; verifying reads
