"""Rates and quotas at the door."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.models import Article
from factcheck import limits
from factcheck.access import quotas
from factcheck.access.models import Client, Usage
from factcheck.access.roles import Scope
from factcheck.lib.rate import Rate
from tests.api.conftest import Caller, client_with, is_problem
from tests.valkey import Valkey, valkey

pytestmark = pytest.mark.django_db

IANA = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@pytest.fixture(autouse=True)
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A Valkey of its own: nobody else counts against these addresses and tokens."""
    with valkey() as one:
        settings.REDIS_URL = one.url
        # Patient with a machine that has much to do, since these tests are not about time.
        monkeypatch.setitem(limits._made, one.url, limits.Limiter(one.url, step_s=1.0))
        yield one


def test_every_answer_of_a_door_says_what_is_left(checker: Caller, settings: Any) -> None:
    settings.RATE_LIMIT = Rate(600, 86400)
    asked = [checker.get("me"), checker.get("claims"), checker.get("claims", page_size=0), checker.post("claims", {})]
    for left, answer in zip((599, 598, 597, 596), asked, strict=True):
        assert answer["RateLimit-Policy"] == '"default";q=600;w=86400'
        assert answer["RateLimit"].startswith(f'"default";r={left};t=')


def test_one_too_many_is_429_and_says_when_to_come_again(checker: Caller, settings: Any) -> None:
    settings.RATE_LIMIT = Rate(2, 3600)
    assert [checker.get("me").status_code for _request in range(2)] == [200, 200]
    answer = checker.get("me")
    told = is_problem(answer, 429, "rate_limited")
    assert told["type"] == IANA
    assert told["violated-policies"] == ["default"]
    assert 1700 <= int(answer["Retry-After"]) <= 1800
    assert answer["RateLimit"].startswith('"default";r=0;t=')


def test_each_token_has_its_own_rate_and_a_client_may_have_its_own(checker: Caller, settings: Any) -> None:
    settings.RATE_LIMIT = Rate(1, 3600)
    ours, other = client_with(Scope.READ_ALL), client_with(Scope.READ_ALL, name="Another newsroom")
    Client.objects.filter(name="Newsroom").update(requests_a_minute=3)
    assert [ours.get("me").status_code for _request in range(4)] == [200, 200, 200, 429]
    assert ours.get("me")["RateLimit-Policy"] == '"default";q=3;w=60'
    assert [other.get("me").status_code for _request in range(2)] == [200, 429]
    assert checker.get("me").status_code == 200


def test_no_rate_says_nothing(checker: Caller, settings: Any) -> None:
    settings.RATE_LIMIT = None
    answer = checker.get("me")
    assert answer.status_code == 200
    assert "RateLimit" not in answer
    assert "RateLimit-Policy" not in answer


def test_bad_tokens_and_none_share_the_rate_of_their_address(checker: Caller, nobody: Caller, settings: Any) -> None:
    settings.RATE_LIMIT_ADDRESS = Rate(3, 3600)
    is_problem(nobody.get("claims"), 401, "not_authenticated")
    is_problem(Caller("fct_guess").get("claims"), 401, "token_invalid")
    assert nobody.get("problems").status_code == 200
    for caller, path in ((nobody, "claims"), (Caller("fct_other"), "claims"), (nobody, "problems"), (nobody, "schema")):
        told = is_problem(caller.get(path), 429, "rate_limited")
        assert told["violated-policies"] == ["address"]
    assert checker.get("claims").status_code == 200, "a valid token does not pay for its neighbours"


def test_an_address_cannot_be_made_up(nobody: Caller, settings: Any) -> None:
    settings.RATE_LIMIT_ADDRESS = Rate(1, 3600)
    nobody.get("claims")
    is_problem(nobody.get("claims", headers={"X-Forwarded-For": "198.51.100.7"}), 429, "rate_limited")
    settings.PROXIES = 1
    forged = {"X-Forwarded-For": "1.2.3.4, 198.51.100.7"}
    is_problem(nobody.get("claims", headers=forged), 401, "not_authenticated")
    is_problem(nobody.get("claims", headers={"X-Forwarded-For": "4.3.2.1, 198.51.100.7"}), 429, "rate_limited")


def test_without_valkey_nothing_is_limited_and_nothing_fails(checker: Caller, settings: Any, server: Valkey) -> None:
    settings.RATE_LIMIT = Rate(1, 3600)
    checker.get("me")
    is_problem(checker.get("me"), 429, "rate_limited")
    before = limits.limiter().tries
    server.freeze()
    answers = [checker.get("me") for _request in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert all("RateLimit" not in answer and "RateLimit-Policy" in answer for answer in answers)
    assert limits.limiter().tries - before == 1
    server.kill()
    assert checker.get("me").status_code == 200


# -- quotas --------------------------------------------------------------------------------------------


def send(caller: Caller, number: int, **named: Any) -> Any:
    return caller.post("articles", {"text": f"Shop {number} in Merrin burned down on Sunday."}, **named)


def test_a_quota_is_used_up_exactly(suggester: Caller, settings: Any) -> None:
    settings.ARTICLES_A_DAY = 3
    assert [send(suggester, number).status_code for number in range(5)] == [201, 201, 201, 429, 429]
    answer = send(suggester, 9)
    told = is_problem(answer, 429, "quota_exceeded")
    assert (told["type"], told["violated-policies"]) == (IANA, ["articles-a-day"])
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert f"{tomorrow:%Y-%m-%d} 00:00 UTC" in told["detail"]
    assert 0 < int(answer["Retry-After"]) <= 86400
    assert Article.objects.count() == Usage.objects.get().articles == 3


def test_what_is_refused_there_already_or_replayed_uses_nothing(suggester: Caller, settings: Any) -> None:
    settings.ARTICLES_A_DAY = 2
    key = {"Idempotency-Key": "k"}
    assert send(suggester, 1, headers=key).status_code == 201
    assert send(suggester, 1, headers=key).status_code == 201
    assert send(suggester, 1).status_code == 200
    is_problem(suggester.post("articles", {"text": " "}), 400, "empty")
    assert Usage.objects.get().articles == 1
    assert send(suggester, 2, headers={"Idempotency-Key": "k-2"}).status_code == 201
    is_problem(send(suggester, 3, headers={"Idempotency-Key": "k-3"}), 429, "quota_exceeded")
    assert Article.objects.count() == Usage.objects.get().articles == 2
    assert send(suggester, 1).status_code == 200


def test_a_client_may_have_its_own_quota_and_a_person_has_none(
    suggester: Caller, checker: Caller, settings: Any
) -> None:
    settings.ARTICLES_A_DAY = 1
    Client.objects.update(articles_a_day=2)
    assert [send(suggester, number).status_code for number in range(3)] == [201, 201, 429]
    assert [send(checker, number).status_code for number in range(3, 6)] == [201, 201, 201]
    settings.ARTICLES_A_DAY = 0
    Client.objects.update(articles_a_day=None)
    assert send(suggester, 7).status_code == 201


def test_the_next_day_begins_at_midnight_in_utc(now: datetime) -> None:
    client = Client.objects.create(name="CMS", articles_a_day=1)
    before = datetime(2026, 3, 2, 23, 59, 59, 500_000, tzinfo=UTC)
    quotas.take_article(client, now=before)
    with pytest.raises(quotas.QuotaExceeded) as refused:
        quotas.take_article(client, now=before)
    assert refused.value.after_s == 1
    quotas.take_article(client, now=before + timedelta(seconds=1))
    assert quotas.forget(before + quotas.KEPT) == 0
    assert quotas.forget(before + quotas.KEPT + timedelta(days=2)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_quota_is_taken_in_the_transaction_of_what_uses_it(now: datetime) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        quotas.take_article(None, now=now)
