"""A small OpenID provider on loopback: real HTTP, real RS256, and every way to get it wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "factcheck", "the provider's secret for us"


class Provider:
    """Knows one person at a time; `wrong` names what it gets wrong."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.wrong = ""
        self.challenges: dict[str, str] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._door())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"

    def authorize(self, url: str) -> str:
        """Do what the person's browser and the provider's login page do; return where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        self.challenges["a code"] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?{urlencode({'code': 'a code', 'state': asked['state']})}"

    def id_token(self) -> str:
        """Say who the person is."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "sub": "1", **self.person}
        spoilt: dict[str, dict[str, Any]] = {
            "audience": {"aud": "another client"},
            "issuer": {"iss": "https://another.example"},
            "expired": {"exp": now - 3600},
        }
        claims |= spoilt.get(self.wrong, {})
        if self.wrong == "signature":
            return jwt.encode(
                claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256", {"kid": "1"}
            )
        if self.wrong == "unsigned":
            return jwt.encode(claims, "", "none", {"kid": "1"})
        if self.wrong == "symmetric":
            return jwt.encode(claims, "x" * 32, "HS256", {"kid": "1"})
        return jwt.encode(claims, self.key, "RS256", {"kid": "2" if self.wrong == "key" else "1"})

    def answer(self, method: str, path: str, form: dict[str, str]) -> tuple[int, Any]:
        """Answer one request."""
        self.asked.append(f"{method} {path}")
        if self.wrong == "away":
            return 503, {}
        if path == "/.well-known/openid-configuration":
            named = self.issuer if self.wrong != "name" else "https://another.example"
            return 200, {
                "issuer": named,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(verifier).decode().rstrip("=") == self.challenges.pop(form["code"], "")
        if form["client_secret"] != CLIENT_SECRET or not proven:
            return 400, {"error": "invalid_grant"}
        token = {} if self.wrong == "no token" else {"id_token": self.id_token()}
        return 200, {"access_token": "for nothing", "token_type": "Bearer", **token}

    def _door(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer("GET", {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer("POST", {name: values[0] for name, values in parse_qs(body).items()})

            def _answer(self, method: str, form: dict[str, str]) -> None:
                status, said = provider.answer(method, self.path, form)
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        return Door


@contextmanager
def running() -> Iterator[Provider]:
    """Give a provider that listens."""
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
