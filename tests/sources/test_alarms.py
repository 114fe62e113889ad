"""Three days of the thirty that `make bench-sources ARGS="--only alarms"` lives through: own texts, fewer pages."""

from __future__ import annotations

import pytest

from bench.sources_alarms import figures, run
from tests.pure.splitting.own_articles import own_articles

pytestmark = pytest.mark.django_db


def test_three_days_of_pages_and_a_live_blog_raise_the_right_flags_and_no_other() -> None:
    short = [article.text for article in own_articles()]
    texts = ["\n\n".join(short[first::3]) for first in range(3)]
    found = figures(run(texts, pages=8, live=1, days=3))
    assert found["live_edits"] >= 5
    assert found["live_flags"] == 0
    assert found["precision"] >= 0.95
    assert found["recall"] >= 0.97
