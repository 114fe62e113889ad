"""Claims in files, on the desk: the list handed out, tables looked at and brought in."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.admin import files
from claims.imports.types import COLUMNS, What
from claims.models import Claim, Evidence
from claims.services import exporting, importing
from factcheck.access.roles import Role
from tests.claims.admin.conftest import inline_in, listed, said, signed_in
from tests.factories import claim

pytestmark = pytest.mark.django_db
BRING, BRING_EVIDENCE = "admin:claims_claim_import", "admin:claims_claim_import_evidence"
CSV = "text,id\nThe bridge is shut.,s-1\nThe tram is late.,\n"


def export(form: str, query: str = "") -> str:
    return reverse("admin:claims_claim_export", args=[form]) + query


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def upload(text: str | bytes, name: str = "claims.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(), content_type="text/csv")


def test_the_list_is_handed_out_as_it_is_narrowed(now: datetime) -> None:
    claim(now, "=The bridge is shut.")
    claim(now, "The tram is late.", kind="forecast")
    client = signed_in(Role.READER)
    page = client.get(listed(Claim), {"kind": "fact"})
    assert reverse("admin:claims_claim_export", args=["csv"]) + "?kind=fact" in page.content.decode()
    assert "Claims from a file" not in said(page), "readers bring nothing in"
    told = json.loads(body(client.get(export("json", "?kind=fact"))))
    assert [one["text"] for one in told] == ["=The bridge is shut."]
    answer = client.get(export("csv", "?kind=forecast"))
    assert answer["Content-Disposition"].startswith('attachment; filename="claims-')
    rows = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == ["The tram is late."]
    assert body(client.get(export("xlsx"))).startswith(b"PK")


def test_a_list_too_long_is_told_and_not_cut(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    claim(now)
    claim(now, "Another.")
    keys = exporting.keys
    monkeypatch.setattr(exporting, "keys", lambda rows: keys(rows, most=1))
    page = signed_in(Role.READER).get(export("csv", "?kind=fact"), follow=True)
    assert "narrow it down" in said(page)
    assert page.redirect_chain[0][0].endswith("?kind=fact")


def test_an_address_that_asks_for_nothing_sensible_leads_back_to_the_list(now: datetime) -> None:
    client = signed_in(Role.READER)
    for n in range(51):
        claim(now, f"Claim {n}.")
    assert client.get(export("exe")).status_code == 404
    assert client.get(export("csv", "?p=999"))["Location"] == listed(Claim)


def test_a_table_is_looked_at_before_it_comes_in() -> None:
    client = signed_in(Role.FACT_CHECKER)
    seen = client.post(reverse(BRING), {"file": upload(CSV)})
    assert "2 claims would be made." in said(seen)
    assert "The tram is late." in said(seen)
    assert not inline_in(seen)
    assert not Claim.objects.exists()
    kept = seen.context["form"]["looked_at"].value()
    assert "2 claims were made." in said(client.post(reverse(BRING), {"looked_at": kept}, follow=True))
    again = said(client.post(reverse(BRING), {"file": upload(CSV)}))
    assert "0 claims would be made. 2 are known already." in again
    assert {one.origin for one in Claim.objects.all()} == {"import"}


def test_what_is_wrong_is_named_by_row_and_column_and_nothing_comes_in() -> None:
    client = signed_in(Role.FACT_CHECKER)
    seen = client.post(reverse(BRING), {"file": upload("text,kind\n=cmd,fact\nIt is shut.,fakt\n")})
    assert "2 things are wrong: nothing comes in" in said(seen)
    assert "Row 2, column “text”:" in said(seen)
    assert "Row 3, column “kind”:" in said(seen)
    assert seen.context["form"]["looked_at"].value() == ""
    assert not Claim.objects.exists()


def test_a_table_that_went_wrong_meanwhile_is_refused_with_its_faults(now: datetime) -> None:
    client = signed_in(Role.FACT_CHECKER)
    seen = client.post(reverse(BRING), {"file": upload(CSV)})
    kept = seen.context["form"]["looked_at"].value()
    claim(now, "Another.", uid=importing.uid_of("s-1"))
    page = said(client.post(reverse(BRING), {"looked_at": kept}))
    assert "This id stands for another claim already: “Another.”" in page
    assert Claim.objects.count() == 1


def test_letters_that_were_guessed_are_told() -> None:
    seen = signed_in(Role.FACT_CHECKER).post(
        reverse(BRING), {"file": upload("text\nLe café est fermé\n".encode("cp1252"))}
    )
    assert "read as Windows-1252" in said(seen)
    assert "Le café est fermé" in said(seen)


def test_evidence_comes_in_by_a_table_of_its_own(now: datetime) -> None:
    one = claim(now)
    client = signed_in(Role.FACT_CHECKER)
    rows = f"claim,address,stance\n{one.uid},https://traffic.example/14,refutes\n"
    seen = client.post(reverse(BRING_EVIDENCE), {"file": upload(rows)})
    assert "0 pages would become evidence. 1 page is new to us" in said(seen)
    client.post(reverse(BRING_EVIDENCE), {"looked_at": seen.context["form"]["looked_at"].value()})
    assert Evidence.objects.suggested().get().claim == one


@pytest.mark.parametrize("given", [{}, {"looked_at": "no base64!"}])
def test_without_a_file_one_is_asked_for(given: dict[str, Any]) -> None:
    assert "Choose a file first" in said(signed_in(Role.FACT_CHECKER).post(reverse(BRING), given))


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_BYTES", 10)
    assert "at most 0 MB" in said(signed_in(Role.FACT_CHECKER).post(reverse(BRING), {"file": upload(CSV)}))


def test_of_many_claims_fifty_are_shown_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_SHOWN", 1)
    assert "and one more" in said(signed_in(Role.FACT_CHECKER).post(reverse(BRING), {"file": upload(CSV)}))


@pytest.mark.parametrize("what", What)
def test_the_example_has_every_column_and_is_good(what: What, now: datetime) -> None:
    name = f"claims/static/claims/import-{what.value}.csv"
    example = (Path(__file__).parents[3] / name).read_bytes()
    assert example.decode().splitlines()[0] == ",".join(COLUMNS[what])
    claim(now, uid=importing.uid_of("speech-14"), text="The Selmar bridge cost 90 million euros.")
    assert not importing.look(example, what, by=None, now=now).faults
