"""Pictures of the desk, wide and narrow, light and dark; fails if the browser's console reports an error.

python tests/browser/screenshots.py BASE_URL USER PASSWORD OUT_DIR
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
WIDTHS = {"": 1280, "-narrow": 390}
SCHEMES = {"": "light", "-dark": "dark"}


def sign_in(browser: Browser, base: str, user: str, password: str) -> str:
    """Sign in once, with the form, and return where the cookies are kept."""
    page = browser.new_page()
    page.goto(f"{base}/admin/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.click("[type=submit]")
    page.wait_for_selector(".desk")
    kept = str(Path(sys.argv[4]) / "session.json")
    page.context.storage_state(path=kept)
    page.close()
    return kept


def pictures(page: Page, base: str) -> list[tuple[str, str]]:
    """Return the names of the pictures with their addresses: the list, its first claim, that claim's article."""
    list_at = f"{base}/admin/claims/claim/?look=yes"
    page.goto(list_at)
    claim_at = base + (page.get_attribute("#result_list .field-claim a", "href") or "")
    page.goto(claim_at)
    article_at = base + (page.get_attribute(".place-foot a", "href") or "")
    page.goto(article_at)
    document_at = base + (page.get_attribute(".standing a", "href") or "")
    return [
        ("index", f"{base}/admin/"),
        ("claims", list_at),
        ("claim", claim_at),
        ("article", article_at),
        ("articles", f"{base}/admin/claims/article/"),
        ("document", document_at),
        ("submit", f"{base}/admin/claims/article/add/"),
    ]


def main() -> int:
    """Take every picture; return 1 if any page complained."""
    base, user, password, folder = sys.argv[1].rstrip("/"), *sys.argv[2:5]
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def look(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.url}: {response.status}")

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        session = sign_in(browser, base, user, password)
        for suffix, width in WIDTHS.items():
            for shade, scheme in SCHEMES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,  # type: ignore[arg-type]  # a literal of the stubs
                    storage_state=session,
                )
                page = context.new_page()
                page.on("console", hear)
                page.on("pageerror", lambda error: complaints.append(str(error)))
                page.on("response", look)
                for name, address in pictures(page, base):
                    page.goto(address)
                    page.wait_for_load_state("networkidle")
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        complaints.append(f"{address}: {wide} px wide on a screen of {width}")
                    page.screenshot(path=str(out / f"{name}{suffix}{shade}.png"), full_page=True)
                context.close()
        browser.close()
    Path(session).unlink()
    print("\n".join(sorted(set(complaints))) or "no complaints")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
