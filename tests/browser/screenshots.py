"""Pictures of the desk, wide and narrow, light and dark; fails if the browser's console reports an error.

python tests/browser/screenshots.py BASE_URL USER PASSWORD OUT_DIR
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDTHS = {"": 1280, "-narrow": 390}
SCHEMES: dict[str, Literal["light", "dark"]] = {"": "light", "-dark": "dark"}
LOUD = {"error", "warning"}


def sign_in(browser: Browser, base: str, user: str, password: str, session: str) -> None:
    """Sign in once, with the form, and keep the cookies."""
    page = browser.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", user)
    page.fill("#id_password", password)
    page.click(".entrance-page [type=submit]")
    page.wait_for_selector(".doors")
    page.context.storage_state(path=session)
    page.close()


def pictures(page: Page, base: str) -> list[tuple[str, str]]:
    """Return names and addresses: the list, its first claim whose quote changed, that claim's article, its page."""
    list_at = f"{base}/admin/claims/claim/?look=yes"
    page.goto(f"{base}/admin/claims/claim/?look=quote_changed")
    claim_at = base + (page.get_attribute("#result_list .field-claim a", "href") or "")
    page.goto(claim_at)
    article_at = base + (page.get_attribute(".place-foot a", "href") or "")
    page.goto(article_at)
    document_at = base + (page.get_attribute(".standing a", "href") or "")
    return [
        ("index", f"{base}/admin/"),
        ("queue", f"{base}/admin/claims/triage/"),
        ("claims", list_at),
        ("claim", claim_at),
        ("article", article_at),
        ("articles", f"{base}/admin/claims/article/"),
        ("document", document_at),
        ("compare", document_at.replace("/change/", "/compare/")),
        ("supply", document_at.replace("/change/", "/supply/")),
        ("health", f"{base}/admin/sources/document/health/"),
        ("submit", f"{base}/admin/claims/article/add/"),
    ]


def take(browser: Browser, base: str, out: Path, session: str) -> set[str]:
    """Take every picture, wide and narrow, light and dark; return what the pages complained of."""
    complaints: set[str] = set()
    for (narrow, width), (dark, scheme) in product(WIDTHS.items(), SCHEMES.items()):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            storage_state=session,
        )
        page = context.new_page()
        listen(page, complaints)
        for name, address in pictures(page, base):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            complaints |= {f"{address}: {wide} px wide on a screen of {width}"} if wide > width else set()
            page.screenshot(path=str(out / f"{name}{narrow}{dark}.png"), full_page=True)
        context.close()
    return complaints


def listen(page: Page, complaints: set[str]) -> None:
    """Note every message of the console, every error of a script and every answer that failed."""
    page.on("console", lambda said: complaints.add(f"console: {said.text}") if said.type in LOUD else None)
    page.on("pageerror", lambda error: complaints.add(f"script: {error}"))
    page.on("response", lambda got: complaints.add(f"{got.url}: {got.status}") if got.status >= 400 else None)


def main() -> int:
    """Take the pictures; return 1 if any page complained."""
    base, user, password, folder = sys.argv[1].rstrip("/"), *sys.argv[2:5]
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play, TemporaryDirectory() as kept:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        session = str(Path(kept) / "session.json")
        sign_in(browser, base, user, password, session)
        complaints = take(browser, base, out, session)
        browser.close()
    print("\n".join(sorted(complaints)) or "no complaints")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
