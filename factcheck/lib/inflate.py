"""Undo one content coding under a cap on what comes out."""

import zlib

CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
MAX_MEMBERS = 64
_MAGIC_BYTES = 2
_DEFLATE = 8


class BadCoding(Exception):
    """The bytes are not what their Content-Encoding says, or that coding is not undone here."""


class TooLarge(Exception):
    """More comes out than the cap allows."""


class Inflater:
    """Takes a body in chunks; `body` holds what came out so far, never more than `cap` bytes.

    The coding is 'gzip', 'deflate' (with or without its zlib wrapper: servers send both) or '' for none.
    """

    def __init__(self, coding: str, cap: int) -> None:
        if coding and coding not in CODINGS:
            raise BadCoding(f"the server used the coding '{coding[:40]}', which was not asked for")
        self._coding = coding
        self._cap = cap
        self._members = 0
        self._held = b""
        self._engine: zlib._Decompress | None = None
        self.body = bytearray()

    @property
    def is_complete(self) -> bool:
        """Whether the coding itself says that it ended; nothing at all is complete too."""
        if self._engine is None:
            return not self._held
        return self._engine.eof

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the wire."""
        if not self._coding:
            self._keep(data)
            return
        if self._engine is None:
            self._held += data
            if len(self._held) < _MAGIC_BYTES:
                return
            data, self._held = self._held, b""
            self._engine = zlib.decompressobj(self._window(data))
        self._inflate(data)

    def _window(self, data: bytes) -> int:
        if self._coding != "deflate":
            return 16 + zlib.MAX_WBITS
        is_wrapped = data[0] & 0x0F == _DEFLATE and int.from_bytes(data[:2], "big") % 31 == 0
        return zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS

    def _inflate(self, data: bytes) -> None:
        while data:
            if self._engine is None or self._engine.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return  # padding after the last member, which everyone ignores
                self._engine = zlib.decompressobj(16 + zlib.MAX_WBITS)
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise BadCoding(f"the body has more than {MAX_MEMBERS} gzip members")
            try:
                self._keep(self._engine.decompress(data, self._cap - len(self.body) + 1))
            except zlib.error as error:
                raise BadCoding(f"the {self._coding} body is broken: {error}") from None
            data = self._engine.unused_data

    def _keep(self, data: bytes) -> None:
        if len(self.body) + len(data) > self._cap:
            raise TooLarge(f"the body is larger than {self._cap} bytes")
        self.body += data
