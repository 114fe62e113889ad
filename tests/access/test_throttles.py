"""Guessing: counted exactly, by account and by address, whatever else is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from factcheck.access import throttles
from factcheck.access.models import Tally
from factcheck.access.roles import Role
from tests.access.browser import CODE, PASSWORD, code_of, enrol, sign_in
from tests.claims.admin.conftest import said
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_after_five_bad_passwords_the_right_one_waits_as_well() -> None:
    person(Role.READER)
    assert [sign_in(Client(), "reader", "wrong").status_code for _try in range(5)] == [200] * 5
    answer = sign_in(Client(), "Reader ", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 15 * 60 + 1
    assert "Wait 15 minutes" in said(answer)


def test_a_name_that_nobody_has_waits_the_same() -> None:
    answers = [sign_in(Client(), "nobody", "wrong") for _try in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_who_waits_long_enough_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    person(Role.READER)
    for _try in range(6):
        sign_in(Client(), "reader", "wrong")
    monkeypatch.setenv("CLOCK_OFFSET", str(15 * 60 + 1))
    assert sign_in(Client(), "reader")["Location"] == "/admin/"


def test_who_remembers_in_time_starts_anew() -> None:
    person(Role.READER)
    for _round in range(2):
        for _try in range(4):
            assert sign_in(Client(), "reader", "wrong").status_code == 200
        assert sign_in(Client(), "reader").status_code == 302


def test_an_address_waits_after_four_times_as_many_whatever_the_names() -> None:
    person(Role.READER)
    here = {"REMOTE_ADDR": "203.0.113.7"}
    for number in range(20):
        assert sign_in(Client(), f"guess {number}", "wrong", **here).status_code == 200
    assert sign_in(Client(), "reader", **here).status_code == 429
    assert sign_in(Client(), "reader", REMOTE_ADDR="203.0.113.8").status_code == 302


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 429)])
def test_a_forged_header_buys_no_new_address(settings: Any, proxies: int, last: int) -> None:
    settings.PROXIES = proxies
    for number in range(21):
        forged = f"198.51.100.{number}, 203.0.113.7" if proxies else f"198.51.100.{number}"
        answer = sign_in(Client(), f"guess {number}", "wrong", HTTP_X_FORWARDED_FOR=forged)
    assert answer.status_code == last


def test_codes_are_counted_too_and_the_right_one_waits() -> None:
    person(Role.EDITOR)
    first = Client()
    sign_in(first, "editor")
    seed, codes = enrol(first)
    client = Client()
    sign_in(client, "editor")
    assert [client.post(CODE, {"code": f"{number:06}"}).status_code for number in range(5)] == [200] * 5
    assert client.post(CODE, {"code": code_of(seed, step=1)}).status_code == 429
    assert client.post(CODE, {"code": codes[0]}).status_code == 429
    again = Client()  # a new session guesses no further
    sign_in(again, "editor")
    assert again.post(CODE, {"code": "123456"}).status_code == 429


def test_a_mistyped_password_is_in_no_row() -> None:
    sign_in(Client(), "my password by mistake", "wrong")
    assert Tally.objects.count() == 2
    assert not [row for row in Tally.objects.values_list("key", flat=True) if "password" in row]


def test_counts_that_ran_out_are_cleared_away(now: datetime) -> None:
    throttles.take([throttles.Limit("a", 1)], now=now)
    throttles.take([throttles.Limit("b", 1)], now=now + timedelta(minutes=10))
    throttles.forget_old(now + timedelta(minutes=20))
    assert Tally.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_sixty_guesses_at_once_exactly_five_are_looked_at() -> None:
    person(Role.READER)

    def guess(_number: int) -> int:
        try:
            return int(sign_in(Client(), "reader", "wrong").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(60)))
    assert (answers.count(200), answers.count(429)) == (5, 55)
    assert sign_in(Client(), "reader").status_code == 429
