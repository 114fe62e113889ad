"""Pages by their canonical address, texts by their words, sources by their names."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest
from django.db import connection, transaction

from factcheck.lib.addresses import UrlRefused
from sources.models import Document, Source, SourceName
from sources.models.source import name_key
from sources.services import documents, sources

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "again",
    [
        "https://News.Example.org/a?x=1",
        "https://news.example.org:443/a?x=1#part",
        "https://news.example.org/a?utm_source=mail&x=1",
        "https://news.example.org/b/../a?x=1",
    ],
)
def test_one_page_under_several_addresses_is_one_document(now: datetime, again: str) -> None:
    first, is_new = documents.watch("https://news.example.org/a?x=1", now=now)
    assert is_new
    assert documents.watch(again, now=now) == (first, False)


def test_an_address_inside_our_own_net_is_refused_and_leaves_nothing(now: datetime) -> None:
    with pytest.raises(UrlRefused):
        documents.watch("http://169.254.169.254/latest/meta-data/", now=now)
    assert not Document.objects.exists()


def test_a_text_has_no_address_to_look_at(now: datetime) -> None:
    text = Document.objects.create(identity="text:1")
    assert not documents.look_now(text, now=now)
    assert str(text) == "Text without address"
    assert not text.is_watched


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Washington Post", "Washington Post"),
        ("Le Monde", "le  monde"),
        ("Agência Lusa", "Agencia Lusa"),
        ("U.S. Steel", "US Steel"),
    ],
)
def test_spellings_of_one_name_mean_one_source(one: str, other: str) -> None:
    assert sources.find_or_make(one) == sources.find_or_make(other)
    assert Source.objects.count() == 1


def test_a_source_is_found_by_its_domain(now: datetime) -> None:
    first = sources.find_or_make("The Harbour Courier", domain="harbour-courier.example")
    assert sources.find_or_make("Courier", domain="harbour-courier.example") == first


def test_a_page_that_calls_itself_by_anothers_name_is_not_taken_for_it() -> None:
    post = sources.find_or_make("The Harbour Courier", domain="harbour-courier.example")
    spoof = sources.find_or_make("The Harbour Courier", domain="evil.example")
    assert spoof != post
    assert spoof.name == "The Harbour Courier (evil.example)"
    assert sources.find_or_make("The Harbour Courier", domain="evil.example") == spoof
    assert sources.find_or_make("the harbour courier") == post, "an article that names it means the real one"


def test_a_source_without_a_domain_is_found_by_its_name() -> None:
    first = sources.find_or_make("Shelter Line")
    assert sources.find_or_make("Shelter Line", domain="shelter.example") == first


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_meet_a_new_name_at_once_get_one_source() -> None:
    met, found = threading.Event(), []

    def second() -> None:
        met.set()
        found.append(sources.find_or_make("Shelter Line"))  # waits for the first one's commit
        connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        first = sources.find_or_make("Shelter Line")
        other.start()
        met.wait()
        time.sleep(0.3)
    other.join()
    assert found == [first]
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("The Washington Post", True),
        ("Dara Voss", True),
        ("mayor Ilka Brandt", True),
        ("“The Courier”", True),
        ("Reports", False),
        ("army officials", False),
        ("Talvian Officials", False),
        ("She", False),
        ("a spokesman for the ministry", False),
        ("", False),
        ("X" * 301, False),
    ],
)
def test_a_name_names_somebody_a_group_stays_text(name: str, named: bool) -> None:
    assert sources.is_named(name) is named


def test_a_name_of_only_signs_has_a_key_all_the_same() -> None:
    assert name_key("!!!") == "!!!"
    assert str(SourceName(name="x")) == "x"
