"""What a claim is about: policies and second-person rules go by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from claims.models import Claim, Event, Policy, SecondPersonRule
from claims.services import linking, topics, verdicts
from claims.services.topics import TopicRefused
from claims.verification.status import Status
from factcheck.access.roles import Role
from tests.claims.admin.conftest import at, said, signed_in
from tests.factories import claim, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_topic_is_given_told_and_says_anew_how_long_the_status_holds(now: datetime) -> None:
    Policy.objects.create(status="unreviewed", topic="health", holds_for=3 * DAY)
    one = claim(now)
    topics.give(one, "  Health \x00 ", by=person(), now=now)
    one.refresh_from_db()
    assert (one.topic, one.holds_until, one.due_at) == ("Health", now + 3 * DAY, now + 3 * DAY)
    told = Event.objects.filter(subject_uid=one.uid, type="claim.topic_given")
    assert told.get().payload == {"old": "", "new": "Health"}
    topics.give(one, "Health", by=person(username="two"), now=now)
    assert told.count() == 1, "it said so already"


def test_a_rule_goes_by_the_topic_of_any_claim_that_is_one_with_it(now: datetime) -> None:
    SecondPersonRule.objects.create(topic="health")
    one, other = claim(now, topic="Health"), claim(now, "Lorries may not use the Selmar bridge.")
    assert not verdicts.takes_two(other, Status.REFUTED)
    linking.join(other, one, by=person(), now=now)
    other.refresh_from_db()
    assert verdicts.takes_two(other, Status.REFUTED)


def test_a_topic_is_refused_to_readers_too_long_or_of_what_was_erased(now: datetime) -> None:
    one = claim(now)
    with pytest.raises(TopicRefused, match="role"):
        topics.give(one, "x", by=person(Role.READER), now=now)
    with pytest.raises(TopicRefused, match="at most 100"):
        topics.give(one, "x" * 101, by=person(), now=now)
    Claim.objects.filter(pk=one.pk).update(erased_at=now)
    with pytest.raises(TopicRefused, match="erased"):
        topics.give(one, "x", by=person(username="two"), now=now)


def test_the_claims_page_takes_a_topic(now: datetime) -> None:
    one = claim(now)
    browser: Client = signed_in(Role.FACT_CHECKER)
    assert browser.post(at(one, "topic"), {"topic": "<b>Bridges</b>"})["Location"] == at(one) + "#facts"
    assert 'value="&lt;b&gt;Bridges&lt;/b&gt;"' in said(browser.get(at(one)))
    assert "at most 100" in said(browser.post(at(one, "topic"), {"topic": "x" * 200}))
    assert "&lt;b&gt;Bridges" in said(signed_in(Role.READER).get(at(one)))
