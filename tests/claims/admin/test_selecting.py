"""A claim by hand from selected words, and the article beside a claim's page."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from claims.admin import beside
from claims.models import Article, Claim
from claims.services.attributions import Named
from tests.claims.admin.conftest import at, inline_in, listed, said
from tests.claims.test_versions import version
from tests.factories import claim, split_article

pytestmark = pytest.mark.django_db
TWICE = (
    "The bridge is closed to lorries, the mayor said.\n\nThe ferry runs.\n\nThe bridge is closed to lorries, it says."
)


def text_of(article: Article) -> str:
    assert article.snapshot is not None
    return article.snapshot.text


def selected(client: Client, article: Article, words: str, *, after: int = 0):
    start = text_of(article).index(words, after)
    place = {"start": start, "end": start + len(words), "version": 1}
    return client.get(listed(Claim, "add"), {"article": article.pk, **place})


def saved(client: Client, form, **more: object):
    given = {name: form[name].value() for name in form.fields}
    return client.post(listed(Claim, "add"), {name: value for name, value in (given | more).items() if value})


def test_two_clicks_write_a_claim_down_where_it_was_selected(checker: Client, now: datetime) -> None:
    article = split_article(now, TWICE)
    words = "bridge is closed to lorries"
    again = text_of(article).rindex(words)
    form = selected(checker, article, words, after=again).context["form"]
    assert form["text"].value() == "Bridge is closed to lorries."
    answer = saved(checker, form)
    made = Claim.objects.latest("pk")
    assert answer["Location"] == at(made)
    assert (made.origin, made.language) == ("person", "en")
    assert made.appearances.get().spans[0]["start"] == again


def test_half_selected_words_are_made_whole(checker: Client, now: datetime) -> None:
    article = split_article(now, TWICE)
    for words, whole in ((" ferry ru", "ferry runs"), ("idge is cl", "bridge is closed"), (" it says.", "it says.")):
        assert selected(checker, article, words).context["form"]["quote"].value() == whole


def test_it_begins_as_splitting_read_the_sentence(checker: Client, article: Article) -> None:
    answer = selected(checker, article, "closed to lorries")
    form = answer.context["form"]
    assert form["certainty"].value() == "unconfirmed"
    assert "The Selmar Post" in form["chain"].value()
    assert "Reports" in form["chain"].value()
    assert inline_in(answer) == []
    saved(checker, form, text="The bridge had been closed to lorries.")
    chain = Claim.objects.latest("pk").appearances.get().chain.all()
    assert chain[0].name == "The Selmar Post"
    assert chain[0].source is not None


def test_words_of_a_sentence_that_splitting_left_begin_with_the_outlet(checker: Client, now: datetime) -> None:
    article = split_article(now, "What a day!\n\nThe bridge is closed, the mayor said.")
    article.appearances.all().delete()
    form = selected(checker, article, "a day").context["form"]
    assert form["certainty"].value() == "asserted"
    assert form["chain"].value() == "The Selmar Post"
    nameless = split_article(now, "What a night!", outlet="")
    nameless.appearances.all().delete()
    assert not selected(checker, nameless, "a night").context["form"]["chain"].value()


@pytest.mark.parametrize(
    "place",
    [{"version": 9}, {"version": -1}, {"start": 10**8, "end": 10**8 + 3}, {"start": 5, "end": 5}, {"article": 10**9}],
)
def test_a_place_that_is_not_there_leaves_the_form_empty(
    checker: Client, article: Article, place: dict[str, int]
) -> None:
    given = {"article": article.pk, "version": 1, "start": 0, "end": 9, **place}
    answer = checker.get(listed(Claim, "add"), given)
    assert answer.status_code == 200
    assert not answer.context["form"]["quote"].value()


def test_words_of_an_older_version_are_found_in_the_new_one(checker: Client, now: datetime) -> None:
    article = split_article(now, TWICE)
    form = selected(checker, article, "The ferry runs").context["form"]
    version(article, f"A new beginning was made.\n\n{TWICE}", now=now)
    assert saved(checker, form).status_code == 302
    place = Claim.objects.latest("pk").appearances.get()
    assert place.snapshot.number == 2
    assert place.snapshot.text[place.spans[0]["start"] :].startswith("The ferry runs")


def test_words_that_are_gone_meanwhile_are_refused_and_kept(checker: Client, now: datetime) -> None:
    article = split_article(now, TWICE)
    form = selected(checker, article, "The ferry runs").context["form"]
    version(article, TWICE.replace("The ferry runs.", "Nothing runs on Sundays."), now=now)
    many = Claim.objects.count()
    answer = saved(checker, form)
    assert answer.status_code == 409
    assert "says something else by now" in said(answer)
    assert "The ferry runs" in said(answer)
    assert Claim.objects.count() == many
    gone = saved(checker, form, version=77)
    assert "not there any more" in said(gone)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("\n".join(f"Voice {n}" for n in range(9)), "at most 8 links"),
        ("x" * 301, "a name of at most 300"),
        ("The Post | " + "x" * 201, "a name of at most 300"),
        ("| said", "a name of at most 300"),
    ],
)
def test_a_chain_has_its_bounds_and_what_was_typed_stays(checker: Client, typed: str, words: str) -> None:
    answer = checker.post(listed(Claim, "add"), {"text": "It is so.", "kind": "fact", "language": "en", "chain": typed})
    assert words in said(answer)
    assert not Claim.objects.exists()


def test_a_chain_is_read_as_it_is_typed() -> None:
    from claims.admin.chains import ChainField

    field = ChainField()
    chain = field.clean("The Post\n\n  Ilka  Brandt | said ")
    assert chain == (Named("The Post"), Named("Ilka Brandt", "said"))
    assert field.clean(None) == ()
    assert field.prepare_value(chain) == "The Post\nIlka Brandt | said"
    assert not field.has_changed(chain, "The Post\nIlka Brandt |said")


def test_the_claims_page_has_the_article_beside_its_quote(checker: Client, article: Article) -> None:
    place = article.appearances.earliest("pk")
    page = said(checker.get(at(place.claim)))
    assert "In its article" in page
    assert "mark-own" in page
    assert f'{at(article)}#claim-{place.claim_id}"' in page
    assert "The city council may" in page, "what stands around it is shown too"


def test_of_a_long_article_only_what_stands_around_is_shown(checker: Client, now: datetime) -> None:
    around = "\n\n".join(f"Paragraph {number} tells of the river and its boats." for number in range(200))
    article = split_article(now, f"{around}\n\nThe Selmar bridge is closed.\n\n{around}")
    one = claim(now, "The Selmar bridge is closed.", article=article, quote="The Selmar bridge is closed")
    excerpt = beside.of(one, "x")["excerpt"]
    assert excerpt.goes_before
    assert excerpt.goes_on
    shown = "\n".join(excerpt.paragraphs)
    assert len(shown) > 1000
    assert all(part.endswith(".") for part in excerpt.paragraphs), "whole paragraphs"
    assert said(checker.get(at(one))).count("…</p>") == 2


def test_another_place_is_shown_where_it_is_asked_for(checker: Client, now: datetime) -> None:
    first, second = split_article(now), split_article(now, TWICE, outlet="The Harbour Courier")
    one = claim(now, "The ferry runs.", article=second, quote="The ferry runs")
    more = claim(now, "Talks collapsed.", article=first, quote="Talks over the Selmar bridge").appearances.get()
    more.claim = one
    more.save(update_fields=["claim"])
    assert beside.of(one, "")["excerpt"].appearance != more
    assert f"?beside={more.pk}#beside" in said(checker.get(at(one)))
    assert beside.of(one, str(more.pk))["excerpt"].appearance == more
    assert beside.of(claim(now), "")["excerpt"] is None
