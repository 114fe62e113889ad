"""A day at the desk, as a fact-checker has it: by keys, with a phone, against a page that changes meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.people import LOUD, Keys
from tests.browser.sites import page as written
from tests.chaos.desk import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.stage import Stage
    from tests.browser.table import Table

QUEUE = "/admin/claims/triage/"
TRIAGED, MOST_ROWS = 10, 20
MOST_KEYS = 6
FACTS = (
    "The council of Saltmarsh closed 12 schools in April 2026.",
    "The harbour of Saltmarsh handled 340 ships in May 2026.",
    "The hospital of Saltmarsh hired 55 nurses in June 2026.",
    "The library of Saltmarsh lent 9,000 books in 2025.",
)
BY_HAND = (
    "The ferry to Ostrel carried 80,000 passengers in 2025.",
    "The town hall of Saltmarsh cost 14 million euros.",
    "Mayor Odile Renn cut the fire brigade's budget by a third.",
    "The tram to the harbour has been closed since March.",
    "Saltmarsh has more bakers than any town on the coast.",
    "The dike at Ostrel broke in two places on 3 January 2026.",
    "The swimming pool of Saltmarsh lost 2 million litres of water.",
    "Every third pupil of Saltmarsh learns Portuguese.",
)
# Like no other claim here: one that is joined to another is decided on where that one is.
CLAIM = "The fishing fleet landed 340 tonnes of herring in May 2026."
THEN = "The harbour master weighed 340 tonnes of herring in May 2026."
TODAY = "The harbour master weighed 290 tonnes of herring in May 2026, and takes back an earlier figure."


def run(stage: Stage, table: Table) -> None:
    """Walk through it; whatever fails ends the run."""
    article = stage.site.put("/figures-of-saltmarsh", written("Figures of Saltmarsh", *FACTS))
    report = stage.site.put("/harbour-report", written("The harbour's report", THEN, "Ferries were not counted."))
    nora = stage.person("nora")
    stage.plant(f"addresses({article!r}, by='nora')")
    keys = stage.plant(f"by_hand(*{BY_HAND!r}, {CLAIM!r}, by='nora')")
    eventually(lambda: len(_queued(stage)) >= TRIAGED + 2, within=120, what="the queue fills")
    complaints: set[str] = set()
    with nora.page() as page:
        _listen(page, complaints)
        _help(stage, page)
        table.least("journey: claims triaged by keyboard alone", _triage(stage, page, apart=keys[-1]), TRIAGED)
        _attach(stage, page, keys[-1], report)
        pressed = _verdict_by_keys(stage, page, keys[-1])
        table.most("journey: keys to a verdict on a new claim, besides the text", pressed, MOST_KEYS)
        _undo(stage, page)
        _refused(stage, page, keys[-1])
        table.least("journey: refused after the page changed, looked at again, decided anew, undone", 1, 1)
    table.most("journey: complaints of the console", len(complaints), 0, details=sorted(complaints))


def _queued(stage: Stage) -> list[tuple[object, ...]]:
    return stage.desk.rows("SELECT claim_id FROM claims_triage WHERE priority IS NOT NULL")


def _status(stage: Stage, key: int) -> str:
    return str(stage.desk.rows(f"SELECT status FROM claims_claim WHERE id = {key}")[0][0])


def _listen(page: Page, complaints: set[str]) -> None:
    page.on("pageerror", lambda error: complaints.add(f"script: {error}"))
    page.on(
        "console",
        lambda said: complaints.add(f"console: {said.text}") if said.type in LOUD and "409" not in said.text else None,
    )


def _help(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.base}{QUEUE}")
    keys = Keys(page)
    keys.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("dialog.keys")).to_be_hidden()


def _triage(stage: Stage, page: Page, *, apart: int) -> int:
    """Take two, put three into review, find five not checkable; the claim of later is left alone."""
    page.goto(f"{stage.base}{QUEUE}")
    page.wait_for_load_state("load")
    stage.picture(page, "queue")
    keys, done = Keys(page), 0
    wanted = ["a"] * 2 + ["Not checkable"] * 5 + ["In review"] * 3
    keys.press("j", "k", "j")
    for what in wanted:
        for key in ["j"] * MOST_ROWS + ["k"] * MOST_ROWS:  # down to the end, then up
            if _focused(page) != apart and _may(page, what):
                break
            keys.press(key)
        before = _focused(page)
        assert before, "no row has the focus"
        _do(page, keys, what, row=before)
        done += 1
        if what == "a":
            assert _focused(page) == before, "after it was taken the same row is in focus"
            keys.press("j")
    chosen = Keys(page)
    chosen.press("x")
    expect(page.locator(".queue-row input[name=row]:checked")).to_have_count(1)
    chosen.press("x")
    moved = stage.desk.rows("SELECT count(*) FROM claims_statuschange")[0][0]
    taken = stage.desk.rows("SELECT count(*) FROM claims_triage WHERE taken_by_id IS NOT NULL")[0][0]
    assert int(str(moved)) == 8, moved
    assert int(str(taken)) >= 2, taken
    return done


def _do(page: Page, keys: Keys, what: str, *, row: int) -> None:
    """Press the key of a move; where it asks why, the first of its reasons."""
    if what == "a":
        keys.go(what)
        return
    target = page.locator(f"#claim-{row} [data-key]").filter(has_text=what).first
    number = target.get_attribute("data-key") or ""
    if target.evaluate("one => one.matches('summary')"):
        keys.press(number)
        number = "1"
    keys.go(number)


def _focused(page: Page) -> int:
    found = page.evaluate("(document.activeElement.closest('.queue-row') || {id: ''}).id")
    return int(str(found).removeprefix("claim-") or 0)


def _may(page: Page, what: str) -> bool:
    """Say whether that can be done with the row in focus: nobody has it, and there is such a move."""
    row = page.locator(f"#claim-{_focused(page)}")
    return not _is_taken(page) and (what == "a" or row.locator("[data-key]").filter(has_text=what).count() > 0)


def _is_taken(page: Page) -> bool:
    return bool(page.evaluate("!!(document.activeElement.closest('.queue-row') || document).querySelector('.taken')")
                and page.evaluate("!!document.activeElement.closest('.queue-row')"))  # fmt: skip


def _attach(stage: Stage, page: Page, claim: int, report: str) -> None:
    """Attach a page that nobody has read yet: told to wait, then attached, all by keys."""
    tries = 0

    def attached() -> bool:
        nonlocal tries
        tries += 1
        page.goto(f"{stage.base}/admin/claims/claim/{claim}/change/")
        page.wait_for_timeout(200)
        keys = Keys(page)
        keys.press("e")
        keys.write(report)
        keys.press("Tab", "Space", "ArrowDown")  # it refutes
        keys.press("Tab")
        keys.write(THEN)
        keys.press("Tab")
        keys.go("Enter")
        return page.locator(".held blockquote").count() > 0

    eventually(attached, within=60, what="the page is read and attached")
    assert page.locator(".stance-refutes").count() == 1, "by the arrow the second choice was made"
    assert tries > 1, "a page that is new to us is looked at first"


def _verdict_by_keys(stage: Stage, page: Page, claim: int) -> int:
    """From the queue to a verdict on a claim that nobody took before; taken and decided at once."""
    page.goto(f"{stage.base}{QUEUE}#claim-{claim}")
    page.wait_for_timeout(300)
    page.locator(f"#claim-{claim} .queue-open").focus()
    assert _status(stage, claim) == "unreviewed"
    number = page.locator(f"#claim-{claim} [data-key]", has_text="Refuted").first.get_attribute("data-key") or ""
    keys = Keys(page)
    keys.press("j", "k")  # to the row and back, as somebody does who looks around
    keys.go(number)
    expect(page.locator("textarea[name=reason]")).to_be_focused()
    keys.write("The harbour master counted fewer: her report is clear.")
    with page.expect_navigation():
        keys.press("Control+Enter")
    page.wait_for_load_state("load")
    assert _status(stage, claim) == "refuted", page.text_content("body")
    return keys.pressed


def _undo(stage: Stage, page: Page) -> None:
    """Take the verdict back from the queue: in review again, both reasons kept."""
    claim = stage.desk.rows("SELECT claim_id FROM claims_statuschange ORDER BY id DESC LIMIT 1")[0][0]
    page.goto(f"{stage.base}{QUEUE}")
    page.locator(".my-moves summary").click()
    page.locator(".my-moves li", has_text=CLAIM[:40]).locator("button").click()
    page.wait_for_load_state("load")
    assert _status(stage, int(str(claim))) == "in_review"


def _refused(stage: Stage, page: Page, claim: int) -> None:
    """Read the claim; the page it rests on says something else meanwhile; the verdict is refused, then decided anew."""
    at = f"{stage.base}/admin/claims/claim/{claim}/change/"
    page.goto(at)
    page.fill("textarea[name=reason]", "The report says 340.")
    stage.site.put("/harbour-report", written("The harbour's report", TODAY, "Ferries were not counted."))
    eventually(
        lambda: stage.desk.rows(f"SELECT 1 FROM claims_flag WHERE claim_id = {claim} AND cleared_at IS NULL"),
        within=60,
        what="the change is found",
    )
    with page.expect_response(lambda got: "/move/" in got.url) as told:
        page.click(".move-button[value=supported]")
    assert told.value.status == 409, told.value.status
    page.wait_for_load_state("load")
    assert _status(stage, claim) == "in_review"
    text = page.text_content("body") or ""
    assert "340" in text, "the sentence then is shown"
    assert "290" in text, "the sentence today is shown"
    stage.picture(page, "refused")
    assert page.input_value("textarea[name=reason]") == "The report says 340.", "what was typed is kept"
    page.fill("textarea[name=reason]", "The report says 290 today: the claim is wrong.")
    with page.expect_response(lambda got: "/move/" in got.url) as told:
        page.click(".move-button[value=refuted]")
    page.wait_for_load_state("load")
    assert _status(stage, claim) == "refuted", page.text_content("body")
    _undo(stage, page)
