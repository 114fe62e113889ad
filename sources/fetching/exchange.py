"""What was said around a body: the request and the answer of one fetch, as they went over the wire."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from factcheck.lib.answers import Fields, Response

# They open somebody's session, and say nothing about the page.
SECRET = frozenset({"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization"})
# They speak of the bytes on the wire; the body is kept as it reads.
OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True)
class Exchange:
    """The request for `url` and its answer, without cookies; fields in their order and letters."""

    url: str
    status: int
    reason: str
    http_version: str
    request: Fields
    answer: Fields

    @classmethod
    def of(cls, response: Response) -> "Exchange":
        """Take what is kept of a response."""
        return cls(
            url=response.url,
            status=response.status,
            reason=response.reason,
            http_version=response.http_version,
            request=_open(response.sent),
            answer=_open(response.head),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` takes and `from_json` takes back."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Exchange":
        """Build the exchange from what `as_json` gave."""
        pairs = {name: tuple((key, value) for key, value in fields[name]) for name in ("request", "answer")}
        return cls(**{**fields, **pairs})

    def as_kept(self, size: int) -> Fields:
        """Return the answer's fields as they fit a body of that many bytes, inflated and in one piece.

        What the wire said of its own bytes stays readable under X-Archive-Orig- names.
        """
        names = [f"X-Archive-Orig-{name}" if name.lower() in OF_THE_WIRE else name for name, _ in self.answer]
        values = [value for _, value in self.answer]
        return (*zip(names, values, strict=True), ("Content-Length", str(size)))


def _open(fields: Fields) -> Fields:
    return tuple((name, value) for name, value in fields if name.lower() not in SECRET)
