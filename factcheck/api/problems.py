"""Every error of the REST door as one shape: `application/problem+json` (RFC 9457) with a stable code."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES_AT = "/api/v1/problems"
UNDER = "/api/"
RETRY_AFTER_S = 5
QUOTA_TYPE = "https://iana.org/assignments/http-problem-types#quota-exceeded"
MOST_ERRORS, LONGEST_NAME = 100, 100
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code always goes with."""

    status: int
    title: Any  # text that is translated when shown
    is_quota: bool = False  # of the type that IANA keeps for what is used up


# code: status, title. A code is stable; the detail beside it is written for the person who reads it.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        code: Kind(int(status), title, is_quota=status == HTTPStatus.TOO_MANY_REQUESTS)
        for status, titles in {
            HTTPStatus.BAD_REQUEST: {
                "bad_request": gettext_lazy("The request is not valid"),
                "invalid": gettext_lazy("Fields are not valid"),
                "query_invalid": gettext_lazy("Query parameters are not valid"),
                "cursor_invalid": gettext_lazy("The cursor is not valid"),
                "malformed_json": gettext_lazy("The body is not JSON"),
                "not_utf8": gettext_lazy("The body is not UTF-8"),
                "empty_body": gettext_lazy("The body is empty"),
                "not_an_object": gettext_lazy("The body is not a JSON object"),
                "duplicate_key": gettext_lazy("A key stands twice"),
                "too_deep": gettext_lazy("The body is nested too deeply"),
                "too_many_values": gettext_lazy("The body holds too many values"),
                "number_out_of_range": gettext_lazy("A number is out of range"),
                "character_not_allowed": gettext_lazy("A character is not allowed"),
                "url_invalid": gettext_lazy("The URL is not valid"),
                "url_too_long": gettext_lazy("The URL is too long"),
                "url_credentials": gettext_lazy("The URL holds credentials"),
                "scheme_not_allowed": gettext_lazy("The URL's scheme is not allowed"),
                "port_not_allowed": gettext_lazy("The URL's port is not allowed"),
                "empty": gettext_lazy("The article is empty"),
                "not_text": gettext_lazy("The article is not text"),
                "not_html": gettext_lazy("The article is not HTML"),
                "unreadable": gettext_lazy("The article cannot be read"),
                "no_text": gettext_lazy("No text was found in the article"),
                "claim_text": gettext_lazy("The claim's text does not fit"),
                "quote_too_long": gettext_lazy("The quote is too long"),
                "idempotency_key_invalid": gettext_lazy("The idempotency key is not valid"),
            },
            HTTPStatus.UNAUTHORIZED: {
                "not_authenticated": gettext_lazy("A token is needed"),
                "token_invalid": gettext_lazy("The token is not valid"),
            },
            HTTPStatus.FORBIDDEN: {"not_allowed": gettext_lazy("Not allowed")},
            HTTPStatus.NOT_FOUND: {"not_found": gettext_lazy("There is nothing here")},
            HTTPStatus.METHOD_NOT_ALLOWED: {"method_not_allowed": gettext_lazy("The method is not allowed here")},
            HTTPStatus.NOT_ACCEPTABLE: {"not_acceptable": gettext_lazy("The answer has no such form")},
            HTTPStatus.CONFLICT: {
                "status_moved": gettext_lazy("Somebody moved the claim meanwhile"),
                "reworded": gettext_lazy("The claim was worded anew meanwhile"),
                "evidence_moved": gettext_lazy("What the verdict rests on changed meanwhile"),
                "second_person_needed": gettext_lazy("The verdict takes two people"),
                "already_proposed": gettext_lazy("A verdict is proposed already"),
                "illegal_transition": gettext_lazy("The table of moves has no such move"),
                "already_decided": gettext_lazy("Somebody decided meanwhile"),
                "not_read_yet": gettext_lazy("The page was not read yet"),
                "not_watched": gettext_lazy("The document is not looked at"),
                "no_address": gettext_lazy("The document has no address"),
                "older": gettext_lazy("A newer version is kept"),
                "idempotency_key_in_use": gettext_lazy("The same request is still being answered"),
            },
            HTTPStatus.PRECONDITION_FAILED: {"precondition_failed": gettext_lazy("It is not what you read any more")},
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {"too_large": gettext_lazy("Too large")},
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE: {
                "unsupported_media_type": gettext_lazy("The body's media type is not supported")
            },
            HTTPStatus.UNPROCESSABLE_ENTITY: {
                "not_in_list": gettext_lazy("A word is not in its list"),
                "address_not_allowed": gettext_lazy("The address may not be fetched"),
                "reason_missing": gettext_lazy("The move asks for a reason"),
                "evidence_missing": gettext_lazy("The verdict asks for evidence"),
                "quote_not_found": gettext_lazy("The quote does not stand in the text"),
                "name_ambiguous": gettext_lazy("Several sources go by the name"),
                "article_unknown": gettext_lazy("There is no such article"),
                "document_unknown": gettext_lazy("There is no such document"),
                "erased": gettext_lazy("It was erased"),
                "in_future": gettext_lazy("The moment is still to come"),
                "both": gettext_lazy("One of the two is too much"),
                "not_readable": gettext_lazy("The file is none that can be read"),
                "incomplete": gettext_lazy("Only a part of it could be read"),
                "gated": gettext_lazy("The file shows a wall in place of the page"),
                "text_missing": gettext_lazy("The text is missing"),
                "idempotency_key_reused": gettext_lazy("The idempotency key stood for another request"),
            },
            HTTPStatus.PRECONDITION_REQUIRED: {
                "precondition_required": gettext_lazy("Say what you saw when you decided")
            },
            HTTPStatus.TOO_MANY_REQUESTS: {
                "rate_limited": gettext_lazy("Too many requests"),
                "quota_exceeded": gettext_lazy("The quota is used up"),
            },
            HTTPStatus.INTERNAL_SERVER_ERROR: {"internal": gettext_lazy("Something broke")},
            HTTPStatus.SERVICE_UNAVAILABLE: {"unavailable": gettext_lazy("Not available for the moment")},
        }.items()
        for code, title in titles.items()
    }
)

# What Django and DRF raise themselves, most special first; `str(exc)` where the detail is None.
_OF_FRAMEWORK: tuple[tuple[type[Exception], str, Any], ...] = (
    (exceptions.NotAuthenticated, "not_authenticated", gettext_lazy("Send 'Authorization: Bearer fct_…'.")),
    (exceptions.AuthenticationFailed, "token_invalid", None),
    (exceptions.PermissionDenied, "not_allowed", None),
    (PermissionDenied, "not_allowed", gettext_lazy("You may not do this.")),
    (exceptions.NotFound, "not_found", gettext_lazy("There is nothing at this address.")),
    (Http404, "not_found", gettext_lazy("There is nothing at this address.")),
    (exceptions.MethodNotAllowed, "method_not_allowed", None),
    (exceptions.NotAcceptable, "not_acceptable", gettext_lazy("The answer is JSON: accept application/json.")),
    (
        exceptions.UnsupportedMediaType,
        "unsupported_media_type",
        gettext_lazy("Send JSON in UTF-8 as 'Content-Type: application/json'."),
    ),
    (RequestDataTooBig, "too_large", gettext_lazy("The body is larger than anything that is taken here.")),
    (UnreadablePostError, "bad_request", gettext_lazy("The body did not arrive whole.")),
    (exceptions.ParseError, "bad_request", None),
    (SuspiciousOperation, "bad_request", gettext_lazy("The request is not valid.")),
    (OperationalError, "unavailable", gettext_lazy("The database did not answer. Try again in some seconds.")),
)


class Problem(exceptions.APIException):
    """An error with one of the codes above, the sentence for the person who reads it, and where in the input it is.

    `after_s` goes out as Retry-After; `policies` names the limits that were hit.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        after_s: int | None = None,
        policies: tuple[str, ...] = (),
    ) -> None:
        super().__init__(detail, code)
        self.code, self.errors, self.after_s, self.policies = code, errors or [], after_s, policies
        self.status_code = KINDS[code].status


class QueryInvalid(exceptions.ValidationError):
    """Query parameters that are not valid; a body's are a plain ValidationError."""


def request_id(request: HttpRequest) -> str:
    """Return the caller's X-Request-ID where it is a plain word, else one of ours; the same for the whole request."""
    known: str | None = getattr(request, "factcheck_request_id", None)
    if known is None:
        sent = request.headers.get("X-Request-ID", "")
        known = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        request.factcheck_request_id = known  # type: ignore[attr-defined]
    return known


def problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Turn whatever a view raised into an answer: DRF's exception handler. What nobody expected is only logged."""
    request: HttpRequest = context["request"]._request  # noqa: SLF001  DRF's own name for Django's request
    problem = _problem_of(exc, getattr(context["view"], "refusals", ()))
    if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s broke, request %s", request.method, request.path, request_id(request), exc_info=exc)
    response = written(request, problem)
    if challenge := getattr(exc, "auth_header", ""):
        response["WWW-Authenticate"] = challenge
    return response


def type_of(code: str) -> str:
    """Return the URI that stands for a code."""
    return QUOTA_TYPE if KINDS[code].is_quota else f"{TYPES_AT}#{code}"


def answer(request: HttpRequest, code: str, detail: str) -> HttpResponse:
    """Write a problem that needs no more than its sentence."""
    return written(request, Problem(code, detail))


def written(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Write one problem."""
    code, kind = problem.code, KINDS[problem.code]
    told: dict[str, Any] = {
        "type": type_of(code),
        "title": str(kind.title),
        "status": kind.status,
        "code": code,
        "detail": str(problem.detail),
        "instance": request.path,
        "request_id": request_id(request),
    }
    if problem.errors:
        told["errors"] = problem.errors
    if problem.policies:
        told["violated-policies"] = list(problem.policies)
    response = HttpResponse(json.dumps(told), status=kind.status, content_type=MEDIA_TYPE)
    response["X-Request-ID"] = request_id(request)
    response["Cache-Control"] = "no-store"
    after_s = RETRY_AFTER_S if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else problem.after_s
    if after_s is not None:
        response["Retry-After"] = str(after_s)
    return response


def _problem_of(exc: Exception, refusals: tuple[type[Exception], ...]) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, refusals):
        return Problem(exc.code, str(exc))  # type: ignore[attr-defined]  # a refusal has its code
    if isinstance(exc, exceptions.ValidationError):
        return _of_fields(exc)
    for kind, code, detail in _OF_FRAMEWORK:
        if isinstance(exc, kind):
            return Problem(code, str(exc) if detail is None else str(detail))
    return Problem("internal", _("It was written down. Name the request id when you report it."))


def _of_fields(exc: exceptions.ValidationError) -> Problem:
    """Return where each error stands: a JSON pointer into the body, or the name of a query parameter."""
    is_query = isinstance(exc, QueryInvalid)
    found = list(_flat(exc.detail))[:MOST_ERRORS]
    where = "parameter" if is_query else "pointer"
    errors = [
        {where: _place(path, is_query=is_query), "code": str(said.code), "detail": str(said)} for path, said in found
    ]
    first = f"{errors[0][where]}: {errors[0]['detail']}"
    if is_query:
        return Problem("query_invalid", first, errors=errors)
    unlisted = all(said.code == "invalid_choice" for _path, said in found)
    return Problem("not_in_list" if unlisted else "invalid", first, errors=errors)


def _flat(detail: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], exceptions.ErrorDetail]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, path)
    else:
        yield path, detail


def _place(path: tuple[str, ...], *, is_query: bool) -> str:
    names = [name[:LONGEST_NAME] for name in path]
    if is_query:
        return names[0] if names else ""
    return "#" + "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


# -- Django's own errors, outside any view of ours ---------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer Django's 400: a wrong Host, a request that smells."""
    if not _is_ours(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return answer(request, "too_large", _("The body is larger than anything that is taken here."))
    return answer(request, "bad_request", _("The request is not valid; is the Host header right?"))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer Django's 403."""
    if not _is_ours(request):
        return defaults.permission_denied(request, exception)
    return answer(request, "not_allowed", _("You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Answer Django's 404."""
    if not _is_ours(request):
        return defaults.page_not_found(request, exception)
    return answer(request, "not_found", _("There is nothing at this address."))


def broken(request: HttpRequest) -> HttpResponseBase:
    """Answer Django's 500; Django has logged it."""
    if not _is_ours(request):
        return defaults.server_error(request)
    return answer(request, "internal", _("It was written down. Name the request id when you report it."))


def _is_ours(request: HttpRequest) -> bool:
    return request.path_info.startswith(UNDER)
