import socket
import threading
import time
from types import MappingProxyType

import pytest

from factcheck.lib import http
from factcheck.lib.http import Failed, Failure, Limits, Response, Validators, fetch
from tests.pure.lib.servers import PUBLIC, answer, leads_to, never, origin, says
from tests.pure.lib.test_addresses import NOT_PUBLIC

URL = "http://news.test/story"
FAST = Limits(total_s=10.0, max_bytes=100_000)


def ask(server, url=URL, *, limits=FAST, **options):
    return fetch(url, limits=limits, **({"resolve": leads_to(PUBLIC), "dial": server.dial} | options))


def failure(fetched, expected):
    assert isinstance(fetched, Failed), fetched
    assert fetched.failure is expected
    assert fetched.detail
    return fetched


def test_a_page_comes_back_with_what_the_server_said_of_it():
    head = ('Content-Type: Text/HTML; Charset="UTF-8"', 'ETag: W/"a"', "Vary: A", "Vary: B")
    with origin(says(answer(b"<p>hello", *head))) as server:
        got = ask(server, "HTTP://News.test:80/a b".replace(" ", "%20") + "?q#part")
    assert isinstance(got, Response)
    assert (got.url, got.status, got.body) == ("http://news.test/a%20b?q", 200, b"<p>hello")
    assert (got.media_type, got.charset) == ("text/html", "utf-8")
    assert got.headers["etag"] == 'W/"a"'
    assert got.headers["vary"] == "A, B"
    assert got.redirects == ()
    assert not got.truncated
    assert 0 < got.took < 10
    assert isinstance(got.headers, MappingProxyType)


def test_a_round_of_fetches_asks_once_where_a_name_leads():
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    remembered = http.Remembered(resolve)
    with origin(says(answer())) as server:
        assert all(isinstance(ask(server, resolve=remembered), Response) for _ in range(2))
    assert asked == ["news.test"]


def test_the_request_names_the_host_and_us_and_asks_for_gzip_alone():
    with origin(says(answer())) as server:
        ask(server, "http://news.test:443/a?b", user_agent="factcheck/1 (+https://desk.example)")
    head = server.heads[0].lower()
    assert head.startswith("get /a?b http/1.1\r\n")
    assert "host: news.test:443\r\n" in head
    assert "user-agent: factcheck/1 (+https://desk.example)\r\n" in head
    assert "accept-encoding: gzip\r\n" in head
    assert "connection: close\r\n" in head
    assert not any(name in head for name in ("cookie", "authorization", "referer", "if-"))


def test_the_answer_and_its_request_can_be_kept_as_they_went_over_the_wire():
    with origin(says(answer(b"x", "X-Odd: 1", "vary: A", "VARY: B", status="203 Borrowed Words"))) as server:
        got = ask(server, validators=Validators('"a"'))
    assert isinstance(got, Response)
    assert got.head == (("X-Odd", "1"), ("vary", "A"), ("VARY", "B"), ("Content-Length", "1"))
    assert (got.status, got.reason, got.http_version) == (203, "Borrowed Words", "1.1")
    assert [f"{name}: {value}" for name, value in got.sent] == server.heads[0].strip().splitlines()[1:]
    assert ("If-None-Match", '"a"') in got.sent


def test_a_server_that_names_no_type_gives_none():
    with origin(says(answer(b"x", "Content-Type: banana"))) as server:
        got = ask(server)
    assert isinstance(got, Response)
    assert (got.media_type, got.charset) == ("", "")


def test_validators_are_sent_back_verbatim():
    given = Validators(etag='W/"x y, z"', last_modified="Tue, 03 Mar 2026 10:00:00 GMT")
    with origin(says(answer(b"", status="304 Not Modified"))) as server:
        got = ask(server, validators=given)
    assert isinstance(got, Response)
    assert got.status == 304
    assert 'if-none-match: w/"x y, z"\r\n' in server.heads[0].lower()
    assert "if-modified-since: tue, 03 mar 2026 10:00:00 gmt\r\n" in server.heads[0].lower()


@pytest.mark.parametrize("etag", ["", "a\r\nX-Evil: 1", "a\0", " a", "é\u2028"])
def test_a_validator_that_is_no_header_value_is_not_sent(etag):
    with origin(says(answer())) as server:
        ask(server, validators=Validators(etag=etag))
    assert "if-" not in server.heads[0].lower()
    assert "evil" not in server.heads[0].lower()


def test_304_to_a_request_that_named_no_version_is_a_failure():
    with origin(says(answer(b"", status="304 Not Modified"))) as server:
        failure(ask(server), Failure.PROTOCOL)


@pytest.mark.parametrize("status", [204, 206, 300, 401, 403, 404, 410, 429, 451, 500, 503, 999])
def test_any_final_status_is_a_response(status):
    with origin(says(answer(b"", "Retry-After: 3600", status=f"{status} Whatever"))) as server:
        got = ask(server)
    assert isinstance(got, Response)
    assert got.status == status
    assert got.headers["retry-after"] == "3600"


# -- redirects -------------------------------------------------------------------------------------


def redirect(location, status="302 Found"):
    return answer(b"ignored", f"Location: {location}", status=status)


def by_path(answers):
    def script(connection):
        path = connection_path(connection)
        connection.sendall(answers[path])

    def connection_path(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(4096)
        return data.split()[1].decode()

    return script


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed_and_remembered(status):
    answers = {"/story": redirect("/new place?x=1#top", status), "/new%20place?x=1": answer(b"there")}
    with origin(by_path(answers), reads_head=False) as server:
        got = ask(server)
    assert isinstance(got, Response)
    assert got.body == b"there"
    assert got.url == "http://news.test/new%20place?x=1"
    assert got.redirects == (URL,)


def test_the_sixth_redirect_is_one_too_many():
    answers = {f"/{n}": redirect(f"/{n + 1}") for n in range(10)}
    with origin(by_path(answers), reads_head=False) as server:
        got = failure(ask(server, "http://news.test/0"), Failure.TOO_MANY_REDIRECTS)
    assert server.connections == 6
    assert got.url == "http://news.test/5"


def test_five_redirects_are_followed():
    answers = {f"/{n}": redirect(f"/{n + 1}") for n in range(5)} | {"/5": answer(b"end")}
    with origin(by_path(answers), reads_head=False) as server:
        got = ask(server, "http://news.test/0")
    assert isinstance(got, Response)
    assert len(got.redirects) == 5


def test_a_redirect_in_a_circle_ends():
    with origin(says(redirect("/story"))) as server:
        failure(ask(server), Failure.TOO_MANY_REDIRECTS)


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(host):
    dialled = []
    with origin(says(redirect(f"http://{host}/latest/meta-data"))) as server:

        def dial(address, port, timeout):
            dialled.append(address)
            return server.dial(address, port, timeout)

        failure(ask(server, dial=dial), Failure.ADDRESS_NOT_ALLOWED)
    assert dialled == [PUBLIC]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://news.test/", "javascript:alert(1)", "http://news.test:22/",
    "http://u:p@news.test/",
     "http://127.0.0.1:80\\@news.test/", "\\\\127.0.0.1\\x", "http://a\tb/", "//[::1", "http:///",
     "http://①.test/"],
)  # fmt: skip
def test_a_redirect_to_what_may_not_be_fetched_is_refused(location):
    with origin(
        says(answer(b"", "X: y", status="302 Found").replace(b"X: y", f"Location: {location}".encode()))
    ) as server:
        failure(ask(server), Failure.URL_REFUSED)
    assert server.connections == 1


@pytest.mark.parametrize(
    "headers", [(), ("Location:",), ("Location: /a", "Location: /b"), ("Location: /" + "a" * 10_000,)]
)
def test_a_redirect_without_one_place_to_go_is_a_failure(headers):
    with origin(says(answer(b"", *headers, status="302 Found"))) as server:
        failure(ask(server), Failure.BAD_REDIRECT)


def test_a_redirect_named_twice_alike_is_followed():
    answers = {"/story": answer(b"", "Location: /a", "Location: /a", status="302 Found"), "/a": answer(b"x")}
    with origin(by_path(answers), reads_head=False) as server:
        assert isinstance(ask(server), Response)


# -- the guard -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_never_dialled(host):
    with origin(says(answer())) as canary:
        failure(fetch(f"http://{host}/", dial=canary.dial, resolve=leads_to(PUBLIC)), Failure.ADDRESS_NOT_ALLOWED)
    assert canary.connections == 0


RESOLVED = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "224.0.0.1", "255.255.255.255", "240.0.0.1",
    "192.88.99.1",
    "::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0",
    "fe80::1",
    "fd00:ec2::254", "fec0::1", "ff02::1", "2001::1", "3fff::1", "5f00::1", "64:ff9b:1::1",
    "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("found", [(bad,) for bad in RESOLVED] + [(PUBLIC, bad) for bad in RESOLVED])
def test_a_name_with_one_address_that_is_not_public_is_never_dialled(found):
    with origin(says(answer())) as canary:
        got = fetch(URL, dial=canary.dial, resolve=leads_to(*found))
    assert canary.connections == 0
    failure(got, Failure.ADDRESS_NOT_ALLOWED)


def test_a_name_that_changes_after_the_check_is_asked_once_a_hop():
    asked = []
    dialled = []

    def rebinding(_host, _port):
        asked.append(1)
        return (PUBLIC,) if len(asked) % 2 else ("127.0.0.1",)

    with origin(says(answer())) as server:

        def dial(address, port, timeout):
            dialled.append(address)
            return server.dial(address, port, timeout)

        outcomes = [type(ask(server, resolve=rebinding, dial=dial)) for _ in range(100)]
    assert outcomes == [Response, Failed] * 50
    assert set(dialled) == {PUBLIC}
    assert len(asked) == 100


def test_every_hop_is_resolved_and_judged_anew():
    asked = []

    def turning(host, port):
        asked.append((host, port))
        return (PUBLIC,) if host == "news.test" else ("10.0.0.1",)

    with origin(says(redirect("https://other.test/x"))) as server:
        got = failure(ask(server, resolve=turning), Failure.ADDRESS_NOT_ALLOWED)
    assert asked == [("news.test", 80), ("other.test", 443)]
    assert got.url == "https://other.test/x"
    assert server.connections == 1


def test_the_operators_networks_are_denied_too():
    failure(
        fetch(URL, resolve=leads_to(PUBLIC), dial=never, also_denied=["93.184.0.0/16"]),
        Failure.ADDRESS_NOT_ALLOWED,
    )


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    with origin(says(answer(b"through the proxy"))) as proxy, origin(says(answer(b"direct"))) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        got = ask(server)
    assert isinstance(got, Response)
    assert got.body == b"direct"
    assert proxy.connections == 0


def test_a_public_address_is_dialled_without_asking_for_its_name():
    def resolve(host, port):
        raise AssertionError(f"asked for {host}:{port}")

    with origin(says(answer())) as server:
        assert isinstance(ask(server, f"http://{PUBLIC}/", resolve=resolve), Response)


def test_the_system_is_asked_for_names_by_default():
    assert "127.0.0.1" in http.resolve_name("localhost", 80)
    failure(fetch("http://no-such-name.invalid/", limits=FAST, dial=never), Failure.DNS)


def test_the_default_dialler_looks_at_the_other_end():
    with origin(says(answer()), reads_head=False) as server:
        sock = http.dial_address("127.0.0.1", server.port, 1.0)
        with sock:
            http.check_peer(sock, "127.0.0.1")
            with pytest.raises(ConnectionAbortedError, match=r"dialled 127\.0\.0\.2 but reached 127\.0\.0\.1"):
                http.check_peer(sock, "127.0.0.2")


def test_the_default_dialler_closes_what_it_could_not_connect():
    with pytest.raises(OSError, match=r"."):
        http.dial_address("127.0.0.1", free_port(), 1.0)


def test_the_default_dialler_speaks_ipv6():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        http.dial_address("::1", listener.getsockname()[1], 1.0).close()


# -- DNS and connecting ----------------------------------------------------------------------------


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize("problem", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_leads_nowhere_is_a_failure(problem):
    def resolve(_host, _port):
        raise problem

    failure(fetch(URL, resolve=resolve, dial=never), Failure.DNS)


def test_a_name_without_addresses_is_a_failure():
    failure(fetch(URL, resolve=leads_to(), dial=never), Failure.DNS)


def test_a_resolver_that_hangs_is_left_at_the_deadline():
    is_over = threading.Event()

    def hanging(_host, _port):
        is_over.wait(5)
        return (PUBLIC,)

    begun = time.monotonic()
    failure(fetch(URL, resolve=hanging, dial=never, limits=Limits(total_s=0.2)), Failure.DEADLINE)
    assert time.monotonic() - begun < 4
    is_over.set()


def test_the_next_address_is_tried_when_one_refuses():
    with origin(says(answer())) as server:

        def dial(address, port, timeout):
            if address == "8.8.8.8":
                raise ConnectionRefusedError("refused")
            return server.dial(address, port, timeout)

        assert isinstance(ask(server, resolve=leads_to("8.8.8.8", PUBLIC), dial=dial), Response)


def test_a_refused_connection_is_a_failure():
    port = free_port()
    got = fetch(URL, resolve=leads_to(PUBLIC), dial=lambda _a, _p, t: http.dial_address("127.0.0.1", port, t))
    failure(got, Failure.CONNECT)


def test_each_address_gets_its_share_of_the_time():
    shares = []

    def dial(_address, _port, timeout):
        shares.append(timeout)
        raise TimeoutError("timed out")

    many = ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9")
    got = fetch(URL, resolve=leads_to(*many), dial=dial, limits=Limits(total_s=8.0))
    failure(got, Failure.CONNECT)
    assert [round(share) for share in shares] == [2, 3, 4, 8]


def test_a_deadline_that_passes_while_connecting_is_a_deadline():
    now = [0.0]

    def dial(_address, _port, timeout):
        now[0] += timeout
        raise TimeoutError("timed out")

    got = failure(fetch(URL, resolve=leads_to(PUBLIC), dial=dial, clock=lambda: now[0]), Failure.DEADLINE)
    assert got.took == 20.0
