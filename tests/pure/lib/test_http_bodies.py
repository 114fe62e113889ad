"""What servers do to clients: every one ends as a value, in bounded time and memory."""

import gzip
import itertools
import socket
import time
import tracemalloc
import zlib

import pytest

from factcheck.lib import wire
from factcheck.lib.http import Failed, Failure, Limits, Response, fetch
from tests.pure.lib.servers import PUBLIC, answer, leads_to, origin, says

LIMITS = Limits(total_s=10.0, max_bytes=100_000)


def ask(server, **limits):
    bounded = Limits(**({"total_s": 10.0, "max_bytes": 100_000} | limits))
    return fetch("http://news.test/", resolve=leads_to(PUBLIC), dial=server.dial, limits=bounded)


def answered(*pieces, reads_head=True, **limits):
    with origin(says(*pieces), reads_head=reads_head) as server:
        return ask(server, **limits)


def failure(fetched, expected):
    assert isinstance(fetched, Failed), fetched
    assert fetched.failure is expected, fetched
    return fetched


def page(fetched):
    assert isinstance(fetched, Response), fetched
    return fetched


def chunked(*chunks):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def gzipped(data, *headers):
    return answer(gzip.compress(data, mtime=0), "Content-Encoding: gzip", *headers)


def bomb(mebibytes):
    """Return gzip that goes on for that many MiB of zeros: one flushed stretch, repeated."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = engine.compress(b"") + engine.flush(zlib.Z_FULL_FLUSH)
    stretch = engine.compress(bytes(1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    return head + stretch * mebibytes


# -- codings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"hello", mtime=0)),
        ("x-gzip", gzip.compress(b"hello", mtime=0)),
        ("GZip", gzip.compress(b"hello", mtime=0)),
        ("identity, gzip", gzip.compress(b"hello", mtime=0)),
        ("gzip", gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo", mtime=0)),
        ("gzip", gzip.compress(b"hello", mtime=0) + b"\0" * 100),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello")[2:-4]),
        ("identity", b"hello"),
        ("", b"hello"),
    ],
)
def test_one_coding_is_undone(coding, body):
    got = page(answered(answer(body, f"Content-Encoding: {coding}")))
    assert got.body == b"hello"
    assert not got.truncated


def test_a_coding_that_comes_byte_by_byte_is_undone():
    coded = gzip.compress(b"hello", mtime=0)
    body = chunked(*(coded[at : at + 1] for at in range(len(coded)))) + b"0\r\n\r\n"
    got = page(answered(answer(body, "Content-Encoding: gzip", "Transfer-Encoding: chunked")))
    assert got.body == b"hello"
    assert not got.truncated


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Encoding: gzip, gzip",),
        ("Content-Encoding: gzip", "Content-Encoding: gzip"),
        ("Content-Encoding: " + ", ".join(["gzip"] * 201),),
        ("Content-Encoding: br",),
        ("Content-Encoding: zstd",),
        ("Content-Encoding: banana",),
    ],
)
def test_a_coding_that_was_not_asked_for_is_not_undone(headers):
    failure(answered(answer(gzip.compress(gzip.compress(b"hello"), mtime=0), *headers)), Failure.CODING)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("body", [b"this is not compressed at all", b"\x1f\x8b\x08\0garbage and more garbage"])
def test_a_broken_coding_is_a_failure(coding, body):
    failure(answered(answer(body, f"Content-Encoding: {coding}")), Failure.CODING)


def test_gzip_that_breaks_in_the_middle_is_a_failure():
    coded = bytearray(gzip.compress(bytes(range(256)) * 100))
    coded[-8:] = b"\0" * 8
    failure(answered(answer(bytes(coded), "Content-Encoding: gzip")), Failure.CODING)


def test_a_thousand_gzip_members_are_too_many():
    failure(answered(answer(gzip.compress(b"", mtime=0) * 1000, "Content-Encoding: gzip")), Failure.CODING)


@pytest.mark.parametrize("cut", [1, 5, 9, 15])
def test_gzip_that_ends_too_early_is_truncated(cut):
    got = page(answered(answer(gzip.compress(b"hello", mtime=0)[:-cut], "Content-Encoding: gzip")))
    assert got.truncated


def test_a_coding_without_a_body_is_an_empty_body():
    got = page(answered(answer(b"", "Content-Encoding: gzip")))
    assert (got.body, got.truncated) == (b"", False)


# -- too much --------------------------------------------------------------------------------------


def test_a_gibibyte_of_zeros_is_cut_off_in_little_memory():
    body = bomb(1024)
    assert len(body) < 1_200_000
    tracemalloc.start()
    try:
        failure(answered(answer(body, "Content-Encoding: gzip"), max_bytes=5 << 20), Failure.TOO_LARGE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30 << 20


def test_a_body_of_exactly_the_cap_is_a_page_and_one_byte_more_is_not():
    assert len(page(answered(answer(b"x" * 1000), max_bytes=1000)).body) == 1000
    assert len(page(answered(gzipped(b"x" * 1000), max_bytes=1000)).body) == 1000
    failure(answered(answer(b"x" * 1001), max_bytes=1000), Failure.TOO_LARGE)
    failure(answered(gzipped(b"x" * 1001), max_bytes=1000), Failure.TOO_LARGE)


def test_wire_bytes_are_bounded_even_where_nothing_comes_out():
    padding = gzip.compress(b"hello", mtime=0) + b"\0" * 200_000
    failure(answered(answer(padding, "Content-Encoding: gzip")), Failure.TOO_LARGE)


def endless(connection):
    connection.sendall(answer(b"", "Transfer-Encoding: chunked"))
    while True:
        connection.sendall(chunked(b"x" * 10_000))


def test_a_body_without_end_is_too_large():
    with origin(endless) as server:
        failure(ask(server), Failure.TOO_LARGE)


def test_a_body_in_very_many_pieces_is_too_large(monkeypatch):
    monkeypatch.setattr(wire, "MAX_PIECES", 1000)
    pieces = answer(b"", "Transfer-Encoding: chunked")
    assert not page(answered(pieces, chunked(b"x") * 998 + b"0\r\n\r\n")).truncated
    failure(answered(pieces, chunked(b"x") * 1001), Failure.TOO_LARGE)


def test_a_body_until_the_connection_closes_is_a_page():
    got = page(answered(b"HTTP/1.0 200 OK\r\n\r\nhello"))
    assert (got.body, got.truncated) == (b"hello", False)


# -- too slow --------------------------------------------------------------------------------------


def dripping(head):
    def script(connection):
        connection.sendall(head)
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    return script


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX: ", answer(b"", "Content-Length: 1000")])
def test_a_byte_now_and_then_ends_at_the_deadline(head):
    with origin(dripping(head)) as server:
        begun = time.monotonic()
        got = failure(ask(server, total_s=0.4), Failure.DEADLINE)
    assert 0.3 < got.took < 20
    assert time.monotonic() - begun < 20


def test_silence_ends_at_the_deadline():
    with origin(lambda connection: connection.recv(1)) as server:
        got = failure(ask(server, total_s=0.2), Failure.DEADLINE)
    assert "reading the answer" in got.detail


def test_a_steady_stream_ends_at_the_deadline_too():
    seconds = itertools.count()
    with origin(endless) as server:
        got = fetch(
            "http://news.test/",
            resolve=leads_to(PUBLIC),
            dial=server.dial,
            limits=Limits(max_bytes=1 << 30),
            clock=lambda: next(seconds),
        )
    assert failure(got, Failure.DEADLINE).took >= 20


def test_the_deadline_holds_across_redirects():
    def script(connection):
        time.sleep(0.15)
        connection.sendall(answer(b"", "Location: /again", status="302 Found"))

    with origin(script) as server:
        got = failure(ask(server, total_s=0.4), Failure.DEADLINE)
    assert got.took < 1


# -- too little ------------------------------------------------------------------------------------


def test_a_body_shorter_than_its_content_length_is_truncated():
    got = page(answered(answer(b"hello", "Content-Length: 500")))
    assert (got.body, got.truncated) == (b"hello", True)


def test_chunks_without_the_last_one_are_truncated():
    got = page(answered(answer(b"", "Transfer-Encoding: chunked"), chunked(b"hello")))
    assert (got.body, got.truncated) == (b"hello", True)


def test_a_gzip_body_cut_off_on_the_wire_is_truncated():
    coded = gzip.compress(b"hello " * 1000, mtime=0)
    got = page(answered(answer(coded[:-20], "Content-Encoding: gzip", f"Content-Length: {len(coded)}")))
    assert got.truncated


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def test_a_reset_in_the_middle_of_a_body_is_a_failure():
    def script(connection):
        connection.sendall(answer(b"hello", "Content-Length: 500"))
        time.sleep(0.1)
        reset(connection)

    with origin(script) as server:
        failure(ask(server), Failure.TRUNCATED)


def test_a_reset_before_the_answer_is_a_failure():
    with origin(reset) as server:
        failure(ask(server), Failure.CONNECT)


def test_a_connection_closed_without_an_answer_is_a_failure():
    with origin(lambda _: None) as server:
        failure(ask(server), Failure.PROTOCOL)


def test_an_answer_given_before_the_request_was_read_counts():
    def script(connection):
        connection.sendall(answer(b"early"))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65536)

    with origin(script, reads_head=False) as server:
        assert page(ask(server)).body == b"early"


def test_a_request_that_could_not_be_sent_leaves_the_decision_to_the_answer():
    def dial(_address, _port, _timeout):
        ours, theirs = socket.socketpair()
        theirs.sendall(answer(b"early"))
        theirs.shutdown(socket.SHUT_RD)
        theirs.close()
        return ours

    got = fetch("http://news.test/", resolve=leads_to(PUBLIC), dial=dial, limits=LIMITS)
    assert page(got).body == b"early"


# -- not HTTP --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        b"220 mail.example ESMTP ready\r\n",
        b"\x16\x03\x01\x02\0garbage\r\n\r\n",
        b"HTTP/1.1 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbanana\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: banana\r\n\r\nhello",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
    ],
)
def test_what_is_no_answer_in_http_is_a_failure(said):
    failure(answered(said), Failure.PROTOCOL)


def test_interim_answers_are_passed_over():
    assert (
        page(answered(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(b"x"))).body == b"x"
    )


def hundred_continues(connection):
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_interim_answers_for_ever_end():
    with origin(hundred_continues) as server:
        failure(ask(server), Failure.PROTOCOL)


@pytest.mark.parametrize(
    "headers",
    [
        [f"X: {'a' * 1_000_000}"],
        [f"X: {'a' * 70_000}"],
        [f"X{n}: {'a' * 100}" for n in range(1000)],
        [f"X{n}: a" for n in range(1000)],
        [f"X{n}: a" for n in range(201)],
    ],
)
def test_headers_are_bounded_in_bytes_and_number(headers):
    failure(answered(answer(b"x", *headers)), Failure.HEADERS)


def test_a_header_without_end_is_cut_off():
    def script(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"x" * 10_000)

    with origin(script) as server:
        failure(ask(server), Failure.HEADERS)
