"""A desk's own archive is looked at first and comes in whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import KnownCheck
from claims.services import known_imports
from claims.services.known_imports import ImportRefused
from sources.fetching.types import Unreadable
from tests.claims.known import URL
from tests.factories import person

pytestmark = pytest.mark.django_db
GOOD = (
    f"url,claim,rating,publisher\n{URL}/1,The bridge cost 90 million.,False,Our desk\n{URL}/2,It sank.,True,Our desk\n"
)
BAD = f"{GOOD}nowhere,It rose again.,True,Our desk\n"


def test_a_file_comes_in_with_who_brought_it(now: datetime) -> None:
    by = person()
    kept = known_imports.bring_in(known_imports.look(GOOD.encode(), now=now), by=by, now=now)
    assert (kept.new, KnownCheck.objects.count()) == (2, 2)
    one = KnownCheck.objects.get(url=f"{URL}/1")
    assert (one.way, one.imported_by, one.status) == ("archive", by, "refuted")


def test_where_a_row_is_refused_nothing_comes_in_unless_the_rest_is_asked_for(now: datetime) -> None:
    told = known_imports.look(BAD.encode(), now=now)
    assert [one.place for one in told.refused] == [4]
    with pytest.raises(ImportRefused, match="Nothing came in") as refusal:
        known_imports.bring_in(told, by=None, now=now)
    assert refusal.value.told == told
    assert not KnownCheck.objects.exists()
    assert known_imports.bring_in(told, by=None, now=now, leaving_out=True).new == 2


@pytest.mark.parametrize("reason", ["cpu", "memory", "wall", "crashed"])
def test_a_file_that_breaks_its_reader_says_what_to_do(reason: str, now: datetime) -> None:
    def read(_body: bytes, **_asked: Any) -> Unreadable:
        return Unreadable(reason)

    with pytest.raises(ImportRefused, match=r"Divide|Try again|breaks the reader"):
        known_imports.look(b"x", now=now, read=read)


def test_a_file_too_large_or_without_any_is_refused(now: datetime) -> None:
    with pytest.raises(ImportRefused, match="at most 0 MB"):
        known_imports.look(b"xx", now=now, most=1)
    with pytest.raises(ImportRefused, match="no fact-check in it"):
        known_imports.bring_in(known_imports.look(b"url,claim\n", now=now), by=None, now=now)


def test_the_command_brings_files_in_and_names_what_it_refuses(tmp_path: Path, capsys: Any) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text(BAD + f"{URL}/1,The bridge cost 90 million.,False,Our desk\n")
    call_command("import_known", str(good), "--look")
    assert "2 fact-checks, 0 refused" in capsys.readouterr().out
    assert not KnownCheck.objects.exists()
    with pytest.raises(CommandError, match="2 of 3 files did not come in"):
        call_command("import_known", str(bad), str(tmp_path / "none.csv"), str(good))
    said = capsys.readouterr()
    assert "2 new, 0 changed, 0 as before" in said.out
    assert "row 4: Its address cannot be used" in said.err
    assert "1 rows tell of fact-checks that others tell of as well" in said.err
    call_command("import_known", str(bad), "--leave-out")
    assert "0 new, 0 changed, 2 as before" in capsys.readouterr().out
