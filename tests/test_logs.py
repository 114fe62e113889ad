"""One event is one line; nothing that comes in can forge one, and no secret stands in one."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from factcheck import ledger
from factcheck.lib import clock, logs
from factcheck.models import Chore
from tests.chaos.desk import desk, eventually

EVIL = '\r\n2026-03-02 INFO admin login\x1b[2K\u2028{"level": "info"}\x85\x00\u202e'


@pytest.fixture(autouse=True)
def _nothing_bound() -> None:
    logs.clear()


@pytest.fixture(params=logs.FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(form: str, message: str, *args: object, exc_info: Any = None, **more: Any) -> str:
    """Return what one call of a logger writes."""
    record = logging.LogRecord("desk", logging.INFO, __file__, 1, message, args, exc_info)
    record.__dict__.update(more)
    return logs.formatter(form).format(record)


def broken(text: str) -> Any:
    try:
        int(text)
    except ValueError:
        return sys.exc_info()


def test_no_text_makes_a_second_event(form: str) -> None:
    with logs.bound(title=EVIL):
        line = written(form, f"took in {EVIL} %s", EVIL)
    assert len(line.splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", line)
    if form == "json":
        assert json.loads(line)["title"] == EVIL


def test_a_traceback_is_part_of_its_event_and_forges_none(form: str) -> None:
    line = written(form, "broke", exc_info=broken(EVIL))
    assert "ValueError" in line
    assert "\x1b" not in line
    if form == "json":
        assert len(line.splitlines()) == 1
        assert json.loads(line)["exception"].startswith("Traceback")
    else:
        assert all(row.startswith("    | ") for row in line.splitlines()[1:])
        assert len(line.splitlines()) > 3


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("token fct_ab12cd34_Zm9vYmFyYmF6 used", "Zm9vYmFyYmF6"),
        ("cannot reach postgresql://desk:hunter22@db/desk", "hunter22"),
        ("cannot reach redis://:hunter22@q:6379", "hunter22"),
        (f"cannot reach {'a.' * 40}https://desk:hunter22@q", "hunter22"),
        ("sent Authorization: Bearer eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0"),
        ("sent Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("asked /cb?token=s3cr3tvalue&x=1", "s3cr3tvalue"),
        ("{'password': 's3cr3tvalue'}", "s3cr3tvalue"),
        ('{"api_key": "s3cr3tvalue"}', "s3cr3tvalue"),
        ("https://s3.test/a?X-Amz-Signature=s3cr3tvalue", "s3cr3tvalue"),
    ],
)
def test_a_secret_is_struck_out_wherever_it_stands(form: str, said: str, secret: str) -> None:
    with logs.bound(title=said, authorization="whatever it is"):
        line = written(form, "%s", said, exc_info=broken(said))
    assert logs.MASK in line
    assert secret not in line
    assert "whatever it is" not in line


def test_numbers_stay_numbers_and_a_flood_is_cut() -> None:
    with logs.bound(row=7, late=None, long="x" * 100_000):
        told = json.loads(written("json", "done"))
    assert (told["row"], told["late"], len(told["long"])) == (7, None, logs.LONGEST)


def test_reading_for_secrets_costs_no_more_for_each_letter_of_a_longer_text() -> None:
    for text in ("a." * (logs.LONGEST // 2), "a" * logs.LONGEST):
        looked_at = [len(found[0]) for place in range(len(text)) if (found := re.match(logs.SCHEME, text[place:]))]
        assert max(looked_at) <= 21
        assert logs.mask(text) == text


def test_readable_lines_begin_with_time_level_and_place() -> None:
    with logs.bound(work="split", row=7):
        assert re.fullmatch(r"20\S+ INFO    desk done twice row=7 work=split", written("lines", "done %s", "twice"))


def test_a_line_of_the_access_log_leaves_the_query_out() -> None:
    atoms = {"m": "GET", "U": "/api/v1/claims", "s": "200", "M": 12, "h": "10.0.0.7", "{x-request-id}o": "r-1"}
    record = logging.LogRecord("gunicorn.access", logging.INFO, __file__, 1, "%(m)s %(U)s", (atoms,), None)
    told = json.loads(logs.formatter("json").format(record))
    assert told["event"] == "GET /api/v1/claims 200"
    assert (told["method"], told["status"], told["ms"], told["from"]) == ("GET", "200", 12, "10.0.0.7")
    assert told["request_id"] == "r-1"
    other = logging.LogRecord("gunicorn.access", logging.INFO, __file__, 1, "plain %s", ("words",), None)
    assert json.loads(logs.formatter("json").format(other))["event"] == "plain words"


def test_people_read_lines_and_machines_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert logs.usual_form() == "lines"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert logs.usual_form() == "json"


@pytest.fixture
def seen() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return what was logged as JSON so far."""
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(logs.formatter("json"))
    logging.root.addHandler(handler)
    yield lambda: [json.loads(line) for line in sink.getvalue().splitlines()]
    logging.root.removeHandler(handler)


@pytest.mark.django_db
def test_what_is_logged_during_work_names_the_work(seen: Any) -> None:
    Chore.objects.create(name="break", due_at=clock.now() - timedelta(seconds=1))

    def do(_held: ledger.Lease) -> None:
        raise ValueError("it broke")

    ledger.drain(ledger.Work("trial", Chore, do))
    [told] = [event for event in seen() if event["logger"] == "factcheck.ledger"]
    assert (told["work"], told["attempt"]) == ("trial", 1)
    assert told["row"] == Chore.objects.get(name="break").pk
    assert re.fullmatch("[0-9a-f]{8}", told["lease"])
    logging.getLogger("factcheck").warning("afterwards")
    assert "work" not in seen()[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["desk-7.a_B", "x" * 64])
def test_a_sane_request_id_is_kept_in_answer_problem_and_log(client: Client, sent: str, seen: Any) -> None:
    answer = client.get("/api/v1/nowhere", headers={"X-Request-ID": sent})
    assert answer.headers["X-Request-ID"] == sent == answer.json()["request_id"]
    assert client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent
    assert {event["request_id"] for event in seen() if event["logger"] == "django.request"} == {sent}


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "a\u2028b", "a;b", "{}"])
def test_any_other_request_id_is_replaced(client: Client, sent: str) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", given)


def events(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_every_line_of_every_process_is_one_event_of_json(tmp_path: Path) -> None:
    """Web, worker and beat as they run; what somebody sends stands in their lines and forges none."""
    with desk(tmp_path, LOG_FORMAT="json") as one:
        asked = ["/nowhere%0D%0A2026%20INFO%20forged", "/api/v1/claims?token=s3cr3tvalue", "/%1b%5b2Kx", "/%E2%80%A8{}"]
        for path in asked:
            one.ask("GET", path, headers={"X-Request-ID": "forged id", "Authorization": "Bearer fct_abc_s3cr3tvalue"})
        served = eventually(
            lambda: [event for event in events(tmp_path / "web.log") if "method" in event][len(asked) - 1 :],
            within=30,
            what="every request has its line",
        )
        assert served
        eventually(
            lambda: one.rows("SELECT 1 FROM factcheck_chore WHERE name = 'tick' AND done_at IS NOT NULL"),
            within=60,
            what="the tick comes round",
        )
    for name in ("web", "worker", "beat"):
        text = (tmp_path / f"{name}.log").read_text(encoding="utf-8")
        assert all(
            {"timestamp", "level", "logger", "event"} <= event.keys() for event in events(tmp_path / f"{name}.log")
        )
        assert "s3cr3tvalue" not in text
        assert "\u2028" not in text
    assert len([event for event in events(tmp_path / "web.log") if event["logger"] == "gunicorn.access"]) == len(asked)
    assert not [event for event in events(tmp_path / "web.log") if event["event"].startswith("2026")]
