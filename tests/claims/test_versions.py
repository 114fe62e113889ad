"""A new version of an article: what stands still keeps its claims, only what is new is split, what changed is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from claims import splitting
from claims.models import Appearance, Article, Claim, Event, Flag
from claims.services import articles, claims, erasure, verdicts, wording
from claims.splitting import Attribution, Certainty, FoundClaim, Kind, Salience, Span, Splitting
from claims.verification.status import Status
from factcheck import ledger
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.lib.names import names_of
from sources.fetching.reading import read
from sources.models import Change, Document, Snapshot
from sources.services import documents
from tests.factories import person, split_article

pytestmark = pytest.mark.django_db

RUMOUR = "Reports that Northern Front fighters had also seized the Kestrel crossing could not be confirmed."
CONFIRMED = "Officials confirmed that Northern Front fighters had also seized the Kestrel crossing."
REST = "The army said on Sunday that about 4,000 people had fled to Talvia."
STORY = f"{RUMOUR}\n\n{REST}"


def version(article: Article, text: str, *, now: datetime, is_heard: bool = True) -> Article:
    """Let the page say something else and do what is due; or split it before the change was heard."""
    document = Document.objects.get(pk=article.document_id)
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    before = document.snapshot
    with transaction.atomic():
        after = documents.keep(
            document, reading, raw=b"", media_type="text/plain", now=now, captured_by=Snapshot.CapturedBy.PERSON
        )
        Change.objects.create(document=document, found="changed", before=before, after=after, at=now, due_at=now)
    if not is_heard:
        Article.objects.update(due_at=now)
        ledger.drain(ledger.register.works["split"])
    ledger.drain_all()
    article.refresh_from_db()
    return article


def place(article: Article, words: str) -> Appearance:
    return article.appearances.standing().get(quote__contains=words)


def is_verbatim(article: Article) -> bool:
    standing = article.appearances.standing().select_related("snapshot")
    return all(
        one.snapshot == article.snapshot
        and all(one.snapshot.text[span["start"] : span["end"]] == span["exact"] for span in one.spans)
        for one in standing
    )


@pytest.mark.parametrize("is_heard", [True, False], ids=["heard first", "split first"])
def test_what_becomes_certain_is_told_and_keeps_its_claim_its_place_and_its_verdict(
    now: datetime, is_heard: bool
) -> None:
    article = split_article(now, STORY)
    before = place(article, "seized")
    assert before.certainty == "unconfirmed"
    by = person()
    verdicts.change_status(
        before.claim, to=Status.NOT_ENOUGH_EVIDENCE, by=by, now=now, seen=Status.UNCONFIRMED, reason="r", search_log="s"
    )
    version(article, STORY.replace(RUMOUR, CONFIRMED), now=clock.now(), is_heard=is_heard)
    after = place(article, "seized")
    assert (after.uid, after.claim, after.certainty) == (before.uid, before.claim, "asserted")
    assert after.claim.status == "not_enough_evidence", "a machine never moves the status"
    assert [link.name for link in after.chain.all()][-1] == "Officials"
    assert is_verbatim(article)
    flag = after.claim.flags.get(reason="certainty_changed")
    assert (flag.document, flag.detail["old"], flag.detail["new"]) == (article.document, "unconfirmed", "asserted")
    assert (flag.detail["was"], flag.detail["today"]) == (RUMOUR, CONFIRMED)
    assert after.claim.flags.get(reason="quote_changed").detail["today"] == CONFIRMED
    told = Event.objects.get(type="claim.certainty_changed")
    assert told.payload == {
        "article": str(article.uid), "appearance": str(after.uid), "version": 2,
        "old": "unconfirmed", "new": "asserted",
    }  # fmt: skip


def test_the_same_statement_in_other_words_is_the_same_claim_and_its_certainty_is_told(now: datetime) -> None:
    article = split_article(now, STORY)
    before = place(article, "seized")
    anew = "Northern Front fighters seized the Kestrel crossing."
    version(article, STORY.replace(RUMOUR, anew), now=clock.now())
    after = place(article, "seized")
    before.refresh_from_db()
    assert after.claim == before.claim
    assert (before.certainty, after.certainty) == ("unconfirmed", "asserted")
    assert before.ended_at is not None, "its own words stand there no longer, and are never rewritten"
    assert before.quote == "Northern Front fighters had also seized the Kestrel crossing"
    detail = before.claim.flags.get(reason="certainty_changed").detail
    assert (detail["old"], detail["new"], detail["today"]) == ("unconfirmed", "asserted", anew)


def test_a_certainty_that_stays_is_not_told(now: datetime) -> None:
    article = split_article(now, STORY)
    before = place(article, "seized")
    text = STORY.replace("could not be confirmed", "could not be independently confirmed on Sunday")
    version(article, text, now=clock.now())
    after = place(article, "seized")
    assert (after.pk, after.certainty) == (before.pk, "unconfirmed")
    assert not Event.objects.filter(type="claim.certainty_changed").exists()
    assert {flag.reason for flag in Flag.objects.all()} == {"quote_changed"}


def test_a_closed_claim_is_left_in_peace_but_its_history_tells_the_certainty(now: datetime) -> None:
    article = split_article(now, STORY)
    claim = place(article, "seized").claim
    verdicts.change_status(claim, to=Status.NOT_CHECKABLE, by=person(), now=now, seen=Status.UNCONFIRMED, reason="x")
    version(article, STORY.replace(RUMOUR, CONFIRMED), now=clock.now())
    assert not claim.flags.exists()
    assert Event.objects.filter(subject_uid=claim.uid, type="claim.certainty_changed").exists()


def test_a_paragraph_more_makes_the_claims_of_that_paragraph_and_no_other(now: datetime) -> None:
    article = split_article(now, STORY)
    uids = dict(article.appearances.values_list("uid", "claim__uid"))
    texts = set(Claim.objects.values_list("text", flat=True))
    version(article, f"The mayor of Kestrel resigned.\n\n{STORY}", now=clock.now())
    assert uids.items() <= dict(article.appearances.standing().values_list("uid", "claim__uid")).items()
    assert set(Claim.objects.values_list("text", flat=True)) - texts == {"The mayor of Kestrel resigned."}
    assert is_verbatim(article)
    assert not Flag.objects.exists()


def found(text: str, quote: str, says: str, certainty: Certainty = Certainty.ASSERTED) -> FoundClaim:
    start = text.index(quote)
    return FoundClaim(
        spans=(Span(start, start + len(quote), quote),),
        text=says,
        sources=(Attribution("Officials", "said"),),
        certainty=certainty,
        kind=Kind.FACT,
        checkable=True,
        salience=Salience.CORE,
        check_worthy=0.5,
        because=("by the test",),
    )


def split_as(article: Article, *wanted: tuple[str, str], now: datetime) -> None:
    """Split the article's newest version into these quotes, each with its sentence."""

    def split(text: str, **_more: Any) -> Splitting:
        return Splitting(tuple(found(text, quote, says) for quote, says in wanted))

    Article.objects.filter(pk=article.pk).update(due_at=now)
    articles.split_due(ledger.lease(ledger.register.works["split"])[0], now=now, split=split)


SHE = "She closed the bridge"
TWO = "Ilka Brandt met the council. She closed the bridge on Monday."


@pytest.fixture
def bridge(now: datetime) -> Article:
    """An article of two sentences, each with one claim."""
    article, _new = articles.submit_text(TWO, now=now)
    split_as(article, (SHE, "Ilka Brandt closed the bridge."), ("Ilka Brandt met the council", "B met it."), now=now)
    return article


def newer(article: Article, text: str, *, now: datetime) -> None:
    document = Document.objects.get(pk=article.document_id)
    reading = read(text.encode(), media_type="text/plain", charset="utf-8", url="")
    with transaction.atomic():
        documents.keep(document, reading, raw=b"", media_type="", now=now, captured_by=Snapshot.CapturedBy.PERSON)


def test_a_sentence_that_is_read_otherwise_today_keeps_its_claim_as_it_was_written(
    now: datetime, bridge: Article
) -> None:
    """Who "she" is depends on a paragraph that is new; a decision may stand on the sentence as it is."""
    text = f"Mayor Vera Holm spoke. {TWO}"
    newer(bridge, text, now=now)
    claim = place(bridge, SHE).claim
    split_as(bridge, (SHE, "Vera Holm closed the bridge."), ("Ilka Brandt met the council", "B met it."), now=now)
    kept = place(bridge, SHE)
    assert (kept.claim, kept.claim.text) == (claim, "Ilka Brandt closed the bridge.")
    assert Claim.objects.count() == 2
    assert kept.snapshot.text[kept.spans[0]["start"] : kept.spans[0]["end"]] == SHE


def test_a_sentence_that_has_its_claims_gets_no_others(now: datetime, bridge: Article) -> None:
    newer(bridge, f"{TWO} The council wept.", now=now)
    split_as(bridge, ("closed the bridge on Monday", "X."), ("The council wept", "The council wept."), now=now)
    quotes = {one.quote for one in bridge.appearances.standing()}
    assert quotes == {SHE, "Ilka Brandt met the council", "The council wept"}
    assert not bridge.appearances.filter(ended_at__isnull=False).exists()


def test_a_place_of_several_stretches_is_found_again_where_its_sentence_stands(now: datetime, bridge: Article) -> None:
    one = place(bridge, SHE)
    text = bridge.document.snapshot.text if bridge.document.snapshot else ""
    monday = text.index("on Monday")
    one.spans.append({"exact": "on Monday", "prefix": "", "suffix": "", "start": monday, "end": monday + 9})
    one.save(update_fields=["spans"])
    newer(bridge, f"News of the day. {TWO}", now=now)
    split_as(bridge, now=now)
    one.refresh_from_db()
    assert one.ended_at is None
    assert [one.snapshot.text[span["start"] : span["end"]] for span in one.spans] == [SHE, "on Monday"]
    newer(bridge, TWO.replace("on Monday", "at last"), now=now)
    split_as(bridge, now=now)
    one.refresh_from_db()
    assert one.ended_at is not None


def test_a_claim_marked_by_hand_in_a_version_that_waits_to_be_split_stays(now: datetime, bridge: Article) -> None:
    newer(bridge, f"{TWO} The council wept.", now=now)
    hand = claims.make("It cost much.", now=now, by=person(), article=bridge, quote="wept")
    split_as(bridge, (SHE, "Ilka Brandt closed the bridge."), now=now)
    assert hand.appearances.get().ended_at is None


def test_a_version_that_was_taken_down_meanwhile_settles_nothing(now: datetime, bridge: Article) -> None:
    old = Snapshot.objects.get(document=bridge.document)
    newer(bridge, f"{TWO} The council wept.", now=now)
    erasure.take_down(old, why="a court order", by=person(Role.ADMIN), now=now)
    split_as(bridge, (SHE, "Ilka Brandt closed the bridge."), now=now)
    assert {one.quote for one in bridge.appearances.standing()} == {SHE}


def test_a_sentence_that_was_erased_does_not_come_back_as_a_claim(now: datetime, bridge: Article) -> None:
    names = names_of(["Ilka Brandt"])
    erasure.erase_person(names, why="asked for it", by=person(Role.ADMIN), now=clock.now())
    newer(bridge, "Somebody closed the bridge. The council wept.", now=now)
    told = ("Somebody closed the bridge", "Ilka Brandt closed the bridge."), ("The council wept", "The council wept.")
    split_as(bridge, *told, now=now)
    assert {one.claim.text for one in bridge.appearances.standing()} == {"The council wept."}


def test_a_version_that_is_split_already_is_not_split_again_when_its_change_is_heard(now: datetime) -> None:
    article, _new = articles.submit_text(STORY, now=now)
    ledger.drain(ledger.register.works["split"])
    Change.objects.create(document=article.document, found="first", after=article.document.snapshot, at=now, due_at=now)
    ledger.drain_all()
    assert Event.objects.filter(type="article.processed").count() == 1
    article.refresh_from_db()
    assert article.state == Article.State.SPLIT


def test_a_splitting_tells_how_many_it_found_made_and_ended(now: datetime) -> None:
    article = split_article(now, STORY)
    version(article, RUMOUR, now=clock.now())
    told = Event.objects.filter(type="article.processed").order_by("sequence").last()
    assert told is not None
    assert told.payload == {
        "claims": len(splitting.split(RUMOUR).claims), "new": 0, "ended": 1, "version": 2,
    }  # fmt: skip


ANNA = "Anna Belk spoke at length on Monday. She resigned."
BERTA = "Berta Ott had been mayor of Selmar. She resigned."


def test_the_same_words_of_somebody_else_do_not_keep_a_claim_that_is_gone(now: datetime) -> None:
    article = split_article(now, f"{ANNA}\n\n{BERTA}")
    claims_before = {one.claim.text: one for one in article.appearances.standing() if one.quote == "She resigned"}
    assert set(claims_before) == {"Anna Belk resigned.", "Berta Ott resigned."}
    version(article, BERTA, now=clock.now())
    assert {one.claim.text for one in article.appearances.standing() if one.quote == "She resigned"} == {
        "Berta Ott resigned."
    }


def test_of_two_places_with_the_same_words_each_keeps_its_own_claim(now: datetime) -> None:
    article = split_article(now, f"{ANNA}\n\n{BERTA}")
    version(article, BERTA.replace("Ott", "Olt"), now=clock.now())
    [one] = [one for one in article.appearances.standing() if one.quote == "She resigned"]
    assert one.claim.text == "Berta Ott resigned."


def test_a_certainty_that_only_we_read_otherwise_is_not_told(now: datetime, bridge: Article) -> None:
    """Other rules, or another answer of a language model, are no news of the article."""
    newer(bridge, f"{TWO} The council wept.", now=now)

    def split(text: str, **_more: Any) -> Splitting:
        return Splitting((found(text, SHE, "Ilka Brandt closed the bridge.", Certainty.DENIED),))

    Article.objects.filter(pk=bridge.pk).update(due_at=now)
    articles.split_due(ledger.lease(ledger.register.works["split"])[0], now=now, split=split)
    assert place(bridge, SHE).certainty == "denied"
    assert not Flag.objects.exists()
    assert not Event.objects.filter(type="claim.certainty_changed").exists()


def test_what_is_gone_from_a_version_in_another_language_ends_and_what_stands_stays(now: datetime) -> None:
    article = split_article(now, STORY)
    hand = claims.make("A name.", now=now, by=person(), article=article, quote="about 4,000")
    german = "Die Armee sagte am Sonntag nichts. Es flohen about 4,000 Menschen, wie die Behörden am Abend sagten."
    version(article, german, now=clock.now())
    assert article.state == Article.State.UNSUPPORTED
    assert {one.claim for one in article.appearances.standing()} <= {hand}


def test_a_version_in_another_language_that_was_erased_meanwhile_is_read_anew(now: datetime) -> None:
    article, _new = articles.submit_text("Die Armee sagte am Sonntag nichts, und die Behörden schwiegen auch.", now=now)
    (held,) = ledger.lease(ledger.register.works["split"])
    seen = Snapshot.objects.get(document=article.document)
    erasure.take_down(seen, why="a court order", by=person(Role.ADMIN), now=now)
    articles._leave_to_people(held, article, seen, language="de", now=now)
    article.refresh_from_db()
    assert (article.state, article.due_at) == ("due", now)
    assert not Event.objects.filter(type="article.language_not_supported").exists()


def test_claims_are_found_behind_very_many_sentences(now: datetime, bridge: Article) -> None:
    many = "Why? " * 5_100
    text = f"{many}{TWO}"
    newer(bridge, text, now=now)
    split_as(bridge, (SHE, "Ilka Brandt closed the bridge."), now=now)
    newer(bridge, f"{text} The council wept.", now=now)
    split_as(bridge, (SHE, "Ilka Brandt closed the bridge."), ("The council wept", "The council wept."), now=now)
    assert "The council wept" in {one.quote for one in bridge.appearances.standing()}


def test_a_sentence_that_comes_back_after_its_words_were_put_back_keeps_its_claim(now: datetime) -> None:
    article = split_article(now, f"{ANNA}\n\n{REST}")
    one = place(article, "She resigned")
    wording.put_back(one.claim, 0, by=person(), now=now)
    version(article, REST, now=clock.now())
    version(article, f"{ANNA}\n\n{REST}", now=clock.now())
    assert place(article, "She resigned").claim == one.claim


def test_the_same_words_about_nobody_in_particular_are_a_claim_for_each_who_says_them(now: datetime) -> None:
    text = "“We lost the game on Monday,” said Anna Belk.\n\n“We lost the game on Monday,” said Carl Dorn."
    article = split_article(now, text)
    lost = [one for one in article.appearances.standing() if "lost" in one.quote]
    assert [one.claim.text for one in lost] == ["We lost the game on Monday."] * 2
    assert lost[0].claim != lost[1].claim


def test_a_claim_that_is_cut_says_so(now: datetime) -> None:
    article = split_article(now, f"The mayor of Selmar left the {'very ' * 450}old house on Monday.")
    assert article.state_reason == "Cut: only the first 2,000 characters of a claim were kept"
