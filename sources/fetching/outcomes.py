"""What an answer comes to before anything is read: a table."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from factcheck.lib.http import Failed, Failure, Response
from sources.fetching.types import Outcome

READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf", ""})
PDF_TYPE = "application/pdf"
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
    | {"application/feed+json", "application/json", "text/html", "text/plain", ""}
)
"""What feeds are served as; one that is a page all the same is told when it is read."""

PDF = b"%PDF-"
# What a body begins with that is no text, whatever its media type says.
BINARY = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"ID3"),
    *(b"\x00\x00\x01\x00", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"wOF", b"II*\x00", b"MM\x00*"),
)
_FTYP = slice(4, 8)  # MP4 and its kin

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


def outcome_of(answer: Response | Failed, readable: AbstractSet[str] = READABLE) -> Outcome | None:
    """Return what the answer comes to, or None when its body is to be read, being of a type that is readable.

    A body that is empty or stopped before its end is never read: it would look like an edit.
    """
    if isinstance(answer, Failed):
        return BY_FAILURE[answer.failure]
    if answer.status not in _OK:
        return BY_STATUS.get(answer.status, Outcome.UNREACHABLE)
    if answer.truncated or not answer.body.strip():
        return Outcome.UNREACHABLE
    return None if answer.media_type in readable and not _is_binary(answer) else Outcome.UNSUPPORTED


def _is_binary(answer: Response) -> bool:
    """Tell whether it is no text; a PDF file is read, but as one only."""
    is_pdf = answer.body.startswith(PDF)
    return is_pdf != (answer.media_type == PDF_TYPE) or answer.body.startswith(BINARY) or answer.body[_FTYP] == b"ftyp"


def why(answer: Response | Failed, readable: AbstractSet[str] = READABLE) -> str:
    """Say in a few words why there is nothing to read, for the check's record; '' when there is."""
    if outcome_of(answer, readable) is None:
        return ""
    if isinstance(answer, Failed):
        return f"{answer.failure.value}: {answer.detail}"
    if answer.status not in _OK:
        return f"status {answer.status}"
    if answer.truncated:
        return "truncated: the body stopped before its end"
    if not answer.body.strip():
        return "empty body"
    return "not text" if answer.media_type in readable else f"media type {answer.media_type}"
