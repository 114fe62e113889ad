"""Claims in files from the command line."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Evidence
from claims.services import exporting
from factcheck.access.roles import Role
from factcheck.management.commands import export_claims
from tests.factories import claim, person

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: Any, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_claims_are_written_to_a_file_by_its_name(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any
) -> None:
    monkeypatch.setattr(exporting, "MOST", 1)
    monkeypatch.setattr(export_claims, "TOLD_EVERY", 1)
    claim(now, "First.")
    claim(now, "Second.")
    file = tmp_path / "claims.json"
    told, progress = run("export_claims", file)
    assert "2 claims" in told
    assert "2 of 2" in progress
    assert [one["text"] for one in json.loads(file.read_text())] == ["Second.", "First."]
    assert not list(tmp_path.glob("*.part"))
    run("export_claims", tmp_path / "claims", form="csv", status=["refuted"], stale=True)
    assert (tmp_path / "claims").read_bytes().count(b"\r\n") == 1
    with pytest.raises(CommandError, match="is none of them"):
        run("export_claims", tmp_path / "claims.pdf")


def test_claims_come_in_from_files_and_again_change_nothing(tmp_path: Path, now: datetime) -> None:
    person(username="ilka")
    claims, pages = tmp_path / "claims.csv", tmp_path / "pages.csv"
    claims.write_text("text,id\nThe bridge is shut.,s-1\n")
    pages.write_text("claim,address,stance\ns-1,https://traffic.example/14,refutes\n")
    assert "1 new, 0 known" in run("import_claims", claims, look=True)[0]
    assert not Claim.objects.exists()
    assert "1 new, 0 known" in run("import_claims", claims, person="ilka")[0]
    assert "0 new, 1 known" in run("import_claims", claims)[0]
    assert "1 waiting" in run("import_claims", pages, evidence=True, person="ilka")[0]
    assert Evidence.objects.suggested().exists()


def test_a_file_that_is_wrong_is_told_and_the_others_come_in(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_bytes("text,kind\nDas Café ist zu.,fakt\n".encode("cp1252"))
    good.write_text("text\nThe bridge is shut.\n")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="2 of 3 files did not come in"):
        call_command("import_claims", bad, good, tmp_path / "none.csv", stdout=out, stderr=err)
    assert "Row 2, column “kind”: It must be one of" in err.getvalue()
    assert "Windows-1252" in err.getvalue()
    assert Claim.objects.count() == 1
    with pytest.raises(CommandError):
        run("import_claims", bad, look=True)


@pytest.mark.parametrize("name", ["nobody", "reader"])
def test_only_somebody_who_may_brings_claims_in(tmp_path: Path, name: str) -> None:
    person(Role.READER)
    with pytest.raises(CommandError, match="is nobody who may"):
        run("import_claims", tmp_path / "x.csv", person=name)
