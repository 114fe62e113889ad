"""`make browser`: the desk in a real browser, with real workers; figures beside their bars at the end."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module

from playwright.sync_api import Error

from tests.browser import tools
from tests.browser.table import Table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
PARTS = ("journey", "accessibility", "hostile", "fresh")


def main() -> int:
    """Run the parts that were asked for; 1 where one is worse than its bar, 0 where nothing could be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--pictures", action="store_true", help="write the pictures of the handbook anew")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    chromium = tools.chromium()
    if chromium is None:
        tools.left_out("everything", "there is no Chromium")
        return 0
    from tests.browser.stage import stage

    table, since = Table(), time.monotonic()
    with stage(chromium, with_pictures=asked.pictures) as one:
        for part in PARTS:
            if part in asked.only:
                print(f"[{time.monotonic() - since:5.1f} s] {part} …", flush=True)
                run: Callable[..., None] = import_module(f"tests.browser.{part}").run
                try:
                    run(one, table)
                except (AssertionError, Error) as failed:
                    table.most(f"{part}: broken off", 1, 0, details=[str(failed)[:2000]])
    print(f"[{time.monotonic() - since:5.1f} s] done")
    return table.show()


if __name__ == "__main__":
    sys.exit(main())
