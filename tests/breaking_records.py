"""What must hold of what the desk writes down beside a claim, and how it is broken: see test_constraints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from claims.models import Contact, Evidence, Note, Search, Statement
from claims.models.notes import Way
from claims.services import contacts, notes, statements
from claims.services.contacts import Asked
from claims.services.notes import Looked
from claims.services.statements import Taken
from tests.breaking import change, delete, empty


def a_note(world: Any) -> Note:
    return notes.write(world.claim, "Ask again.", by=world.by, now=world.now)


def a_search(world: Any) -> Search:
    looked = Looked("The register", "the bridge", "Nothing.", world.now)
    return notes.log_search(world.claim, looked, by=world.by, now=world.now)


def a_contact(world: Any) -> Contact:
    asked = Asked("The port", "Is it open?", Way.EMAIL, world.now)
    return contacts.ask(world.claim, asked, by=world.by, now=world.now)


def _answered(world: Any) -> Contact:
    contact = a_contact(world)
    contacts.answer(contact, "It is.", answered_at=world.now, by=world.by, now=world.now)
    return contact


def _kept(row: Callable[[Any], Any], plural: str, table: str, rule: str, **fields: Any) -> dict[str, Any]:
    return {
        f"{plural}_are_never_deleted": delete(row),
        f"{plural}_are_never_emptied": empty(table),
        rule: change(row, **fields),
    }


def a_statement(world: Any) -> Statement:
    taken = Taken("The warden", "It is open.", Statement.Terms.ON_RECORD, Way.PHONE, world.now)
    held = statements.take(world.claim, taken, stance=Evidence.Stance.CONTEXT, by=world.by, now=world.now)
    assert held.statement is not None
    return held.statement


RECORDS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "claims_note_says_something": change(a_note, text=""),
    **_kept(a_note, "notes", "claims_note", "notes_only_lose_letters", text="Ask never."),
    "claims_search_says_where_what_and_result": change(a_search, found=""),
    **_kept(a_search, "searches", "claims_search", "searches_only_lose_letters", looked_for="another"),
    "claims_contact_says_whom_and_what": change(a_contact, whom=""),
    "claims_contact_way_known": lambda world: contacts.ask(
        world.claim, Asked("The port", "Is it?", "telepathy", world.now), by=world.by, now=world.now  # type: ignore[arg-type]
    ),
    "claims_contact_deadline_is_later": lambda world: Contact.objects.create(
        claim=world.claim, whom="x", question="x", way="phone", asked_at=world.now, by=world.by, at=world.now,
        deadline=world.now - timedelta(days=1),
    ),
    "claims_contact_answer_is_whole": change(a_contact, answer="Yes."),
    **_kept(_answered, "contacts", "claims_contact", "contacts_only_gain_an_answer", answer="It is not."),
    "claims_statement_says_something": change(a_statement, text=""),
    "claims_statement_way_known": lambda world: Statement.objects.create(
        name="x", text="x", terms="on_record", way="telepathy", taken_at=world.now, by=world.by, at=world.now
    ),
    "claims_statement_confidential_names_are_sealed": lambda world: Statement.objects.create(
        name="x", text="x", terms="confidential", way="phone", taken_at=world.now, by=world.by, at=world.now
    ),
    **_kept(a_statement, "statements", "claims_statement", "statements_only_lose_letters", text="It is not."),
    "claims_evidence_is_a_document_or_a_statement": change(lambda world: world.evidence, statement=a_statement),
})  # fmt: skip
SAYS: Mapping[str, str] = MappingProxyType({
    **{name: "only loses letters" for name in RECORDS if "_only_" in name},
    **{name: "Cannot delete" for name in RECORDS if name.endswith("_never_deleted")},
})  # fmt: skip
