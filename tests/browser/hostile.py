"""Hostile text stays text: through every door, on every page of the desk, and in every file that leaves it."""

from __future__ import annotations

import csv
import html
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.browser import spreadsheets, tools, walking
from tests.browser.hostile_strings import FORMULAS, XSS
from tests.chaos.desk import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.stage import Stage
    from tests.browser.table import Table

LEAST_PAGES = 300
LISTS = ("claims/claim", "claims/article", "claims/knowncheck", "sources/document", "sources/source", "access/user")


def run(stage: Stage, table: Table) -> None:
    """Plant, walk, and open what leaves the desk."""
    eve = stage.person("eve", role="admin")
    planted = _planted(stage)
    table.least("hostile text: strings", len(XSS), 120)
    table.least("hostile text: rows of the desk that hold some", planted, 5 * len(XSS))
    with eve.page() as page:
        seen = walking.Seen(stage.base)
        seen.watch(page)
        _by_forms(stage, page)
        walking.walk(page, seen, _begin(stage))
        table.least("hostile text: pages walked in Chromium", len(seen.walked), LEAST_PAGES)
        table.most("hostile text: effects (scripts, dialogs, requests to the canary)", len(seen.effects), 0,
                   details=seen.effects)  # fmt: skip
        table.most("hostile text: reports against the Content-Security-Policy", len(seen.reports), 0,
                   details=seen.reports)  # fmt: skip
        table.most("hostile text: pages that broke (500)", len(seen.broken), 0, details=seen.broken)
        _spreadsheets(stage, page, table)


def _planted(stage: Stage) -> int:
    """Write the strings by a page, a feed, files, people and an API client; return how many rows hold some."""
    told = [html.escape(one) for one in XSS]
    body = "".join(f"<p>{one} Saltmarsh closed {n} schools in 2025.</p>" for n, one in enumerate(told))
    head = (
        f"<title>{told[0]}</title><meta property='og:site_name' content=\"{told[1]}\">"
        f'<meta name=author content="{told[2]}"><meta property=\'og:title\' content="{told[3]}">'
    )
    address = stage.site.put(
        "/hostile", f"<html lang=en><head>{head}</head><body><article>{body}</article></body></html>"
    )
    entries = "".join(
        f"<item><title>{one}</title><author>{one}</author><description>{one}</description>"
        f"<link>{address}?entry={n}</link></item>"
        for n, one in enumerate(told)
    )
    feed = stage.site.put(
        "/hostile.xml", f"<rss version='2.0'><channel><title>{told[4]}</title>{entries}</channel></rss>", "text/xml"
    )
    stage.plant(f"hostile({address!r}, {feed!r}, by='eve')")
    token = stage.plant("token('eve')")
    for text in [*XSS, *FORMULAS]:
        stage.desk.api("POST", "/api/v1/claims", {"text": text, "claimant": text, "said_where": text}, token=token)
    found = f"SELECT id FROM sources_document WHERE url = '{address}' AND snapshot_id IS NOT NULL"
    document = eventually(lambda: stage.desk.rows(found), within=120, what="the hostile page is read")[0][0]
    stage.plant(f"hostile_evidence({document}, by='eve')")
    kept = ("claims_claim", "claims_appearance", "claims_knowncheck", "sources_source", "access_user", "access_client",
            "access_token", "claims_statuschange")  # fmt: skip
    return sum(int(str(stage.desk.rows(f"SELECT count(*) FROM {name}")[0][0])) for name in kept)


def _by_forms(stage: Stage, page: Page) -> None:
    """Type them into forms, and upload them: what is refused comes back with what was typed."""
    for number, text in enumerate(XSS[::10]):
        page.goto(f"{stage.base}/admin/claims/claim/add/")
        page.fill("#id_text", f"By a form {text}")
        page.fill("#id_claimant", text)
        page.fill("#id_language", text[:12] if number % 2 else "en")
        page.locator("form.stacked [type=submit]").click()
        page.wait_for_load_state("load")
    head, rows = (
        ["text", "claimant", "said_where"],
        [[f"File {one}", f"n {one}"[:300], f"n {one}"[:300]] for one in XSS],
    )
    for name, first in (("good.csv", head), ("bad.csv", [XSS[0], *head[1:]])):
        page.goto(f"{stage.base}/admin/claims/claim/import/")
        page.set_input_files("#id_file", {"name": name, "mimeType": "text/csv", "buffer": _table(first, rows)})
        for _look_then_bring in range(2):
            page.locator("form.stacked [type=submit]").click()
            page.wait_for_load_state("load")
    page.goto(f"{stage.base}/admin/claims/claim/import/evidence/")
    page.set_input_files("#id_file", {"name": "e.csv", "mimeType": "text/csv", "buffer": _table(
        ["claim", "address", "stance"], [[one[:300], one, one] for one in XSS])})  # fmt: skip
    page.locator("form.stacked [type=submit]").click()
    page.wait_for_load_state("load")


def _table(head: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([head, *rows])
    return text.getvalue().encode("utf-8", "replace")


def _begin(stage: Stage) -> list[str]:
    """Return where the walk begins: the front page, every claim, and every list searched for hostile words."""
    every = "SELECT id FROM claims_claim WHERE text LIKE 'By hand%' OR text LIKE 'File%10%' OR text LIKE '=%'"
    claims = stage.desk.rows(every)
    searched = [f"/admin/{name}/?q={quote(one)}" for one in XSS[::12] for name in LISTS]
    odd = [f"/admin/claims/triage/?show={quote(one)}&before={quote(one)}&back={quote(one)}" for one in XSS[::12]]
    return [
        "/admin/", *(f"/admin/claims/claim/{key}/change/" for (key,) in claims), *searched, *odd,
        *(f"/admin/claims/claim/?status={quote(one)}" for one in XSS[::24]),
        *(f"/admin/{quote(one, safe='')}/" for one in XSS[::24]),
        *(f"/accounts/login/?next={quote(one)}" for one in XSS[::24]),
    ]  # fmt: skip


def _spreadsheets(stage: Stage, page: Page, table: Table) -> None:
    """Open the exports in LibreOffice; formulas there are none."""
    soffice = tools.soffice()
    if soffice is None:
        table.left_out("formulas in LibreOffice", "there is no LibreOffice Calc")
        return
    teeth = spreadsheets.formulas(soffice, "csv", _table(["text"], [[one] for one in FORMULAS]))
    table.least("files: formulas LibreOffice finds in the same words unguarded", len(teeth), 10)
    for form in ("csv", "xlsx"):
        got: Any = page.request.get(f"{stage.base}/admin/claims/claim/export/{form}/?joined=too")
        assert got.ok, got.status
        found = spreadsheets.opened(soffice, form, got.body())
        table.least(f"files: rows of the {form.upper()} export that LibreOffice reads", found.rows, len(XSS) * 2)
        table.most(f"files: formulas in the {form.upper()} export", len(found.formulas), 0, details=found.formulas)
