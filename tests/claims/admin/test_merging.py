"""An editor says that two sources are one, whose a name is, and how reliable somebody is; and takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim
from factcheck.access.roles import Role
from sources.models import Document, Grading, Merge, Source, SourceName
from sources.services import sources
from tests.claims.admin.conftest import at, inline_in, listed, said, signed_in
from tests.claims.admin.test_keeping import source_form
from tests.factories import split_article

pytestmark = pytest.mark.django_db
WHY = "one house, says its imprint"


@pytest.fixture
def editor() -> Client:
    return signed_in(Role.EDITOR)


@pytest.fixture
def post() -> Source:
    return sources.find_or_make("The Selmar Post", kind=Source.Kind.OUTLET, domain="selmarpost.example")


@pytest.fixture
def selpo(post: Source) -> Source:
    selpo = sources.find_or_make("SelPo", domain="selpo.example")
    Document.objects.create(identity="text:1", publisher=selpo)
    return selpo


def test_what_would_move_is_shown_before_it_moves_and_undone_with_one_click(
    editor: Client, post: Source, selpo: Source
) -> None:
    door = at(selpo, "merge")
    assert door in said(editor.get(at(selpo)))
    form = editor.get(door)
    assert inline_in(form) == []
    assert "only the name “SelPo”" in said(form)
    asked = {"what": "", "into": "the selmar post", "why": WHY}
    shown = editor.post(door, asked)
    assert "“SelPo” becomes “The Selmar Post”" in said(shown)
    assert "<td>Documents</td> <td>1</td>" in said(shown)
    assert "<td>selpo.example</td>" in said(shown)
    assert f'name="sure" value="{post.pk}"' in said(shown)
    assert inline_in(shown) == []
    assert not Merge.objects.exists()
    after = editor.post(door, asked | {"sure": post.pk}, follow=True)
    assert "Done: SelPo → The Selmar Post." in said(after)
    assert WHY in said(after)
    assert "SelPo" not in [one.name for one in editor.get(listed(Source)).context["cl"].result_list]
    gone = editor.get(at(selpo))
    assert "It was merged into" in said(gone)
    assert door not in said(gone)
    assert 'name="reliability_grade"' not in said(gone)
    undone = editor.post(at(selpo, "undo"), {"merge": Merge.objects.get().pk}, follow=True)
    assert "Undone: both are as they were" in said(undone)
    assert "undone by editor" in said(undone)
    assert Document.objects.get().publisher == selpo
    again = editor.post(at(selpo, "undo"), {"merge": Merge.objects.get().pk}, follow=True)
    assert "It was undone already." in said(again)


def test_whoever_changes_their_mind_sees_the_other_first(editor: Client, post: Source, selpo: Source) -> None:
    other = sources.find_or_make("The Quay")
    shown = editor.post(at(selpo, "merge"), {"what": "", "into": "The Quay", "why": WHY, "sure": post.pk})
    assert "“SelPo” becomes “The Quay”" in said(shown)
    assert f'name="sure" value="{other.pk}"' in said(shown)
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"into": "Nobody Knows"}, "No source goes by that name."),
        ({"into": ""}, "Name the source that it is."),
        ({"into": "The Post"}, "It may be"),
        ({"into": "The Selmar Post", "why": ""}, "This field is required."),
        ({"into": "selpo.example", "sure": "self"}, "This is the source itself."),
        ({"into": "The Selmar Post", "what": "999"}, "errorlist"),
        ({"into": "x" * 301}, "at most 300"),
    ],
)
def test_a_merge_that_cannot_be_says_what_to_do(
    editor: Client, post: Source, selpo: Source, asked: dict[str, Any], words: str
) -> None:
    for one in (post, sources.find_or_make("Harbour Post")):
        SourceName.objects.create(source=one, name="The Post", is_ambiguous=True)
    sure = {"sure": selpo.pk} if asked.get("sure") else {}
    answer = editor.post(at(selpo, "merge"), {"what": "", "why": WHY} | asked | sure)
    assert answer.status_code == 200
    assert words in said(answer)
    assert not Merge.objects.exists()


@pytest.mark.parametrize("into", ["The Harbour Courier", "courier.example", "Harbour Weekly"])
def test_the_other_is_found_by_any_name_or_domain(editor: Client, selpo: Source, into: str) -> None:
    courier = sources.find_or_make("The Harbour Courier", domain="courier.example")
    SourceName.objects.create(source=courier, name="Harbour Weekly", is_ambiguous=True)
    shown = editor.post(at(selpo, "merge"), {"what": "", "into": into, "why": WHY})
    assert "“SelPo” becomes “The Harbour Courier”" in said(shown)


def test_a_name_moves_over_or_becomes_a_source_of_its_own(editor: Client, post: Source, selpo: Source) -> None:
    known = SourceName.objects.create(source=post, name="Selmar Sport")
    asked = {"what": known.pk, "into": "", "why": WHY}
    shown = editor.post(at(post, "merge"), asked)
    assert "The name “Selmar Sport” will mean a source of its own" in said(shown)
    after = editor.post(at(post, "merge"), asked | {"sure": "own"}, follow=True)
    assert "Done: Selmar Sport → Selmar Sport." in said(after)
    assert sources.find_or_make("Selmar Sport") != post
    own = SourceName.objects.create(source=post, name="SP")
    asked = {"what": own.pk, "into": "SelPo", "why": WHY}
    assert "The name “SP” will mean SelPo" in said(editor.post(at(post, "merge"), asked))
    editor.post(at(post, "merge"), asked | {"sure": selpo.pk})
    assert sources.find_or_make("SP") == selpo


@pytest.mark.parametrize("merge", ["", "x", "9" * 40, "-1", "4711"])
def test_what_was_never_merged_is_not_undone(editor: Client, post: Source, merge: str) -> None:
    assert editor.post(at(post, "undo"), {"merge": merge}).status_code == 404


def test_a_grade_asks_for_a_reason_and_tells_who_gave_it(editor: Client, post: Source) -> None:
    row = post.names.get()
    keep = {"names-0-id": row.pk, "names-0-source": post.pk}
    form = source_form("The Selmar Post", initial=1, home_domains="selmarpost.example", **keep)
    answer = editor.post(at(post), form | {"reliability_grade": "C", "grade_why": " "})
    assert "Say why it deserves this grade" in said(answer)
    assert not Grading.objects.exists()
    editor.post(at(post), form | {"reliability_grade": "C", "grade_why": "corrects itself late"})
    editor.post(at(post), form | {"reliability_grade": "C", "grade_why": "", "kind": "agency"})
    editor.post(at(post), form | {"reliability_grade": "D", "grade_why": "no longer corrects itself"})
    post.refresh_from_db()
    assert post.reliability_grade == "D"
    page = said(editor.get(at(post)))
    assert page.index("no longer corrects itself") < page.index("corrects itself late")
    assert Grading.objects.count() == 2
    assert str(Grading.objects.latest("id")) == "The Selmar Post: D"
    assert {one.by.username for one in Grading.objects.all()} == {"editor"}


def test_a_reader_sees_what_was_decided_and_cannot_decide(editor: Client, post: Source, selpo: Source) -> None:
    editor.post(at(selpo, "merge"), {"what": "", "into": "The Selmar Post", "why": WHY, "sure": post.pk})
    page = said(signed_in(Role.READER).get(at(post)))
    assert WHY in page
    assert at(post, "undo") not in page
    assert at(post, "merge") not in page


def test_owners_that_would_run_in_a_circle_are_refused_in_words(editor: Client, post: Source, selpo: Source) -> None:
    between = sources.find_or_make("Selmar Media")
    Source.objects.filter(pk=selpo.pk).update(parent=between)
    Source.objects.filter(pk=between.pk).update(parent=post)
    form = source_form(name="The Selmar Post", grade_why="known", home_domains="")
    assert "the owners would run in a circle" in said(editor.post(at(post), form | {"parent": selpo.pk}))
    merged = Source.objects.create(name="Old", merged_into=post)
    other = sources.find_or_make("The Quay")
    answer = editor.post(at(other), form | {"name": "The Quay", "parent": merged.pk})
    assert "That source was merged into “The Selmar Post”." in said(answer)


def test_a_name_that_several_go_by_is_kept_for_each(editor: Client, post: Source, selpo: Source) -> None:
    for one in (post, selpo):
        row = one.names.get()
        keep = {"names-0-id": row.pk, "names-0-source": one.pk, "names-1-is_ambiguous": "on"}
        form = source_form(row.name, "The Post", initial=1, name=one.name, **keep)
        assert editor.post(at(one), form).status_code == 302
    assert SourceName.objects.filter(key="post", is_ambiguous=True).count() == 2
    assert sources.meant("The Post") is None


def test_a_source_whose_own_name_is_shared_does_not_take_it_for_itself(editor: Client) -> None:
    form = source_form("The Post", name="The Post") | {"names-0-is_ambiguous": "on"}
    assert editor.post(listed(Source, "add"), form).status_code == 302
    assert list(SourceName.objects.values_list("name", "is_ambiguous")) == [("The Post", True)]


def test_a_claims_page_counts_its_independent_sources_and_says_why(editor: Client, now: datetime) -> None:
    text = "The Selmar bridge is closed to lorries."
    for outlet, more in (("The Selmar Post", "One."), ("Harbour Courier", "Two."), ("The Quay", "Three.")):
        split_article(now, f"{text} {more}", outlet=outlet)
    first = Claim.objects.filter(text=text).earliest("id")
    for one in Claim.objects.filter(text=text):
        one.appearances.update(claim=first)
    page = said(editor.get(at(first)))
    assert "Independent sources: 3 of 3 pages that say so" in page
    owner = sources.find_or_make("Selmar Media")
    Source.objects.filter(name__in=["The Selmar Post", "The Quay"]).update(parent=owner)
    page = said(editor.get(at(first)))
    assert "Independent sources: 2 of 3 pages that say so: 2 belong to Selmar Media" in page


def test_a_claim_of_one_page_has_no_voices_to_count(editor: Client, bridge: Claim) -> None:
    assert "Independent sources" not in said(editor.get(at(bridge)))
