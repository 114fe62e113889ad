"""Posting to a server of the operator's own: it may be anywhere, and what it answers is bounded like any answer."""

import pytest

from factcheck.lib.addresses import endpoint
from factcheck.lib.answers import Failed, Failure, Limits, Response
from factcheck.lib.http import post
from tests.pure.lib.servers import answer, origin, says

HEADERS = {"Content-Type": "application/json"}


def test_a_body_reaches_a_server_on_this_machine():
    body = b"x" * 100_000
    received = [b""]

    def script(connection):
        received[0] = server.heads[0].encode().partition(b"\r\n\r\n")[2]
        while len(received[0]) < len(body):
            received[0] += connection.recv(65536)
        connection.sendall(answer(b'{"a": 1}', "Content-Type: application/json"))

    with origin(script) as server:
        got = post(f"http://127.0.0.1:{server.port}/v1/chat", body, headers=HEADERS)
    assert isinstance(got, Response)
    assert (got.status, got.body, got.media_type) == (200, b'{"a": 1}', "application/json")
    assert received == [body]
    head = server.heads[0].lower()
    assert head.startswith("post /v1/chat http/1.1\r\n")
    assert f"host: 127.0.0.1:{server.port}\r\n" in head
    assert "content-length: 100000\r\n" in head
    assert "content-type: application/json\r\n" in head


def test_an_empty_body_is_a_post_too():
    with origin(says(answer())) as server:
        got = post(f"http://localhost:{server.port}", b"", headers={})
    assert isinstance(got, Response)
    assert server.heads[0].startswith("POST / HTTP/1.1\r\n")


def test_no_redirect_is_followed():
    """What is sent, and the key with it, goes nowhere else."""
    with origin(says(answer(b"", "Location: http://127.0.0.1:1/", status="307 Temporary Redirect"))) as server:
        got = post(f"http://127.0.0.1:{server.port}/", b"{}", headers=HEADERS)
    assert isinstance(got, Response)
    assert (got.status, got.body, server.connections) == (307, b"", 1)


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ([answer(b"x" * 2000)], Failure.TOO_LARGE),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"], None),
        ([b"nonsense\r\n\r\n"], Failure.PROTOCOL),
        ([b""], Failure.PROTOCOL),
    ],
    ids=["too much", "broken off", "no HTTP", "nothing"],
)
def test_what_it_answers_is_bounded(said, failure):
    with origin(says(*said)) as server:
        got = post(f"http://127.0.0.1:{server.port}/", b"{}", headers=HEADERS, limits=Limits(total_s=5, max_bytes=1000))
    assert got.truncated if isinstance(got, Response) else got.failure == failure


def test_it_waits_until_the_deadline_and_no_longer():
    with origin(lambda connection: connection.recv(1 << 20) and connection.recv(1)) as server:
        got = post(f"http://127.0.0.1:{server.port}/", b"{}", headers=HEADERS, limits=Limits(total_s=0.2))
    assert isinstance(got, Failed)
    assert got.failure is Failure.DEADLINE


def test_a_server_that_is_not_there_is_a_value():
    with origin(says(answer())) as server:
        port = server.port
    got = post(f"http://127.0.0.1:{port}/", b"{}", headers=HEADERS)
    assert isinstance(got, Failed)
    assert got.failure is Failure.CONNECT


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("https://models.example.org", "https://models.example.org/"),
        ("http://[::1]:11434/v1", "http://[::1]:11434/v1"),
    ],
)
def test_an_operators_address_may_have_any_host_and_port(address, shown):
    assert str(endpoint(address)) == shown


@pytest.mark.parametrize(
    "address",
    [
        "", " ", "models.example.org", "ftp://x.org/", "http:///v1", "http://a b/", "http://x.org:99999/",
        "https://me:word@x.org/", "https://x.org/?key=1", "https://x.org/#a", "https://modèle.org/", "http://[::1/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_refused(address):
    with pytest.raises(ValueError, match=r"."):
        endpoint(address)
