"""Measure what limits cost a request: the same request with and without, side by side, and with Valkey frozen.

python -m bench.limits [--requests N]
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from factcheck import embedded

MOST_ADDED_S = 0.2
MINT = (
    "from factcheck.access.models import User, mint;"
    "user = User.objects.create_user('bench', role='reader');"
    "print('TOKEN', mint(name='bench', scopes=['read:all'], user=user)[1])"
)


def main() -> int:
    """Run, print, and fail where a frozen Valkey adds more than promised."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--requests", type=int, default=400)
    many = reader.parse_args().requests
    hold = embedded.Hold(embedded.place("bench"))
    os.environ |= {
        "DATABASE_URL": hold.place.database_url,
        "DATABASE_OWNER_URL": hold.place.owner_url,
        "REDIS_URL": hold.place.redis_url,
    }
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    try:
        return _measure(many)
    finally:
        hold.release()


def _measure(many: int) -> int:
    from tests.chaos.desk import desk
    from tests.valkey import valkey

    with (
        valkey() as server,
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        desk(Path(first), RATE_LIMIT="0") as without,
        desk(Path(second), RATE_LIMIT="1000000/60", REDIS_URL=server.url) as limited,
    ):
        plain = _asker(without)
        counted = _asker(limited)
        for _warm_up in range(20):
            plain()
            counted()
        free, paid = [], []
        for _round in range(many):
            free.append(plain())
            paid.append(counted())
        server.freeze()
        frozen = [counted() for _round in range(many)]
        server.thaw()
    ratio = statistics.median(paid) / statistics.median(free)
    added = _p99(frozen) - _p99(paid)
    print(f"requests                         {many} each, one after the other, GET /api/v1/me")
    print(f"median without / with limits     {_ms(statistics.median(free))} / {_ms(statistics.median(paid))}")
    print(f"overhead (ratio of medians)      {ratio:.3f}")
    print(f"p99 without / with / frozen      {_ms(_p99(free))} / {_ms(_p99(paid))} / {_ms(_p99(frozen))}")
    print(f"longest with / frozen            {_ms(max(paid))} / {_ms(max(frozen))}")
    print(f"added to p99 by a frozen Valkey  {_ms(added)} (promised: at most {_ms(MOST_ADDED_S)})")
    return int(added > MOST_ADDED_S or max(frozen) - max(paid) > MOST_ADDED_S)


def _asker(one: Any) -> Callable[[], float]:
    """Return a function that sends one request and returns how long its answer took."""
    headers = {"Authorization": "Bearer " + one.manage("shell", "-v", "0", "-c", MINT).split("TOKEN ")[1].strip()}

    def ask() -> float:
        begun = time.perf_counter()
        status, _headers, text = one.ask("GET", "/api/v1/me", headers=headers)
        took = time.perf_counter() - begun
        if status != 200:  # noqa: PLR2004
            raise SystemExit(f"{status}: {json.loads(text)}")
        return took

    return ask


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.stderr)
