"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.db import migrations

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("factcheck", "sources", "claims")
PURE = ("claims.splitting", "claims.verification", "sources.fetching", "factcheck.lib")
FRAMEWORKS = {"django", "rest_framework", "celery", "kombu", "redis", "psycopg"}
LINES = 400


def modules(*under: str) -> Iterator[Path]:
    for folder in under:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def calls(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("package", PURE)
def test_the_rules_import_without_any_framework(package: str) -> None:
    """Every module of a pure package, in a fresh interpreter."""
    root = ROOT / package.replace(".", "/")
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in modules(package.replace(".", "/"))
        if path.stem != "__main__"
    ]
    assert root.is_dir()
    script = f"import sys\nfor name in {names!r}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not FRAMEWORKS & {name.partition(".")[0] for name in done.stdout.split()}


def test_no_file_is_longer_than_its_budget() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules(*PACKAGES, "tests", "bench")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES
    }
    assert not long


def test_the_clock_is_read_at_the_doors_only() -> None:
    """Services and rules are told the time; only the floor's clock asks the system."""
    readers = {
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        for name in calls(path)
        if name in {"datetime.now", "timezone.now", "datetime.utcnow", "date.today", "time.time", "now"}
    }
    assert readers == {"factcheck/lib/clock.py", "factcheck/management/demo/outlet.py"}
    askers = {
        str(path.relative_to(ROOT)).split("/")[1]
        for path in modules("claims", "sources")
        for name in calls(path)
        if name == "clock.now"
    }
    assert askers <= {"tasks.py", "admin", "api"}


def test_nothing_waits_in_the_broker() -> None:
    """No ETA, countdown, retry, chord or result: what must be done later is a row."""
    forbidden = re.compile(
        r"\b(eta|countdown)=|\.retry\(|\b(chord|chain|group)\(|AsyncResult|result_backend\s*=|\.delay\("
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules(*PACKAGES)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if forbidden.search(line) and ".group(" not in line
    ]
    assert not found


def test_only_the_verdicts_service_writes_a_status() -> None:
    writers = {
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith((".update", "_update", ".reschedule"))
        and any(keyword.arg == "status" for keyword in node.keywords)
    }
    assert writers == {"claims/services/verdicts.py"}


def test_the_project_names_no_path_of_anybodys_machine() -> None:
    private = re.compile(r"(^|[\s\"'(=])/(work|root|home)/")
    found = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES, "tests", "bench")
        if path != Path(__file__) and private.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_a_migration_leaves_the_version_before_it_able_to_write() -> None:
    """Web and workers of both versions run side by side during an upgrade: a new column must fill itself."""
    wanting = []
    for path in sorted(ROOT.glob("*/migrations/0*.py")) + sorted(ROOT.glob("factcheck/access/migrations/0*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        operations = import_module(name).Migration.operations
        made = {one.name.lower() for one in operations if isinstance(one, migrations.CreateModel)}
        wanting += [
            f"{name}: {one.model_name}.{one.name}"
            for one in operations
            if isinstance(one, migrations.AddField)
            and one.model_name.lower() not in made
            and not (one.field.null or one.field.many_to_many or one.field.has_db_default())
        ]
    assert not wanting
