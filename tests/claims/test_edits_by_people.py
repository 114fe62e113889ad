"""A claim's sentence written anew by a person: from what they saw, with a way back, and never under a decision."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.models import Claim, Event
from claims.services import verdicts, wording
from claims.services.wording import MOST_EDITS, WordingRefused
from claims.verification.status import Code, Status
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from tests.claims.pages import typed
from tests.claims.test_wording import WRITTEN, closed
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
__all__ = ["closed"]
BETTER = "Mayor Ilka Brandt closed the bridge."


@pytest.fixture
def by() -> User:
    return person()


def edit(one: Claim, text: str, *, by: User, now: datetime, seen: str = "", why: str = "") -> Claim:
    return wording.edit(one, text, seen=seen or one.text, by=by, now=now, why=why)


def code_of(refused: pytest.ExceptionInfo[WordingRefused]) -> str:
    return refused.value.code


def test_the_sentence_is_written_anew_and_the_quote_stays(closed: Claim, by: User, now: datetime) -> None:
    quote = closed.appearances.get().quote
    said = edit(closed, f"  {BETTER} ", by=by, now=now, why="she is the mayor")
    assert (said.text, said.written) == (BETTER, WRITTEN)
    assert said.appearances.get().quote == quote
    told = Event.objects.filter(subject_uid=closed.uid).latest("sequence")
    assert (told.type, told.by) == ("claim.reworded", by)
    assert told.payload["before"] == WRITTEN
    assert told.payload["edit"]["why"] == "she is the mayor"
    assert "every chain holds" in typed("audit_verify")


def test_it_is_put_back_and_comes_again_before_what_splitting_wrote(closed: Claim, by: User, now: datetime) -> None:
    said = edit(closed, BETTER, by=by, now=now)
    with pytest.raises(WordingRefused) as refused:
        wording.put_back(said, 0, by=by, now=now)
    assert code_of(refused) == "edited_since"
    assert wording.put_back(said, 2, by=by, now=now).text == WRITTEN
    assert wording.put_back(said, 0, by=by, now=now).text == "She closed the bridge."


def test_what_was_taken_back_is_gone_from_the_list_with_the_next_edit(closed: Claim, by: User, now: datetime) -> None:
    said = edit(closed, BETTER, by=by, now=now)
    said = wording.put_back(said, 2, by=by, now=now)
    assert wording.write_again(said, 2, by=by, now=now).text == BETTER
    said = wording.put_back(said, 2, by=by, now=now)
    said = edit(said, "The mayor closed the bridge.", by=by, now=now)
    assert [one["now"] for one in said.edits] == ["Ilka Brandt", "", "The mayor closed the bridge."]


def test_edits_lie_on_one_another_and_come_off_one_by_one(now: datetime, by: User) -> None:
    one = claim(now, "It is shut.")
    one = edit(one, "The bridge is shut.", by=by, now=now)
    one = edit(one, "The Selmar bridge is shut.", by=by, now=now)
    assert wording.put_back(one, 1, by=by, now=now).text == "The bridge is shut."
    assert wording.put_back(one, 0, by=by, now=now).text == "It is shut."


def test_who_saw_another_sentence_is_told_that_it_moved(closed: Claim, by: User, now: datetime) -> None:
    edit(closed, BETTER, by=by, now=now)
    with pytest.raises(WordingRefused) as refused:
        edit(closed, "She did it.", by=by, now=now, seen=WRITTEN)
    assert code_of(refused) == "moved"


@pytest.mark.parametrize(("text", "code"), [("  ", "claim_text"), ("x" * 2001, "claim_text"), (WRITTEN, "same")])
def test_what_is_no_new_sentence_is_refused(closed: Claim, by: User, now: datetime, text: str, code: str) -> None:
    with pytest.raises(WordingRefused) as refused:
        edit(closed, text, by=by, now=now)
    assert code_of(refused) == code


def test_under_a_decision_the_words_stay(closed: Claim, by: User, now: datetime) -> None:
    verdicts.change_status(
        closed, to=Status.NOT_CHECKABLE, by=by, now=now, seen=Status.UNREVIEWED, code=Code.NOT_A_CLAIM
    )
    with pytest.raises(WordingRefused) as refused:
        edit(closed, BETTER, by=by, now=now)
    assert code_of(refused) == "decided"


def test_a_claim_that_was_edited_too_often_is_to_be_written_anew(now: datetime, by: User) -> None:
    one = claim(now, "It is shut.")
    for number in range(MOST_EDITS):
        one = edit(one, f"Bridge {number} is shut.", by=by, now=now)
    with pytest.raises(WordingRefused) as refused:
        edit(one, "It is open.", by=by, now=now)
    assert code_of(refused) == "many_edits"


def test_erased_words_are_not_written_again(closed: Claim, by: User, now: datetime) -> None:
    from claims.services import erasure

    spoken = claim(now, "The widow of Osmund Karvelis keeps the bridge tower locked at night.")
    erasure.erase_person(names_of(["Osmund Karvelis"]), why="asked for", by=person(Role.ADMIN), now=clock.now())
    with pytest.raises(WordingRefused) as refused:
        edit(closed, "The widow of Osmund Karvelis keeps the bridge tower locked at night.", by=by, now=now)
    assert code_of(refused) == "erased"
    spoken.refresh_from_db()
    assert "Karvelis" not in spoken.text


def test_a_new_version_of_the_article_finds_the_claim_by_the_words_it_had(
    closed: Claim, by: User, now: datetime
) -> None:
    from claims.models import Article
    from tests.claims.test_versions import version

    place = closed.appearances.get()
    edit(closed, BETTER, by=by, now=now)
    many = Claim.objects.count()
    version(Article.objects.get(), f"A first line.\n\n{place.snapshot.text}", now=now)
    closed.refresh_from_db()
    assert closed.text == BETTER
    assert Claim.objects.filter(text__contains="closed the bridge").count() == 1
    assert Claim.objects.count() <= many + 1
