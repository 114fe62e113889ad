"""Erasing people and taking down versions: what goes, what stays, and what does not come back unseen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from bench import planting
from claims import splitting
from claims.models import Appearance, Article, Attribution, Claim, Event, Evidence, Flag, StatusChange
from claims.services import articles, claims, erased_columns, erasure, events, evidence, flags, verdicts
from claims.services.claims import ClaimRefused
from claims.verification.staleness import StaleReason
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused
from factcheck.lib.names import names_of
from sources.models import ErasedText, Erasure, RawBytes, Snapshot, Source, SourceName
from sources.services import erasure as pages
from sources.services.erasure import ErasureRefused
from tests.claims.pages import page_of, typed, version_of
from tests.factories import STORY, claim, person, split_article

pytestmark = pytest.mark.django_db

NAMES = names_of(["Ilka Brandt"])
URL = "https://traffic.example/notices/14"
NOTICE = "Traffic notice 14.\n\nThe Selmar bridge stays open to lorries. Ilka Brandt signed the notice on Monday."


@pytest.fixture
def admin() -> User:
    return person(Role.ADMIN)


def test_a_reason_that_names_nobody_stays_as_it_was_written(now: datetime, admin: User) -> None:
    other = claim(now, text="The harbour was dredged in May.")
    move = verdicts.change_status(
        other, to=Status.IN_REVIEW, seen=Status.UNREVIEWED, by=admin, now=now, reason="The port asked."
    )
    split_article(now)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=clock.now())
    move.refresh_from_db()
    assert (move.why, move.erased_at) == ("The port asked.", None)


def test_a_persons_words_go_and_the_chain_holds(now: datetime, admin: User) -> None:
    article = split_article(now)
    said = Claim.objects.filter(appearances__chain__name__icontains="Brandt").first()
    assert said is not None
    kept = Claim.objects.exclude(appearances__chain__name__icontains="Brandt").exclude(text__contains="Brandt")
    before = {one.pk: one.text for one in kept}
    later = clock.now()  # workers read the clock, and nothing may be dated before what it follows
    done = erasure.erase_person(NAMES, why="asked for it", by=admin, now=later)
    assert erased_columns.naming(NAMES) == {}
    assert "every chain holds" in typed("audit_verify")
    said.refresh_from_db()
    assert (said.text, said.status, said.due_at, said.erased_at) == ("[erased]", Status.NOT_CHECKABLE, None, later)
    assert {one.pk: one.text for one in Claim.objects.filter(pk__in=before)} == before
    told = Event.objects.get(subject_uid=said.uid, type="claim.erased")
    assert (told.by, told.payload) == (admin, {"why": "asked for it", "erasure": str(done.uid)})
    assert done.counts["claims.Claim"] >= 1
    assert not SourceName.objects.filter(name__contains="Brandt").exists()
    assert Source.objects.filter(name="[erased]").exists()
    assert str(article.appearances.get(claim=said).chain.last()) == "[erased]"


def test_a_name_in_the_reasons_of_other_erasures_goes_with_its_bearer(now: datetime, admin: User) -> None:
    page = page_of("Traffic notice 14. The lorry of Karl Vogt stood on the bridge.", now=now)
    one = claim(now, "Karl Vogt closed the bridge.", by=admin)
    seen = Status.UNREVIEWED
    moved = verdicts.change_status(one, to=Status.IN_REVIEW, by=admin, now=now, seen=seen, reason="Karl Vogt rang.")
    earlier = erasure.take_down(
        Snapshot.objects.get(), why="Ilka Brandt asked for it. A court agreed.", by=admin, now=now
    )
    pages.lift(earlier, why="Ilka Brandt took it back.", by=admin, now=now)
    erasure.erase_person(names_of(["Karl Vogt"]), why="Ilka Brandt wanted it.", by=admin)
    assert {"sources.Erasure", "sources.Snapshot", "sources.RawBytes", "claims.Payload", "claims.StatusChange"} == set(
        erased_columns.naming(NAMES)
    )
    erasure.erase_person(NAMES, why="asked for it", by=admin)
    assert erased_columns.naming(NAMES) == {}
    earlier.refresh_from_db()
    assert (earlier.why, earlier.lifted_why) == (
        "████ ██████ █████ ███ ███ A court agreed.",
        "████ ██████ ████ ██ █████",
    )
    assert Snapshot.objects.get(document=page).erased_why == earlier.why
    moved.refresh_from_db()
    assert moved.erased_why == "████ ██████ ██████ ███"
    assert "every chain holds" in typed("audit_verify")


def test_an_erasure_is_dated_when_all_is_found(now: datetime, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    article = split_article(now)
    began, find = clock.now(), erasure._find
    monkeypatch.setattr(clock, "offset", lambda: timedelta(0))

    def long(*asked: Any) -> Any:
        found = find(*asked)
        monkeypatch.setattr(clock, "offset", lambda: timedelta(hours=1))
        with transaction.atomic():
            events.record(article, "article.shown", now=clock.now())
        return found

    monkeypatch.setattr(erasure, "_find", long)
    done = erasure.erase_person(NAMES, why="asked for it", by=admin)
    assert done.at >= began + timedelta(hours=1)
    assert "every chain holds" in typed("audit_verify")


def test_many_events_of_one_erasure_take_one_lock(now: datetime, admin: User) -> None:
    split_article(now)
    with transaction.atomic():
        erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
        assert Event.objects.filter(type__endswith=".erased").count() > 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = %s",
                [events._ALL],
            )
            assert "ExclusiveLock" in {mode for (mode,) in cursor.fetchall()}


def test_what_stands_beside_keeps_its_place(now: datetime, admin: User) -> None:
    article = split_article(now)
    text = version_of(article).text
    raw = RawBytes.objects.get(snapshot=version_of(article))
    assert raw.unpacked()
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    snapshot = Snapshot.objects.get()
    assert len(snapshot.text) == len(text)
    assert snapshot.text.endswith(text[text.index("The Harbour") :])
    assert snapshot.text.startswith("█████ ████")
    assert (snapshot.erased_at, snapshot.erased_by, snapshot.erased_why) == (now, admin, "asked for it")
    for one in Appearance.objects.standing():
        assert all(span["exact"] == text[span["start"] : span["end"]] for span in one.spans)
    raw.refresh_from_db()
    assert raw.content is None
    with pytest.raises(LookupError, match="asked for it"):
        raw.unpacked()


def test_only_an_administrator_erases_and_says_why_without_the_name(now: datetime, admin: User) -> None:
    for by, why, code in (
        (person(Role.EDITOR), "asked for it", "not_allowed"),
        (admin, " ", "reason_missing"),
        (admin, "Ms. ILKA BRÁNDT’s wish", "name_in_reason"),
    ):
        with pytest.raises(ErasureRefused) as refused:
            erasure.erase_person(NAMES, why=why, by=by, now=now)
        assert refused.value.code == code
    assert not Erasure.objects.exists()


def test_everything_written_of_an_erased_claim_goes_with_it(now: datetime, admin: User) -> None:
    page = page_of(NOTICE, now=now)
    one = claim(now, "Ilka Brandt closed the bridge.", by=admin)
    held = evidence.attach(one, page, quote="stays open to lorries", stance=Evidence.Stance.REFUTES, by=admin, now=now)
    moved = verdicts.change_status(
        one, to=Status.REFUTED, by=admin, now=now, seen=Status.UNREVIEWED, reason="The page says so."
    )
    flags.raise_flag(one, StaleReason.QUOTE_CHANGED, now=now, document=page, was="It was so.", today="It is not.")
    flags.raise_flag(one, StaleReason.TOO_OLD, now=now)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    held.refresh_from_db()
    assert (held.exact, held.sentence) == ("█████ ████ ██ ███████", "███ ██████ ██████ █████ ████ ██ ████████")
    moved = StatusChange.objects.get(pk=moved.pk)
    assert (moved.why, moved.erased_why, moved.new) == ("███ ████ ████ ███", "asked for it", Status.REFUTED)
    assert [flag.cleared_how for flag in Flag.objects.order_by("id")] == ["erased", "erased"]
    assert Flag.objects.order_by("id")[0].detail["was"] == "██ ███ ███"
    assert Event.objects.filter(type="claim.flagged_stale")[0].payload == {}
    one.refresh_from_db()
    assert one.status == Status.REFUTED
    assert not flags.raise_flag(one, StaleReason.TOO_OLD, now=now)


def test_a_quote_on_a_redacted_page_still_holds_and_an_erased_one_raises_nothing(now: datetime, admin: User) -> None:
    page = page_of(NOTICE, now=now)
    whole, erased = claim(now, "The bridge is open.", by=admin), claim(now, "Somebody signed.", by=admin)
    stance = Evidence.Stance.SUPPORTS
    holds = evidence.attach(whole, page, quote="stays open to lorries", stance=stance, by=admin, now=now)
    gone = evidence.attach(erased, page, quote="signed the notice", stance=stance, by=admin, now=now)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    holds.refresh_from_db()
    assert (holds.exact, holds.suffix[:3]) == ("stays open to lorries", ". █")
    gone.refresh_from_db()
    assert gone.exact == "██████ ███ ██████"
    for held in (holds, gone):
        flags.hold_against(held, "Traffic notice 14.\n\nThe Selmar bridge is shut.", now=now)
    assert [flag.claim for flag in Flag.objects.all()] == [whole]


def test_the_same_page_looked_at_again_stays_redacted_and_is_marked(now: datetime, admin: User) -> None:
    page = page_of(NOTICE, now=now)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    again = page_of(f"{NOTICE}\n\nA new line follows here.", now=now + timedelta(days=1)).snapshot
    assert again is not None
    assert "Brandt" not in again.text
    assert again.text.endswith("A new line follows here.")
    assert again.erased_why == "It holds text that was erased on 2026-03-02 because: asked for it"
    assert not RawBytes.objects.filter(snapshot=again).exists()
    assert page.snapshots.count() == 2


def test_a_pasted_text_that_was_erased_comes_in_redacted_and_splits_into_the_rest(now: datetime, admin: User) -> None:
    split_article(now)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    again = split_article(now, f"{STORY}\n\nA further paragraph says that the ferry runs twice a day.")
    assert again.snapshot is not None
    assert "asked for it" in again.snapshot.erased_why
    standing = Appearance.objects.standing().filter(article=again)
    assert standing.exists()
    assert not [one for one in standing if "█" in one.quote]
    assert erased_columns.naming(NAMES) == {}


def test_until_somebody_lifts_it(now: datetime, admin: User) -> None:
    split_article(now)
    done = erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    for by, why in ((person(Role.EDITOR), "x"), (admin, "")):
        with pytest.raises(ErasureRefused):
            pages.lift(done, why=why, by=by, now=now)
    typed("erase_person", "--lift", str(done.uid), "--why", "the court decided otherwise", "--by", admin.username)
    again = split_article(now, f"{STORY}\n\nOne line more.")
    assert again.snapshot is not None
    assert "Mayor Ilka Brandt" in again.snapshot.text
    assert again.snapshot.erased_why == ""


def test_an_erased_claim_written_by_hand_again_is_refused(now: datetime, admin: User) -> None:
    claim(now, "Ilka Brandt closed the bridge.", by=admin)
    claims.make("Ilka Brandt opened a school.", now=now, by=admin)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    with pytest.raises(ClaimRefused, match="asked for it") as refused:
        claims.make("ILKA BRANDT  closed the bridge", now=now, by=admin)
    assert refused.value.code == "erased"
    assert claims.make("Ilka Brandt is back.", now=now, by=admin)


def test_an_address_with_the_name_in_it_goes_and_is_refused_afterwards(now: datetime, admin: User) -> None:
    url = "https://news.example.org/people/ilka-brandt?page=2"
    page = page_of("Nothing to see here at all.", now=now, url=url)
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    page.refresh_from_db()
    assert (page.url, page.identity, page.due_at) == ("", f"erased:{page.uid}", None)
    with pytest.raises(UrlRefused, match="asked for it"):
        articles.submit_url(url, now=now)


def test_words_erased_while_they_were_split_are_not_stored(now: datetime, admin: User) -> None:
    article, _is_new = articles.submit_text(STORY, now=now)
    work = ledger.register.works["split"]
    (held,) = ledger.lease(work)

    def meanwhile(text: str, **more: Any) -> splitting.Splitting:
        found = splitting.split(text, **more)
        erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
        return found

    articles.split_due(held, now=now, split=meanwhile)
    assert not Claim.objects.exists()
    article.refresh_from_db()
    assert article.due_at == now


def test_a_claim_that_also_stands_elsewhere_stays(now: datetime, admin: User) -> None:
    article = split_article(now, "Mayor Ilka Brandt lied again and again. The bridge is closed to lorries.")
    said = "The bridge is closed to lorries."
    one = claims.make("The bridge is closed.", now=now, by=admin, article=article, quote="lied again")
    place = Appearance.objects.get(claim=one)
    start = version_of(article).text.index(said)
    span = {"exact": said, "prefix": "", "suffix": "", "start": start, "end": start + 9}
    Appearance.objects.create(
        claim=one, article=article, snapshot=place.snapshot, fingerprint="other", certainty="asserted", kind="fact",
        salience="core", quote=said, spans=[span],
    )  # fmt: skip
    erasure.erase_person(NAMES, why="asked for it", by=admin, now=now)
    one.refresh_from_db()
    assert one.text == "The bridge is closed."
    place.refresh_from_db()
    assert place.ended_at == now


def test_a_mark_by_hand_on_an_erased_place_ends_with_the_next_version(now: datetime, admin: User) -> None:
    document = page_of(NOTICE, now=now)
    article, _is_new = articles.submit_url(URL, now=now)
    claims.make("It stays open.", now=now, by=admin, article=article, quote="stays open")
    erasure.take_down(Snapshot.objects.get(), why="a court order", by=admin, now=now)
    page_of("Another notice stands here now. The bridge stays open to all.", now=now + timedelta(days=1))
    ledger.reschedule(Article.objects.filter(document=document), due_at=now, state=Article.State.DUE)
    ledger.drain_all()
    assert Appearance.objects.get(claim__origin="person").ended_at is not None
    assert not Flag.objects.exists()


def test_the_command_shows_first_and_erases_when_told(now: datetime, admin: User) -> None:
    split_article(now)
    source = Source.objects.get(name__contains="Brandt")
    shown = typed("erase_person", "Ilka Brandt", "--also", "Brandt")
    assert "sources.Snapshot: 1" in shown
    assert "Nothing was erased" in shown
    assert Attribution.objects.filter(name__contains="Brandt").exists()
    with pytest.raises(CommandError, match="--by"):
        typed("erase_person", "Ilka Brandt", "--yes", "--why", "x")
    done = typed(
        "erase_person",
        "Ilka Brandt",
        "--yes",
        "--why",
        "asked for it",
        "--by",
        admin.username,
        "--source",
        str(source.uid),
    )
    assert "No column holds the names any more." in done
    assert "The names stand nowhere." in typed("erase_person", "Ilka Brandt")
    for wrong in (["Al"], [], ["X Y Z", "--source", str(admin.pk).zfill(32)], ["--lift", "0" * 32]):
        with pytest.raises(CommandError):
            typed("erase_person", *wrong)
    assert ErasedText.objects.exists()


def test_a_desk_that_names_them_in_every_text_column_names_them_nowhere_afterwards(now: datetime, admin: User) -> None:
    crowd = planting.people(2)
    planting.make(crowd, count=10, by=admin, now=now)
    assert planting.plant(crowd) > 60
    for who in crowd:
        assert erased_columns.naming(names_of([who.name]))
        typed("erase_person", who.name, "--yes", "--why", "asked for it", "--by", admin.username)
        assert erased_columns.naming(names_of([who.name])) == {}
    assert "every chain holds" in typed("audit_verify")
    assert planting.left(b"\n".join(row.unpacked() for row in RawBytes.objects.kept()), crowd) == []
