"""The REST door behind a real server: keys of requests that were killed, quotas of many at once, Valkey taken away."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.chaos.desk import Desk, _conninfo, desk, eventually
from tests.valkey import valkey

MINT = (
    "from factcheck.access.models import Client, mint;"
    "client = Client.objects.create(name={name!r}, articles_a_day={quota});"
    "print('TOKEN', mint(name='cms', scopes=['write:suggest'], client=client)[1])"
)
WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE relname = 'claims_article' AND mode = 'RowExclusiveLock' AND NOT granted
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


def token_of(one: Desk, name: str, quota: int | None = None) -> str:
    return one.manage("shell", "-v", "0", "-c", MINT.format(name=name, quota=quota)).split("TOKEN ")[1].strip()


def send(one: Desk, token: str, text: str, key: str = "") -> tuple[int, dict[str, str], Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    status, named, body = one.ask("POST", "/api/v1/articles", json.dumps({"text": text}), headers=headers)
    return status, named, json.loads(body)


def retried(one: Desk, token: str, text: str) -> Any:
    """Send it again with its key; None while the key is in use, or the server listens but does not serve yet."""
    try:
        answer = send(one, token, text, "k")
    except (OSError, HTTPException):
        return None
    return answer if answer[0] != 409 else None


def test_a_key_whose_server_was_killed_in_the_middle_is_free_again_and_gives_one_article(one: Desk) -> None:
    token, text = token_of(one, "killed"), "A key is free again after the server was killed."
    lost: list[Any] = []

    def first() -> None:
        try:
            lost.append(send(one, token, text, "k"))
        except (OSError, HTTPException) as error:
            lost.append(error)

    with psycopg.connect(_conninfo(one.database_url)) as blocker:
        blocker.execute("LOCK TABLE claims_article IN SHARE MODE")
        sending = threading.Thread(target=first)
        sending.start()
        eventually(lambda: one.rows(WAITING) != [(0,)], within=8, what="the request is in the middle of its work")
        status, named, told = send(one, token, text, "k")
        assert (status, told["code"], named["retry-after"]) == (409, "idempotency_key_in_use", "1")
        web = one.web.running
        assert web is not None
        os.killpg(web.pid, signal.SIGKILL)
        sending.join()
        assert isinstance(lost[0], (OSError, HTTPException))
    eventually(one._answers, within=30, what="the web server is back")
    status, named, told = eventually(lambda: retried(one, token, text), within=60, what="the key is free again")
    assert status == 201, told
    assert "idempotency-replayed" not in named
    uid = told["uid"]
    assert send(one, token, text, "k")[2]["uid"] == uid
    told = one.rows(f"SELECT count(*) FROM claims_event WHERE subject_uid = '{uid}' AND type = 'article.submitted'")
    assert told == [(1,)]


def test_an_answer_that_nobody_read_is_given_again(one: Desk) -> None:
    token = token_of(one, "unanswered")
    body = json.dumps({"text": "Nobody read the answer to this one."})
    head = (
        f"POST /api/v1/articles HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: lost\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", one.port)) as hurried:
        hurried.sendall((head + body).encode())
    made = "SELECT count(*) FROM access_answeredkey WHERE key = 'lost'"
    eventually(lambda: one.rows(made) == [(1,)], within=30, what="the article is there")
    status, named, _told = send(one, token, "Nobody read the answer to this one.", "lost")
    assert (status, named["idempotency-replayed"]) == (201, "true")


def test_of_two_hundred_at_once_against_a_quota_of_sixty_exactly_sixty_pass(one: Desk) -> None:
    token = token_of(one, "quota", 60)
    start = threading.Barrier(200)

    def post(number: int) -> int:
        """Send it as a newsroom would: what is not answered in time is sent again, with its key."""
        start.wait()
        while True:
            try:
                status = send(one, token, f"Shop {number} in Merrin burned down on Sunday.", f"k-{number}")[0]
            except TimeoutError:
                continue
            if status != 409:
                return status

    with ThreadPoolExecutor(200) as many:
        answered = list(many.map(post, range(200)))
    assert (answered.count(201), answered.count(429)) == (60, 140), sorted(set(answered))
    of_client = "FROM access_client c JOIN {} x ON x.client_id = c.id WHERE c.name = 'quota'"
    assert one.rows("SELECT count(*) " + of_client.format("claims_article")) == [(60,)]
    assert one.rows("SELECT x.articles " + of_client.format("access_usage")) == [(60,)]
    assert one.rows("SELECT count(*) " + of_client.format("access_answeredkey")) == [(60,)]


SMUGGLED = [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: 5\r\nContent-Length: 6",
    "Transfer-Encoding: xchunked",
]


@pytest.mark.parametrize("headers", SMUGGLED)
def test_a_body_with_two_lengths_is_refused_by_the_server(one: Desk, headers: str) -> None:
    with socket.create_connection(("127.0.0.1", one.port), timeout=60) as raw:
        sent = f"POST /api/v1/claims HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
        raw.sendall(sent.encode())
        answer = b""
        while more := raw.recv(65536):
            answer += more
    assert answer.split(b" ")[1] in {b"400", b"501"}, answer
    assert answer.count(b"HTTP/1.1 ") == 1, "nothing that follows is taken for a request"


def test_whatever_happens_to_valkey_no_request_fails(tmp_path: Path) -> None:
    with valkey() as server, desk(tmp_path, REDIS_URL=server.url, RATE_LIMIT="1000000/60") as one:
        token, stop = token_of(one, "chaos"), threading.Event()
        statuses: list[int] = []

        def ask() -> None:
            while not stop.is_set():
                statuses.append(one.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"})[0])

        def after(more: int, what: str) -> None:
            until = len(statuses) + more
            eventually(lambda: len(statuses) >= until, within=60, what=f"requests are answered: {what}")

        asking = [threading.Thread(target=ask) for _one in range(3)]
        for thread in asking:
            thread.start()
        try:
            for _time in range(10):
                server.flush()
                after(3, "flushed")
            server.freeze()
            after(40, "frozen")
            server.thaw()
            after(20, "thawed")
            server.kill()
            after(40, "killed")
            server.start()
            after(20, "started again")
        finally:
            stop.set()
            for thread in asking:
                thread.join()
        assert set(statuses) == {200}
