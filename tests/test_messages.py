"""The desk in another language: every text has one, and nothing that stands in a text is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from factcheck.access.roles import Role
from factcheck.management import catalogues
from tests.claims.admin.conftest import said, signed_in


@pytest.fixture(autouse=True)
def _in_english_again() -> Iterator[None]:
    """Give the thread its language back, which a request leaves as it was asked for."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.mark.parametrize("language", catalogues.languages())
def test_every_text_is_translated_and_compiled(language: str) -> None:
    assert catalogues.wrong(language) == [], "run manage.py messages, and translate what it names"


def test_there_is_a_catalogue_for_every_language_that_is_offered() -> None:
    assert {"en", *catalogues.languages()} == {code for code, _name in settings.LANGUAGES}


@pytest.mark.django_db
def test_the_desk_speaks_the_language_of_the_browser_or_the_one_that_is_chosen() -> None:
    browser = signed_in(Role.FACT_CHECKER)
    page = said(browser.get("/admin/claims/triage/", headers={"accept-language": "de-AT,de;q=0.9"}))
    assert '<html lang="de"' in page
    assert "Warteschlange" in page
    chosen = browser.post("/language/", {"language": "de", "next": "/admin/claims/triage/"})
    assert chosen["Location"] == "/admin/claims/triage/"
    assert "Warteschlange" in said(browser.get("/admin/claims/triage/"))
    assert browser.post("/language/", {"language": "de", "next": "//evil.test/"})["Location"] == "/"


@pytest.mark.django_db
def test_a_language_that_nobody_wrote_is_english() -> None:
    page = Client().get("/accounts/login/", headers={"accept-language": "fr"})
    assert b'<html lang="en"' in page.content


def test_what_is_amiss_with_a_catalogue_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("messages", "--check")
    assert "de: complete" in capsys.readouterr().out


def test_a_text_that_lost_a_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = catalogues.read

    def less(language: str) -> object:
        catalog = whole(language)
        one = next(one for one in catalog if one.id == "%(who)s took it, and may release it.")
        one.string = "Jemand hat sie."
        return catalog

    monkeypatch.setattr(catalogues, "read", less)
    with pytest.raises(CommandError, match="2 texts"):
        call_command("messages", "--check")


def test_numbers_come_in_their_own_form() -> None:
    with translation.override("de"):
        assert translation.ngettext("%(count)s is tried again now.", "%(count)s are tried again now.", 2)
