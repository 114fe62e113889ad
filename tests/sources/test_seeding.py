"""The list of known sources, and how it comes to a desk that may have its own mind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.core.management import call_command

from factcheck.lib.addresses import registrable_domain
from sources import seeds
from sources.models import Seed, Source, SourceName
from sources.models.source import name_key
from sources.seeds import Entry
from sources.services import seeding, sources

COURIER = Entry("The Harbour Courier", ("HarbCo",), ("The Courier",), ("harbour.example",), "outlet", "Harbour Media")
MEDIA = Entry("Harbour Media", (), (), (), "organisation", "")
LIST = (COURIER, MEDIA)


def test_the_list_is_large_and_covers_every_kind() -> None:
    kinds = Counter(entry.kind for entry in seeds.entries())
    assert kinds["outlet"] >= 120
    assert kinds["agency"] >= 30
    assert set(kinds) == {"outlet", "agency", "organisation"}
    assert seeds.version() >= 1


def test_each_name_and_domain_of_the_list_is_one_sources_and_each_owner_stands_in_it() -> None:
    plain = Counter(name_key(name) for entry in seeds.entries() for name in (entry.name, *entry.names))
    domains = Counter(domain for entry in seeds.entries() for domain in entry.domains)
    assert [name for name, count in (plain + domains).items() if count > 1] == []
    assert [domain for domain in domains if registrable_domain(f"https://{domain}/") != domain] == []
    names = {entry.name for entry in seeds.entries()}
    assert {entry.parent for entry in seeds.entries()} - names == {""}
    assert all(max(map(len, (entry.name, *entry.names, *entry.ambiguous))) <= 100 for entry in seeds.entries())


@pytest.mark.django_db
def test_the_whole_list_comes_once() -> None:
    first = seeding.seed()
    assert first.sources == len(seeds.entries()) == Source.objects.count()
    assert first.taken == []
    assert sources.find_or_make("WaPo") == sources.find_or_make("The Washington Post")
    assert sources.find_or_make("AFP").kind == "agency"
    assert sources.find_or_make("Sky News").parent == sources.find_or_make("Comcast")
    again = seeding.seed()
    assert (again.sources, again.names) == (0, 0)


@pytest.mark.django_db
def test_what_an_editor_changed_or_took_away_does_not_come_back() -> None:
    seeding.seed(LIST)
    courier = sources.find_or_make("HarbCo")
    SourceName.objects.filter(key="harbco").delete()
    Source.objects.filter(pk=courier.pk).update(name="Courier Online", home_domains=[], parent=None, kind="dataset")
    assert seeding.seed(LIST).names == 0
    courier.refresh_from_db()
    told = (courier.name, courier.home_domains, courier.parent, courier.kind)
    assert told == ("Courier Online", [], None, "dataset")
    assert not SourceName.objects.filter(key="harbco").exists()


@pytest.mark.django_db
def test_a_newer_list_brings_what_is_new_in_it() -> None:
    seeding.seed(LIST)
    newer = replace(COURIER, names=("HarbCo", "Harbour Online"), domains=("harbour.example", "hc.example"))
    assert seeding.seed((newer, MEDIA)).names == 1
    assert sources.find_or_make("Harbour Online").home_domains == ["harbour.example", "hc.example"]


@pytest.mark.django_db
def test_a_desk_that_has_the_source_already_keeps_it() -> None:
    own = sources.find_or_make("Harbour Online", kind=Source.Kind.OUTLET, domain="harbour.example")
    other = sources.find_or_make("HarbCo")
    done = seeding.seed((replace(COURIER, kind="agency"), MEDIA))
    own.refresh_from_db()
    assert (own.name, own.kind, own.parent) == ("Harbour Online", "agency", Source.objects.get(name="Harbour Media"))
    assert sources.find_or_make("The Harbour Courier") == own
    assert sources.find_or_make("HarbCo") == other
    assert done.taken == ["HarbCo: HarbCo"]


@pytest.mark.django_db
def test_a_desk_that_knows_the_name_alone_gets_the_domain_and_the_kind() -> None:
    own = sources.find_or_make("Harbour Courier")
    seeding.seed(LIST)
    own.refresh_from_db()
    assert (own.kind, own.home_domains) == ("outlet", ["harbour.example"])
    assert Source.objects.count() == 2


@pytest.mark.django_db
def test_a_desk_that_has_sorted_the_source_otherwise_is_not_corrected() -> None:
    sources.find_or_make("The Harbour Courier", kind=Source.Kind.DATASET)
    seeding.seed(LIST)
    assert sources.find_or_make("HarbCo").kind == "dataset"
    assert str(Seed.objects.get(key="harbour courier/harbco")) == "harbour courier/harbco"


@pytest.mark.django_db
def test_a_domain_that_is_anothers_here_stays_its_own() -> None:
    own = sources.find_or_make("The Harbour Courier")
    other = sources.find_or_make("Harbour Portal", domain="hc.example")
    done = seeding.seed((MEDIA, replace(COURIER, domains=())))
    assert done.taken == []
    done = seeding.seed((MEDIA, replace(COURIER, domains=("hc.example",))))
    assert done.taken == ["hc.example: Harbour Portal"]
    own.refresh_from_db()
    assert (own.home_domains, other.home_domains) == ([], ["hc.example"])


@pytest.mark.django_db
def test_an_owner_that_would_close_a_circle_is_not_given() -> None:
    media = sources.find_or_make("Harbour Media")
    courier = sources.find_or_make("The Harbour Courier")
    Source.objects.filter(pk=media.pk).update(parent=courier)
    seeding.seed(LIST)
    courier.refresh_from_db()
    assert courier.parent is None


@pytest.mark.django_db
def test_the_command_says_what_came_and_what_was_left(capsys: pytest.CaptureFixture[str]) -> None:
    sources.find_or_make("WaPo")
    sources.find_or_make("The Capital", domain="washingtonpost.com")
    call_command("seed_sources")
    first, *rest = capsys.readouterr().out.splitlines()
    assert f"{len(seeds.entries()) - 1} new sources" in first
    assert rest == ["left as it is on this desk: WaPo: WaPo. Merge the two if they are one."]
    call_command("seed_sources")
    assert "0 new sources, 0 new names" in capsys.readouterr().out


@pytest.mark.django_db
def test_migrating_brings_the_list_but_not_into_the_database_of_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert not Seed.objects.exists()
    call_command("migrate", "sources")
    assert not Seed.objects.exists()
    call_command("migrate")
    assert "known outlets, agencies and owners were brought in" in capsys.readouterr().out
    assert Seed.objects.exists()
