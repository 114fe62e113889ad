"""Feed splitting with texts that no newsroom sends: no crash, every offset exact, none slower than ten seconds.

    python -m bench.fuzz_splitting [--texts 2000] [--seed 1] [--minutes 10]

The texts are mutations of the project's own short articles, the same for the same seed. With `--minutes` Atheris, if it
is installed (`pip install atheris`), goes on looking for that long. Times are of the processor, one thread, so that
other work on the machine weighs less.
"""

import argparse
import importlib.util
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.splitting_rows import Figures
from bench.splitting_sets import ROOT, Sets
from bench.splitting_speed import own_texts
from claims.splitting import Splitting, split

TEXTS = 2_000
SEED = 1
SLOWEST = 10.0
HANGS = 120
LONG = 100_000
MOST_SPANS = 3
MOST_LINES = 12
CONTROLS = "\x00\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x85\u2028\u2029\ufeff\ufffe\uffff"
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
EMOJI = ("🙂", "👩\u200d👩\u200d👧", "🇩🇪", "👍🏽", "❤\ufe0f", "\U0010ffff", "\ud7ff\ue000", "e\u0301\u0301\u0301")
RTL = ("قال الوزير إن الجسر انهار.", "השר אמר שהגשר קרס.", "گفت", "\u200f(", ")\u200f")
REMNANTS = (
    "<p>",
    "</div>",
    "&nbsp;",
    "&amp;quot;",
    "<script>x()</script>",
    "<!--",
    "]]>",
    "<a href='",
    "%20",
    "\\u0041",
)
MARKS = ('"', "“", "”", "(", ")", "[", "]", "—", ":", ",", "...", "?", "'", "’", "«", "»")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
Mutate = Callable[[random.Random, str], str]


def cut(chance: random.Random, text: str) -> str:
    """A stretch out of it."""
    ends = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return text[ends[0] : ends[1]] if chance.random() < 0.5 else text[: ends[0]] + text[ends[1] :]  # noqa: PLR2004


def shuffle(chance: random.Random, text: str) -> str:
    """Its words, its lines or its characters in any order."""
    between = chance.choice([" ", "\n", ". ", ""])
    parts = text.split(between) if between else list(text)
    chance.shuffle(parts)
    return between.join(parts)


def strew(chance: random.Random, text: str) -> str:
    """Something foreign between its characters."""
    foreign = chance.choice([CONTROLS, BIDI, EMOJI, RTL, REMNANTS, MARKS])
    letters = list(text)
    for _ in range(chance.randrange(1, 40)):
        letters.insert(chance.randrange(len(letters) + 1), chance.choice(foreign))
    return "".join(letters)


def repeat(chance: random.Random, text: str) -> str:
    """A few words of it many times over."""
    words = text.split()
    at = chance.randrange(max(1, len(words)))
    return (
        text + " " + chance.choice([" ", "\n", ", ", "", " said "]).join(words[at : at + 4] * chance.randrange(1, 200))
    )


def recase(chance: random.Random, text: str) -> str:
    """In capitals, in small letters, or without its spaces."""
    return chance.choice([text.upper(), text.lower(), text.title(), text.replace(" ", ""), text.replace(".", "")])


def reverse(_: random.Random, text: str) -> str:
    """Backwards."""
    return text[::-1]


def endless(chance: random.Random, text: str) -> str:
    """One sentence of 100,000 characters: now and then only, for it takes its time."""
    if chance.random() > 0.05:  # noqa: PLR2004
        return strew(chance, text)
    words = text.replace(".", ",").replace("\n", " ")
    return (words * (LONG // max(1, len(words)) + 1))[:LONG] + "."


def surrogate(chance: random.Random, text: str) -> str:
    """With half of a pair, as broken decoders leave it."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chr(chance.randrange(0xD800, 0xE000)) + text[at:]


MUTATIONS: tuple[Mutate, ...] = (cut, shuffle, strew, repeat, recase, reverse, endless, surrogate)


@dataclass(slots=True)
class Tally:
    """What became of the texts."""

    texts: int = 0
    claims: int = 0
    slowest: float = 0.0
    broken: list[str] = field(default_factory=list)


def mutated(count: int, seed: int) -> Iterator[str]:
    """The texts, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 — texts, no secrets
    own = own_texts()
    for _ in range(count):
        text = chance.choice(own)
        for mutate in chance.choices(MUTATIONS, k=chance.randrange(1, 4)):
            text = mutate(chance, text)
        yield text


def wrong(text: str, splitting: Splitting) -> str:
    """What is wrong with a splitting, or nothing."""
    for claim in splitting.claims:
        spans = [(span.start, span.end, span.quote) for span in (*claim.spans, *claim.also, *claim.unresolved)]
        edits = [(edit.start, edit.end, edit.was) for edit in claim.edits]  # empty where something was put in
        is_there = all(text[start:end] == quote for start, end, quote in [*spans, *edits])
        if not is_there or not all(quote for *_, quote in spans):
            return f"a quote does not stand where it says: {claim}"
        if not 1 <= len(claim.spans) <= MOST_SPANS or list(claim.spans) != sorted(claim.spans, key=lambda s: s.start):
            return f"spans out of order: {claim}"
        if not claim.text.strip() or not claim.because or not 0 <= claim.check_worthy <= 1:
            return f"a claim without words, reason or worth: {claim}"
    return ""


def feed(texts: Iterator[str]) -> Tally:
    """Split every text; a crash, a wrong offset or a hang is told with the text's number."""
    os.environ.update(ONE_THREAD)  # before the first text loads what reads it
    tally = Tally()
    signal.signal(signal.SIGALRM, _hung)
    for at, text in enumerate(texts):
        start = time.process_time()
        signal.alarm(HANGS)
        try:
            splitting = split(text)
            fault = wrong(text, splitting)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is what is looked for
            splitting, fault = Splitting(()), f"{type(error).__name__}: {error}"
        signal.alarm(0)
        tally.slowest = max(tally.slowest, time.process_time() - start)
        tally.texts += 1
        tally.claims += len(splitting.claims)
        if fault:
            tally.broken.append(f"text {at}: {fault[:300]}")
    return tally


def _hung(*_: object) -> None:
    raise TimeoutError(f"more than {HANGS} s")


def bad_input(_: Sets) -> Figures:
    """The mutated texts, how many broke something, and the slowest."""
    tally = feed(mutated(TEXTS, SEED))
    for fault in tally.broken:
        print(fault)
    return {"texts": float(tally.texts), "broken": float(len(tally.broken)), "slowest": tally.slowest}


def atheris_for(minutes: float) -> tuple[bool, str]:
    """Let Atheris look for inputs that break it; say whether none was found, and what it printed last."""
    if importlib.util.find_spec("atheris") is None:
        return False, "NOT RUN: atheris is not installed (pip install atheris)"
    seconds = int(minutes * 60)
    command = [
        sys.executable,
        "-m",
        "bench.atheris_splitting",
        f"-max_total_time={seconds}",
        "-max_len=2000",
        "-len_control=0",
    ]
    with tempfile.TemporaryDirectory() as found:
        command.append(f"-artifact_prefix={found}/")
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=ROOT, check=False
        )
    last = done.stdout.strip().splitlines()[-MOST_LINES:] or ["it says nothing"]
    return done.returncode == 0, "\n".join(last) if done.returncode else last[-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what broke; return 1 where anything did or a text took longer than ten seconds."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz_splitting", description="Break splitting.")
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=0, help="of Atheris, after the mutated texts")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    tally = feed(mutated(options.texts, options.seed))
    for fault in tally.broken:
        print(fault)
    seconds = time.perf_counter() - start
    print(f"{tally.texts:,} texts, {tally.claims:,} claims, {len(tally.broken)} broken; slowest {tally.slowest:.1f} s")
    print(f"seed {options.seed}, {seconds:.0f} s in all")
    whole = not tally.broken and tally.slowest <= SLOWEST and tally.texts > 0
    if options.minutes:
        held, told = atheris_for(options.minutes)
        print(f"Atheris, {options.minutes:g} minutes: {told}")
        whole = whole and held
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
