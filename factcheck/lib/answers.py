"""What a fetch is asked and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost, redirects included; `max_bytes` bounds the wire and the inflated body."""

    total_s: float = 20.0
    max_bytes: int = 5 * 1024 * 1024
    max_redirects: int = 5
    max_header_bytes: int = 65536


@dataclass(frozen=True)
class Validators:
    """What the server gave last time, to be sent back verbatim."""

    etag: str = ""
    last_modified: str = ""


class Failure(StrEnum):
    """Why there is no response."""

    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    URL_REFUSED = "url_refused"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    DEADLINE = "deadline"
    TOO_LARGE = "too_large"
    HEADERS = "headers"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    CODING = "coding"
    PROTOCOL = "protocol"
    TRUNCATED = "truncated"


@dataclass(frozen=True)
class Response:
    """What came back from `url`, the last hop.

    `body` is inflated; `truncated` says that it stopped before its end. `took` is in seconds; `redirects`
    are the URLs asked before the last, in order; `headers` have lower-case names, repeated ones joined by
    ', '; `media_type` and `charset` are lower-case, and '' where the server was silent. `head` and `sent` are the
    fields of the last answer and of its request as they went over the wire, in their order and letters.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    media_type: str
    charset: str
    redirects: tuple[str, ...]
    took: float
    truncated: bool
    head: Fields = ()
    sent: Fields = ()
    reason: str = ""
    http_version: str = "1.1"


@dataclass(frozen=True)
class Failed:
    """No response: why, in a code and in words, and the URL of the hop it happened at."""

    failure: Failure
    detail: str
    took: float
    url: str


class Stop(Exception):
    """The fetch ends here, as a value."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail
