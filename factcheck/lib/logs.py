"""One event, one line: JSON for machines, readable lines on a terminal. No text forges a line, no secret stands in one.

Whatever logs through the standard library comes out here: our own modules, Django, Celery, gunicorn. What is bound by
`bound` (the request, the work in hand) stands in each line that is written meanwhile.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars

Event = MutableMapping[str, Any]

FORMS = ("json", "lines")
MASK = "***"
LONGEST = 20_000  # characters of one value: a page in a message must not fill the disk

bound, bind, clear = bound_contextvars, bind_contextvars, clear_contextvars

# Bounded, and from any letter on: text of 20,000 dotted letters is read once, not once for each of them.
SCHEME = r"[a-z][a-z0-9+.-]{0,20}"
_SECRETS = (
    (re.compile(r"\bfct_[A-Za-z0-9_-]+"), f"fct_{MASK}"),
    (re.compile(rf"({SCHEME}://[^\s:/@]*):[^\s/@]+@", re.IGNORECASE), rf"\1:{MASK}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (
        re.compile(
            r"((?:password|passwd|secret(?:_key)?|token|signature|api_?key)\"?'?\s*[=:]\s*\"?'?)[^\s\"'&,;]+", re.I
        ),
        rf"\1{MASK}",
    ),
)
_SECRET_NAMES = re.compile(r"authorization|password|secret|cookie|(^|_)token$", re.IGNORECASE)
# All that a terminal or a reader of lines may take for a command or the end of a line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def usual_form() -> str:
    """Return "lines" where a person looks on, else "json"."""
    return "lines" if sys.stderr.isatty() else "json"


def configuration(*, level: str, form: str) -> dict[str, Any]:
    """Return what logging.config.dictConfig takes; gunicorn's and Celery's loggers write through it as well."""
    one = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": {"()": "factcheck.lib.logs.formatter", "form": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # A line for every tick would drown the others.
            "celery": {"level": "WARNING"},
            # At DEBUG, templates log the contexts of whole pages: seeds, recovery codes and all.
            "django.template": {"level": "INFO"},
            "django.server": one | {"level": "INFO"},
            "gunicorn.error": one | {"level": "INFO"},
            "gunicorn.access": one | {"level": "INFO"},
        },
    }


def formatter(form: str) -> structlog.stdlib.ProcessorFormatter:
    """Make the formatter of every line."""
    return structlog.stdlib.ProcessorFormatter(
        pass_foreign_args=True,
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _access,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _masked,
            _json if form == "json" else _line,
        ],
    )


def mask(text: str) -> str:
    """Return the text with whatever looks like a secret struck out."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def plain(text: str) -> str:
    """Return the text with every control character and line break written out."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _access(_logger: Any, _name: str, event: Event) -> Event:
    """Spell out one request of gunicorn's access log; its query string is left out."""
    asked = event.pop("positional_args", ())
    if event["logger"] != "gunicorn.access" or not isinstance(asked, Mapping):
        return event
    event["event"] = f"{asked['m']} {asked['U']} {asked['s']}"
    event.update({"method": asked["m"], "path": asked["U"], "status": asked["s"], "ms": asked["M"], "from": asked["h"]})
    event["request_id"] = asked["{x-request-id}o"]
    return event


def _masked(_logger: Any, _name: str, event: Event) -> Event:
    return {key: MASK if _SECRET_NAMES.search(key) else _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask(str(value)[:LONGEST])


def _json(_logger: Any, _name: str, event: Event) -> str:
    first = {key: event.pop(key, "") for key in ("timestamp", "level", "logger", "event")}
    return json.dumps(first | dict(sorted(event.items())))  # ASCII only: no separator of lines gets through


def _line(_logger: Any, _name: str, event: Event) -> str:
    """Write what a person reads; a traceback is indented below, so that none of its lines can pass for an event."""
    time, level, logger, said = (plain(str(event.pop(key, ""))) for key in ("timestamp", "level", "logger", "event"))
    traceback = event.pop("exception", "")
    more = "".join(f" {key}={plain(str(value))}" for key, value in sorted(event.items()))
    below = "".join(f"\n    | {plain(row)}" for row in str(traceback).split("\n")) if traceback else ""
    return f"{time[:23]} {level.upper():8}{logger} {said}{more}{below}"
