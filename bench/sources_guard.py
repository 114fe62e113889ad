"""No way of looking at pages reaches what is not on the public internet: every address by every door.

The guard is never switched off, and the real dialler dials: only the public address of the origin's names leads to
loopback. Counted are the connections that canaries on 127.0.0.1 and ::1, ports 80 and 443, accept, and whatever other
connection this process tries to open, noted by an audit hook: also one that no canary could see.
"""

import hashlib
import importlib.util
import os
import selectors
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from bench.origins import Origin, origin
from bench.splitting_sets import NotMeasured, Sets

PUBLIC = "93.184.216.34"
REBINDINGS = 100
PORTS = (80, 443)


def measure(_sets: Sets) -> Mapping[str, float]:
    """Return how many addresses went through how many doors, and how many connections there were."""
    if importlib.util.find_spec("tests") is None:
        raise NotMeasured("the table of addresses is in tests/pure/lib/test_addresses.py, which is not here")
    from bench.servers import servers
    from tests.pure.lib.test_addresses import NOT_PUBLIC

    with servers() as folder, origin(folder) as site:
        os.environ |= {"LOG_LEVEL": "ERROR", "HOST_GAP": "0"}
        import django

        django.setup()
        with canaries() as accepted, _Connections(site.port) as tried:
            doors = _doors(site)
            wrong = [f"{name} {host}" for name, door in doors.items() for host in NOT_PUBLIC if not door(host)]
        print(f"guard: {', '.join(doors)}; tried {tried.seen}; let in: {wrong}", file=sys.stderr)
    if wrong:
        raise NotMeasured(f"answered as if it had been reached: {', '.join(wrong)}")
    return {"addresses": len(NOT_PUBLIC), "doors": len(doors), "connections": len(accepted) + len(tried.seen)}


def _doors(site: Origin) -> Mapping[str, Callable[[str], bool]]:
    """Return each door by name; it takes an address and says whether it was refused."""
    seam = {"resolve": _resolver(), "dial": _dialler(site.port)}
    return {
        "article": _refused_article,
        "evidence, citation": _refused_page,
        "page": lambda host: _looked(f"http://{host}/page", robots=True, **seam),
        "page over https": lambda host: _looked(f"https://{host}:443/page", robots=True, **seam),
        "robots.txt": lambda host: _looked(f"http://{host}/page", robots=False, **seam),
        "redirect": lambda host: _looked(f"http://news.test/?to={quote(f'http://{host}/')}", robots=True, **seam),
        "second redirect": lambda host: _looked(f"http://news.test/?to={_twice(host)}", robots=True, **seam),
        "redirect of robots.txt": lambda host: _looked(f"http://x{_digits(host)}.test/page", robots=False, **seam),
        "name": lambda host: _named(host, site.port),
        "name that changes": lambda host: _rebound(host, site.port),
        "doctor --net": _refused_by_doctor,
        "feed": _refused_feed,
        "feed in a row": lambda host: _polled(f"http://{host}/feed", **seam),
        "feed instead of a page": _refused_instead,
        "redirect of a feed": lambda host: _polled(f"http://news.test/?to={quote(f'http://{host}/')}", **seam),
        "entry of a feed": _refused_entry,
        "entry in a row": _refused_entry_in_a_row,
        "archive": lambda host: _archived(f"http://{host}/save", key="", **seam),
        "archive with a key": lambda host: _archived(f"http://{host}/save", key="access:x", **seam),
        "redirect of an archive": lambda host: _archived(f"http://news.test/?to=http://{host}/", key="", **seam),
        "copy named by an archive": _refused_copy,
    }


def _twice(host: str) -> str:
    return quote(f"http://news.test/?to={quote(f'http://{host}/')}")


def _digits(host: str) -> str:
    digits = f"http://{host}/".encode().hex()
    return ".".join(digits[place : place + 60] for place in range(0, len(digits), 60))


def _refused_article(host: str) -> bool:
    from claims.services import articles
    from factcheck.lib import clock
    from factcheck.lib.addresses import UrlRefused

    with suppress(UrlRefused):
        articles.submit_url(f"http://{host}/story", now=clock.now())
        return False
    return True


def _refused_page(host: str) -> bool:
    from factcheck.lib import clock
    from factcheck.lib.addresses import UrlRefused
    from sources.services import documents

    with suppress(UrlRefused):
        documents.watch(f"http://{host}/story", now=clock.now())
        return False
    return True


def _looked(url: str, *, robots: bool, **seam: object) -> bool:
    """Look at a page that stands in a row past every check, as a worker does; say whether it was refused."""
    from factcheck import ledger
    from factcheck.lib import clock, http
    from sources.models import Document, Host
    from sources.services import hosts, visits
    from sources.tasks import LOOK

    now = clock.now()
    Document.objects.update(due_at=None)
    page, _is_new = Document.objects.update_or_create(identity=url, defaults={"url": url, "due_at": now, "host": None})
    hosts.name_pages()
    known = {"robots_at": now if robots else None, "robots_status": 404 if robots else None}
    Host.objects.update(next_allowed_at=None, open_until=None, fail_count=0, **known)
    held = hosts.take(most=9, lease_for=ledger.LEASE, alone=True)
    visits.keep(LOOK, [visits.visit(one, fetch=partial(http.fetch, **seam)) for one in held], now=now)  # type: ignore[arg-type]  # resolve and dial
    page.refresh_from_db()
    return len(held) == 1 and page.outcome in {"blocked", "unreachable"} and page.snapshot is None


def _named(host: str, port: int) -> bool:
    """Let a name lead to the address, as a name server would say it."""
    said = _addresses_of(host)
    return _looked("http://evil.test/page", robots=True, resolve=lambda *_asked: said, dial=_dialler(port))


def _rebound(host: str, port: int) -> bool:
    """Let a name lead to the origin first and to the address at every second question."""
    from factcheck.lib import http
    from factcheck.lib.answers import Failed

    asked: list[int] = []

    def resolve(_host: str, _port: int) -> Sequence[str]:
        asked.append(1)
        return _addresses_of(host) if len(asked) % 2 == 0 else (PUBLIC,)

    fetched = [http.fetch("http://evil.test/", resolve=resolve, dial=_dialler(port)) for _time in range(4)]
    return [isinstance(answer, Failed) for answer in fetched] == [False, True, False, True]


def _refused_by_doctor(host: str) -> bool:
    from factcheck import doctor

    return doctor.outside(f"http://{host}/").state == "wrong"


# -- feeds -----------------------------------------------------------------------------------------


def _refused_feed(host: str) -> bool:
    from factcheck.lib import clock
    from factcheck.lib.addresses import UrlRefused
    from sources.services import feeds

    with suppress(UrlRefused):
        feeds.watch(f"http://{host}/feed", now=clock.now())
        return False
    return True


def _polled(url: str, **seam: Any) -> bool:
    """Look at a feed that stands in a row past every check, as a worker does; say whether it was refused."""
    from factcheck import ledger
    from factcheck.lib import clock, http
    from sources.models import Feed, Host
    from sources.services import feeds, hosts, turns
    from sources.tasks import POLL

    now = clock.now()
    Feed.objects.update(due_at=None)
    given = {"url": url, "host": hosts.of(url), "due_at": now, "created_at": now}
    feed, _is_new = Feed.objects.update_or_create(identity=url, defaults=given)
    Host.objects.update(next_allowed_at=None, open_until=None, fail_count=0, robots_at=now, robots_status=404)
    fetch = partial(http.fetch, **seam)
    taken = turns.take(Feed.objects.watched(), most=9, lease_for=ledger.LEASE, alone=True)
    came = [turns.visit(turn, lambda row, heard: feeds.ask(row, heard, now=now), fetch=fetch) for turn in taken]
    turns.keep(POLL, came, lambda held, look: feeds.record(held, look, now=now), now=now)
    feed.refresh_from_db()
    return len(came) == 1 and feed.outcome in {"blocked", "unreachable"} and feed.since is None


def _refused_instead(host: str) -> bool:
    """Choose an address that a page named as its feed."""
    from factcheck.lib import clock
    from factcheck.lib.addresses import UrlRefused
    from sources.models import Feed
    from sources.services import feeds

    feed, _is_new = feeds.watch("http://news.test/page", now=clock.now())
    Feed.objects.filter(pk=feed.pk).update(others=[f"http://{host}/feed"])
    with suppress(UrlRefused):
        feeds.point_at(feed, f"http://{host}/feed", now=clock.now())
        return False
    return True


def _refused_entry(host: str) -> bool:
    """Read a feed that tells of the address: as the link, and as the identifier that is a link."""
    from sources.fetching.feeds import read_feed

    said = f"<link>http://{host}/a</link></item><item><guid>http://{host}/b</guid></item>"
    body = f"<rss version='2.0'><channel><item>{said}</channel></rss>".encode()
    reading = read_feed(body, media_type="application/rss+xml", url="http://news.test/feed")
    page = f"<html><link rel=alternate type=application/rss+xml href='http://{host}/feed'></html>".encode()
    others = read_feed(page, media_type="text/html", url="http://news.test/").others
    return [entry.url for entry in reading.entries] == ["", ""] and not others


def _refused_entry_in_a_row(host: str) -> bool:
    """Take in an entry that stands in a row past every check, as a worker does."""
    from claims.services import feeds as intake
    from factcheck import ledger
    from factcheck.lib import clock
    from sources.models import FeedEntry
    from sources.services import feeds

    now = clock.now()
    feed, _is_new = feeds.watch("http://news.test/entries", now=now)
    told = {"url": f"http://{host}/story", "seen_at": now, "became": "waiting"}
    FeedEntry.objects.create(feed=feed, key=hashlib.sha256(host.encode()).hexdigest(), due_at=now, **told)
    (held,) = ledger.lease(ledger.register.works["enter"])
    return intake.enter(held, now=now) == "refused"


# -- the archive outside ---------------------------------------------------------------------------


def _archived(url: str, *, key: str, **seam: Any) -> bool:
    """Ask an archive at that address for a page, as a worker does; say whether it was refused."""
    from django.test import override_settings

    from factcheck.lib import clock, http
    from factcheck.lib.answers import Failed
    from sources.models import Archiving, Document, Host, Snapshot
    from sources.services import archiving, visits

    snapshot = Snapshot(document=Document(url="http://news.test/story"), captured_by="fetch")
    row = Archiving(snapshot=snapshot, host=Host(name=Host.name_of(url)))

    def client(url: str, **what: Any) -> Any:
        return (http.ask if "headers" in what else http.fetch)(url, **what, **seam)

    heard = visits.Heard(client)
    with override_settings(ARCHIVE_URL=url, ARCHIVE_KEY=key):
        told = archiving.ask(row, heard, now=clock.now())
    return told.state == "failed" and isinstance(heard.answer, Failed)


def _refused_copy(host: str) -> bool:
    """Let an archive name the address as the place of the copy: people would be led there."""
    from sources.services import archiving

    return archiving._copy(f"http://{host}/copy", "http://archive.test/").state == "failed"  # noqa: SLF001


def _addresses_of(host: str) -> Sequence[str]:
    return (host.strip("[]"), "127.0.0.1") if host[0].isdigit() or host[0] == "[" else ("127.0.0.1", "::1")


def _resolver() -> Callable[[str, int], Sequence[str]]:
    from factcheck.lib.http import resolve_name

    return lambda host, port: (PUBLIC,) if host.endswith(".test") else resolve_name(host, port)


def _dialler(origin_port: int) -> Callable[[str, int, float], socket.socket]:
    from factcheck.lib.http import dial_address

    def dial(address: str, port: int, timeout: float) -> socket.socket:
        if address == PUBLIC:
            return dial_address("127.0.0.1", origin_port, timeout)
        return dial_address(address, port, timeout)

    return dial


@contextmanager
def canaries() -> Iterator[list[str]]:
    """Listen where nobody may come; give the list of who came."""
    came: list[str] = []
    over = threading.Event()
    with selectors.DefaultSelector() as waiting:
        listeners = []
        for address in ("127.0.0.1", "::1"):
            for port in PORTS:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                try:
                    listeners.append(socket.create_server((address, port), family=family))
                except OSError as error:
                    raise NotMeasured(f"no canary on {address} port {port}: {error}") from None
                waiting.register(listeners[-1], selectors.EVENT_READ)

        def watch() -> None:
            while not over.is_set():
                for key, _events in waiting.select(0.1):
                    came.append(str(key.fileobj.accept()[1]))  # type: ignore[union-attr]  # a socket

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield came
        finally:
            over.set()
            watcher.join()
            for listener in listeners:
                listener.close()


class _Connections:
    """Notes every connection that this process tries to open, but for those to the origin and by UNIX sockets."""

    def __init__(self, allowed: int) -> None:
        self.allowed, self.seen, self.is_on = allowed, list[str](), False
        sys.addaudithook(self._note)  # which can never be taken away again

    def _note(self, event: str, said: tuple[object, ...]) -> None:
        if self.is_on and event == "socket.connect" and isinstance(said[1], tuple):
            host, port, *_more = said[1]
            if (host, port) != ("127.0.0.1", self.allowed):
                self.seen.append(f"{host}:{port}")

    def __enter__(self) -> "_Connections":
        self.is_on = True
        return self

    def __exit__(self, *_ended: object) -> None:
        self.is_on = False
