"""Hold the feed to its promise: each committed event once, in order, without a gap, whoever writes, reads and dies.

    python bench/feed.py [--events N] [--writers N] [--plant id-order]

Eight processes write events in real transactions, some slow, some rolled back; one numbers them; three readers keep
their place in a file and are killed with -9 again and again. Exit status 1 on any fault. With --plant the readers go by
"id greater than the last", as a naive feed would: the bench must then find that events are lost.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from multiprocessing.process import BaseProcess as Process
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.servers import servers  # noqa: E402

READERS = 3
WITHIN_S = 3600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; return 1 on any fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=10000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--plant", choices=["id-order"], default="")
    asked = parser.parse_args(arguments)
    with servers() as folder:
        return Run(folder, asked).run()


class Run:
    """One run: its processes, its files, its faults. Made after the servers are up, for it needs Django."""

    def __init__(self, folder: Path, asked: argparse.Namespace) -> None:
        """Remember what was asked."""
        from bench import feed_parts

        self.parts = feed_parts
        self.folder, self.asked = folder, asked
        self.rng = random.Random(22)  # noqa: S311
        self.kills = 0

    def run(self) -> int:
        """Write, number, read and kill; then hold what was read against what was committed."""
        self.parts.make_subjects()
        readers = {seed: self.start_reader(seed) for seed in range(READERS)}
        numbering = self.parts.start(self.parts.number, self.folder)
        each = -(-self.asked.events // self.asked.writers)
        since = time.monotonic()
        writers = [
            self.parts.start(self.parts.write, self.folder / f"write-{seed}", seed, each)
            for seed in range(self.asked.writers)
        ]
        while any(writer.is_alive() for writer in writers):
            self.kill_one(readers)
            time.sleep(0.5 + self.rng.random())
            if time.monotonic() - since > WITHIN_S:
                raise SystemExit("The writers did not come to an end.")
        wrote = time.monotonic() - since
        (self.folder / "written").touch()  # who reads or numbers now ends when nothing is left
        faults = []
        for child in (*writers, numbering, *readers.values()):
            child.join(WITHIN_S)
            if child.exitcode:
                faults.append(f"a process ended with {child.exitcode}")
        return self.told(wrote, time.monotonic() - since, [*faults, *self.faults()])

    def start_reader(self, seed: int) -> Process:
        """Start a reader where its file says that it is."""
        return self.parts.start(self.parts.read, self.folder / f"read-{seed}", bool(self.asked.plant))

    def kill_one(self, readers: dict[int, Process]) -> None:
        """Kill -9 a reader that has read something since it was started, and start it again where it was."""
        seed = self.rng.randrange(READERS)
        if not (self.folder / f"read-{seed}").exists():
            return
        readers[seed].kill()
        readers[seed].join()
        readers[seed] = self.start_reader(seed)
        self.kills += 1

    def faults(self) -> list[str]:
        """Compare each reader's file with the log."""
        known = {pk: (uid, at) for pk, uid, at in self.parts.Event.objects.values_list("pk", "subject_uid", "sequence")}
        faults = []
        told = set[int]()
        for seed in range(self.asked.writers):
            told |= {int(line) for line in self.parts.lines(self.folder / f"write-{seed}")}
        if told - known.keys():
            faults.append(f"{len(told - known.keys())} events that were committed are not in the log")
        for seed in range(READERS):
            seen = [[int(word) for word in line.split()] for line in self.parts.lines(self.folder / f"read-{seed}")]
            faults += [f"reader {seed}: {fault}" for fault in faults_of(seen, known, by_id=bool(self.asked.plant))]
        return faults

    def told(self, wrote: float, whole: float, faults: list[str]) -> int:
        """Print what came of it."""
        events = self.parts.Event.objects.count()
        print(f"{events} events by {self.asked.writers} writers in {wrote:.1f} s: {events / wrote:.0f} a second")
        print(f"the last reader was through {whole - wrote:.1f} s after the last writer; {self.kills} kills of readers")
        for fault in faults:
            print(f"FAULT: {fault}")
        if not faults:
            print("each event once, in order, without a gap")
        return 1 if faults else 0


def faults_of(seen: list[list[int]], known: dict[int, tuple[UUID, int]], *, by_id: bool) -> list[str]:
    """Say what one reader missed, saw twice, or saw out of order."""
    positions, pks = [one[0] for one in seen], [one[1] for one in seen]
    faults = []
    if lost := known.keys() - set(pks):
        faults.append(f"{len(lost)} events lost, such as {sorted(lost)[:3]}")
    if len(pks) != len(set(pks)):
        faults.append(f"{len(pks) - len(set(pks))} events seen twice")
    if set(pks) - known.keys():
        faults.append("events seen that never were committed")
    if not by_id and positions != list(range(1, len(positions) + 1)):
        faults.append("the positions have a gap or are out of order")
    last: dict[UUID, int] = {}
    for pk in pks:
        uid, sequence = known.get(pk, (UUID(int=0), 0))
        if sequence <= last.get(uid, 0):
            faults.append(f"event {pk} was seen out of its subject's order")
        last[uid] = sequence
    return faults


if __name__ == "__main__":
    sys.exit(main())
