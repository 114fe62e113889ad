"""Two sources that are one, a name that was another's, and taking either back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from claims.models import Attribution, Claim
from factcheck.access.models import User
from factcheck.access.roles import Role
from sources.models import Document, Merge, Source, SourceName
from sources.services import naming, owners, sources
from sources.services.naming import MergeRefused
from tests.factories import claim, person, split_article

pytestmark = pytest.mark.django_db
WHY = "one house, says its imprint"


@pytest.fixture
def by() -> User:
    return person(Role.EDITOR)


@pytest.fixture
def post(now: datetime) -> Source:
    """The outlet of an article, which an own claim was made of, too."""
    split_article(now)
    post = Source.objects.get(name="The Selmar Post")
    Source.objects.filter(pk=post.pk).update(home_domains=["selmarpost.example"])
    claim(now, "The ferry runs.", claimant="SelPo")
    return Source.objects.get(pk=post.pk)


@pytest.fixture
def selpo(post: Source) -> Source:
    selpo = Source.objects.get(name="SelPo")
    Source.objects.filter(pk=selpo.pk).update(home_domains=["selpo.example"])
    Document.objects.create(identity="text:1", publisher=selpo)
    Document.objects.create(identity="text:2", wire=selpo)
    sources.find_or_make("SelPo Sports")
    Source.objects.filter(name="SelPo Sports").update(parent=selpo)
    return Source.objects.get(pk=selpo.pk)


def everything() -> dict[str, object]:
    """Return all that refers to sources, by name."""
    return {
        "publishers": sorted(Document.objects.values_list("identity", "publisher__name")),
        "wires": sorted(Document.objects.filter(wire__isnull=False).values_list("wire__name", flat=True)),
        "claimants": sorted(Claim.objects.filter(claimant__isnull=False).values_list("claimant__name", flat=True)),
        "chains": sorted(Attribution.objects.filter(source__isnull=False).values_list("pk", "source__name")),
        "names": sorted(SourceName.objects.values_list("name", "source__name")),
        "sources": sorted(
            (one.name, tuple(one.home_domains), one.parent and one.parent.name, one.merged_into_id)
            for one in Source.objects.all()
        ),
    }


def test_everything_that_hangs_on_the_one_hangs_on_the_other(
    now: datetime, by: User, post: Source, selpo: Source
) -> None:
    held = {one.label: one.count for one in naming.held_by(selpo)}
    assert held == {
        "sources.Document.publisher": 1,
        "sources.Document.wire": 1,
        "sources.Source.parent": 1,
        "sources.SourceName.source": 1,
        "claims.Claim.claimant": 1,
    }
    texts = sorted(Attribution.objects.values_list("pk", "name", "cue"))
    merged = naming.merge(post, selpo, by=by, now=now, why=WHY)
    told = everything()
    assert ("text:1", "The Selmar Post") in told["publishers"]  # type: ignore[operator]
    assert told["wires"] == told["claimants"] == ["The Selmar Post"]
    assert sources.find_or_make("SelPo") == sources.find_or_make("x", domain="selpo.example") == post
    assert Source.objects.get(name="SelPo Sports").parent == post
    assert sorted(Attribution.objects.values_list("pk", "name", "cue")) == texts, "texts keep their own words"
    assert naming.held_by(selpo) == []
    assert (merged.why, merged.by, merged.at) == (WHY, by, now)
    selpo.refresh_from_db()
    assert (selpo.merged_into, selpo.home_domains) == (post, [])
    assert list(Source.objects.standing().filter(name="SelPo")) == []
    assert str(merged) == "SelPo → The Selmar Post"


def test_the_sources_of_texts_come_along_as_well(now: datetime, by: User, post: Source, selpo: Source) -> None:
    before = Attribution.objects.filter(source=post).count()
    naming.merge(selpo, post, by=by, now=now, why=WHY)
    assert Attribution.objects.filter(source=selpo).count() == before > 0


def test_a_merge_is_taken_back_whole(now: datetime, by: User, post: Source, selpo: Source) -> None:
    Source.objects.filter(pk=post.pk).update(home_domains=["selmarpost.example", "selpo.example"])
    before = everything()
    merged = naming.merge(post, selpo, by=by, now=now, why=WHY)
    naming.undo(merged, by=by, now=now + timedelta(hours=1))
    after = everything()
    assert after["sources"] != before["sources"], "a domain that both had stays with the winner alone"
    Source.objects.filter(pk=selpo.pk).update(home_domains=["selpo.example"])
    assert everything() == before
    merged.refresh_from_db()
    assert (merged.undone_by, merged.undone_at) == (by, now + timedelta(hours=1))
    with pytest.raises(MergeRefused, match="undone already"):
        naming.undo(merged, by=by, now=now)


def test_what_somebody_moved_on_since_stays_there(now: datetime, by: User, post: Source, selpo: Source) -> None:
    merged = naming.merge(post, selpo, by=by, now=now, why=WHY)
    other = sources.find_or_make("The Quay")
    Document.objects.filter(identity="text:1").update(publisher=other)
    naming.undo(merged, by=by, now=now)
    assert Document.objects.get(identity="text:1").publisher == other
    assert Document.objects.get(identity="text:2").wire == selpo


def test_a_source_that_owned_the_other_passes_it_on(now: datetime, by: User, post: Source, selpo: Source) -> None:
    group = sources.find_or_make("Selmar Media")
    Source.objects.filter(pk=selpo.pk).update(parent=group)
    Source.objects.filter(pk=post.pk).update(parent=selpo)
    before = everything()
    merged = naming.merge(post, selpo, by=by, now=now, why=WHY)
    post.refresh_from_db()
    assert post.parent == group
    naming.undo(merged, by=by, now=now)
    assert everything() == before


def test_a_merge_that_would_close_a_circle_of_owners_is_refused(
    now: datetime, by: User, post: Source, selpo: Source
) -> None:
    between, above = Source.objects.get(name="SelPo Sports"), sources.find_or_make("Upper House")
    Source.objects.filter(pk=above.pk).update(parent=between)
    Source.objects.filter(pk=post.pk).update(parent=above)
    with pytest.raises(MergeRefused, match="SelPo owns SelPo Sports, which owns The Selmar Post") as refusal:
        naming.merge(post, selpo, by=by, now=now, why=WHY)
    assert refusal.value.code == "circle"


def test_a_name_that_both_share_with_others_stays_once(now: datetime, by: User, post: Source, selpo: Source) -> None:
    for one in (post, selpo):
        SourceName.objects.create(source=one, name="The Post", is_ambiguous=True)
    naming.merge(post, selpo, by=by, now=now, why=WHY)
    assert post.names.filter(name="The Post").count() == 1
    assert sources.find_or_make("The Post") == post


def test_who_may_not_or_says_nothing_or_names_the_same_is_refused(
    now: datetime, by: User, post: Source, selpo: Source
) -> None:
    checker = person(Role.FACT_CHECKER)
    name = selpo.names.get()
    for code, act in {
        "not_allowed": lambda: naming.merge(post, selpo, by=checker, now=now, why=WHY),
        "reason_missing": lambda: naming.merge(post, selpo, by=by, now=now, why=" "),
        "same": lambda: naming.merge(post, post, by=by, now=now, why=WHY),
        "own_name": lambda: naming.move_name(name, post, by=by, now=now, why=WHY),
    }.items():
        with pytest.raises(MergeRefused) as refusal:
            act()
        assert refusal.value.code == code
    merged = naming.merge(post, selpo, by=by, now=now, why=WHY)
    other = sources.find_or_make("The Quay")
    extra = SourceName.objects.create(source=other, name="Quay Online")
    with pytest.raises(MergeRefused, match="Only an editor"):
        naming.undo(merged, by=checker, now=now)
    with pytest.raises(MergeRefused, match="merged already"):
        naming.merge(other, selpo, by=by, now=now, why=WHY)
    with pytest.raises(MergeRefused, match="merged itself"):
        naming.move_name(extra, selpo, by=by, now=now, why=WHY)
    naming.merge(other, post, by=by, now=now, why=WHY)
    with pytest.raises(MergeRefused, match="Undo that first"):
        naming.undo(merged, by=by, now=now)


def test_a_merge_of_more_than_can_be_taken_back_is_refused(
    now: datetime, by: User, post: Source, selpo: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "MOST_MOVED", 2)
    before = everything()
    with pytest.raises(MergeRefused, match="the other one into it"):
        naming.merge(post, selpo, by=by, now=now, why=WHY)
    assert everything() == before


def test_a_name_moves_over_with_the_texts_that_were_read_by_it(now: datetime, by: User) -> None:
    courier = sources.find_or_make("The Harbour Courier")
    known = SourceName.objects.create(source=courier, name="HarbCo")
    split_article(now, "The bridge is closed, HarbCo reported. The ferry runs, The Harbour Courier reported.")
    other = sources.find_or_make("Harbour Cooperative")
    moved = naming.move_name(known, other, by=by, now=now, why="HarbCo is the cooperative")
    assert sources.find_or_make("HarbCo") == other
    chains = set(Attribution.objects.filter(source__isnull=False).values_list("name", "source__name"))
    assert {("HarbCo", "Harbour Cooperative"), ("The Harbour Courier", "The Harbour Courier")} <= chains
    assert ("HarbCo", "The Harbour Courier") not in chains
    assert str(moved) == "HarbCo → Harbour Cooperative"
    naming.undo(moved, by=by, now=now)
    assert sources.find_or_make("HarbCo") == courier
    assert not Attribution.objects.filter(source=other).exists()


def test_a_name_becomes_a_source_of_its_own(now: datetime, by: User, post: Source) -> None:
    known = SourceName.objects.create(source=post, name="SelPo Weekend")
    moved = naming.move_name(known, None, by=by, now=now, why="another newsroom")
    assert sources.find_or_make("SelPo Weekend") == moved.winner != post
    assert moved.winner.kind == post.kind


def test_a_shared_name_moves_but_not_to_who_has_it(now: datetime, by: User, post: Source, selpo: Source) -> None:
    known = SourceName.objects.create(source=post, name="The Post", is_ambiguous=True)
    naming.move_name(known, selpo, by=by, now=now, why=WHY)
    again = SourceName.objects.create(source=post, name="The Post", is_ambiguous=True)
    with pytest.raises(MergeRefused, match="Take it away here"):
        naming.move_name(again, selpo, by=by, now=now, why=WHY)


def test_a_moved_name_does_not_go_back_to_who_was_merged_since(
    now: datetime, by: User, post: Source, selpo: Source
) -> None:
    known = SourceName.objects.create(source=post, name="Weekend")
    moved = naming.move_name(known, selpo, by=by, now=now, why=WHY)
    naming.merge(sources.find_or_make("The Quay"), post, by=by, now=now, why=WHY)
    with pytest.raises(MergeRefused, match="merged since"):
        naming.undo(moved, by=by, now=now)
    assert Merge.objects.count() == 2


def test_owners_are_followed_to_the_last_and_in_no_circle(post: Source, selpo: Source) -> None:
    sports = Source.objects.get(name="SelPo Sports")
    assert owners.roots([sports.pk, post.pk])[0] == {sports.pk: selpo.pk, post.pk: post.pk}
    assert owners.run_in_a_circle(selpo, sports)
    assert not owners.run_in_a_circle(sports, selpo)
    chain = [Source.objects.create(name="Owner 0")]
    for number in range(1, 20):
        chain.append(Source.objects.create(name=f"Owner {number}", parent=chain[-1]))
    assert owners.roots([chain[-1].pk])[0] == {chain[-1].pk: chain[0].pk}
    assert owners.run_in_a_circle(post, Source.objects.get(pk=chain[-1].pk))
