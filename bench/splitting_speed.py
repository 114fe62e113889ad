"""How fast splitting is beside the bare parser, and how much memory a process needs, each in a process of its own.

    python -m bench.splitting_speed speed DIR    # DIR: texts
    python -m bench.splitting_speed memory DIR [models]

Speed is told in seconds of the processor, one thread, so that other work on the machine weighs less.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from bench.splitting_rows import Figures
from bench.splitting_sets import ROOT, NotMeasured, Sets

PAIRS = 5
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "BLIS", "MKL")}
OWN_TEXTS = ROOT / "tests" / "pure" / "splitting" / "articles"


def speed(sets: Sets) -> Figures:
    """Words a second of the whole library and of bare `nlp.pipe`, and the median ratio of five pairs."""
    return _measured("speed", str(sets.articles / "texts"))


def memory(sets: Sets) -> Figures:
    """Resident megabytes after every article was split: with the rules alone, and with every model in use."""
    folder = str(sets.articles / "texts")
    figures = {"rules": _measured("memory", folder)["megabytes"]}
    try:
        figures["models"] = _measured("memory", folder, "models")["megabytes"]
    except NotMeasured as error:
        print(f"memory with every model: {error}")
    return figures


def _measured(*arguments: str) -> Figures:
    command = [sys.executable, "-m", "bench.splitting_speed", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **ONE_THREAD}, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        raise NotMeasured(last[0][:160])
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def texts_in(folder: Path) -> list[str]:
    """The texts of a folder; without any, the project's own short articles."""
    found = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    return found or own_texts()


def own_texts() -> list[str]:
    """The project's own short articles, as texts."""
    own = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(OWN_TEXTS.glob("*.json"))]
    return ["\n\n".join(part[1] for part in article["parts"]) for article in own]


def _speed(folder: Path) -> Figures:
    import spacy

    from claims.splitting import split
    from claims.splitting.parse import BATCH, installed, model_name

    stock = spacy.load(model_name(installed()))
    texts = texts_in(folder)
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    words = sum(len(text.split()) for text in texts)

    def whole() -> None:
        for text in texts:
            split(text)

    def bare() -> None:
        for _ in stock.pipe(lines, batch_size=BATCH):
            pass  # the parse itself is what is timed

    whole()
    bare()
    pairs = [(_seconds(bare), _seconds(whole)) for _ in range(PAIRS)]
    return {
        "ratio": statistics.median(alone / all_of_it for alone, all_of_it in pairs),
        "words": words / statistics.median(all_of_it for _, all_of_it in pairs),
        "bare_words": words / statistics.median(alone for alone, _ in pairs),
    }


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _memory(folder: Path, *, models: bool) -> Figures:
    from claims.splitting import split
    from claims.splitting.__main__ import main

    texts = texts_in(folder)
    for text in texts:
        split(text)
    if models:
        lines = [line for text in texts for line in text.splitlines() if line.strip()]
        rows = [{"text": line} for line in lines] + [{"tokens": line.split()} for line in lines]
        targets = [{"text": line, "targets": [[0, 1, line.split()[0], 0.0]]} for line in lines]
        for option, asked in (("--sentences", rows), ("--factuality", targets)):
            sys.stdin = io.TextIOWrapper(io.BytesIO("".join(json.dumps(row) + "\n" for row in asked).encode()))
            with redirect_stdout(io.StringIO()):
                main([option])
    return {"megabytes": _resident() / 1e6}


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _main(arguments: Sequence[str]) -> int:
    what, folder, *rest = arguments
    figures = _speed(Path(folder)) if what == "speed" else _memory(Path(folder), models="models" in rest)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
