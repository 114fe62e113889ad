"""Sessions end: without a sign of life, after a day's work, and everywhere when what they hang on changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from factcheck.access import sessions
from factcheck.access.models import User
from factcheck.access.roles import Role
from factcheck.access.sessions import SessionStore
from factcheck.lib import clock
from tests.access.browser import PASSWORD, enrol, sign_in
from tests.factories import person

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Shift the clock by minutes."""
    return lambda minutes: monkeypatch.setenv("CLOCK_OFFSET", str(minutes * MINUTE))


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def client() -> Client:
    person(Role.EDITOR)
    browser = Client()
    sign_in(browser, "editor")
    return browser


def test_who_gives_no_sign_of_life_for_half_an_hour_is_out(client: Client, later: Any) -> None:
    later(29)
    assert is_in(client)
    later(29 + 29)
    assert is_in(client)
    later(29 + 29 + 31)
    assert not is_in(client)
    later(0)
    assert not is_in(client)


def test_after_twelve_hours_everybody_signs_in_anew(client: Client, later: Any) -> None:
    for minutes in range(20, 12 * 60, 20):
        later(minutes)
        assert is_in(client), minutes
    later(12 * 60 + 1)
    assert not is_in(client)


def test_a_sign_of_life_is_written_twice_a_minute_at_most(client: Client, later: Any) -> None:
    later(5)
    assert is_in(client)
    before = Session.objects.get().session_data
    assert is_in(client)
    assert Session.objects.get().session_data == before


def test_signing_in_changes_the_key() -> None:
    person(Role.EDITOR)
    client = Client()
    client.post("/accounts/logout/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    client.cookies["session"] = planted
    sign_in(client, "editor")
    assert client.cookies["session"].value != planted
    assert not SessionStore().exists(planted)


@pytest.mark.parametrize("what", ["password", "role", "is_active"])
def test_a_change_of_what_they_hang_on_ends_all_sessions(client: Client, what: str) -> None:
    other = Client()
    sign_in(other, "editor")
    user = User.objects.get(username="editor")
    if what == "password":
        user.set_password("another long password")
    else:
        setattr(user, what, {"role": Role.ADMIN, "is_active": False}[what])
    user.save()
    assert not is_in(client)
    assert not is_in(other)


def test_a_second_factor_set_up_here_ends_the_sessions_elsewhere(client: Client) -> None:
    other = Client()
    sign_in(other, "editor")
    enrol(client)
    assert is_in(client)
    assert not is_in(other)


def test_an_older_secret_key_still_opens_sessions(client: Client, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(client)  # the first request has hung it on the new key


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: Client) -> None:
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["expires"]  # it goes with the browser


def test_the_database_holds_neither_the_key_nor_what_is_said() -> None:
    store = SessionStore()
    store["seed"] = "JBSWY3DPEHPK3PXP"
    store.create()
    row = Session.objects.get()
    assert row.session_key != store.session_key
    assert "JBSWY3DPEHPK3PXP" not in row.session_data
    assert SessionStore(store.session_key)["seed"] == "JBSWY3DPEHPK3PXP"
    assert SessionStore(row.session_key).get("seed") is None  # the dump's own key opens nothing
    Session.objects.update(session_data="junk")
    assert SessionStore(store.session_key).get("seed") is None
    store.delete()
    SessionStore().delete()
    assert not Session.objects.exists()


def test_ended_sessions_are_cleared_away(client: Client, later: Any) -> None:
    sessions.forget_old(clock.now())
    assert Session.objects.exists()
    later(13 * 60)
    sessions.forget_old(clock.now())
    assert not Session.objects.exists()


def test_the_password_is_changed_in_this_browser_without_leaving(client: Client) -> None:
    new = "another long password"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", form).status_code == 302
    assert is_in(client)
