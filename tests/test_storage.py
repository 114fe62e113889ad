"""Raw pages in a store outside: written first, verified, readable whatever the setting says later, removed for good."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from claims.services import articles, erasure
from claims.services.articles import ArticleRefused
from factcheck import chores, storage
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from sources import tasks
from sources.fetching.types import Outcome
from sources.models import Check, Document, RawBytes, Snapshot
from sources.services import checks
from sources.services import erasure as pages
from tests.factories import STORY, person
from tests.sources.pages import answer

BODY = b"<p>The Selmar bridge is closed.</p>" * 50


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def outside(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket of its own, named by the setting."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    address = f"s3://raw/desk?endpoint={server}&region=us-east-1"
    storage._client.cache_clear()
    bucket = storage._client(f"endpoint={server}&region=us-east-1")
    if "raw" in [one["Name"] for one in bucket.list_buckets()["Buckets"]]:
        for one in bucket.list_objects_v2(Bucket="raw").get("Contents", ()):
            bucket.delete_object(Bucket="raw", Key=one["Key"])
        storage._own.cache_clear()
    else:
        bucket.create_bucket(Bucket="raw")
    settings.RAW_STORAGE = address
    return address


@pytest.fixture
def nowhere(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store at which nobody answers."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    monkeypatch.setattr(storage, "TRIES", 1)
    storage._client.cache_clear()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.RAW_STORAGE = f"s3://raw/desk?endpoint=http://127.0.0.1:{port}&region=us-east-1"


def lying() -> list[str]:
    return [key for some in storage.lying_since(clock.now() + timedelta(days=1)) for key in some]


@pytest.mark.django_db
def test_a_body_is_kept_under_its_digest_for_one_row_and_read_back(outside: str) -> None:
    kept, again = storage.keep(BODY), storage.keep(BODY)
    assert kept.key != again.key
    assert (kept.content, kept.size) == (None, len(BODY))
    assert kept.digest in kept.key
    assert set(lying()) == {kept.key, again.key}
    storage.remove(again.key)
    assert storage.body_of(kept) == BODY


@pytest.mark.django_db
def test_what_is_not_what_was_kept_is_refused(outside: str) -> None:
    kept, other = storage.keep(BODY), storage.keep(b"another")
    with pytest.raises(storage.Damaged, match="is not what was kept"):
        storage.body_of(storage.Kept(None, other.key, kept.size, kept.digest))
    with pytest.raises(storage.Damaged, match="in the database cannot be unpacked"):
        storage.body_of(storage.Kept(b"junk", "", 4, ""))
    storage.remove(kept.key)
    storage.remove(kept.key)
    with pytest.raises(storage.Unavailable):
        storage.body_of(kept)


@pytest.mark.django_db
def test_every_object_is_seen_also_where_a_listing_takes_several_pages(
    outside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {storage.keep(f"body {number}".encode()).key for number in range(5)}
    asked = storage._asked

    def two_at_once(place: storage.Place, what: str, **more: Any) -> Any:
        return asked(place, what, **{**more, **({"MaxKeys": 2} if what == "list_objects_v2" else {})})

    monkeypatch.setattr(storage, "_asked", two_at_once)
    for _start in range(9):  # it begins anywhere
        assert sorted(lying()) == sorted(keys)


@pytest.mark.django_db
def test_rows_of_either_store_stay_readable_after_a_switch(outside: str, now: datetime, settings: Any) -> None:
    articles.submit_text(STORY, now=now)
    settings.RAW_STORAGE = ""
    articles.submit_text(f"{STORY} More.", now=now)
    there, here = RawBytes.objects.order_by("pk")
    assert (there.content, there.key.startswith("s3://raw/desk/")) == (None, True)
    assert (here.key, here.content is not None) == ("", True)
    for setting in (outside, "", "s3://other/place"):
        settings.RAW_STORAGE = setting
        assert there.unpacked() == STORY.encode()
        assert here.unpacked() == f"{STORY} More.".encode()


@pytest.mark.django_db
def test_an_erased_row_says_to_be_removed_until_its_object_is(outside: str, now: datetime, settings: Any) -> None:
    articles.submit_text(STORY, now=now)
    articles.submit_text(f"{STORY} More.", now=now)
    erasure.take_down(Snapshot.objects.order_by("pk")[0], why="a court order", by=person(Role.ADMIN), now=now)
    gone, stays = RawBytes.objects.order_by("pk")
    assert list(RawBytes.objects.to_be_removed()) == [gone]
    assert gone.key in lying()
    tasks.remove_erased_objects(now)
    assert lying() == [stays.key]
    assert not RawBytes.objects.to_be_removed().exists()
    assert not pages.remove_erased_objects()


def put(outside: str, name: str, body: bytes = b"x") -> str:
    """Put an object past the service; return its address."""
    place = storage.Place.of(outside)
    storage._asked(place, "put_object", Key=name, Body=body)
    return place.address(name)


def names_in(outside: str) -> set[str]:
    found = storage._asked(storage.Place.of(outside), "list_objects_v2", Prefix="")
    return {one["Key"] for one in found["Contents"]}


@pytest.mark.django_db
def test_an_object_from_before_objects_had_one_row_each_stays_while_another_version_needs_it(
    outside: str, now: datetime
) -> None:
    articles.submit_text(STORY, now=now)
    newer = RawBytes.objects.get()
    name = f"desk/{newer.digest[:2]}/{newer.digest}.z"
    put(outside, name)
    page, keys = Document.objects.get(), (f"s3://raw/{name}?region=us-east-1", storage.Place.of(outside).address(name))
    for number, key in enumerate(keys, start=2):
        version = Snapshot.objects.create(document=page, number=number, taken_at=now, text="x")
        RawBytes.objects.create(snapshot=version, key=key, size=newer.size, digest=newer.digest)
    by = person(Role.ADMIN)
    for number, stays in ((2, True), (3, False)):
        erasure.take_down(Snapshot.objects.get(number=number), why="a court order", by=by, now=now)
        pages.remove_erased_objects()
        assert (name in names_in(outside)) is stays
    assert newer.unpacked() == STORY.encode()


@pytest.mark.django_db
def test_orphans_are_removed_after_a_day(outside: str, now: datetime, settings: Any) -> None:
    articles.submit_text(STORY, now=now)
    orphan = storage.keep(BODY)
    real = clock.now()
    tasks.remove_orphans(real)
    assert orphan.key in lying()
    tasks.remove_orphans(real + timedelta(days=2))
    assert lying() == [RawBytes.objects.get().key]
    settings.RAW_STORAGE = ""
    tasks.remove_orphans(real)


@pytest.mark.django_db
def test_a_setting_in_another_spelling_makes_nothing_an_orphan(
    outside: str, server: str, now: datetime, settings: Any
) -> None:
    articles.submit_text(STORY, now=now)
    for query in (f"region=us-east-1&endpoint={server}", f"endpoint={server.replace('127.0.0.1', 'localhost')}"):
        settings.RAW_STORAGE = f"s3://raw/desk?{query}"
        storage.keep(BODY)
        assert pages.remove_orphans(now=clock.now() + timedelta(days=2)) == 1
        assert RawBytes.objects.get().unpacked() == STORY.encode()


@pytest.mark.django_db
def test_what_others_put_into_the_bucket_is_never_removed(outside: str, now: datetime) -> None:
    orphan = storage.keep(BODY)
    digest = orphan.digest
    foreign = {"desk/backup.dump", "other.txt", f"{digest[:2]}/{digest}.z", f"desk/other/{digest[:2]}/{digest}.z"}
    for name in foreign:
        put(outside, name)
    assert pages.remove_orphans(now=clock.now() + timedelta(days=2)) == 1
    assert names_in(outside) == foreign | {"desk/desk"}


@pytest.mark.django_db
def test_a_copy_of_the_desk_removes_nothing_of_the_one_it_was_copied_from(
    outside: str, server: str, now: datetime, settings: Any
) -> None:
    articles.submit_text(STORY, now=now)
    storage.keep(BODY)
    put(outside, "desk/desk", b"another server")
    before = names_in(outside)
    storage._own.cache_clear()
    articles.submit_text(f"{STORY} More.", now=now)
    with pytest.raises(storage.NotOurs, match="A copy of the desk"):
        tasks.remove_orphans(clock.now() + timedelta(days=2))
    settings.RAW_STORAGE = f"s3://raw/copy?endpoint={server}&region=us-east-1"
    storage.keep(BODY)
    tasks.remove_orphans(clock.now())
    by = person(Role.ADMIN)
    erasure.take_down(Snapshot.objects.order_by("pk")[0], why="a court order", by=by, now=now)
    assert "names another desk" in pages.remove_erased_objects_if_possible()
    assert before < names_in(outside)


@pytest.mark.django_db
def test_nothing_is_an_orphan_where_nobody_said_whose_the_objects_are(outside: str, now: datetime) -> None:
    put(outside, f"desk/ab/{'ab' * 32}.z")
    with pytest.raises(storage.NotOurs, match="or none"):
        pages.remove_orphans(now=clock.now() + timedelta(days=2))
    storage.keep(BODY)
    assert pages.remove_orphans(now=clock.now() + timedelta(days=2), until=lambda: True) <= 2


@pytest.mark.django_db
def test_erasing_a_person_removes_the_objects(outside: str, now: datetime) -> None:
    articles.submit_text(STORY, now=now)
    by = person(Role.ADMIN)
    erasure.erase_person(names_of(["Ilka Brandt"]), why="asked for it", by=by, now=now)
    assert pages.remove_erased_objects_if_possible() == "1 objects were removed from the store outside."
    assert lying() == []


@pytest.mark.django_db
def test_without_its_store_a_look_fails_and_loses_nothing(nowhere: None, now: datetime) -> None:
    page = Document.objects.create(identity="x", url="https://news.example.org/bridge")
    look = checks.look_at(page, fetch=lambda *_args, **_more: answer())
    assert look.outcome is Outcome.UNREACHABLE
    assert look.detail.startswith("could not be kept here: the store of raw pages")
    assert not Check.objects.exists()


@pytest.mark.django_db
def test_without_its_store_a_text_is_refused_with_a_reason(nowhere: None, now: datetime) -> None:
    with pytest.raises(ArticleRefused, match="Try again later") as refused:
        articles.submit_text(STORY, now=now)
    assert refused.value.code == "unavailable"
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_without_its_store_an_erasure_is_done_and_its_object_removed_later(
    outside: str, now: datetime, settings: Any
) -> None:
    articles.submit_text(STORY, now=now)
    row = RawBytes.objects.get()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = row.key.replace(row.key.split("127.0.0.1:")[1].split("&")[0], str(probe.getsockname()[1]))
    twin = Snapshot.objects.create(document=Document.objects.get(), number=2, taken_at=now, text="x")
    RawBytes.objects.create(snapshot=twin, key=dead, size=row.size, digest=row.digest)
    storage._client.cache_clear()
    erasure.take_down(twin, why="a court order", by=person(Role.ADMIN), now=now)
    assert "until the chore can remove them" in pages.remove_erased_objects_if_possible()
    assert RawBytes.objects.to_be_removed().count() == 1


@pytest.mark.django_db
def test_removing_stops_after_its_turn_and_goes_on_soon(
    outside: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles.submit_text(STORY, now=now)
    erasure.take_down(Snapshot.objects.get(), why="a court order", by=person(Role.ADMIN), now=now)
    monkeypatch.setattr(chores, "TURN_S", -1.0)
    assert tasks.remove_erased_objects(now)
    assert not tasks.remove_erased_objects(now)


@pytest.mark.django_db
def test_a_page_that_says_the_same_is_not_kept_again(outside: str, now: datetime) -> None:
    page = Document.objects.create(identity="x", url="https://news.example.org/bridge")
    look = checks.look_at(page, fetch=lambda *_args, **_more: answer())
    assert isinstance(look.body, storage.Kept)
    assert look.reading is not None
    from sources.services import documents

    documents.keep(
        page, look.reading, raw=look.body, media_type="text/html", now=now, captured_by=Snapshot.CapturedBy.FETCH
    )
    again = checks.look_at(Document.objects.get(), fetch=lambda *_args, **_more: answer())
    assert isinstance(again.body, bytes)
