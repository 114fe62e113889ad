"""Asking a service outside with fields of our own: guarded, and no redirect takes the key elsewhere."""

import pytest

from factcheck.lib.answers import Failed, Failure, Response
from factcheck.lib.http import ask
from tests.pure.lib.servers import answer, origin, says

HEADERS = {"Authorization": "LOW key:secret"}


def asked(server, url, body=None):
    def dial(_address, _port, timeout):
        import socket

        return socket.create_connection(("127.0.0.1", server.port), timeout)

    return ask(url, body, headers=HEADERS, resolve=lambda _host, _port: ["93.184.216.34"], dial=dial)


def test_a_question_without_a_body_is_a_get_and_with_one_a_post():
    with origin(says(answer(b"{}"))) as server:
        first = asked(server, "http://archive.test/save/status/1?x=y")
        second = asked(server, "http://archive.test/save", b"url=x")
    assert isinstance(first, Response)
    assert isinstance(second, Response)
    assert server.heads[0].startswith("GET /save/status/1?x=y HTTP/1.1\r\n")
    assert "content-length" not in server.heads[0].lower()
    assert server.heads[1].startswith("POST /save HTTP/1.1\r\n")
    assert all("Authorization: LOW key:secret\r\n" in head for head in server.heads)


def test_no_redirect_is_followed_so_that_the_key_stays():
    with origin(says(answer(b"", "Location: http://evil.test/", status="302 Found"))) as server:
        got = asked(server, "http://archive.test/save")
    assert isinstance(got, Response)
    assert (got.status, server.connections) == (302, 1)


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("http://127.0.0.1/save", Failure.ADDRESS_NOT_ALLOWED),
        ("http://[::1]/save", Failure.ADDRESS_NOT_ALLOWED),
        ("http://archive.test:8080/save", Failure.URL_REFUSED),
        ("ftp://archive.test/save", Failure.URL_REFUSED),
    ],
)
def test_an_address_that_may_not_be_fetched_may_not_be_asked(url, failure):
    with origin(says(answer(b"{}"))) as server:
        got = asked(server, url)
    assert isinstance(got, Failed)
    assert (got.failure, server.connections) == (failure, 0)


def test_a_name_that_leads_inside_is_not_asked():
    got = ask("http://archive.test/save", headers={}, resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])
    assert isinstance(got, Failed)
    assert got.failure is Failure.ADDRESS_NOT_ALLOWED
