"""Statements, files and the chain on a claim's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Article, Claim, Event, Evidence
from claims.models.notes import Way
from claims.services import audit, statements
from claims.services.statements import Taken, Terms
from factcheck.access.roles import Role
from factcheck.lib import clock
from sources.models import Document, RawBytes
from tests.claims.admin.conftest import at, inline_in, said, signed_in
from tests.claims.admin.test_record_doors import form, typed
from tests.claims.test_audit import tamper
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
NAME = "Ilka Zorxbovan"


@pytest.fixture(autouse=True)
def _with_a_key(settings: Any) -> None:
    settings.SECRETS_KEY, settings.SECRETS_KEY_IS_SET = ["a key of these tests"], True


def state(client: Client, one: Claim, **fields: Any) -> Any:
    given = {
        "name": NAME, "role": "night guard", "terms": "confidential", "way": "phone", "language": "en",
        "taken_at": typed(clock.now()), "text": "I saw <b>lorries</b>.", "stance": "refutes", **fields,
    }  # fmt: skip
    return client.post(at(one, "state"), form("statement", **given))


def test_a_sealed_name_is_shown_to_who_asks_and_that_is_noted(checker: Client, bridge: Claim) -> None:
    assert state(checker, bridge)["Location"].endswith("#evidence")
    held = bridge.evidence.get()
    page = said(checker.get(at(bridge)))
    assert "Somebody whose name is sealed" in page
    assert "I saw &lt;b&gt;lorries&lt;/b&gt;." in page
    assert NAME not in page
    assert "No evidence yet" not in page
    shown = checker.post(at(bridge, "reveal", held.pk))
    assert NAME in said(shown)
    assert "no-store" in shown["Cache-Control"]
    assert not inline_in(shown)
    again = said(checker.get(at(bridge)))
    assert NAME not in again
    assert "somebody looked at a confidential name" in again
    reader = signed_in(Role.READER)
    assert "Show the name" not in said(reader.get(at(bridge)))
    assert reader.post(at(bridge, "reveal", held.pk)).status_code == 403


def test_a_name_on_the_record_is_shown_and_nothing_is_there_to_reveal(checker: Client, bridge: Claim) -> None:
    state(checker, bridge, terms="on_record")
    page = said(checker.get(at(bridge)))
    assert f'<strong dir="auto">{NAME}</strong>' in page
    assert "on the record: the name may be published" in page
    assert checker.post(at(bridge, "reveal", bridge.evidence.get().pk)).status_code == 409


def test_a_statement_that_names_its_source_is_refused_and_kept_in_the_form(checker: Client, bridge: Claim) -> None:
    answer = state(checker, bridge, text="Zorxbovan saw lorries.")
    assert "write it without the name" in said(answer)
    assert "Zorxbovan saw lorries." in said(answer)
    assert not bridge.evidence.exists()


def test_a_confidential_name_leaves_by_no_other_door(checker: Client, bridge: Claim, now: datetime) -> None:
    by = person(username="by")
    for terms in Terms:
        taken = Taken(NAME, f"Said {terms}.", terms, Way.EMAIL, now, role="night guard")
        statements.take(bridge, taken, stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    from factcheck.access.roles import Scope
    from tests.factories import token

    secret = token(by, Scope.READ_ALL)
    answer = Client().get(f"/api/v1/claims/{bridge.uid}/evidence", headers={"authorization": f"Bearer {secret}"})
    found = {one["statement"]["terms"]: one for one in answer.json()["results"]}
    assert found["on_record"]["statement"]["name"] == NAME
    assert answer.content.decode().count(NAME) == 1
    assert answer.content.decode().count("night guard") == 1
    assert (found["confidential"]["document"], found["confidential"]["snapshot"]) == (None, None)
    assert NAME not in said(checker.get("/admin/claims/claim/?q=Zorxbovan")).replace('value="Zorxbovan"', "")


LETTER = b"Letter of the port.\n\nThe bridge was never closed to lorries.\n"


def upload(client: Client, one: Claim, body: bytes, name: str = "letter.txt", **fields: Any) -> Any:
    given = {"stance": "refutes", "quote": "The bridge was never closed to lorries.", **fields}
    return client.post(at(one, "attach_file"), form("file", **given, file=SimpleUploadedFile(name, body)))


def test_a_text_file_is_evidence_with_its_quote(checker: Client, bridge: Claim) -> None:
    assert upload(checker, bridge, LETTER, title="Letter of 3 March").status_code == 302
    held = bridge.evidence.get()
    assert (held.exact, held.stance, held.state) == ("The bridge was never closed to lorries.", "refutes", "accepted")
    document = held.document
    assert document is not None
    assert (document.url, document.title, document.kept_inside) == ("", "Letter of 3 March", True)
    page = checker.get(at(bridge))
    assert "Letter of 3 March" in said(page)
    assert upload(checker, claim(clock.now()), LETTER, title="Letter of 3 March").status_code == 302
    assert Document.objects.count() == 1


def test_a_picture_is_kept_with_its_words_typed(checker: Client, bridge: Claim) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60
    assert "Type what stands on the screenshot" in said(upload(checker, bridge, picture, "sign.png"))
    quote = {"quote": "Open to lorries.", "typed": "Open to lorries."}
    assert upload(checker, bridge, picture, "sign.png", **quote).status_code == 302
    assert upload(checker, bridge, picture + b"\x01", "sign.png", **quote).status_code == 302
    assert RawBytes.objects.filter(media_type="image/png").count() == 2
    assert {str(one.document) for one in bridge.evidence.all()} == {"sign.png"}


def test_a_file_is_kept_only_if_its_quote_stands_in_it(checker: Client, bridge: Claim) -> None:
    answer = upload(checker, bridge, LETTER, quote="The bridge fell down.")
    assert "copy it character for character" in said(answer)
    assert not Document.objects.exists()
    for body, told in (
        (b"", "The submitted file is empty"),
        (b"\x00\x01", "no page that we can read"),
        (b"\xff\xfe\xfa", "no page that we can read"),
        (b"x" * (5 * 1024 * 1024 + 1), "at most 5 MB"),
    ):
        assert told in said(upload(checker, bridge, body, "odd.bin"))
    assert not bridge.evidence.exists()


def test_the_history_is_verified_by_one_button(checker: Client, bridge: Claim) -> None:
    state(checker, bridge)
    answer = checker.post(at(bridge, "verify"))
    last = Event.objects.filter(subject_uid=bridge.uid).order_by("-sequence")[0]
    assert "The history holds" in said(answer)
    assert "2 events were verified" in said(answer)
    assert last.digest in said(answer)
    assert "The history holds" in said(signed_in(Role.READER).post(at(bridge, "verify")))


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE claims_event SET type = 'claim.seen' WHERE subject_uid = '{0}'", "what it says was changed"),
        ("UPDATE claims_claim SET status = 'refuted' WHERE uid = '{0}'", "its status is not what its last change says"),
        ("UPDATE claims_statuschange SET why = 'x'", "its reason, search log or versions on the table were changed"),
    ],
)
def test_a_history_that_was_changed_is_named(sql: str, told: str, checker: Client, bridge: Claim) -> None:
    other = claim(clock.now(), "Another claim.")
    checker.post(at(bridge, "move"), {"seen": "unreviewed", "to": "in_review", "reason": "Now."})
    tamper(sql.format(bridge.uid))
    page = said(checker.post(at(bridge, "verify")))
    assert "The history does not hold" in page
    assert told in page
    assert not audit.verified(other.uid).broken


def test_articles_and_documents_have_a_history_to_verify_too(article: Article) -> None:
    found = audit.verified(article.uid)
    assert found.count >= 2
    assert not found.broken
    assert audit.verified(article.document.uid).digest == ""
