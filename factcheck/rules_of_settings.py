"""Settings that are insecure or contradict one another: each an error with what is wrong and what to do.

"Open" is a desk that answers to other names than this machine's own. What is harmless on a laptop is refused there.
"""

from __future__ import annotations

import difflib
import os
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's name

from factcheck import embedded, env
from factcheck.lib.addresses import UrlRefused, checked_url

Told = Iterator[CheckMessage]

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
KEY_LENGTH, KEY_LETTERS, KEY_BYTES = 40, 10, 34
TOKEN_LENGTH = 24
PLACEHOLDERS = ("change", "secret", "example", "insecure", "password", "default", "replace", "placeholder")
# Read outside factcheck.settings.
ALSO_KNOWN = {"EMBEDDED", "CLOCK_OFFSET", "TEST_SERVICES", "ALIVE_FOLDER", "PORT", "HOSTNAME"}
LIKENESS = 0.84


def rule(check: Callable[[], Told]) -> Callable[[], Told]:
    """Make a rule known to Django's check framework."""

    def run(**_given: Any) -> list[CheckMessage]:
        return list(check())

    run.__name__ = check.__name__
    register(run, Tags.security)
    return check


def open_hosts() -> list[str]:
    """Return the names other than this machine's own by which the desk may be reached."""
    return [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK and not host.endswith(".localhost")]


def is_remote(host: str) -> bool:
    """Say whether a server's host is another machine; "" and folders are sockets."""
    return bool(host) and not host.startswith("/") and host.strip("[]") not in {h.strip("[]") for h in LOOPBACK}


def is_far(host: str) -> bool:
    """Say whether it is another machine outside a private network, as far as its name tells."""
    if not is_remote(host):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".internal", ".local", ".lan", ".svc"))


def is_guessable(key: str) -> bool:
    """Say whether a key is short, of few letters, repetitive or a placeholder."""
    return (
        len(key) < KEY_LENGTH
        or len(set(key)) < KEY_LETTERS
        or len(zlib.compress(key.encode())) < KEY_BYTES
        or any(word in key.lower() for word in PLACEHOLDERS)
    )


@rule
def secret_key_cannot_be_guessed() -> Told:
    """Sessions and password resets are signed with it."""
    if is_guessable(settings.SECRET_KEY):
        yield Error(
            f"SECRET_KEY can be guessed: it must be random and at least {KEY_LENGTH} characters long.",
            hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="factcheck.E001",
        )


@rule
def debug_stays_on_this_machine() -> Told:
    """Debug pages show settings and code to whoever finds an error."""
    if settings.DEBUG and open_hosts():
        yield Error(
            f"DEBUG=1 while ALLOWED_HOSTS names {open_hosts()[0]}: debug pages show code and settings to everybody.",
            hint="Set DEBUG=0.",
            id="factcheck.E002",
        )


@rule
def allowed_hosts_are_names() -> Told:
    """Host headers are believed only where they are listed."""
    hosts = settings.ALLOWED_HOSTS
    if any(host.strip(".") in {"*", ""} for host in hosts):
        yield Error(
            "ALLOWED_HOSTS=* believes every Host header, also in links that are mailed.",
            hint="List the names of the desk, such as desk.example.org.",
            id="factcheck.E003",
        )
    wrong = [host for host in hosts if "/" in host or "://" in host or (":" in host and not host.startswith("["))]
    if wrong or not hosts:
        yield Error(
            f"ALLOWED_HOSTS names {wrong[0]!r}, which no Host header can be." if wrong else "ALLOWED_HOSTS is empty.",
            hint="Write names only, without https://, port or path: desk.example.org.",
            id="factcheck.E004",
        )


@rule
def an_open_desk_has_https() -> Told:
    """Passwords and tokens travel with each request."""
    if open_hosts() and not settings.HTTPS and not settings.PLAIN_HTTP:
        yield Error(
            f"HTTPS=0 while ALLOWED_HOSTS names {open_hosts()[0]}: passwords and tokens would travel in the clear.",
            hint="Set HTTPS=1 and put a proxy with a certificate in front; PLAIN_HTTP=1 only inside a private network.",
            id="factcheck.E005",
        )
    if settings.HTTPS and settings.PLAIN_HTTP:
        yield Error(
            "HTTPS=1 and PLAIN_HTTP=1 contradict each other.",
            hint="Leave PLAIN_HTTP out.",
            id="factcheck.E006",
        )


@rule
def the_proxy_and_https_agree() -> Told:
    """X-Forwarded-Proto is believed behind a proxy, and only HTTPS gives it a meaning."""
    if settings.BEHIND_PROXY and not settings.HTTPS:
        yield Error(
            "BEHIND_PROXY=1 believes X-Forwarded-Proto, and HTTPS=0 leaves cookies insecure behind that proxy.",
            hint="Set HTTPS=1 as well, or leave BEHIND_PROXY out.",
            id="factcheck.E007",
        )
    if settings.BEHIND_PROXY and not settings.PROXIES:
        yield Error(
            "BEHIND_PROXY=1 and PROXIES=0 contradict each other: all clients would share the proxy's limits.",
            hint="Set PROXIES to how many proxies of yours a request passes, mostly 1.",
            id="factcheck.E023",
        )
    if settings.HTTPS and not settings.BEHIND_PROXY:
        yield Warning(
            "HTTPS=1 without BEHIND_PROXY: behind a proxy that ends TLS every page would redirect to itself for ever.",
            hint="Set BEHIND_PROXY=1, unless gunicorn holds the certificate itself (--certfile).",
            id="factcheck.W001",
        )


@rule
def trusted_origins_are_https() -> Told:
    """A form on a page that anybody on the way can rewrite is nobody's form."""
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        host = urlsplit(origin).netloc
        if host.strip("*.") == "" or (settings.HTTPS and not origin.startswith("https://")):
            yield Error(
                f"CSRF_TRUSTED_ORIGINS trusts {origin}: anybody could post the desk's forms from there.",
                hint="Name the desk's own origin with https://, such as https://desk.example.org.",
                id="factcheck.E008",
            )


@rule
def rehearsals_stay_on_this_machine() -> Told:
    """Stand-ins and a shifted clock make a desk say what is not so."""
    try:
        shifted = float(os.environ.get("CLOCK_OFFSET") or 0) != 0
    except ValueError:
        yield Error(
            f"CLOCK_OFFSET={os.environ['CLOCK_OFFSET']!r} is not a number of seconds.",
            hint="Leave it out; it is for rehearsals.",
            id="factcheck.E009",
        )
        return
    if shifted and open_hosts():
        yield Error(
            f"CLOCK_OFFSET shifts the clock while ALLOWED_HOSTS names {open_hosts()[0]}: history would be wrong.",
            hint="Leave CLOCK_OFFSET out; it is for rehearsals.",
            id="factcheck.E010",
        )
    if settings.LOOPBACK_HOSTS and open_hosts():
        yield Error(
            f"LOOPBACK_HOSTS lets pages be fetched from this machine while ALLOWED_HOSTS names {open_hosts()[0]}.",
            hint="Leave LOOPBACK_HOSTS out; it is for the demo and rehearsals.",
            id="factcheck.E011",
        )


@rule
def the_queue_asks_for_a_password() -> Told:
    """Whoever reaches the queue reads hints and counters, and may flush them."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme == "unix":
        return
    if is_remote(parts.hostname or "") and not parts.password:
        yield Error(
            f"REDIS_URL names {parts.hostname} without a password.",
            hint="Set requirepass there and put the password before the host, or use a socket.",
            id="factcheck.E012",
        )
    if parse_qs(parts.query).get("ssl_cert_reqs", [""])[0].lower() in {"none", "cert_none"}:
        yield Error(
            "REDIS_URL turns the certificate's check off (ssl_cert_reqs=none): anybody may pose as that server.",
            hint="Leave ssl_cert_reqs out; name the authority with ssl_ca_certs.",
            id="factcheck.E013",
        )


@rule
def the_database_asks_who_is_there() -> Told:
    """Whoever connects writes history."""
    one = settings.DATABASES["default"]
    host, options = one["HOST"], one["OPTIONS"]
    other_ways = {"sslcert", "passfile", "service"} & options.keys() or os.environ.keys() & {"PGPASSWORD", "PGPASSFILE"}
    if is_remote(host) and not one["PASSWORD"] and not other_ways:
        yield Error(
            f"DATABASE_URL names {host} without a password.",
            hint="Put one before the host, or use a socket, a client certificate or PGPASSFILE.",
            id="factcheck.E014",
        )
    if is_far(host) and options.get("sslmode") in {"disable", "allow"}:
        yield Error(
            f"DATABASE_URL says sslmode={options['sslmode']} for {host}: passwords would travel in the clear.",
            hint="Write sslmode=verify-full, or at least sslmode=require.",
            id="factcheck.E015",
        )


@rule
def connections_are_kept_in_one_way() -> Told:
    """A pool keeps connections itself."""
    one = settings.DATABASES["default"]
    if "pool" in one["OPTIONS"] and one.get("CONN_MAX_AGE"):
        yield Error(
            "DATABASE_POOL=1 and conn_max_age in DATABASE_URL contradict each other.",
            hint="Leave conn_max_age out: the pool keeps connections.",
            id="factcheck.E016",
        )


@rule
def a_desk_in_use_has_servers_of_its_own() -> Told:
    """The embedded servers trust every local user and are backed up by nobody."""
    places = {str(embedded.place().folder.parent), str(embedded.CLONE / "var")}
    host = settings.DATABASES["default"]["HOST"]
    if open_hosts() and any(Path(host).is_relative_to(place) for place in places):
        yield Error(
            f"The embedded PostgreSQL is for one machine, and ALLOWED_HOSTS names {open_hosts()[0]}.",
            hint="Set DATABASE_URL and REDIS_URL to servers of your own, and EMBEDDED=0 for ever after.",
            id="factcheck.E017",
        )


@rule
def secrets_are_not_in_the_log() -> Told:
    """At DEBUG libraries write headers and bodies."""
    if settings.LOG_LEVEL == "DEBUG" and open_hosts():
        yield Error(
            f"LOG_LEVEL=DEBUG writes headers and bodies of requests down while ALLOWED_HOSTS names {open_hosts()[0]}.",
            hint="Set LOG_LEVEL=INFO.",
            id="factcheck.E018",
        )


@rule
def the_token_of_the_metrics_cannot_be_guessed() -> Told:
    """It stands between everybody and the desk's numbers."""
    token = settings.METRICS_TOKEN
    if token and len(token) < TOKEN_LENGTH:
        yield Error(
            f"METRICS_TOKEN can be guessed: it must have at least {TOKEN_LENGTH} characters.",
            hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(24))'",
            id="factcheck.E019",
        )
    database = settings.DATABASES["default"]["PASSWORD"]
    keys = [settings.CLAIMS_LLM_KEY, settings.ARCHIVE_KEY, settings.FACTCHECK_TOOLS_KEY]
    others = {database, urlsplit(settings.REDIS_URL).password, token}
    is_twice = any(key and (key in others or keys.count(key) > 1) for key in keys)
    if settings.SECRET_KEY in {*others, *keys} or (token and token == database) or is_twice:
        yield Error(
            "One secret is used twice: whoever learns it in one place has the other.",
            hint="Give SECRET_KEY, METRICS_TOKEN, each key and the servers' passwords values of their own.",
            id="factcheck.E020",
        )


@rule
def hosts_are_given_a_rest() -> Told:
    """Only rehearsals ask the same server without a pause."""
    if settings.HOST_GAP == 0 and open_hosts():
        yield Error(
            f"HOST_GAP=0 asks other people's servers without a pause while ALLOWED_HOSTS names {open_hosts()[0]}.",
            hint="Leave HOST_GAP out: each host then rests for a second.",
            id="factcheck.E026",
        )


@rule
def pages_are_looked_at_before_they_count_as_unseen() -> Told:
    """Otherwise every page would be told as blind between two looks."""
    if settings.MONITOR_BLIND_AFTER <= settings.LOOK_AGAIN_WITHIN:
        yield Error(
            f"MONITOR_BLIND_AFTER={settings.MONITOR_BLIND_AFTER} is not longer than"
            f" LOOK_AGAIN_WITHIN={settings.LOOK_AGAIN_WITHIN}: every page would count as unseen between two looks.",
            hint="Make MONITOR_BLIND_AFTER at least twice LOOK_AGAIN_WITHIN.",
            id="factcheck.E021",
        )


@rule
def what_is_unusual_is_told() -> Told:
    """Neither insecure nor a contradiction, but rarely meant."""
    if open_hosts() and settings.CHANGE_LOOKS == 1:
        yield Warning(
            "CHANGE_LOOKS=1: pages that show everybody something else will raise false flags.",
            hint="Set CHANGE_LOOKS=2.",
            id="factcheck.W002",
        )
    if open_hosts() and not {"@", "://"} & {sign for sign in ("@", "://") if sign in settings.USER_AGENT}:
        yield Warning(
            "USER_AGENT names no contact: a site that is troubled by looks can only block them.",
            hint="Add an address, such as 'Factcheck/1.0 (+https://desk.example.org/bot)'.",
            id="factcheck.W003",
        )


@rule
def names_are_spelled_right() -> Told:
    """A setting that nobody reads is a setting that somebody believes in."""
    known = env.ASKED | ALSO_KNOWN
    for name in sorted(os.environ.keys() - known):
        if meant := difflib.get_close_matches(name, known, n=1, cutoff=LIKENESS):
            yield Warning(
                f"{name} is set, and nothing reads it.",
                hint=f"Was {meant[0]} meant?",
                id="factcheck.W004",
            )


@rule
def the_keys_of_sealed_secrets_cannot_be_guessed() -> Told:
    """Seeds of second factors are sealed with the first, and whatever one of them opens is worth guessing it."""
    if any(is_guessable(key) for key in settings.SECRETS_KEY if key != settings.SECRET_KEY):  # that one is E001's
        yield Error(
            "SECRETS_KEY, or SECRET_KEY_FALLBACKS in its place, holds a key that can be guessed: each must be random"
            f" and at least {KEY_LENGTH} characters long.",
            hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="factcheck.E022",
        )


@rule
def the_language_model_is_named_whole_and_reached_in_private() -> Told:
    """Whole articles travel to it, and a key."""
    url, others = settings.CLAIMS_LLM_URL, {"CLAIMS_LLM_MODEL", "CLAIMS_LLM_KEY"}
    if url and not settings.CLAIMS_LLM_MODEL:
        yield Error(
            "CLAIMS_LLM_URL is set without CLAIMS_LLM_MODEL: its server would not know which model is asked.",
            hint="Set CLAIMS_LLM_MODEL to a name that the server knows, or leave both out.",
            id="factcheck.E024",
        )
    if not url and (given := sorted(name for name in others if getattr(settings, name))):
        yield Error(
            f"{given[0]} is set without CLAIMS_LLM_URL: no model would be asked.",
            hint="Set CLAIMS_LLM_URL, such as http://127.0.0.1:8080/v1, or leave it out.",
            id="factcheck.E024",
        )
    parts = urlsplit(url)
    if parts.scheme == "http" and is_far(parts.hostname or ""):
        yield Error(
            f"CLAIMS_LLM_URL reaches {parts.hostname} over http: articles and the key would travel in the clear.",
            hint="Write https://, or name a server on this machine or in a private network.",
            id="factcheck.E025",
        )


@rule
def the_archive_outside_is_outside_and_its_key_travels_sealed() -> Told:
    """Addresses of pages travel to it, and a key."""
    url, key = settings.ARCHIVE_URL, settings.ARCHIVE_KEY
    if key and urlsplit(url).scheme != "https":
        yield Error(
            f"ARCHIVE_KEY is set, and ARCHIVE_URL {'begins with http://' if url else 'is not'}: it goes nowhere safe.",
            hint="Set ARCHIVE_URL to an address that begins with https://, such as https://web.archive.org/save.",
            id="factcheck.E030",
        )
    try:
        checked_url(url or "https://archive.example/")
    except UrlRefused as refusal:
        yield Error(
            f"ARCHIVE_URL cannot be asked: {refusal}",
            hint="Name an archive on the public internet, on port 80 or 443, or leave ARCHIVE_URL out.",
            id="factcheck.E031",
        )
