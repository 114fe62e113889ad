"""What sites ask of us in robots.txt: asked for once a day by the look that needs it, kept in the host's row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from factcheck.lib.answers import Failed, Failure, Response
from sources.fetching import robots
from sources.models import Host

# A site that cannot tell any more is taken at its last word, and asked again so soon.
AGAIN = timedelta(hours=1)
# RFC 9309, 2.3.1.2: what redirects for ever may be taken as not there; a file beyond all bounds says nothing either.
NOT_THERE = frozenset({Failure.TOO_MANY_REDIRECTS, Failure.BAD_REDIRECT, Failure.TOO_LARGE})
LONGEST_KEPT = 512


def is_known(host: Host, *, now: datetime) -> bool:
    """Say whether what the host asks was read within a day."""
    return host.robots_at is not None and now - host.robots_at < robots.KEPT_FOR


def allows(host: Host, url: str) -> bool:
    """Say whether the host lets us fetch that page, as far as is known."""
    return not host.robots_text or _rules(host.robots_text, _agent()).allows(url)


def is_told(answer: Response | Failed) -> bool:
    """Say whether the answer tells what the site asks, and be it nothing."""
    if isinstance(answer, Failed):
        return answer.failure in NOT_THERE
    return robots.is_answer(answer.status)


def learn(host: Host, answer: Response | Failed, *, now: datetime, save: Callable[..., object]) -> None:
    """Keep what a site's answer tells; `save` writes the given columns of the host's row.

    Where it tells nothing, what was read before holds on, and is asked for again soon.
    """
    if not is_told(answer):
        save(robots_at=now - robots.KEPT_FOR + AGAIN)
        return
    status = answer.status if isinstance(answer, Response) else None
    text = robots.text_of(answer.status, answer.body) if isinstance(answer, Response) else ""
    delay = _rules(text, _agent()).delay if text else None
    save(robots_at=now, robots_status=status, robots_text=text, crawl_delay_s=delay)


def _agent() -> str:
    return robots.product(settings.USER_AGENT)


@lru_cache(maxsize=LONGEST_KEPT)
def _rules(text: str, agent: str) -> robots.Rules:
    return robots.rules(text, agent)
