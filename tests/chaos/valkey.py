"""P2, Valkey is disposable: flushed, killed, frozen, down or deaf, it costs no article and no second of an ingest."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from tests.chaos import loss
from tests.chaos.checker import Verdict, check
from tests.chaos.client import Client, Sent
from tests.chaos.desk import Desk, eventually
from tests.chaos.proxy import Proxy
from tests.chaos.servers import Servers, send

INGEST_P99_MS = 500
RESUMES_WITHIN_S = 15.0
WARM = 8  # ingests in a row, of two web processes
WATCH_S = 90.0  # how long to wait for work to resume before saying that it never did


@dataclass(frozen=True)
class Fault:
    """One way of losing Valkey: how it begins, how it ends, for how long."""

    name: str
    seconds: float
    begin: Callable[[], None]
    end: Callable[[], None]


@dataclass(frozen=True)
class Seen:
    """What one fault did; `resumed_s` is None where work did not resume while it was watched."""

    name: str
    seconds: float
    resumed_s: float | None


def faults(servers: Servers, proxy: Proxy, *, quick: bool) -> list[Fault]:
    """Return every fault of the promise, each as often as it asks; a quick run has one of each, shorter."""

    def signalled(what: signal.Signals) -> Callable[[], None]:
        def do() -> None:
            if servers.valkey is not None:
                send(servers.valkey.pid, what)

        return do

    def down() -> None:
        servers.held_down.add("valkey")
        signalled(signal.SIGKILL)()

    def nothing() -> None:
        pass  # the emptied server is back already

    frozen, gone = (10.0, 15.0) if quick else (30.0, 60.0)
    flush = Fault("FLUSHALL", 0, lambda: _flush(servers), nothing)
    kill = Fault("kill -9", 0, signalled(signal.SIGKILL), nothing)
    freeze = Fault("frozen", frozen, signalled(signal.SIGSTOP), signalled(signal.SIGCONT))
    absent = Fault("down", gone, down, lambda: servers.held_down.discard("valkey"))
    deaf = Fault("half-open", 0, proxy.half_open, nothing)
    often = (2, 1, 1, 1, 1) if quick else (20, 10, 3, 1, 2)
    return [
        fault for fault, times in zip((flush, kill, freeze, absent, deaf), often, strict=True) for _time in range(times)
    ]


def _flush(servers: Servers) -> None:
    with socket.socket(socket.AF_UNIX) as to, suppress(OSError):
        to.settimeout(2)
        to.connect(str(servers.socket))
        to.sendall(b"FLUSHALL\r\n")
        to.recv(100)


def run(*, seed: int, ingests: int, rate: float, quick: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """Send articles at a steady rate through every fault; measure ingest, resumption and loss."""
    rng = random.Random(seed)
    plan = loss.Plan(seed=seed, pages=0, kills=0, crashpoints=(), drain_within_s=600)
    proxies: list[Proxy] = []

    def through(servers: Servers) -> str:
        proxies.append(Proxy(servers.socket))
        return proxies[0].url

    with loss.stage(f"{os.getpid()}", plan, say, redis_url=through, connections=16, keys_of=0) as (
        desk,
        servers,
        sites,
        client,
    ):
        try:
            todo = faults(servers, proxies[0], quick=quick)
            rng.shuffle(todo)
            # gunicorn listens long before all its processes answer: that time is the start's
            eventually(lambda: _is_warm(client), within=60, what="every web process answers")
            client.took.clear()
            before = _burst(client, 50, rate)
            share = max(1, (ingests - 50) // len(todo))
            seen, during = [], []
            for fault in todo:
                one, sent = _suffer(fault, desk, client, count=share, rate=rate)
                seen.append(one)
                during += sent
                say(f"{one.name} for {one.seconds:.0f} s: work resumed after {one.resumed_s} s")
            client.wait(120)
            drained = loss.drained(desk, plan.drain_within_s, client, sites)
            verdict = check(desk, client.sent, sites)
        finally:
            proxies[0].stop()
    return _report(
        before=[one.took for one in before],
        took=client.took,
        during=during,
        seen=seen,
        verdict=verdict,
        is_drained=drained is not None,
        rate=rate,
        deaths=desk.worker.deaths,
    )


def _is_warm(client: Client) -> bool:
    """Say whether each of a few articles one after the other is answered within a second."""
    return max(_burst(client, 1, 1.0)[0].took for _one in range(WARM)) < 1


def _burst(client: Client, count: int, rate: float) -> list[Sent]:
    sent = client.texts(count, rate=rate)
    client.wait(60)
    return sent


def _suffer(fault: Fault, desk: Desk, client: Client, *, count: int, rate: float) -> tuple[Seen, list[Sent]]:
    """Let one fault happen while articles come in; see when work that was taken after its end is finished.

    The end is the fault's own, however long the articles go on coming in.
    """
    fault.begin()
    sent = client.texts(count, rate=rate)
    time.sleep(fault.seconds)
    fault.end()
    back = time.monotonic()
    # What was held at that moment was taken before: its being finished shows nothing.
    done = _done(desk) + _held(desk)
    resumed = None
    while resumed is None and time.monotonic() - back < WATCH_S:
        if not client.open and done >= len(client.sent):
            sent += client.texts(1, rate=rate)  # or nothing would wait for Valkey
        if _done(desk) > done:
            resumed = round(time.monotonic() - back, 1)
        time.sleep(0.1)
    client.wait(60)
    return Seen(fault.name, fault.seconds, resumed), sent


def _done(desk: Desk) -> int:
    return loss.processed(desk) or 0


def _held(desk: Desk) -> int:
    held: int
    ((held,),) = desk.rows("SELECT count(*) FROM claims_article WHERE lease_until > now()")
    return held


def _ms(took: list[float], share: float) -> int:
    in_order = sorted(took)
    return round(1000 * in_order[min(len(in_order) - 1, int(share * len(in_order)))])


def _report(
    *,
    before: list[float],
    took: list[float],
    during: list[Sent],
    seen: list[Seen],
    verdict: Verdict,
    is_drained: bool,
    rate: float,
    deaths: int,
) -> dict[str, Any]:
    slowest: dict[str, Any] = {}
    for one in seen:
        slowest.setdefault(one.name, []).append(one.resumed_s)
    # Over every request there was, each from the moment at which its turn had come: who waits in a queue waits, too.
    p99, refused = _ms(took, 0.99), sum(1 for one in during if one.tries > 1)
    in_time = all(one.resumed_s is not None and one.resumed_s <= RESUMES_WITHIN_S for one in seen)
    bars = {
        f"ingest p99 < {INGEST_P99_MS} ms": p99 < INGEST_P99_MS,
        "every ingest 2xx at its first try": refused == 0,
        "lost 0, doubled 0": verdict.holds and is_drained,
        f"work resumes within {RESUMES_WITHIN_S:.0f} s": in_time,
    }
    print(f"  ingests {len(before) + len(during)}, {len(took)} requests at {rate}/s;", end="")
    print(f" p50 {_ms(took, 0.5)} ms, p99 {p99} ms", end="")
    print(f" (before any fault: p50 {_ms(before, 0.5)} ms, p99 {_ms(before, 0.99)} ms); not 2xx at once: {refused}")
    for name, times in slowest.items():
        never = times.count(None)
        most = max((time for time in times if time is not None), default=None)
        print(f"  {name:<12}{len(times):>4} times: resumed after at most {most} s{f', NEVER {never}' if never else ''}")
    for bar, holds in bars.items():
        print(f"  {'holds ' if holds else 'BROKEN'} {bar}")
    return {
        "rate": rate, "requests": len(took), "before_p99_ms": _ms(before, 0.99),
        "p50_ms": _ms(took, 0.5), "p99_ms": p99, "refused": refused,
        "resumed_s": slowest, "verdict": asdict(verdict), "worker_deaths": deaths, "bars": bars,
        "holds": all(bars.values()),
    }  # fmt: skip
