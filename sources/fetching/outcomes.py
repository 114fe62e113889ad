"""What an answer comes to before anything is read: a table."""

from collections.abc import Mapping
from types import MappingProxyType

from factcheck.lib.http import Failed, Failure, Response
from sources.fetching.types import Outcome

READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})

BY_FAILURE: Mapping[Failure, Outcome] = MappingProxyType(
    dict.fromkeys(Failure, Outcome.UNREACHABLE)
    | {Failure.ADDRESS_NOT_ALLOWED: Outcome.BLOCKED, Failure.URL_REFUSED: Outcome.BLOCKED}
)
BY_STATUS: Mapping[int, Outcome] = MappingProxyType(
    {
        304: Outcome.UNCHANGED,
        401: Outcome.GATED,
        402: Outcome.GATED,
        403: Outcome.GATED,
        404: Outcome.GONE,
        406: Outcome.UNSUPPORTED,
        407: Outcome.GATED,
        410: Outcome.GONE,
        415: Outcome.UNSUPPORTED,
        429: Outcome.THROTTLED,
        451: Outcome.GATED,
    }
)
_OK = frozenset({200, 203})


def outcome_of(answer: Response | Failed) -> Outcome | None:
    """Return what the answer comes to, or None when its body is to be read.

    A body that is empty or stopped before its end is never read: it would look like an edit.
    """
    if isinstance(answer, Failed):
        return BY_FAILURE[answer.failure]
    if answer.status not in _OK:
        return BY_STATUS.get(answer.status, Outcome.UNREACHABLE)
    if answer.truncated or not answer.body.strip():
        return Outcome.UNREACHABLE
    return None if answer.media_type in READABLE else Outcome.UNSUPPORTED


def why(answer: Response | Failed) -> str:
    """Say in a few words why there is nothing to read, for the check's record; '' when there is."""
    if outcome_of(answer) is None:
        return ""
    if isinstance(answer, Failed):
        return f"{answer.failure.value}: {answer.detail}"
    if answer.status not in _OK:
        return f"status {answer.status}"
    if answer.truncated:
        return "truncated: the body stopped before its end"
    return f"media type {answer.media_type}" if answer.body.strip() else "empty body"
