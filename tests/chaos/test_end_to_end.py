"""The main job through public interfaces only: HTTP in, real processes, a real site that changes, HTTP out."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from factcheck.management.demo import outlet
from tests.chaos.desk import Desk, desk, eventually

PERSON, PASSWORD = "ilka", "a very long password"


class Browser:
    """A person at the admin: cookies, forms, CSRF."""

    def __init__(self, one: Desk) -> None:
        self.desk = one
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        status, headers, text = self.desk.ask("GET", path, headers=self._headers())
        self._keep(headers)
        if status in {301, 302}:
            return self.get(headers["location"])
        assert status == 200, (status, path, text[:500])
        return text

    def post(self, path: str, **fields: Any) -> str:
        fields["csrfmiddlewaretoken"] = self.cookies["csrf"]
        headers = {**self._headers(), "Content-Type": "application/x-www-form-urlencoded"}
        status, answered, text = self.desk.ask("POST", path, urlencode(fields, doseq=True), headers=headers)
        self._keep(answered)
        assert status == 302, (status, path, html.unescape(text)[:3000])
        return self.get(answered["location"])

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, headers: dict[str, str]) -> None:
        for line in headers["set-cookie"].splitlines():
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


class Sites:
    """The demo's sites, which are edited when the test says so."""

    def __init__(self) -> None:
        self.edited = threading.Event()
        self.server = outlet.server(0, self.edited.is_set)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def hosts(self) -> str:
        return ",".join(f"{host}=127.0.0.1:{self.server.server_address[1]}" for host in outlet.HOSTS)


@pytest.fixture
def sites() -> Iterator[Sites]:
    one = Sites()
    yield one
    one.server.shutdown()
    one.server.server_close()


def test_a_page_that_changes_makes_its_claims_stale_for_all_to_see(tmp_path: Path, sites: Sites) -> None:
    once = {"CHANGE_LOOKS": "1", "CHANGE_LOOKS_APART": "1", "LOOK_AGAIN_WITHIN": "2", "HOST_GAP": "0"}
    with desk(tmp_path, LOOPBACK_HOSTS=sites.hosts, **once) as one:
        one.env |= {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        one.manage("createsuperuser", "--noinput", "--username", PERSON, "--email", "ilka@desk.example")
        browser = Browser(one)
        browser.get("/accounts/login/")
        browser.post("/accounts/login/", login=PERSON, password=PASSWORD, next="/admin/")
        token = minted(browser)
        articles = [ingest(one, token, url) for url in (outlet.CROSSING, outlet.BRIDGE, outlet.BLOG)]
        crossing = next(
            claim
            for claim in all_claims(one, token, f"?article={articles[0]}")
            if claim["status"] == "unconfirmed" and "Kestrel" in claim["text"]
        )
        chain = [link["name"] for link in crossing["appearances"][0]["chain"]]
        assert chain == ["The Harbour Courier", "Reports"]
        assert all_claims(one, token, "?stale=true") == []

        sites.edited.set()
        stale = eventually(
            lambda: (
                {claim["uid"]: claim for claim in all_claims(one, token, "?stale=true")}
                if gone_and_changed(one, token)
                else None
            ),
            within=60,
            what="the edited and the deleted page flag their claims",
        )
        flag = stale[crossing["uid"]]["flags"][0]
        assert flag["reason"] == "quote_changed"
        assert flag["detail"]["anchor"] == "reworded"
        assert "could not be independently confirmed" in flag["detail"]["was"]
        assert "police confirmed on Monday" in flag["detail"]["today"]
        assert stale[crossing["uid"]]["status"] == "unconfirmed", "no machine moves a status"
        seen_in_the_admin(browser, flag["detail"])


def minted(browser: Browser) -> str:
    """Make a token in the admin, as a person does; it is shown this once."""
    browser.get("/admin/access/token/add/")
    person = re.search(r'<option value="(\d+)"[^>]*>' + PERSON, browser.get("/admin/access/token/add/"))
    assert person is not None
    page = browser.post(
        "/admin/access/token/add/", name="e2e", user=person[1], client="", scopes=["read:all", "write:desk"],
        expires_at_0="", expires_at_1="",
    )  # fmt: skip
    secret = re.search(r"fct_[\w-]{40,}", page)
    assert secret is not None
    return secret[0]


def ingest(one: Desk, token: str, url: str) -> str:
    """Send an address in, and wait until its article is split."""
    status, article = one.api("POST", "/api/v1/articles", {"url": url}, token=token)
    assert status == 201, article
    eventually(
        lambda: one.api("GET", f"/api/v1/articles/{article['uid']}", token=token)[1]["state"] == "split",
        within=60,
        what=f"{url} is split",
    )
    return str(article["uid"])


def all_claims(one: Desk, token: str, query: str) -> list[dict[str, Any]]:
    """Walk the list to its end."""
    found, path = [], f"/api/v1/claims{query}"
    while path:
        status, page = one.api("GET", path, token=token)
        assert status == 200, page
        found += page["results"]
        path = page["next"]
    return found


def gone_and_changed(one: Desk, token: str) -> bool:
    reasons = {flag["reason"] for claim in all_claims(one, token, "?stale=true") for flag in claim["flags"]}
    return {"quote_changed", "source_gone"} <= reasons


def seen_in_the_admin(browser: Browser, detail: dict[str, str]) -> None:
    listed = html.unescape(browser.get("/admin/claims/claim/?look=quote_changed"))
    page = re.search(r'href="(/admin/claims/claim/\d+/change/[^"]*)"[^>]*>[^<]*Kestrel', listed)
    assert page is not None, listed
    shown = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", browser.get(page[1]))))
    for sentence in (detail["was"], detail["today"]):
        assert sentence in shown
