import os
import ssl
from pathlib import Path
from typing import Any

import pytest

from factcheck.lib.http import Failed, Failure, Limits, Response, default_tls, fetch
from tests.pure.lib.servers import PUBLIC, answer, leads_to, origin, says

CERTIFICATES = Path(__file__).with_name("certificates")
LIMITS = Limits(total_s=10.0)


def secure(certificate, names, script=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    context.sni_callback = lambda _socket, name, _context: names.append(name)

    def talk(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65536)
            (script or says(answer(b"secret")))(wrapped)

    return origin(talk, reads_head=False)


def trusting():
    return ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))


def ask(server, url="https://news.test/", **options):
    given: dict[str, Any] = {"tls": trusting, "limits": LIMITS} | options
    return fetch(url, resolve=leads_to(PUBLIC), dial=server.dial, **given)


def test_a_page_over_tls_names_its_host_in_the_handshake():
    names: list[str] = []
    with secure("news", names) as server:
        got = ask(server)
    assert isinstance(got, Response)
    assert got.body == b"secret"
    assert names == ["news.test"]


@pytest.mark.parametrize(
    ("certificate", "url"),
    [
        ("expired", "https://news.test/"),
        ("self_signed", "https://news.test/"),
        ("news", "https://other.test/"),
        ("news", f"https://{PUBLIC}/"),
    ],
)
def test_a_certificate_that_does_not_vouch_for_the_name_is_a_failure(certificate, url):
    with secure(certificate, []) as server:
        got = ask(server, url)
    assert isinstance(got, Failed)
    assert got.failure is Failure.TLS
    assert "certificate" in got.detail


def test_the_systems_authorities_are_trusted_and_no_others():
    assert default_tls().verify_mode is ssl.CERT_REQUIRED
    assert default_tls().check_hostname
    with secure("news", []) as server:
        got = ask(server, tls=default_tls)
    assert isinstance(got, Failed)
    assert got.failure is Failure.TLS


def test_a_server_that_speaks_no_tls_is_a_failure():
    with origin(says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), reads_head=False) as server:
        got = ask(server)
    assert isinstance(got, Failed)
    assert got.failure is Failure.TLS


def test_a_handshake_that_hangs_ends_at_the_deadline():
    with origin(lambda connection: connection.recv(65536) and connection.recv(1), reads_head=False) as server:
        got = ask(server, limits=Limits(total_s=0.3))
    assert isinstance(got, Failed)
    assert got.failure is Failure.DEADLINE
    assert got.took < 1


def test_a_connection_that_ends_without_goodbye_in_a_body_is_truncated():
    def cut(connection):
        connection.sendall(answer(b"hello", "Content-Length: 500"))
        os.close(connection.detach())

    with secure("news", [], cut) as server:
        got = ask(server)
    assert isinstance(got, Response)
    assert got.truncated
