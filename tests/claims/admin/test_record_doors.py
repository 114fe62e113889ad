"""Contacts, searches and notes on a claim's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime

from claims.admin import recorded
from claims.models import Claim, Contact, Note, Search
from claims.models.notes import Way
from claims.services import contacts, notes
from claims.services.contacts import Asked
from claims.services.notes import Looked
from factcheck.access.roles import Role
from factcheck.lib import clock
from tests.claims.admin.conftest import at, inline_in, said, signed_in
from tests.claims.admin.test_lists import queries
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def typed(when: datetime) -> str:
    return localtime(when).strftime("%Y-%m-%dT%H:%M")


def form(prefix: str, /, **fields: Any) -> dict[str, Any]:
    return {f"{prefix}-{field}": value for field, value in fields.items()}


def ask(client: Client, one: Claim, **fields: Any) -> Any:
    given = {
        "whom": "Port of Selmar", "role": "its office", "way": "phone", "question": "Is it open?",
        "asked_at": typed(clock.now() - DAY), "deadline": typed(clock.now() + DAY), **fields,
    }  # fmt: skip
    return client.post(at(one, "ask"), form("contact", **given))


def test_whom_we_asked_stands_in_the_log_and_in_the_head(checker: Client, bridge: Claim) -> None:
    answer = ask(checker, bridge)
    assert (answer.status_code, answer["Location"]) == (302, f"{at(bridge)}#contacts")
    page = said(checker.get(at(bridge)))
    contact = Contact.objects.get()
    assert f'<a href="#contact-{contact.pk}" dir="auto">Port of Selmar</a>' in page
    assert "answer awaited until" in page
    assert "by phone, by fact_checker" in page


def test_a_deadline_that_passed_reads_as_such_and_an_answer_ends_it(checker: Client, bridge: Claim) -> None:
    ask(checker, bridge, asked_at=typed(clock.now() - 3 * DAY), deadline=typed(clock.now() - DAY))
    assert "no answer by the deadline" in said(checker.get(at(bridge)))
    contact = Contact.objects.get()
    given = form(f"answer-{contact.pk}", answer="It <is> open.", answered_at=typed(clock.now()))
    assert checker.post(at(bridge, "answer", contact.pk), given).status_code == 302
    answer = checker.get(at(bridge))
    page = said(answer)
    assert "no answer by the deadline" not in page
    assert "It &lt;is&gt; open." in page
    assert "#contact-" not in page
    assert not inline_in(answer)
    again = checker.post(at(bridge, "answer", contact.pk), given | {f"answer-{contact.pk}-answer": "Too late."})
    assert again.status_code == 409
    assert "Somebody noted an answer meanwhile" in said(again)
    assert "Too late." in said(again)


def test_what_was_typed_stays_where_it_is_refused(checker: Client, bridge: Claim) -> None:
    answer = ask(checker, bridge, asked_at=typed(clock.now() + DAY), deadline="")
    assert answer.status_code == 200
    assert "That moment is still to come" in said(answer)
    assert "Port of Selmar" in said(answer)
    assert "This is not a date on which" in said(ask(checker, bridge, asked_at="0001-01-01T00:00"))
    assert not Contact.objects.exists()


def test_searches_and_notes_are_written_down(checker: Client, bridge: Claim) -> None:
    assert "No notes." in said(checker.get(at(bridge)))
    looked = form("search", looked_in="The register", looked_for="Selmar", found="None.", looked_at=typed(clock.now()))
    assert checker.post(at(bridge, "log_search"), looked)["Location"].endswith("#searches")
    assert checker.post(at(bridge, "note"), form("note", text="Ask <again>."))["Location"].endswith("#notes")
    page = said(checker.get(at(bridge)))
    assert "The register <small>Selmar</small>" in page
    assert "Ask &lt;again&gt;." in page
    assert "a note was written" in page
    assert "This field is required" in said(checker.post(at(bridge, "note"), form("note", text="")))
    assert (Note.objects.count(), Search.objects.count()) == (1, 1)


def test_a_contact_without_a_deadline_or_of_another_claim(checker: Client, bridge: Claim, now: datetime) -> None:
    ask(checker, bridge, deadline="")
    assert "answer awaited, no deadline set" in said(checker.get(at(bridge)))
    assert checker.post(at(claim(now), "answer", Contact.objects.get().pk)).status_code == 404


def test_readers_read_and_do_not_write(bridge: Claim, now: datetime) -> None:
    contacts.ask(bridge, Asked("The port", "Is it?", Way.EMAIL, now), by=person(username="by"), now=now)
    reader = signed_in(Role.READER)
    page = said(reader.get(at(bridge)))
    assert "The port" in page
    assert "Note the answer" not in page
    assert reader.post(at(bridge, "note"), form("note", text="x")).status_code == 403


def test_the_page_asks_as_often_for_many_records_as_for_few(checker: Client, now: datetime) -> None:
    by, counts = person(username="by"), []
    for many in (2, recorded.MOST + 5):
        one = claim(now, f"A claim with {many} records.")
        for number in range(many):
            contacts.ask(one, Asked(f"Port {number}", "Is it?", Way.EMAIL, now), by=by, now=now)
            notes.write(one, f"Note {number}.", by=by, now=now)
            notes.log_search(one, Looked(f"Shelf {number}", "it", "Nothing.", now), by=by, now=now)
        counts.append(queries(checker, at(one)))
    assert counts[0] == counts[1] <= 25
    assert said(checker.get(at(one))).count("The newest 50 are shown.") == 3
