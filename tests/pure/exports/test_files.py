"""The files that claims leave in."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Row
from typing import Any

from claims.exports import claims, files
from claims.exports.claims import COLUMNS, flat, whole

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = Row(url="https://traffic.example/14", title="Notice 14", publisher=Row(name="Traffic"))


def claim(**fields: Any) -> Any:
    place = Row(
        ended_at=None,
        certainty="asserted",
        quote="=closed",
        article=Row(document=Row(url="", title="Bridge", publisher=None)),
    )
    gone = Row(ended_at=NOW, certainty="denied", quote="open", article=place.article)
    held = Row(document=PAGE, stance="refutes", exact="It stays open.", snapshot=Row(taken_at=NOW), anchor="holds")
    known: dict[str, Any] = {
        "uid": "u",
        "text": "=The bridge is closed.",
        "language": "en",
        "kind": "fact",
        "status": "refuted",
        "status_since": NOW,
        "holds_until": NOW + timedelta(days=1),
        "claimant": Row(name="Ilka"),
        "said_at": None,
        "said_where": "",
        "places": [place, gone],
        "held": [held, Row(**{**vars(held), "snapshot": None, "anchor": ""})],
        "open_flags": [Row(reason="too_old")],
        "head": Row(uid="h"),
        "origin": "person",
        "created_at": NOW,
        "check_worthiness": 0.5,
        "created_by": Row(username="nora"),
        "is_overdue": lambda now: now > NOW,
    }
    return Row(**{**known, **fields})


def test_json_has_everything_in_parts() -> None:
    told = json.loads(b"".join(files.written("json", [whole(claim(), now=NOW + timedelta(days=2))])))[0]
    assert told["text"] == "=The bridge is closed."
    assert told["is_overdue"] is True
    assert told["text_says"] == ["asserted"], "what no text says any longer is left out"
    assert [one["url"] for one in told["evidence"]] == [PAGE.url] * 2
    assert told["evidence"][0]["seen_at"] == "2026-03-02T09:00:00+00:00"
    assert told["desk_only"] == {
        "check_worthiness": 0.5,
        "needs_another_look": ["too_old"],
        "quotes_today": ["holds"],
        "created_by": "nora",
    }


def test_csv_has_a_mark_for_excel_every_cell_in_quotes_and_no_formula() -> None:
    file = b"".join(files.written("csv", [whole(claim(), now=NOW)]))
    assert file.startswith(b'\xef\xbb\xbf"uid"')
    row = next(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert list(row) == list(COLUMNS)
    assert row["text"] == "'=The bridge is closed."
    assert row["quotes"] == "'=closed"
    assert row["desk_only_check_worthiness"] == "0.5"
    assert row["is_overdue"] == "no"


def test_xlsx_has_texts_as_texts_and_numbers_as_numbers() -> None:
    file = b"".join(files.written("xlsx", [whole(claim(), now=NOW)]))
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=The bridge is closed." in sheet
    assert "<v>0.5</v>" in sheet


def test_nothing_is_a_file_too() -> None:
    assert json.loads(b"".join(files.written("json", []))) == []
    assert b"".join(files.written("csv", [])).count(b"\r\n") == 1


def test_a_row_without_people_or_places_has_empty_cells() -> None:
    row = flat(whole(claim(claimant=None, head=None, created_by=None, places=[], held=[], holds_until=None), now=NOW))
    assert set(row) == set(COLUMNS)
    assert (row["claimant"], row["joined_to"], row["articles"], row["desk_only_created_by"]) == (None, None, "", None)


def test_of_many_places_twenty_are_named_and_the_rest_counted() -> None:
    place = claim().places[0]
    row = flat(whole(claim(places=[place] * (claims.MOST_PLACES + 3)), now=NOW))
    assert str(row["quotes"]).endswith(" | +3")
