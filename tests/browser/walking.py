"""Walks every page of the desk and notes whatever text did there that was not text."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Error

from tests.browser.sites import CANARY, HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Dialog, Page

# Of a kind of page that the walk finds by itself; those it begins with are all looked at.
MOST_OF_A_KIND = 8
LEAVES = re.compile(r"/(logout|raw|export|jsi18n)/|\.(warc|gz|csv|xlsx|json)$")
_REPORTS = """document.addEventListener("securitypolicyviolation", one => {
    window.__reports = (window.__reports || []).concat(`${one.effectiveDirective} ${one.blockedURI} ${one.sample}`);
});"""
_LOOK = """() => ({run: window.__run || 0, reports: window.__reports || [],
    links: [...document.querySelectorAll("a[href]")].map(one => one.getAttribute("href"))})"""


@dataclass
class Seen:
    """What was met on the way."""

    base: str
    walked: set[str] = field(default_factory=set)
    effects: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to all that a script could do."""
        page.add_init_script(_REPORTS)
        page.on("dialog", self._opened)
        page.on("popup", lambda _page: self.effects.append(f"{page.url}: popup"))
        page.on("request", lambda asked: self._asked(page, asked.url))
        page.on("console", lambda said: self._said(page, said.text))
        page.on("response", lambda got: self.broken.append(got.url) if got.status >= 500 else None)

    def _opened(self, dialog: Dialog) -> None:
        self.effects.append(f"dialog: {dialog.message[:100]}")
        dialog.dismiss()

    def _asked(self, page: Page, url: str) -> None:
        if urlsplit(url).hostname in {CANARY, HOST}:
            self.effects.append(f"{page.url}: asked for {url[:100]}")

    def _said(self, page: Page, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.reports.append(f"{page.url}: {text[:200]}")

    def look(self, page: Page, address: str) -> list[str]:
        """Open a page; return where it leads."""
        try:
            page.goto(urljoin(self.base, address), wait_until="load")
        except Error as failed:
            if "Download is starting" not in str(failed):
                self.broken.append(f"{address}: {failed}")
            return []
        found = page.evaluate(_LOOK)
        if found["run"]:
            self.effects.append(f"{page.url}: a script ran")
        self.reports += [f"{page.url}: {one}" for one in found["reports"]]
        self.walked.add(page.url)
        return [urljoin(page.url, link) for link in found["links"]]


def walk(page: Page, seen: Seen, begin: Iterable[str]) -> None:
    """Look at all pages to begin with, and at some of each kind that they lead to."""
    kinds: Counter[str] = Counter()
    asked = {urljoin(seen.base, one) for one in begin}
    waiting = deque(sorted(asked))
    while waiting:
        for link in seen.look(page, waiting.popleft()):
            plain = link.partition("#")[0]
            if not plain.startswith(seen.base) or plain in asked or LEAVES.search(plain):
                continue
            kind = re.sub(r"\d+", "N", urlsplit(plain).path)
            kinds[kind] += 1
            if kinds[kind] <= MOST_OF_A_KIND:
                asked.add(plain)
                waiting.append(plain)
