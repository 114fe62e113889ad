"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claims.models.claim import ANCHORS, CERTAINTIES, KINDS, STATUSES
from claims.services import stakes
from claims.verification.status import MAY_FOLLOW, Status
from sources.fetching import pace

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OUTSIDE_SETTINGS = {"ALIVE_FOLDER", "EMBEDDED", "CLOCK_OFFSET"}


def test_every_setting_is_explained_and_every_explained_one_exists() -> None:
    code = (ROOT / "factcheck/settings.py").read_text(encoding="utf-8")
    reads = (
        r"env\.(?:flag|number|words|one_of|issuer|zone|required|header|stand_ins|rate|place|endpoint|secret|some_of|"
        r"folder|share|env\.str)"
        r"\(\s*\"([A-Z_]+)\""
    )
    read = set(re.findall(reads, code))
    told = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert told == read | OUTSIDE_SETTINGS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets


def test_every_refusal_stands_in_the_settings_and_the_other_way_round() -> None:
    rules = (ROOT / "factcheck/rules_of_settings.py").read_text(encoding="utf-8") + (
        ROOT / "factcheck/checks.py"
    ).read_text(encoding="utf-8")
    table = (ROOT / "docs/settings.md").read_text(encoding="utf-8").split("## What is refused")[1]
    ids = [row.split("|")[1] for row in table.splitlines() if row.startswith("| E")]
    assert set(re.findall(r"factcheck\.(E\d{3})", rules)) == set(re.findall(r"E\d{3}", " ".join(ids)))


def test_every_code_of_the_database_has_its_word_in_the_domain() -> None:
    domain = (ROOT / "docs/domain.md").read_text(encoding="utf-8")
    for codes in (CERTAINTIES, KINDS, STATUSES):
        for _code, word in codes:
            assert str(word) in domain, word
    assert len(ANCHORS) == 8


def test_the_table_of_waits_is_the_codes() -> None:
    told = (ROOT / "docs/sources.md").read_text(encoding="utf-8").split("| the page changes |")[1].split("\n\n")[0]
    stakes = [float(word) for word in re.findall(r"\d+", told.splitlines()[0])]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in told.splitlines()[2:]]
    assert {row[0] for row in rows} == set(EVERY_H)
    for row in rows:
        waits = [pace.wait(pace.Paced(1 / EVERY_H[row[0]], stake), pace.Terms()) for stake in stakes]
        assert [pace.in_minutes(wait) for wait in waits] == row[1:]


EVERY_H = {
    "4 times an hour": 0.25, "once an hour": 1, "every 6 hours": 6, "once a day": 24, "once a week": 168,
    "once a month": 720,
}  # fmt: skip


def test_the_stakes_are_the_codes() -> None:
    told = (ROOT / "docs/sources.md").read_text(encoding="utf-8").replace("\n", " ")
    weights = [stakes.WEIGHTS[word] for word in ("unconfirmed", "in_review", "supported", "unreviewed")]
    words = "unconfirmed claim adds {:g}, one in review {:g}, a verdict {:g}, one that nobody reviewed {:g};"
    assert words.format(*weights) in told
    assert f"{stakes.MOST:g} is the most" in told


def test_the_table_of_moves_is_the_codes() -> None:
    domain = (ROOT / "docs/domain.md").read_text(encoding="utf-8")
    words = {str(word): Status(code) for code, word in STATUSES}
    table = domain.split("## The table of moves")[1].split("\n\n")[1]
    verdicts = {"supported", "refuted", "conflicting evidence", "unproven"}
    seen = set()
    for row in table.splitlines()[2:]:
        olds, news = (
            re.sub(r" \(.*\)", "", cell).replace("a verdict", ", ".join(verdicts)) for cell in row.split("|")[1:3]
        )
        follow = {words[word.strip()] for word in news.replace("any verdict", ", ".join(verdicts)).split(",")}
        for old in olds.split(","):
            assert MAY_FOLLOW[words[old.strip()]] == follow
            seen.add(words[old.strip()])
    assert seen == set(Status)
