"""Mending on the claim's page: its sentence, how its places are read, and merging it with another."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.models import Appearance, Article, Claim, Evidence, Link, Reread
from claims.services import evidence, verdicts
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.roles import Role
from sources.models import Document
from tests.claims.admin.conftest import at, inline_in, said, signed_in
from tests.factories import claim, person

pytestmark = pytest.mark.django_db


def test_the_sentence_is_edited_and_the_edit_taken_back(checker: Client, bridge: Claim) -> None:
    page = checker.get(at(bridge))
    assert "Edit the sentence" in said(page)
    assert inline_in(page) == []
    asked = {"text": "The Selmar bridge is shut.", "seen": bridge.text, "why": "that is what they mean"}
    answer = checker.post(at(bridge, "edit"), asked, follow=True)
    assert "The claim now says: “The Selmar bridge is shut.”" in said(answer)
    assert "Written anew by fact_checker: that is what they mean" in said(answer)
    answer = checker.post(at(bridge, "reword", 0), {"as": "article"}, follow=True)
    assert bridge.text in said(answer)


def test_a_refused_sentence_stays_as_it_was_typed(checker: Client, bridge: Claim) -> None:
    answer = checker.post(at(bridge, "edit"), {"text": "x" * 2001, "seen": bridge.text})
    assert "x" * 2001 in said(answer)
    answer = checker.post(at(bridge, "edit"), {"text": "Typed words.", "seen": "Another sentence."})
    assert answer.status_code == 409
    assert "Typed words." in said(answer)
    assert "wrote the sentence anew meanwhile" in said(answer)
    same = checker.post(at(bridge, "edit"), {"text": bridge.text, "seen": bridge.text})
    assert same.status_code == 200
    assert "says that already" in said(same)


def test_a_reader_has_no_forms_for_it(bridge: Claim, article: Article) -> None:
    reader = signed_in(Role.READER)
    page = said(reader.get(at(article.appearances.earliest("pk").claim)))
    assert "Edit the sentence" not in page
    assert "Correct how it is read" not in page
    assert "Merge with" not in page
    assert "Split it up" not in page


@pytest.fixture
def place(article: Article) -> Appearance:
    return article.appearances.get(certainty="unconfirmed")


def form_of(client: Client, place: Appearance):
    shown = [one for one in client.get(at(place.claim)).context["standing"] if one.appearance == place]
    return shown[0].form


def correct(client: Client, place: Appearance, **asked: str):
    form = form_of(client, place)
    given = {name: form[name].value() for name in form.fields} | asked
    door = at(place.claim, "reread", place.pk)
    return client.post(door, {f"{form.prefix}-{name}": value for name, value in given.items()}, follow=True)


def test_how_a_place_is_read_is_corrected_and_marked_with_the_name(checker: Client, place: Appearance) -> None:
    answer = correct(checker, place, certainty="possible", chain="The Selmar Post\nDara Voss | told")
    page = said(answer)
    assert "how sure the text is: set by fact_checker" in page
    assert "splitting reads “unconfirmed”" in page
    assert "splitting reads “The Selmar Post → Reports" in page
    assert "Dara Voss" in page
    answer = checker.post(at(place.claim, "take_back", place.pk, "certainty"), follow=True)
    assert "as splitting reads it again" in said(answer)
    assert [row.what for row in Reread.objects.all()] == ["chain"]
    answer = checker.post(at(place.claim, "take_back", place.pk, "certainty"))
    assert answer.status_code == 409


def test_an_empty_chain_of_splittings_is_told_in_words(checker: Client, place: Appearance) -> None:
    place.chain.all().delete()
    assert "splitting reads “the article&#x27;s own voice”" in said(correct(checker, place, chain="Dara Voss"))


def test_who_saw_it_read_otherwise_is_told_and_keeps_what_was_typed(checker: Client, place: Appearance) -> None:
    answer = correct(checker, place, kind="opinion", seen="0" * 32)
    assert answer.status_code == 409
    assert "Meanwhile it is read otherwise" in said(answer)
    answer = correct(checker, place)
    assert answer.status_code == 200
    assert "read like that already" in said(answer)
    answer = correct(checker, place, certainty="sure", chain="A typed name")
    assert "A typed name" in said(answer)
    assert not Reread.objects.exists()


def matched() -> None:
    ledger.drain(ledger.register.works["match"], for_s=60)


def test_claims_to_merge_with_are_found_by_words_and_merged_and_parted(
    checker: Client, bridge: Claim, now: datetime
) -> None:
    other = claim(now, "The harbour ferry stops at Talvia.")
    matched()
    page = said(checker.get(at(bridge), {"merge": "harbour ferry Talvia"}))
    assert "The harbour ferry stops at Talvia." in page
    assert "Merge with this claim" in page
    answer = checker.post(at(bridge, "join"), {"other": str(other.uid)}, follow=True)
    assert "The claims are one now." in said(answer)
    assert "Part them" in said(answer)
    assert "No other claim is found" in said(checker.get(at(bridge), {"merge": str(other.uid)}))
    link = Link.objects.get(kind="same_as", state="accepted")
    checker.post(at(bridge, "link", link.pk, "undo"))
    other.refresh_from_db()
    assert other.head is None


def test_a_claim_is_found_by_its_address_but_never_itself(checker: Client, bridge: Claim, now: datetime) -> None:
    other = claim(now, "Quite another matter.")
    page = said(checker.get(at(bridge), {"merge": f"http://desk.example{at(other)}"}))
    assert "Quite another matter." in page
    assert "No other claim is found" in said(checker.get(at(bridge), {"merge": str(bridge.uid)}))


def test_similar_claims_have_the_button_beside_them(checker: Client, bridge: Claim, now: datetime) -> None:
    other = claim(now, "The Selmar bridge is closed to all lorries.")
    matched()
    Link.objects.all().delete()
    Claim.objects.update(head=None)
    answer = checker.get(at(bridge))
    if answer.context["similar"]:
        assert f'name="other" value="{other.uid}"' in said(answer)


def test_two_different_verdicts_are_not_merged(
    checker: Client, bridge: Claim, pinned: Evidence, notice: Document, now: datetime
) -> None:
    other = claim(now, "Quite another matter.")
    by = person(username="decider")
    evidence.attach(other, notice, quote="", stance=Evidence.Stance.SUPPORTS, by=by, now=now)
    for one, to in ((bridge, Status.REFUTED), (other, Status.SUPPORTED)):
        verdicts.change_status(one, to=to, seen=Status.UNREVIEWED, by=by, now=now, reason="the notice says so")
    answer = checker.post(at(bridge, "join"), {"other": str(other.uid)})
    assert answer.status_code == 409
    assert "Both have a verdict, and not the same: “refuted” and “supported”" in said(answer)
    assert not Link.objects.filter(state="accepted").exists()


def test_a_claim_is_split_up_leads_to_its_parts_and_is_put_together(
    checker: Client, article: Article, place: Appearance
) -> None:
    whole = place.claim
    form = checker.get(at(whole)).context["split"]
    assert form["parts"].value() == whole.text
    typed = "The bridge is closed to lorries.\n\nReports tell so. | Reports"
    given = {"split-parts": typed, "split-seen": whole.text}
    answer = checker.post(at(whole, "split_up"), given, follow=True)
    assert "It is 2 claims now." in said(answer)
    assert "Split up into" in said(answer)
    assert inline_in(answer) == []
    part = Claim.objects.get(text="Reports tell so.")
    assert "This claim is part of" in said(checker.get(at(part)))
    beside = said(checker.get(at(article)))
    assert f'id="claim-{part.pk}"' in beside
    assert f'id="claim-{whole.pk}"' not in beside
    assert "It is one claim again." in said(checker.post(at(whole, "put_together"), follow=True))
    assert checker.post(at(whole, "put_together")).status_code == 409


def test_refused_parts_stay_as_they_were_typed(checker: Client, bridge: Claim) -> None:
    answer = checker.post(at(bridge, "split_up"), {"split-parts": "Only one.", "split-seen": bridge.text})
    assert "Write 2 to 6 sentences." in said(answer)
    assert "Only one." in said(answer)
    given = {"split-parts": "One.\nTwo.", "split-seen": "Another sentence."}
    assert checker.post(at(bridge, "split_up"), given).status_code == 409
    assert checker.post(at(bridge, "split_up"), {"split-parts": ""}).status_code == 200
    assert not bridge.parts.exists()
