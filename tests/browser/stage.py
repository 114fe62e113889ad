"""A desk of real processes, its people and their browser, for every part of a run."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from factcheck import embedded
from tests.browser.people import Person
from tests.browser.screenshots import ARGUMENTS
from tests.browser.sites import CANARY, Site
from tests.chaos.desk import Desk, desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.people import Scheme

VARIANTS: tuple[tuple[str, int, Scheme], ...] = (
    ("", 1280, "light"), ("-dark", 1280, "dark"), ("-narrow", 390, "light"),
)  # fmt: skip
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WHERE = Path(__file__).resolve().parents[2] / "var" / "browser"


@dataclass
class Stage:
    """The desk, the site it looks at, and the browser."""

    desk: Desk
    site: Site
    browser: Browser
    pictures: Path | None = None

    def picture(self, page: Page, name: str) -> None:
        """Take a picture, light, dark and narrow, where somebody wants the handbook's anew."""
        if self.pictures is None:
            return
        for suffix, width, scheme in VARIANTS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=str(self.pictures / f"{name}{suffix}.png"))
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")

    @property
    def base(self) -> str:
        """Where the desk answers."""
        return f"http://127.0.0.1:{self.desk.port}"

    def plant(self, call: str) -> Any:
        """Run one of tests.browser.planting inside the desk, and return what it printed."""
        said = self.desk.manage("shell", "-v", "0", "-c", f"from tests.browser import planting; planting.{call}")
        _before, mark, rest = said.partition("PLANTED ")
        return json.loads(rest) if mark else None

    def person(self, name: str, *, role: str = "fact_checker") -> Person:
        """Make somebody, who sets up a second factor and signs in."""
        self.plant(f"people({name!r}, role={role!r})")
        person = Person(self.browser, self.base, name)
        person.enrol()
        person.sign_in()
        return person


def servers() -> embedded.Hold:
    """Start PostgreSQL and Valkey for a run, and name them where desks look for them."""
    hold = embedded.Hold(embedded.place(os.environ.get("TEST_SERVICES", "browser")))
    os.environ |= {
        "DATABASE_URL": hold.place.database_url,
        "DATABASE_OWNER_URL": hold.place.owner_url,
        "REDIS_URL": hold.place.redis_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECOND_FACTOR": "required",
        "LOGIN_TRIES": "100",
        "AUDIT_HEADS_DIR": str(WHERE / "heads"),
        "AUDIT_KEY_FILE": str(WHERE / "heads" / "key.pem"),
    }
    return hold


@contextmanager
def stage(chromium: Path, *, with_pictures: bool = False) -> Iterator[Stage]:
    """Give a desk with nobody on it, and a browser; take all of it away."""
    WHERE.mkdir(parents=True, exist_ok=True)
    with ExitStack() as kept:
        hold = servers()
        kept.callback(hold.release)
        folder = Path(kept.enter_context(TemporaryDirectory()))
        site = Site()
        kept.callback(site.close)
        one = kept.enter_context(desk(folder, **site.settings))
        play = kept.enter_context(sync_playwright())
        # Whatever asks for the canary's host is seen, and goes nowhere.
        rules = f"--host-resolver-rules=MAP {CANARY} 127.0.0.1:9"
        browser = play.chromium.launch(executable_path=str(chromium), args=[*ARGUMENTS, rules])
        kept.callback(browser.close)
        yield Stage(one, site, browser, PICTURES if with_pictures else None)
