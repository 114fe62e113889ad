"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claims.models.claim import ANCHORS, CERTAINTIES, KINDS, STATUSES
from claims.verification.status import MAY_FOLLOW, Status

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OUTSIDE_SETTINGS = {"ALIVE_FOLDER", "EMBEDDED", "CLOCK_OFFSET"}


def test_every_setting_is_explained_and_every_explained_one_exists() -> None:
    code = (ROOT / "factcheck/settings.py").read_text(encoding="utf-8")
    reads = (
        r"env\.(?:flag|number|words|one_of|issuer|zone|required|header|stand_ins|rate|place|endpoint|secret|some_of|"
        r"env\.str)"
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
