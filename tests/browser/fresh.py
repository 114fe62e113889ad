"""Never falsely fresh: every worker is dead and an hour goes by; whatever shows how new it is says that it is old."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.browser.sites import HOSTS
from tests.browser.sites import page as written
from tests.chaos.desk import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.browser.people import Person
    from tests.browser.stage import Stage
    from tests.browser.table import Table

PAGES, ARTICLES = 200, 10
HOUR, HOLDS_MINUTES = 3600, 30
QUOTE = "Pond {} was full in May 2026."
# Whoever signed in before the hour goes by is still signed in then.
SETTINGS = {"LOOK_AGAIN_WITHIN": "2400", "SESSION_IDLE_MINUTES": "720"}
Row = tuple[int, str, int, str]


@dataclass
class Looks:
    """How many answers were looked at, and which look fresh."""

    answers: int = 0
    old: int = 0
    fresh: list[str] = field(default_factory=list)

    def note(self, where: str, *, is_old: bool) -> None:
        """Count one thing that shows how new it is."""
        self.old += is_old
        if not is_old:
            self.fresh.append(where)


def run(stage: Stage, table: Table) -> None:
    """Look first with everything alive, where nothing may say that it is old; then an hour on, all workers dead."""
    stage.desk.stop()
    stage.desk.env |= SETTINGS
    stage.desk.run()
    iris = stage.person("iris")
    token = stage.plant("token('iris')")
    rows = _rows(stage)
    alive = _looked(stage, rows[:10], iris, token)
    stage.desk.cut()
    stage.desk.env["CLOCK_OFFSET"] = str(HOUR)
    stage.desk.web.start()
    eventually(stage.desk._answers, within=60, what="the web server answers")
    dead = _looked(stage, rows, iris, token)
    table.most("freshness: old by mistake, while everything is alive", alive.old, 0)
    table.least("freshness: pages watched, with a verdict on each", len(rows), PAGES)
    table.least("freshness: pages and REST answers read, all workers dead, an hour later", dead.answers, 4 * PAGES)
    table.least("freshness: things there that say they are old", dead.old, 6 * PAGES)
    table.most("freshness: things there that look fresh", len(dead.fresh), 0, details=dead.fresh)


def _rows(stage: Stage) -> list[Row]:
    site = stage.site
    urls = [
        site.put(f"/pond-{n}", written(f"Pond {n}", QUOTE.format(n), "Ducks were seen."), host=HOSTS[1 + n % 10])
        for n in range(PAGES)
    ]
    stage.plant("people('hal')")
    stage.plant(f"holding({HOLDS_MINUTES})")  # also what splitting finds holds no longer
    stage.plant(f"watched(*{urls!r})")
    stage.plant(f"addresses(*{urls[:ARTICLES]!r}, by='hal')")
    seen = "SELECT 1 FROM sources_document WHERE url LIKE '%/pond-%' AND snapshot_id IS NOT NULL"
    eventually(lambda: len(stage.desk.rows(seen)) == PAGES, within=300, what="every page is looked at")
    split = (
        "SELECT 1 FROM claims_article a JOIN sources_document d ON d.id = a.document_id "
        "WHERE d.url LIKE '%/pond-%' AND a.state = 'split'"
    )
    eventually(lambda: len(stage.desk.rows(split)) == ARTICLES, within=120, what="the articles are split")
    planted = stage.plant(f"decided(*{urls!r}, quote={QUOTE!r}, by='hal')")
    return [(row[0], row[1], row[2], row[3]) for row in planted]


def _looked(stage: Stage, rows: list[Row], person: Person, token: str) -> Looks:
    """Read everything that shows how new it is, as a person and as a client."""
    looks = Looks()
    with person.page() as page:

        def read(path: str) -> str:
            got = page.request.get(stage.base + path)
            assert got.ok, (path, got.status)
            looks.answers += 1
            return got.text()

        _pages(looks, rows, read)
        _lists(looks, rows, read)
    _answers(stage, looks, rows, token)
    return looks


def _pages(looks: Looks, rows: list[Row], read: Callable[[str], str]) -> None:
    for claim, _uid, document, _document_uid in rows:
        text = read(f"/admin/claims/claim/{claim}/change/")
        head = text.partition('class="columns"')[0]
        looks.note(f"claim {claim}: our status", is_old="overdue-yes" in head)
        looks.note(f"claim {claim}: the quote today", is_old="anchor-late" in text and "anchor-holds" not in text)
        text = read(f"/admin/sources/document/{document}/change/")
        looks.note(f"document {document}: the last look", is_old="look-late" in text.partition('class="columns"')[0])
        resting = text.partition('class="resting"')[2].partition("</ul>")[0]
        for item in resting.split("<li>")[1:]:
            looks.note(f"document {document}: a claim that rests on it", is_old=_says_old(item))


def _lists(looks: Looks, rows: list[Row], read: Callable[[str], str]) -> None:
    of_lists = {"claims/claim": (r"<tr><th|<tr>", "joined=too&q="), "sources/document": (r"<tr>", "")}
    mine = {f"/claims/claim/{row[0]}/" for row in rows} | {f"/sources/document/{row[2]}/" for row in rows}
    for name, (begins, query) in of_lists.items():
        text = "p=1"
        for number in range(1, 9):
            text = read(f"/admin/{name}/?{query}&p={number}") if f"p={number}" in text else ""
            for row in re.split(begins, text.partition("<tbody>")[2].partition("</tbody>")[0])[1:]:
                if any(link in row for link in mine):
                    looks.note(f"{name}: {re.findall('/[0-9]+/', row)[:1]}", is_old=_says_old(row))
    for row in read("/admin/claims/triage/").split('<li class="queue-row')[1:]:
        if any(link in row for link in mine):
            looks.note("queue: a row", is_old=_says_old(row))


def _says_old(text: str) -> bool:
    return "overdue-yes" in text or "look-late" in text


def _answers(stage: Stage, looks: Looks, rows: list[Row], token: str) -> None:
    def ask(path: str) -> Any:
        status, told = stage.desk.api("GET", path, token=token)
        assert status == 200, (path, status, told)
        looks.answers += 1
        return told

    for _claim, uid, _document, document_uid in rows:
        looks.note(f"REST claim {uid}", is_old=ask(f"/api/v1/claims/{uid}")["overdue"])
        for one in ask(f"/api/v1/claims/{uid}/evidence")["results"]:
            looks.note(f"REST evidence of {uid}", is_old=one["look_overdue"])
        looks.note(f"REST document {document_uid}", is_old=ask(f"/api/v1/documents/{document_uid}")["overdue"])
    _lists_of_answers(looks, rows, ask)


def _lists_of_answers(looks: Looks, rows: list[Row], ask: Callable[[str], Any]) -> None:
    uids = {row[1] for row in rows} | {row[3] for row in rows}
    for path in ("/api/v1/claims", "/api/v1/documents"):
        for one in _all(ask, path):
            if one["uid"] in uids:
                looks.note(f"REST {path}: {one['uid']}", is_old=one["overdue"])
    for article in _all(ask, "/api/v1/articles"):
        if "/pond-" in article["url"]:
            for one in ask(f"/api/v1/articles/{article['uid']}")["claims"]:
                looks.note(f"REST article {article['uid']}: {one['text']}", is_old=one["overdue"])


def _all(ask: Callable[[str], Any], path: str | None) -> Iterator[Any]:
    while path:
        told = ask(path)
        yield from told["results"]
        path = told["next"]
