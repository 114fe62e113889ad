"""A dozen of the sixty ways to fail that `make bench-sources ARGS="--only failed"` goes through."""

import pytest

from bench.behaviours import behaviours
from bench.sources_failed import run
from factcheck.lib.http import Limits

pytestmark = pytest.mark.django_db

SOME = (
    "no such name", "tls expired", "reset in the body", "to a private address", "to the front page",
    "body shorter than told", "body longer than told", "404", "503", "broken gzip", "cookies", "only a script",
)  # fmt: skip


def test_a_page_that_fails_in_a_dozen_ways_never_changes_and_its_edit_is_seen_once() -> None:
    assert len(behaviours()) == 60
    figures = run(SOME, looks=2, limits=Limits(total_s=2.0))
    assert figures == {"behaviours": 12, "false_changes": 0, "edits_seen": 12, "edits_doubled": 0}
