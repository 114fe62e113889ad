"""The annotated sets and the command line measured on them: rows in, answers out, scores by the sets' own code."""

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = next((above / "shared" for above in ROOT.parents if (above / "shared").is_dir()), ROOT.parent / "shared")
ARTICLES, BENCHMARKS = SHARED / "articles", SHARED / "benchmarks"
LIMIT = 1_800
Row = dict[str, Any]


class NotMeasured(Exception):
    """The command line does not answer as it should: that counts as missed."""


class NoTexts(Exception):
    """The annotated texts are not on this machine: there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Where the annotated articles and the benchmarks lie."""

    articles: Path = ARTICLES
    benchmarks: Path = BENCHMARKS

    def rows(self, name: str, part: str = "dev") -> list[Row]:
        """A part of a benchmark: the dev part, which is for tuning, unless another is named."""
        path = self.benchmarks / name / f"{part}.jsonl"
        if not path.is_file():
            raise NoTexts(str(path.parent))
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]

    def scorer(self) -> ModuleType:
        """The benchmarks' own scores, run as they lie there."""
        return _module(self.benchmarks / "score.py")

    def articles_scorer(self) -> ModuleType:
        """The annotated articles' own pairing and scores."""
        return _module(self.articles / "score_claims.py")

    def texts(self) -> dict[str, str]:
        """The annotated articles by name."""
        found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(self.articles.glob("texts/*.txt"))}
        if not found:
            raise NoTexts(str(self.articles))
        return found

    def gold(self, name: str) -> list[Row]:
        """The claims that people found in an article."""
        path = self.articles / "gold" / f"{name}.json"
        claims: list[Row] = json.loads(path.read_text(encoding="utf-8"))["claims"]
        return claims


def _module(path: Path) -> ModuleType:
    if not path.is_file():
        raise NoTexts(str(path))
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise NoTexts(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(option: str, rows: Sequence[Mapping[str, Any]], *keys: str) -> list[Row]:
    """What `python -m claims.splitting OPTION` answers, line by line; each answer must have the keys."""
    given = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return _checked(option, _run([option], given), len(rows), keys)


def read_files(texts: Iterable[str], *keys: str, option: str = "") -> list[Row]:
    """What the command line answers for one file a text, in order."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for at, text in enumerate(texts):
            path = Path(folder) / f"{at:05}.txt"
            path.write_bytes(text.encode("utf-8"))
            paths.append(str(path))
        found = _run([*([option] if option else []), *paths], "")
        return _checked(option or "FILE…", found, len(paths), keys)


def _run(arguments: Sequence[str], given: str) -> str:
    command = [sys.executable, "-m", "claims.splitting", *arguments]
    done = subprocess.run(
        command, input=given, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=LIMIT, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        raise NotMeasured(f"ends with {done.returncode}: {last[0][:120]}")
    return done.stdout


def _checked(option: str, output: str, count: int, keys: Sequence[str]) -> list[Row]:
    found: list[Row] = [json.loads(line) for line in output.split("\n") if line.strip()]
    if len(found) != count:
        raise NotMeasured(f"{option} gives {len(found)} lines for {count}")
    missing = [key for key in keys if any(key not in answer for answer in found)]
    if missing:
        raise NotMeasured(f"{option} leaves out {', '.join(missing)}")
    return found
