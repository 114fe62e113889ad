"""Whom the desk asked, where it looked, what it noted: written once, and erased with whom it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from claims.models import Claim, Contact, Event, Note, Search
from claims.models.notes import Way
from claims.services import contacts, erased_columns, erasure, notes, verdicts
from claims.services.contacts import Asked, ContactRefused
from claims.services.notes import Looked, NoteRefused
from claims.verification.status import Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from sources.services import sources
from tests.claims.pages import typed
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def checker(db: None) -> User:
    return person()


@pytest.fixture
def bridge(db: None, now: datetime) -> Claim:
    return claim(now)


@pytest.fixture
def asked(now: datetime) -> Asked:
    return Asked("Port of Selmar", "Is the bridge open?", Way.EMAIL, now, role="its office", deadline=now + DAY)


def told(claim: Claim, type_: str) -> Event:
    found: Event = Event.objects.get(subject_uid=claim.uid, type=type_)
    return found


def test_whom_we_asked_is_kept_and_the_event_names_nobody(
    bridge: Claim, asked: Asked, checker: User, now: datetime
) -> None:
    contact = contacts.ask(bridge, asked, by=checker, now=now)
    contact.refresh_from_db()
    assert (contact.whom, contact.role, contact.question) == ("Port of Selmar", "its office", "Is the bridge open?")
    event = told(bridge, "claim.contact_asked")
    assert (event.by, event.payload) == (checker, {"contact": contact.pk, "way": "email"})


def test_who_goes_by_the_name_of_a_source_is_linked_to_it(
    bridge: Claim, asked: Asked, checker: User, now: datetime
) -> None:
    port = sources.find_or_make("The Port of Selmar")
    assert contacts.ask(bridge, asked, by=checker, now=now).source == port
    assert contacts.ask(bridge, replace(asked, whom="Somebody"), by=checker, now=now).source is None


def test_that_no_answer_came_is_told_by_the_readers_clock(
    bridge: Claim, asked: Asked, checker: User, now: datetime
) -> None:
    contact = contacts.ask(bridge, asked, by=checker, now=now)
    assert [contact.is_silent(now + DAY), contact.is_silent(now + 2 * DAY)] == [False, True]
    contacts.answer(contact, "It is.", answered_at=now, by=checker, now=now + 3 * DAY)
    contact.refresh_from_db()
    assert not contact.is_silent(now + 4 * DAY)
    assert (contact.answer, contact.answer_by) == ("It is.", checker)
    assert told(bridge, "claim.contact_answered").payload == {"contact": contact.pk}


def test_an_answer_is_written_once(bridge: Claim, asked: Asked, checker: User, now: datetime) -> None:
    contact = contacts.ask(bridge, asked, by=checker, now=now)
    contacts.answer(contact, "It is.", answered_at=now, by=checker, now=now)
    with pytest.raises(ContactRefused, match="Somebody noted an answer meanwhile") as refusal:
        contacts.answer(contact, "It is not.", answered_at=now, by=checker, now=now)
    assert refusal.value.code == "already_answered"
    assert Contact.objects.get().answer == "It is."


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"whom": " "}, "missing"),
        ({"question": ""}, "missing"),
        ({"asked_at": DAY}, "in_future"),
        ({"deadline": -DAY}, "deadline_too_early"),
    ],
)
def test_what_makes_no_sense_is_not_written_down(
    fields: dict[str, Any], code: str, asked: Asked, checker: User, now: datetime
) -> None:
    given: dict[str, Any] = {}
    for name, value in fields.items():
        given[name] = now + value if isinstance(value, timedelta) else value
    with pytest.raises(ContactRefused) as refusal:
        contacts.ask(claim(now), replace(asked, **given), by=checker, now=now)
    assert (refusal.value.code, Contact.objects.count()) == (code, 0)


def test_an_answer_comes_after_the_question_and_says_something(
    bridge: Claim, asked: Asked, checker: User, now: datetime
) -> None:
    contact = contacts.ask(bridge, asked, by=checker, now=now)
    for text, at, code in ((" ", now, "missing"), ("Yes.", now - DAY, "not_then"), ("Yes.", now + DAY, "not_then")):
        with pytest.raises(ContactRefused) as refusal:
            contacts.answer(contact, text, answered_at=at, by=checker, now=now)
        assert refusal.value.code == code


def test_unproven_rests_on_what_was_logged_before(bridge: Claim, checker: User, now: datetime) -> None:
    looked = Looked("The register of bridges", "Selmar", "No entry.", now)
    notes.log_search(bridge, looked, by=checker, now=now)
    change = verdicts.change_status(
        bridge, to=Status.NOT_ENOUGH_EVIDENCE, seen=Status.UNREVIEWED, by=checker, now=now, reason="Nobody knows."
    )
    assert change.new == "not_enough_evidence"
    assert told(bridge, "claim.search_logged").payload == {"search": Search.objects.get().pk}


def test_whom_we_asked_is_a_search_log_as_well(bridge: Claim, asked: Asked, checker: User, now: datetime) -> None:
    assert not notes.tell_of_search(bridge)
    contacts.ask(bridge, asked, by=checker, now=now)
    assert notes.tell_of_search(bridge)


def test_empty_notes_and_searches_are_refused(bridge: Claim, checker: User, now: datetime) -> None:
    with pytest.raises(NoteRefused, match="Write something"):
        notes.write(bridge, " \n", by=checker, now=now)
    looked = Looked("The register", "Selmar", "No entry.", now)
    for wrong, code in ((replace(looked, found=" "), "missing"), (replace(looked, looked_at=now + DAY), "in_future")):
        with pytest.raises(NoteRefused) as refusal:
            notes.log_search(bridge, wrong, by=checker, now=now)
        assert refusal.value.code == code


def test_people_are_erased_from_logs_and_notes_and_the_chain_holds(
    bridge: Claim, asked: Asked, checker: User, now: datetime
) -> None:
    other = claim(now, "Ilka Brandt closed the harbour.")
    ilka = replace(asked, whom="Ilka Brandt", role="mayor")
    contact = contacts.ask(bridge, ilka, by=checker, now=now)
    contacts.answer(contact, "It is open. Ilka Brandt said so.", answered_at=now, by=checker, now=now)
    notes.write(bridge, "Call the port. Ilka Brandt is away.", by=checker, now=now)
    notes.log_search(bridge, Looked("The register", "Ilka Brandt", "Nothing.", now), by=checker, now=now)
    notes.write(other, "She was seen there.", by=checker, now=now)
    done = erasure.erase_person(
        names_of(["Ilka Brandt"]), why="asked for it", by=person(Role.ADMIN, username="admin"), now=clock.now()
    )
    assert erased_columns.naming(names_of(["Ilka Brandt"])) == {}
    contact.refresh_from_db()
    assert (contact.whom, contact.role, contact.answer) == ("████ ██████", "mayor", "It is open. ████ ██████ ████ ███")
    assert Note.objects.get(claim=bridge).text == "Call the port. ████ ██████ ██ █████"
    assert Note.objects.get(claim=other).text == "███ ███ ████ ██████"
    assert Search.objects.get().looked_for == "████ ██████"
    assert done.counts["claims.Note"] == 2
    assert "every chain holds" in typed("audit_verify")
