"""What the environment may say, typed; an unknown value stops the start with a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from factcheck.lib.addresses import endpoint as endpoint_of
from factcheck.lib.rate import Rate
from factcheck.lib.stand_ins import stand_ins as checked_stand_ins

# What the settings asked for, so that a name that only resembles one of them can be told.
ASKED: set[str] = set()


class _Env(environ.Env):  # type: ignore[misc]  # environ is untyped
    """An environment that remembers what it was asked for."""

    def get_value(self, var: str, *more: Any, **named: Any) -> Any:
        ASKED.add(var)
        return super().get_value(var, *more, **named)


env = _Env()


def required(name: str, *, why: str) -> str:
    """Return the variable's text; refuse to start without it."""
    text: str = env.str(name, default="")
    if not text:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return text


def flag(name: str, *, default: bool) -> bool:
    """Return a switch; only 1/0, true/false, yes/no, on/off are understood."""
    text = env.str(name, default="").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    if text == "":
        return default
    raise ImproperlyConfigured(f"{name}={text!r} is neither 1 nor 0.")


def number(name: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number within its bounds."""
    text = env.str(name, default="").strip()
    try:
        value = int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number.") from None
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}={value} is out of bounds: {least} to {most}.")
    return value


def share(name: str, *, never: float) -> float | None:
    """Return a part of one, such as 0.95, or the number above one that no part reaches; None where nothing is said."""
    text: str = env.str(name, default="").strip().lower()
    if text in {"never", "none"}:
        return never
    try:
        value = float(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r} is neither a number nor never.") from None
    if value is not None and not 0 <= value <= never:
        raise ImproperlyConfigured(f"{name}={value} is out of bounds: 0 to 1, or never.")
    return value


def rate(name: str, *, default: str) -> Rate | None:
    """Return so many requests in so many seconds ("600/60"); None for 0, off or none."""
    try:
        return Rate.read(env.str(name, default="").strip() or default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def issuer(name: str, *, may_be_http: bool) -> str:
    """Return the address of an OpenID provider without its last slash; https, but for rehearsals."""
    text: str = env.str(name, default="").strip().rstrip("/")
    parts = urlsplit(text)
    if text and not (parts.hostname and parts.scheme in ({"https", "http"} if may_be_http else {"https"})):
        raise ImproperlyConfigured(f"{name}={text!r} must be an address that begins with https://.")
    return text


def endpoint(name: str) -> str:
    """Return the address of a server of the operator's own without its last slash; empty: none."""
    text: str = env.str(name, default="").strip().rstrip("/")
    try:
        return str(endpoint_of(text)).rstrip("/") if text else ""
    except ValueError as error:  # the address itself is not repeated: it may hold a password
        raise ImproperlyConfigured(f"{name} is wrong: {error}.") from None


def secret(name: str) -> str:
    """Return a key that may stand in an HTTP header; what is wrong with it is told without it."""
    text: str = env.str(name, default="").strip()
    if text and not (text.isascii() and text.isprintable() and " " not in text):
        raise ImproperlyConfigured(f"{name} cannot be sent as an HTTP header: it must be printable ASCII, no spaces.")
    return text


def some_of(name: str, *, default: str, of: tuple[str, ...]) -> list[str]:
    """Return a comma-separated list of a few words, each once; at least one."""
    chosen = list(dict.fromkeys(word.lower() for word in words(name, default=default)))
    unknown = [word for word in chosen if word not in of]
    if unknown or not chosen:
        raise ImproperlyConfigured(
            f"{name} must name some of {', '.join(of)}; {', '.join(unknown) or 'it names none'}."
        )
    return chosen


def folder(name: str) -> Path | None:
    """Return a folder that is there; None where none is named."""
    text: str = env.str(name, default="").strip()
    if text and not Path(text).is_dir():
        raise ImproperlyConfigured(f"{name}={text!r} is no folder that this process can see.")
    return Path(text) if text else None


def words(name: str, *, default: str = "") -> list[str]:
    """Return a comma-separated list without its empty places."""
    return [word.strip() for word in env.str(name, default=default).split(",") if word.strip()]


def one_of(name: str, *, default: str, of: tuple[str, ...]) -> str:
    """Return one of a few words, whatever its case in the environment."""
    text: str = env.str(name, default="").strip() or default
    for word in of:
        if text.lower() == word.lower():
            return word
    raise ImproperlyConfigured(f"{name}={text!r} is none of {', '.join(of)}.")


def zone(name: str, *, default: str) -> str:
    """Return the name of a time zone that this machine knows."""
    text: str = env.str(name, default="").strip() or default
    if text not in available_timezones():
        raise ImproperlyConfigured(f"{name}={text!r} is no time zone: write one as Europe/Vienna, or UTC.")
    return text


def header(name: str, *, default: str) -> str:
    """Return a text that may stand in an HTTP header: printable ASCII."""
    text: str = env.str(name, default=default)
    if not text.isascii() or not text.isprintable() or not text.strip():
        raise ImproperlyConfigured(f"{name}={text!r} cannot be sent as an HTTP header: use printable ASCII.")
    return text


def stand_ins(name: str) -> str:
    """Return names under .test that stand for loopback servers, as factcheck.lib.stand_ins reads them."""
    text: str = env.str(name, default="")
    try:
        checked_stand_ins(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is wrong: {error}.") from error
    return text


def place(name: str) -> str:
    """Return where raw pages are kept, as factcheck.storage reads it; empty: in the database."""
    text = env.str(name, default="").strip()
    try:
        return place_of(text) if text else ""
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is wrong: {error}.") from error


def place_of(address: str) -> str:
    """Return an address of an S3-compatible store in its one spelling; raises ValueError with what is wrong."""
    parts = urlsplit(address)
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("write s3://bucket/prefix?endpoint=https://…&region=…")
    if not parts.path.strip("/"):
        raise ValueError(f"name a place of the desk's own in the bucket, such as s3://{parts.netloc}/desk")
    if unknown := options.keys() - {"endpoint", "region"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is not known; endpoint and region are")
    endpoint = urlsplit(options.get("endpoint", ["https://store"])[0])
    if endpoint.scheme not in {"http", "https"} or not endpoint.netloc:
        raise ValueError("its endpoint is no http or https address")
    query = urlencode({name: given[0] for name, given in options.items()}, safe=":/")
    return f"s3://{parts.netloc}/{parts.path.strip('/')}" + (f"?{query}" if query else "")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a postgresql:// URL; sockets by ?host=/folder."""
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://. Other databases are not supported.")
    parsed: dict[str, Any] = env.db_url_config(url)
    host = parsed.get("OPTIONS", {}).pop("host", None)
    if host:
        parsed["HOST"] = host
    return parsed


def broker(url: str) -> str:
    """Return Celery's form of a Redis URL: it spells UNIX sockets in its own way."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        number_of_database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={number_of_database}"
    if parts.scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
    return url
