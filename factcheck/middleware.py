"""Around each request: its id in every line that is logged meanwhile and in the answer, and what it cost."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram

from factcheck.api.problems import request_id
from factcheck.lib import logs

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# A registry of its own: in gunicorn each process writes files, and whoever is scraped adds them up.
REGISTRY = CollectorRegistry()
REQUESTS = Counter("factcheck_http_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "factcheck_http_request_seconds", "Time to the answer.", ["method", "route"], registry=REGISTRY, buckets=BUCKETS
)


class Watched:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write down what it cost; labels are words of the URL table, never of the request."""
        since = time.perf_counter()
        logs.clear()
        logs.bind(request_id=request_id(request))  # until the next request: Django and gunicorn log after us
        response = self.get_response(request)
        response["X-Request-ID"] = request_id(request)
        method = request.method if request.method in METHODS else "other"
        route = request.resolver_match.route if request.resolver_match else "none"
        REQUESTS.labels(method, route, response.status_code).inc()
        SECONDS.labels(method, route).observe(time.perf_counter() - since)
        return response
