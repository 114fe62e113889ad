"""A person at a browser: signing in with a second factor, pressing keys that are counted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PASSWORD = "a very long password"
PERIOD = 30
LOUD = {"error", "warning"}
Scheme = Literal["light", "dark"]


def code(secret: str, *, at: float | None = None) -> str:
    """Return the six digits that an authenticator shows (RFC 6238, SHA-1)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    count = struct.pack(">Q", int((time.time() if at is None else at) // PERIOD))
    digest = hmac.new(key, count, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


class Person:
    """Somebody with a password and, once it is set up, a phone."""

    def __init__(self, browser: Browser, base: str, name: str) -> None:
        self.browser, self.base, self.name = browser, base, name
        self.secret = ""
        self.session: Any = None

    def password(self, page: Page) -> None:
        """Type the name and the password."""
        page.goto(f"{self.base}/accounts/login/")
        page.fill("#id_login", self.name)
        page.fill("#id_password", PASSWORD)
        page.click(".entrance-page form.panel [type=submit]")

    def enrol(self) -> None:
        """Come in for the first time, set up a second factor, and sign out."""
        page = self.browser.new_page()
        self.password(page)
        page.wait_for_selector(".seed-words", state="attached")
        self.secret = (page.text_content(".seed-words") or "").strip()
        page.fill("#id_code", code(self.secret))
        page.click("form.panel.stacked [type=submit]")
        page.wait_for_load_state()
        assert "second-factor/enrol" not in page.url, page.text_content("body")
        page.close()

    def sign_in(self) -> None:
        """Come in with both; a code is good once, so the next one is taken."""
        page = self.browser.new_page()
        self.password(page)
        page.wait_for_selector("#id_code")
        page.fill("#id_code", code(self.secret, at=time.time() + PERIOD))
        page.click("form.panel [type=submit]")
        page.wait_for_load_state()
        page.goto(f"{self.base}/admin/")
        page.wait_for_selector(".doors")
        self.session = page.context.storage_state()
        page.close()

    @contextmanager
    def page(self, *, width: int = 1280, scheme: Scheme = "light") -> Iterator[Page]:
        """Give a page on which this person is signed in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=self.session
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        try:
            yield page
        finally:
            context.close()


class Keys:
    """Presses keys and counts them; text is typed and not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def go(self, key: str) -> None:
        """Press a key that leads to another page, and wait until that is there and its script has run."""
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state("load")
        self.page.wait_for_timeout(150)

    def write(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text)
