"""Is this process alive, and is the desk's work being done? The measure is the age of the oldest due row."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from factcheck import ledger
from factcheck.lib import clock

LATE = timedelta(minutes=2)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that this web process answers; asks nobody else."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and due work is done in time: 503 where it is not, with what to look at."""
    try:
        oldest = ledger.oldest_due_at()
    except DatabaseError:
        said = {"ready": False, "why": "The database does not answer. Look at DATABASE_URL and at the server."}
        return JsonResponse(said, status=HTTPStatus.SERVICE_UNAVAILABLE)
    late = clock.now() - oldest if oldest else timedelta(0)
    if late > LATE:
        why = "Due work is not being done. Look whether worker and beat run, or run `manage.py dispatch`."
        told = {"ready": False, "why": why, "oldest_due_s": round(late.total_seconds())}
        return JsonResponse(told, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"ready": True, "oldest_due_s": max(0, round(late.total_seconds()))})
