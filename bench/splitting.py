"""Measure splitting on annotated articles: quality by the articles' own scorer, and speed beside the bare parser.

    python bench/splitting.py [--articles DIR]

DIR holds texts/, gold/ and score_claims.py; without it there is nothing to measure, which is no failure.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT.parent / "shared" / "articles"
BARS = {
    "f1": 0.75,
    "f1_strict": 0.65,
    "certainty": 0.93,
    "kind": 0.83,
    "sources": 0.80,
}
NAMES = {
    "gold": "annotated claims",
    "found": "found claims",
    "precision": "precision at 0.5",
    "recall": "recall at 0.5",
    "f1": "F1 at 0.5",
    "f1_strict": "F1 at 0.7",
    "core_recall": "recall of core claims",
    "certainty": "certainty right",
    "kind": "kind right",
    "sources": "last source right",
    "claim_rouge1": "ROUGE-1 of the sentence",
}
WARM_UP = "The first call loads the model."


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=Path, default=DEFAULT, metavar="DIR")
    folder = parser.parse_args(arguments).articles
    scorer = folder / "score_claims.py"
    if not scorer.is_file():
        print(f"No annotated articles in {folder}: nothing measured.")
        return 0
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "texts").glob("*.txt"))}
    with tempfile.TemporaryDirectory() as scratch:
        seconds = find_claims(texts, Path(scratch) / "all")
        whole = score(scorer, folder, Path(scratch) / "all")
        single = {name: score(scorer, folder, one_of(Path(scratch), name)) for name in texts}
    print_articles(single)
    missed = print_measures(whole)
    print_speed(texts, seconds)
    return 1 if missed else 0


def find_claims(texts: dict[str, str], found: Path) -> float:
    """Split every text into `found`, and return the seconds it took once the model was loaded."""
    from claims.splitting import split
    from claims.splitting.__main__ import as_json

    split(WARM_UP)
    found.mkdir()
    seconds = 0.0
    for name, text in texts.items():
        start = time.perf_counter()
        splitting = split(text)
        seconds += time.perf_counter() - start
        (found / f"{name}.json").write_text(json.dumps(as_json(name, splitting)), encoding="utf-8")
    return seconds


def one_of(scratch: Path, name: str) -> Path:
    """A folder with one article's claims alone, as the scorer measures whole folders."""
    alone = scratch / "single" / name
    alone.mkdir(parents=True)
    shutil.copy(scratch / "all" / f"{name}.json", alone)
    return alone


def score(scorer: Path, folder: Path, found: Path) -> dict[str, float]:
    """What the articles' own scorer says of found claims."""
    command = [sys.executable, str(scorer), str(folder / "texts"), str(folder / "gold"), str(found)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measures: dict[str, float] = json.loads(done.stdout)
    return measures


def print_articles(single: dict[str, dict[str, float]]) -> None:
    """One line an article."""
    print(f"{'article':<44}{'gold':>6}{'found':>7}{'F1':>8}{'strict':>8}")
    for name, measures in single.items():
        figures = f"{measures['gold']:>6}{measures['found']:>7}{measures['f1']:>8.3f}{measures['f1_strict']:>8.3f}"
        print(f"{name[:42]:<44}{figures}")


def print_measures(whole: dict[str, float]) -> bool:
    """Every measure over all articles beside its bar; return whether one is missed."""
    print(f"\n{'in all':<44}{'figure':>8}{'bar':>8}")
    missed = False
    for measure, name in NAMES.items():
        bar = BARS.get(measure)
        below = bar is not None and whole[measure] < bar
        missed = missed or below
        print(f"{name:<44}{whole[measure]:>8}{bar if bar is not None else '':>8}{'  missed' if below else ''}")
    return missed


def print_speed(texts: dict[str, str], seconds: float) -> None:
    """Words a second, and how much longer than the parser alone on the same paragraphs."""
    from claims.splitting.parse import BATCH, model

    words = sum(len(text.split()) for text in texts.values())
    start = time.perf_counter()
    for text in texts.values():
        for _ in model().pipe([line for line in text.splitlines() if line.strip()], batch_size=BATCH):
            pass  # the parse itself is what is timed
    bare = time.perf_counter() - start
    print(f"\n{words / seconds:,.0f} words a second, {seconds / bare:.2f} times the bare parser's {bare:.2f} s")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
