"""A worker of its own process that looks at the watched feed and takes in what it told of; CRASHPOINT may end it."""

from __future__ import annotations

import django

if __name__ == "__main__":
    django.setup()
    from claims.services import feeds as intake
    from factcheck import ledger
    from factcheck.lib import clock
    from tests.sources.feeds import Site, entry, poll, ready, rss

    ready()
    poll(Site(rss(*(entry(name) for name in "abc"))), clock.now())
    for held in ledger.lease(ledger.register.works["enter"]):
        intake.enter(held, now=clock.now())
