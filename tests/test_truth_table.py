"""Who may do what in the browser: every address of the URL conf times everybody, from one table of actions.

A page that stands in no row fails, so a new one needs its line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from claims.models import (
    Article,
    Claim,
    Drift,
    Evidence,
    Flag,
    KnownRating,
    Link,
    Policy,
    Proposal,
    SecondPersonRule,
    Triage,
)
from claims.models.notes import Way
from claims.services import conditions, contacts, evidence, known_feeds
from claims.services.contacts import Asked
from claims.verification.staleness import StaleReason
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import Token, User, mint
from factcheck.access.roles import Action, Role, role_may
from factcheck.ledger import TRIES
from factcheck.models import Chore
from sources.models import Document, Host, Source
from sources.services import feeds
from tests.claims.admin.conftest import flag
from tests.claims.known import known, match
from tests.factories import claim, person, split_article

SEE, SUBMIT, WORK, MOVE = Action.SEE_DESK, Action.SUBMIT, Action.WORK_CLAIMS, Action.MOVE_STATUS
POLICIES, ACCESS, RATINGS = Action.MANAGE_POLICIES, Action.MANAGE_ACCESS, Action.MANAGE_RATINGS
NOBODY, EVERYBODY = "nobody", "everybody"

Row = tuple[Action | str, Action | str]  # who may GET it, who may POST to it


def model(name: str, *, see: Action = SEE, add: Any = NOBODY, change: Any = NOBODY) -> dict[str, Row]:
    """Return the rows of the pages that Django gives every model; nothing is ever deleted."""
    return {
        f"{name}_changelist": (see, see),
        f"{name}_add": (add, add),
        f"{name}_history": (see, see),
        f"{name}_delete": (NOBODY, NOBODY),
        f"{name}_change": (see, change),
        f"{name.replace('_', '/')}/<path:object_id>/": (SEE, SEE),  # leads to the page, which asks
    }


def posts(name: str, *actions: str, by: Action) -> dict[str, Row]:
    """Return the rows of what is done by a POST alone."""
    return {f"{name}_{action}": (NOBODY, by) for action in actions}


TABLE: Mapping[str, Row] = {
    "index": (SEE, SEE),
    "login": (EVERYBODY, EVERYBODY),
    "logout": (NOBODY, SEE),
    "password_change": (SEE, SEE),
    "password_change_done": (SEE, NOBODY),
    "autocomplete": (NOBODY, NOBODY),
    "jsi18n": (SEE, NOBODY),
    "view_on_site": (SEE, SEE),  # nothing has a page outside
    "app_list": (SEE, SEE),
    "stuck": (SEE, NOBODY),
    "stuck_again": (NOBODY, WORK),
    "(?P<url>.*)$": (SEE, SEE),  # no such page
    **model("claims_claim", add=SUBMIT),
    **posts("claims_claim", "move", "split_up", "put_together", by=MOVE),
    **posts("claims_claim", "attach", "accept", "dismiss", "clear", "reword", "join", "link", "drift", by=WORK),
    **posts("claims_claim", "topic", "wait_for", "end_condition", by=WORK),
    **posts("claims_claim", "second", by=Action.CONFIRM),
    "claims_claim_suggestions": (SEE, WORK),
    **posts("claims_claim", "edit", "reread", "take_back", by=WORK),
    "claims_claim_export": (SEE, SEE),
    "claims_claim_import": (SUBMIT, SUBMIT),
    "claims_claim_import_evidence": (WORK, WORK),
    **posts("claims_claim", "known_accept", "known_dismiss", by=WORK),
    **posts("claims_claim", "ask", "answer", "log_search", "note", "state", "reveal", "attach_file", by=WORK),
    **posts("claims_claim", "verify", by=SEE),
    **model("claims_triage"),
    "claims_triage_changelist": (SEE, WORK),
    **posts("claims_triage", "do", by=WORK),
    **posts("claims_triage", "keep", "forget", by=SEE),
    **posts("claims_triage", "undo", by=MOVE),
    **model("claims_article", add=SUBMIT),
    **posts("claims_article", "requeue", by=SUBMIT),
    **model("claims_policy", add=POLICIES, change=POLICIES),
    **model("claims_secondpersonrule", add=POLICIES, change=POLICIES),
    **model("claims_knowncheck"),
    "claims_knowncheck_import": (SUBMIT, SUBMIT),
    **model("claims_knownfeed", add=SUBMIT),
    **posts("claims_knownfeed", "look", "pause", "resume", by=WORK),
    **model("claims_knownrating", add=RATINGS, change=RATINGS),
    "claims_knownrating_lost": (SEE, NOBODY),
    **model("sources_document"),
    **posts("sources_document", "look", "pause", "resume", "requeue", "keep_inside", "archive", by=WORK),
    "sources_document_supply": (WORK, WORK),
    "sources_document_takedown": (Action.ERASE, Action.ERASE),
    **{f"sources_document_{name}": (SEE, NOBODY) for name in ("version", "text", "raw", "compare", "health")},
    **model("sources_feed", add=SUBMIT),
    **posts("sources_feed", "look", "pause", "resume", "instead", "take", by=WORK),
    **model("sources_host"),
    **posts("sources_host", "again", "robots", "visited", by=WORK),
    **posts("sources_host", "pace", by=POLICIES),
    **model("sources_source", add=POLICIES, change=POLICIES),
    "sources_source_merge": (POLICIES, POLICIES),
    **posts("sources_source", "undo", by=POLICIES),
    **model("access_user", see=ACCESS, add=ACCESS, change=ACCESS),
    "auth_user_password_change": (ACCESS, ACCESS),
    **model("access_client", see=ACCESS, add=ACCESS, change=ACCESS),
    **model("access_token", see=ACCESS, add=ACCESS),
}
# The actions of the lists: who may.
ACTIONS: Mapping[tuple[type, str], Action] = {(User, "reset_second_factor"): ACCESS, (Token, "revoke"): ACCESS}

ROLES = [*Role.values, "superuser", ""]
STRANGERS = ["anonymous", "without second factor"]
# What asks for no login; all else does, also what nobody has written yet.
PUBLIC = {
    "healthz", "readyz", "metrics", "account_login", "account_logout", "account_inactive", "mfa_authenticate",
    "set_language", "socialaccount_login_cancelled", "openid_connect_login", "openid_connect_callback",
}  # fmt: skip


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern, str]]:
    """Yield the key, pattern and whole route of each address."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield pattern.name or route.removeprefix("admin/"), pattern, route


def admin_patterns() -> dict[str, tuple[URLPattern, str]]:
    """Return every address under /admin/."""
    found: dict[str, tuple[URLPattern, str]] = {}
    for key, pattern, route in patterns(get_resolver()):
        if route.startswith("admin/"):
            found.setdefault(key, (pattern, route))  # ours stand before Django's of the same name
    return found


ADDRESSES = admin_patterns()


def test_every_page_of_the_admin_has_its_row() -> None:
    assert set(ADDRESSES) == set(TABLE)


def test_every_action_of_a_list_has_its_row() -> None:
    offered = {(model, name) for model, one in admin.site._registry.items() for name in one.actions or ()}
    assert offered == set(ACTIONS)


@pytest.fixture
def rows(db: None, now: datetime) -> Mapping[str, Any]:
    """One row of everything that has a page."""
    article = split_article(now)
    rested_by = person(username="maker")
    rested = claim(now, by=rested_by)
    evidence.suggest(rested, article.document, because="by a link", now=now)
    token, _secret = mint(name="t", scopes=["read:all"], client=Newsroom.objects.create(name="A newsroom"))
    suggested: dict[str, Any] = {"state": "suggested", "found_at": now, "at": now}
    places = article.appearances.order_by("pk")
    Chore.objects.create(name="stuck", due_at=now, attempts=TRIES, quarantined_at=now, last_error="no room")
    return {
        "claims_claim": rested,
        "claims_article": article,
        "claims_policy": Policy.objects.earliest("id"),
        "claims_secondpersonrule": SecondPersonRule.objects.create(topic="health"),
        "condition": conditions.wait_for(rested, outlets=2, by=person(username="waiter"), now=now),
        "proposal": Proposal.objects.create(claim=rested, to="refuted", why="so", by=person(username="first"), at=now),
        "claims_knowncheck": known(now),
        "claims_knownfeed": known_feeds.watch("https://checkers.example.org/", known_feeds.Kind.PAGE, now=now)[0],
        "claims_knownrating": KnownRating.objects.earliest("id"),
        "claims_triage": Triage.objects.earliest("pk"),
        "sources_document": article.document,
        "sources_host": Host.objects.create(name="traffic.example"),
        "sources_source": Source.objects.earliest("id"),
        "sources_feed": feeds.watch("https://news.example.org/feed", now=now)[0],
        "access_user": person(username="seen"),
        "auth_user": User.objects.get(username="seen"),
        "access_client": token.client,
        "access_token": token,
        "evidence": Evidence.objects.suggested().get(),
        "link": Link.objects.create(claim=rested, other=claim(now), kind="narrows", **suggested),
        "drift": Drift.objects.create(
            claim=rested,
            appearance=places[0],
            source=places[1],
            kind="hedge_dropped",
            said="a",
            source_said="b",
            **suggested,
        ),
        "match": match(rested, now),
        "place": claim(now, article=article, quote="Talks").appearances.get(),
        "contact": contacts.ask(rested, Asked("The port", "Is it open?", Way.EMAIL, now), by=rested_by, now=now),
        "flag": flag(rested, StaleReason.TOO_OLD, now=now),
    }


def address(key: str, rows: Mapping[str, Any]) -> str:
    """Return an address with the rows of this world in its places."""
    _pattern, route = ADDRESSES[key]
    row = next((row for name, row in rows.items() if key.replace("/", "_").startswith(f"{name}_")), None)
    pk = str(row.pk) if row else "1"
    shortcut = ContentType.objects.get_for_model(Claim).pk
    given = {"<path:content_type_id>": str(shortcut), "<int:content_type_id>": str(shortcut)}
    given |= {"<int:pk>": pk, "<path:object_id>": pk, "<id>": pk, "(?P<url>.*)$": "no/such/page/"}
    given |= {"<int:number>": "1", "<str:name>": "chores"}  # a kind of work of which a row is stuck
    given |= {"<int:link_pk>": str(rows["link"].pk), "<int:drift_pk>": str(rows["drift"].pk), "<str:do>": "dismiss"}
    given |= {"<int:evidence_pk>": str(rows["evidence"].pk), "<int:flag_pk>": str(rows["flag"].pk)}
    given |= {"<int:condition_pk>": str(rows["condition"].pk), "<int:proposal_pk>": str(rows["proposal"].pk)}
    if key == "claims_claim_second":
        given["<str:do>"] = "decline"
    given |= {"<int:place_pk>": str(rows["place"].pk), "<str:what>": "chain"}
    given |= {"<int:match_pk>": str(rows["match"].pk), "<int:contact_pk>": str(rows["contact"].pk)}
    given |= {"<str:form>": "json"}
    for place, value in given.items():
        route = route.replace(place, value)
    route = re.sub(r"\(\?P<app_label>.*", "claims/", route)
    assert "<" not in route, f"a place without a value: {route}"
    return f"/{route}"


def browser(who: str) -> Client:
    """Return the browser of somebody."""
    client = Client()
    if who == "superuser":
        client.force_login(person("", username="one", is_superuser=True))
    elif who == "without second factor":
        client.force_login(person(Role.ADMIN, username="one"))
    elif who != "anonymous":
        someone = person(who, username="one")
        Authenticator.objects.create(user=someone, type="totp", data={})
        client.force_login(someone)
    return client


def outcome(answer: Any) -> str:
    """Say what an answer came to: let in, refused, or asked to come in first."""
    if answer.status_code == 302 and answer["Location"].startswith(("/admin/login/", "/accounts/login/")):
        return "asked"
    if answer.status_code == 403:
        return "asked" if b"You were signed out" in answer.content else "refused"
    assert answer.status_code in {200, 302, 404, 405, 409}, answer.status_code  # 409: let in, and nothing to do
    return "refused" if answer.status_code == 405 else "in"


def expected(who: str, may: Action | str, key: str) -> set[str]:
    """Read the table."""
    if may == EVERYBODY:
        return {"in", "refused", "asked"}  # the login says who lacks what; its own tests say how
    if who in STRANGERS or who == "":
        return {"asked", "in"} if key == "logout" else {"asked", "refused"} if may == NOBODY else {"asked"}
    allowed = may != NOBODY and (who == "superuser" or role_may(who, Action(may)))
    return {"in"} if allowed else {"refused"}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", [*ROLES, *STRANGERS])
def test_each_cell(who: str, method: str, rows: Mapping[str, Any], settings: Any) -> None:
    settings.SECOND_FACTOR = "required" if who == "without second factor" else "optional"
    client = browser(who)
    user = User.objects.filter(username="one").first()
    wrong = {}
    for key, row in TABLE.items():
        may = row[method == "POST"]
        if key == "logout" and user:
            client = Client()
            client.force_login(user)
        got = outcome(client.generic(method, address(key, rows)))
        if got not in expected(who, may, key):
            wrong[key] = (str(may), got)
        if key == "logout" and user:
            client.force_login(user)
    assert not wrong


@pytest.mark.parametrize("who", [*ROLES, *STRANGERS])
def test_each_action_of_a_list(who: str, rows: Mapping[str, Any], settings: Any) -> None:
    settings.SECOND_FACTOR = "required" if who == "without second factor" else "optional"
    client = browser(who)
    for (kind, name), may in ACTIONS.items():
        row = rows[f"access_{kind._meta.model_name}"]  # type: ignore[attr-defined]
        url = address(f"access_{kind._meta.model_name}_changelist", rows)  # type: ignore[attr-defined]
        answer = client.post(url, {"action": name, "_selected_action": [row.pk]})
        assert outcome(answer) in expected(who, may, name), name


@pytest.mark.django_db
def test_nothing_changes_where_nobody_is_let_in(rows: Mapping[str, Any]) -> None:
    client = browser(Role.ADMIN)
    kinds = [Claim, Article, Document, Evidence, Flag, Policy, Source, Token, Newsroom]
    before = {kind: list(kind._default_manager.order_by("pk").values()) for kind in kinds}
    for key in TABLE:
        if key.endswith(("_delete", "_history")):
            client.post(address(key, rows), {"post": "yes"})
    assert {kind: list(kind._default_manager.order_by("pk").values()) for kind in kinds} == before


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["event", "payload", "statuschange", "feed", "flag", "evidence", "check", "snapshot"])
def test_what_is_kept_as_history_has_no_page_to_edit_it(kind: str, rows: Mapping[str, Any]) -> None:
    client = browser(Role.ADMIN)
    app = "sources" if kind in {"check", "snapshot"} else "claims"
    for way in ("change", "delete"):
        assert client.post(f"/admin/{app}/{kind}/1/{way}/", {"post": "yes"}).status_code == 404


def test_whatever_is_not_public_asks_for_a_login() -> None:
    for key, pattern, route in patterns(get_resolver()):
        if route.startswith(("api/", "api(")):
            continue  # tokens: tests/api/test_access.py
        asks = getattr(pattern.callback, "login_required", True)
        by_the_site = route.startswith("admin/") and not asks  # the site itself asks: every cell above
        assert asks == (key not in PUBLIC) or by_the_site, route


def test_the_table_names_every_action_of_the_desk() -> None:
    later = {
        Action.PUBLISH, Action.CONFIRM, Action.MANAGE_RATINGS, Action.MANAGE_WEBHOOKS, Action.SEE_PUBLISHED,
    }  # fmt: skip
    used = {may for row in TABLE.values() for may in row if isinstance(may, Action)}
    assert used | later == set(Action)


# domain.md's table, line by line: reader, fact-checker, editor, administrator.
DOMAIN: Mapping[Action, str] = {
    Action.SEE_PUBLISHED: "yyyy",
    Action.SEE_DESK: "yyyy",
    Action.SUBMIT: "-yyy",
    Action.WORK_CLAIMS: "-yyy",
    Action.MOVE_STATUS: "-yyy",
    Action.PUBLISH: "--yy",
    Action.CONFIRM: "-yyy",
    Action.MANAGE_POLICIES: "--yy",
    Action.MANAGE_RATINGS: "--yy",
    Action.MANAGE_WEBHOOKS: "--yy",
    Action.MANAGE_ACCESS: "---y",
    Action.ERASE: "---y",
}


def test_the_roles_may_what_the_domain_says() -> None:
    assert {action: "".join("-y"[role_may(role, action)] for role in Role.values) for action in Action} == DOMAIN
