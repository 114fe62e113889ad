"""axe-core on the desk's pages, light and dark: nothing serious, nothing critical."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.browser import tools
from tests.browser.sites import page as written
from tests.chaos.desk import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.people import Person, Scheme
    from tests.browser.stage import Stage
    from tests.browser.table import Table

BAD = {"serious", "critical"}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(one => ({
    id: one.id, impact: one.impact, help: one.help,
    nodes: one.nodes.slice(0, 3).map(node => `${node.target.join(" ")} ${node.failureSummary || ""}`)
}))"""
ARTICLE = (
    "The council of Merrow closed 12 schools in April 2026, its minutes say.",
    "Reports that the bridge of Merrow had been closed to lorries could not be independently confirmed.",
    "Merrow's library lent 9,000 books in 2025 and bought 400.",
)


def run(stage: Stage, table: Table) -> None:
    """Look at every kind of page, in both schemes and both widths."""
    source = tools.axe()
    if source is None:
        table.left_out("accessibility", "there is no axe-core")
        return
    vera = stage.person("vera", role="admin")
    seen, found = 0, []
    pages = _pages(stage, vera)
    for scheme in SCHEMES:
        for width in (1280, 390):
            with vera.page(scheme=scheme, width=width) as page:
                for name, address in pages.items():
                    if name == "login":
                        continue
                    page.goto(stage.base + address)
                    found += _looked_at(page, source, f"{name} ({scheme}, {width} px)")
                    seen += 1
            with vera.browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as outside:
                page = outside.new_page()
                page.goto(stage.base + pages["login"])
                found += _looked_at(page, source, f"login ({scheme}, {width} px)")
                seen += 1
    table.least("accessibility: pages looked at, light and dark, wide and narrow", seen, 40)
    table.most("accessibility: serious or critical", len(found), 0, details=found)


def _looked_at(page: Page, source: str, name: str) -> list[str]:
    page.wait_for_load_state("load")
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(source)
    violations: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{name}: {one['id']} ({one['impact']}): {one['help']}: {' | '.join(one['nodes'])}"
        for one in violations
        if one["impact"] in BAD
    ]


def _pages(stage: Stage, person: Person) -> dict[str, str]:
    """Return the pages by name; a claim with evidence, an article and a document are made where there are none."""
    article = stage.site.put("/minutes", written("Minutes of Merrow", *ARTICLE))
    stage.plant(f"addresses({article!r}, by={person.name!r})")
    split = "SELECT id, document_id FROM claims_article WHERE state = 'split' ORDER BY id DESC LIMIT 1"
    key, document = eventually(lambda: stage.desk.rows(split), within=120, what="an article is split")[0]
    claims = stage.desk.rows(f"SELECT claim_id FROM claims_appearance WHERE article_id = {key} ORDER BY id LIMIT 1")
    stage.plant(f"held({claims[0][0]}, {document}, quote='closed 12 schools', by={person.name!r})")
    admin = "/admin"
    return {
        "front page": f"{admin}/",
        "queue": f"{admin}/claims/triage/",
        "claim": f"{admin}/claims/claim/{claims[0][0]}/change/",
        "article": f"{admin}/claims/article/{key}/change/",
        "document": f"{admin}/sources/document/{document}/change/",
        "suggestions": f"{admin}/claims/claim/suggestions/",
        "claims": f"{admin}/claims/claim/",
        "articles": f"{admin}/claims/article/",
        "documents": f"{admin}/sources/document/",
        "sources": f"{admin}/sources/source/",
        "claim by hand": f"{admin}/claims/claim/add/",
        "article to submit": f"{admin}/claims/article/add/",
        "claims from a file": f"{admin}/claims/claim/import/",
        "known fact-checks": f"{admin}/claims/knowncheck/",
        "policies": f"{admin}/claims/policy/",
        "people": f"{admin}/access/user/",
        "stuck": f"{admin}/stuck/",
        "health": f"{admin}/sources/document/health/",
        "login": "/accounts/login/",
    }
