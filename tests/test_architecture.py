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
PURE = (
    "claims.exports",
    "claims.imports",
    "claims.known",
    "claims.matching",
    "claims.splitting",
    "claims.stance",
    "claims.verification",
    "sources.fetching",
    "factcheck.lib",
)
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


SENDS = ("apply_async", "send_task", "signature", "s", "si", "subtask", "retry", "apply")
LATER = {"eta", "countdown", "link", "link_error", "chord", "retry_policy"}
CANVAS = {"chain", "chord", "group", "chunks", "starmap", "xmap", "signature", "subtask", "maybe_signature"}
RESULTS = {"AsyncResult", "GroupResult", "ResultSet", "result_backend", "CELERY_RESULT_BACKEND", "autoretry_for"}


def waits_in_broker(code: str) -> list[str]:
    """Return what in a module would make the broker hold more than a hint: a time, a retry, a workflow, a result."""
    tree = ast.parse(code)
    names = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             and (node.module or "").split(".")[0] == "celery" for alias in node.names}  # fmt: skip
    return [ast.unparse(node) for node in ast.walk(tree) if _waits(node, names)]


def _waits(node: ast.AST, imported: set[str]) -> bool:
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).split(".")
        given = {keyword.arg for keyword in node.keywords}
        is_sent = (called[-1] in SENDS and len(called) > 1) or called[-1] == "task"
        asks = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        return (
            (called[-1] in {"delay", "delay_on_commit", "apply_async_on_commit", "add_to_chord"} and len(called) > 1)
            or (called[-1] == "retry" and called[0] in {"self", "task"})
            or (is_sent and bool(LATER & given or RESULTS & given or asks.get("retry") == "True" or None in given))
            or (called[-1] in {"chunks", "starmap"} and ".task" in ast.unparse(node.func))
            or (called[0] == "celery" and called[-1] in CANVAS)
        )  # fmt: skip
    if isinstance(node, ast.Name):
        return node.id in RESULTS or (node.id in CANVAS and node.id in imported)
    if isinstance(node, ast.Attribute):
        return node.attr in RESULTS
    return isinstance(node, ast.keyword) and node.arg in {"backend", "result_backend", "autoretry_for"}


def test_nothing_waits_in_the_broker() -> None:
    """No ETA, countdown, retry, workflow or result: what must be done later is a row."""
    found = {
        str(path.relative_to(ROOT)): waiting
        for path in [*modules(*PACKAGES), ROOT / "manage.py"]
        if (waiting := waits_in_broker(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "drain.apply_async(eta=soon)", "drain.apply_async(args=(1,), countdown=5)", "app.send_task('x', eta=soon)",
        "drain.apply_async(**options)", "drain.apply_async(retry=True)", "drain.apply_async(link=other.s())",
        "drain.delay('look')", "drain.delay_on_commit('look')", "self.retry(exc=error)", "task.retry()",
        "from celery import chain\nchain(a, b)()", "from celery import group\ngroup(a)",
        "import celery\ncelery.chord(a)",
        "from celery import chord\nchord(a)(b)", "drain.task.chunks(rows, 10)", "from celery import chunks\nchunks",
        "from celery.result import AsyncResult\nAsyncResult(1)", "app.conf.result_backend = 'redis://'",
        "CELERY_RESULT_BACKEND = 'redis://'", "result_backend = 'x'", "Celery('x', backend='redis://')",
        "app.conf.update(result_backend='x')", "@app.task(autoretry_for=(OSError,))\ndef f(): ...",
    ],
)  # fmt: skip
def test_what_would_wait_in_the_broker_is_found(code: str) -> None:
    assert waits_in_broker(code)


@pytest.mark.parametrize(
    "code",
    [
        "drain.apply_async(args=(q,), queue=q, expires=30, ignore_result=True, retry=False)",
        "match.group(1)", "from itertools import chain\nchain(a, b)", "page.chunks()", "events.signature(row)",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_not_found(code: str) -> None:
    assert not waits_in_broker(code)


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
