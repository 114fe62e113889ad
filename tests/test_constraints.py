"""What must hold, the database holds: every constraint and trigger has a row here that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from claims.models import (
    Appearance,
    Attribution,
    Claim,
    Event,
    Evidence,
    Feed,
    Flag,
    Payload,
    Policy,
    StatusChange,
    Submission,
)
from claims.services import events
from factcheck.access.models import AnsweredKey, Client, Token, Usage, User
from sources.models import Change, Check, Document, Erasure, ErasureSalt, RawBytes, Snapshot
from tests import breaking_links, breaking_names, breaking_records
from tests.breaking import World, change, delete, empty, row
from tests.breaking_editing import EDITING
from tests.breaking_feeds import FEEDS
from tests.breaking_hosts import HOSTS
from tests.breaking_index import INDEX, WRITING
from tests.breaking_known import CHANGING, KNOWN
from tests.breaking_pace import PACE
from tests.breaking_rules import RULES
from tests.breaking_stance import STANCE
from tests.breaking_triage import TRIAGE, TRIAGING

pytestmark = pytest.mark.django_db


def found(**fields: Any) -> Callable[[World], Any]:
    """Break a constraint by writing what a look found."""
    known = {"document": lambda world: world.document, "found": "gone", "at": lambda world: world.now}
    return row(Change, **known | fields)


def place(**fields: Any) -> Callable[[World], Any]:
    """Add an appearance like the first one, but for some fields."""

    def act(world: World) -> Appearance:
        given = {name: value(world) if callable(value) else value for name, value in fields.items()}
        like = world.appearance
        return Appearance.objects.create(
            **{
                "claim": like.claim,
                "article": like.article,
                "snapshot": like.snapshot,
                "spans": like.spans,
                "quote": "q",
                "fingerprint": "f",
                "certainty": "asserted",
                "kind": "fact",
                "salience": "core",
                **given,
            }
        )

    return act


def _payload(_world: World) -> Payload:
    return Payload.objects.order_by("event_id")[0]


def _version(world: World) -> Snapshot:
    return Snapshot.objects.create(document=world.document, number=8, taken_at=world.now, text="x")


def _raw(world: World) -> RawBytes:
    return RawBytes.objects.get(snapshot=world.snapshot)


def _erasure(world: World) -> Erasure:
    given: dict[str, Any] = {"what": "person", "why": "asked for", "by": world.by, "at": world.now}
    return Erasure.objects.get_or_create(uid=UUID(int=1), defaults=given)[0]


ANSWERED = {"key": "k", "asked": "x", "status": 201, "made": "1", "at": lambda world: world.now}
LEASED = {"lease_until": lambda world: world.now}

BREAKS = MappingProxyType(dict(FEEDS) | {
    "access_user_role_known": row(User, username="x", role="king"),
    "access_user_username_once": row(User, username=lambda world: world.by.username.upper()),
    "access_token_of_a_person_or_a_client": row(Token, name="x", digest="x", scopes=[]),
    "access_token_desk_scope_is_a_persons": row(
        Token, name="x", digest="x", scopes=["write:desk"], client=lambda _world: Client.objects.create(name="c")
    ),
    "access_client_limits_leave_something": row(Client, name="x", articles_a_day=0),
    "access_usage_once_a_day": lambda world: [
        Usage.objects.create(client=world.client, day=world.now.date()) for _time in range(2)
    ],
    "access_answeredkey_of_a_person_or_a_client": row(AnsweredKey, **ANSWERED),
    "access_answeredkey_once_a_person": lambda w: [row(AnsweredKey, **ANSWERED, user=w.by)(w) for _ in range(2)],
    "access_answeredkey_once_a_client": lambda w: [row(AnsweredKey, **ANSWERED, client=w.client)(w) for _ in range(2)],
    "claims_submission_of_a_person_or_a_client": row(
        Submission, article=lambda world: world.article, at=lambda world: world.now
    ),
    "claims_submission_once_a_person": lambda world: [
        Submission.objects.create(article=world.article, user=world.by, at=world.now) for _time in range(2)
    ],
    "claims_submission_once_a_client": lambda world: [
        Submission.objects.create(article=world.article, client=world.client, at=world.now) for _time in range(2)
    ],
    **PACE,
    **STANCE,
    **TRIAGE,
    **RULES,
    **EDITING,
    **breaking_names.NAMES,
    **HOSTS,
    **INDEX,
    **breaking_links.LINKS,
    **KNOWN,
    **breaking_records.RECORDS,
    "sources_document_lease_has_token": change(lambda world: world.document, **LEASED),
    "sources_document_url_is_web": row(Document, identity="x", url="javascript:alert(1)"),
    "sources_document_has_identity": row(Document, identity=""),
    "sources_document_outcome_known": row(Document, identity="x", outcome="fine"),
    "sources_document_without_address_is_never_due": row(Document, identity="x", due_at=lambda world: world.now),
    "sources_snapshot_number_once": row(
        Snapshot, document=lambda world: world.document, number=1, taken_at=lambda world: world.now, text="x"
    ),
    "sources_snapshot_complete_or_says_why": row(
        Snapshot,
        document=lambda world: world.document,
        number=9,
        taken_at=lambda world: world.now,
        text="x",
        complete=False,
    ),
    "sources_snapshot_erased_says_why": row(
        Snapshot,
        document=lambda world: world.document,
        number=9,
        taken_at=lambda world: world.now,
        text="x",
        erased_why="x",
    ),
    "snapshots_are_never_deleted": delete(lambda world: world.snapshot),
    "snapshots_change_by_erasure_only": change(lambda world: world.snapshot, text=""),
    "sources_rawbytes_erased_says_why": row(RawBytes, snapshot=_version, content=b"", erased_why="x"),
    "sources_rawbytes_lie_in_one_place_or_are_erased": row(RawBytes, snapshot=_version),
    "raw_bytes_are_never_deleted": delete(_raw),
    "raw_bytes_change_by_erasure_only": change(_raw, content=None),
    "sources_erasure_says_why": row(Erasure, what="person", by=lambda world: world.by, at=lambda world: world.now),
    "sources_erasure_lifted_says_why": change(_erasure, lifted_at=lambda world: world.now),
    "erasures_are_never_deleted": delete(_erasure),
    "reasons_of_erasures_lose_letters_only": change(_erasure, why="because I say so"),
    "sources_erasuresalt_is_one": row(ErasureSalt, pk=2, salt=b""),
    "sources_check_outcome_known": row(
        Check,
        document=lambda world: world.document,
        due_at=lambda world: world.now,
        at=lambda world: world.now,
        outcome="fine",
        took_ms=1,
    ),
    "sources_change_lease_has_token": found(**LEASED),
    "sources_change_of_text_has_its_snapshot": found(found="changed"),
    "sources_change_weight_known": found(weight="grave"),
    "sources_change_stealth_is_substantive_and_without_notice": found(is_stealth=True),
    "claims_article_lease_has_token": change(lambda world: world.article, **LEASED),
    "claims_article_split_has_its_version": change(lambda world: world.article, snapshot=None),
    "claims_article_state_known": change(lambda world: world.article, state="fine"),
    "claims_claim_lease_has_token": change(lambda world: world.claim, **LEASED),
    "claims_claim_says_something": change(lambda world: world.claim, text=""),
    "claims_claim_check_worthiness_0_to_1": change(lambda world: world.claim, check_worthiness=1.1),
    "claims_claim_status_known": lambda world: _past_the_triggers(world, "UPDATE claims_claim SET status = 'fine'"),
    "claim_status_follows_the_table": change(lambda world: world.claim, status="unreviewed_"),
    "claim_is_born_open": row(
        Claim, text="x", status="refuted", status_since=lambda world: world.now, origin="person"
    ),
    "claims_are_never_deleted": delete(lambda world: world.claim),
    "claims_appearance_once_an_article_version": place(
        fingerprint=lambda world: world.appearance.fingerprint, ended_at=lambda world: world.now
    ),
    "claims_appearance_stands_once": lambda world: (
        place(fingerprint="twice")(world),
        place(fingerprint="twice", snapshot=_other_version)(world),
    ),
    "claims_appearance_certainty_known": place(certainty="sure"),
    "claims_appearance_kind_known": place(kind="rumour"),
    "claims_appearance_anchor_known": place(anchor="lost"),
    "claims_attribution_place_once": row(
        Attribution, appearance=lambda world: world.appearance, position=0, name="again"
    ),
    "claims_evidence_accepted_has_person_stance_and_version": change(lambda world: world.evidence, stance=""),
    "claims_evidence_quote_is_pinned_whole": change(lambda world: world.evidence, start=None),
    "claims_evidence_suggested_once": lambda world: [
        Evidence.objects.create(claim=world.claim, document=world.document, state="suggested", at=world.now)
        for _time in range(2)
    ],
    "claims_statuschange_number_once": row(
        StatusChange,
        claim=lambda world: world.claim,
        number=1,
        old="in_review",
        new="unreviewed",
        by=lambda world: world.by,
        at=lambda world: world.now,
    ),
    "claims_statuschange_code_known": row(
        StatusChange, claim=lambda w: w.claim, number=9, old="in_review", new="not_checkable", code="bored",
        by=lambda w: w.by, at=lambda w: w.now,
    ),
    "claims_statuschange_moves": row(
        StatusChange,
        claim=lambda world: world.claim,
        number=9,
        old="in_review",
        new="in_review",
        by=lambda world: world.by,
        at=lambda world: world.now,
    ),
    "status_changes_are_never_deleted": delete(lambda world: world.change),
    "status_changes_change_by_erasure_only": change(lambda world: world.change, why="because I say so"),
    "claims_statuschange_erased_says_why": row(
        StatusChange,
        claim=lambda world: world.claim,
        number=9,
        old="in_review",
        new="unreviewed",
        by=lambda world: world.by,
        at=lambda world: world.now,
        erased_why="x",
    ),
    "claims_flag_open_once": row(
        Flag, claim=lambda world: world.claim, reason="too_old", since=lambda world: world.now
    ),
    "claims_flag_reason_known": row(
        Flag, claim=lambda world: world.claim, reason="mood", since=lambda world: world.now
    ),
    "claims_flag_cleared_says_how": change(lambda world: world.flag, cleared_at=lambda world: world.now),
    "claims_policy_once": row(Policy, status="supported", kind="", holds_for=timedelta(days=1)),
    "claims_policy_holds_some_time": row(Policy, status="supported", kind="fact", holds_for=timedelta(0)),
    "the_feed_is_append_only": lambda world: (
        events.number_all(now=world.now),
        Feed.objects.filter(position=1).update(event=Event.objects.order_by("-id")[0]),
    ),
    "claims_payload_is_whole_or_erased": change(_payload, erased_at=lambda world: world.now),
    "payloads_are_never_deleted": delete(_payload),
    "payloads_change_by_erasure_only": change(_payload, body={"other": 1}),
    "claims_event_sequence_once": row(
        Event,
        subject="claim",
        subject_uid=lambda world: world.claim.uid,
        sequence=1,
        type="x",
        at=lambda world: world.now,
    ),
    "events_are_append_only": change(lambda _world: Event.objects.order_by("id")[0], type="other"),
    "snapshots_are_never_emptied": empty("sources_snapshot"),
    "raw_bytes_are_never_emptied": empty("sources_rawbytes"),
    "erasures_are_never_emptied": empty("sources_erasure"),
    "claims_are_never_emptied": empty("claims_claim"),
    "status_changes_are_never_emptied": empty("claims_statuschange"),
    "the_feed_is_never_emptied": empty("claims_feed"),
    "payloads_are_never_emptied": empty("claims_payload"),
    "events_are_never_emptied": empty("claims_event"),
})  # fmt: skip

# A trigger speaks in its own words; a constraint is named in the refusal.
SAYS = {
    **breaking_names.SAYS,
    **breaking_links.SAYS,
    **breaking_records.SAYS,
    "snapshots_are_never_deleted": "Cannot delete",
    "snapshots_change_by_erasure_only": "by its erasure only",
    "raw_bytes_are_never_deleted": "Cannot delete",
    "raw_bytes_change_by_erasure_only": "by its erasure only",
    "erasures_are_never_deleted": "Cannot delete",
    "reasons_of_erasures_lose_letters_only": "can only be blacked out",
    "claim_status_follows_the_table": "Invalid transition",
    "claim_is_born_open": "cannot begin",
    "claims_are_never_deleted": "Cannot delete",
    "status_changes_are_never_deleted": "Cannot delete",
    "status_changes_change_by_erasure_only": "by its erasure only",
    "events_are_append_only": "Cannot update",
    "the_feed_is_append_only": "Cannot update",
    "payloads_are_never_deleted": "Cannot delete",
    "payloads_change_by_erasure_only": "by its erasure only",
    **{name: "is never emptied" for name in BREAKS if name.endswith("_never_emptied")},
}


def _other_version(world: World) -> Snapshot:
    return Snapshot.objects.create(document=world.document, number=7, taken_at=world.now, text="x")


def _past_the_triggers(world: World, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        cursor.execute(f"{sql} WHERE id = %s", [world.claim.pk])


@pytest.fixture
def world(now: datetime) -> World:
    return World(now)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, world: World) -> None:
    with pytest.raises(DatabaseError, match=SAYS.get(name, name)), transaction.atomic():
        BREAKS[name](world)


def test_what_is_append_only_cannot_be_deleted_either(world: World) -> None:
    with pytest.raises(DatabaseError, match="delete rows"), transaction.atomic():
        delete(lambda _world: Event.objects.all()[0])(world)


LEAP = timedelta(days=1)
ERASED = {"erased_at": datetime(2026, 3, 2, tzinfo=UTC), "erased_why": "asked for"}


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "shorter"},
        {"text": "x" * 318},
        {"title": "other"},
        {"digest": "other"},
        {"number": 5},
        {"blocks": [1] * 99},
        {"taken_at": datetime(2026, 3, 1, tzinfo=UTC)},
    ],
)
def test_an_erasure_takes_away_and_never_rewrites(fields: dict[str, Any], world: World) -> None:
    with pytest.raises(DatabaseError, match="by its erasure only"), transaction.atomic():
        Snapshot.objects.filter(pk=world.snapshot.pk).update(**ERASED, **fields)


def test_an_erasure_may_go_further_and_never_back(world: World) -> None:
    versions, text = Snapshot.objects.filter(pk=world.snapshot.pk), world.snapshot.text
    assert versions.update(**ERASED, text="█" * 9 + text[9:])
    assert versions.update(**ERASED, text="█" * len(text))
    for back in ({"text": text}, {"erased_at": None, "erased_why": ""}, {"erased_at": ERASED["erased_at"] - LEAP}):  # type: ignore[operator]
        with pytest.raises(DatabaseError, match="by its erasure only"), transaction.atomic():
            versions.update(**{**ERASED, **back})
    assert versions.update(**ERASED, text="", blocks=[], links=[])


def test_every_constraint_and_trigger_is_broken_here() -> None:
    ours = [model for app in ("access", "sources", "claims") for model in apps.get_app_config(app).get_models()]
    constraints = {constraint.name for model in ours for constraint in model._meta.constraints}
    triggers = {trigger.name for model in ours for trigger in getattr(model._meta, "triggers", [])}
    assert constraints | triggers - WRITING - CHANGING - TRIAGING == set(BREAKS)
