"""What every view of the REST door has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponseBase
from django.urls import URLPattern
from django.urls.resolvers import RoutePattern
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from factcheck.api import conditional, limited
from factcheck.api.fields import Body, Page, Query
from factcheck.api.pagination import NewestFirst
from factcheck.api.problems import Problem, request_id
from factcheck.lib import clock


class Negotiation(DefaultContentNegotiation):
    """By the Accept header alone: `?format=` is no parameter here."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)  # type: ignore[assignment]  # all that is read of it


class Nothing(Body):
    """A body without any field."""


class Door(GenericAPIView[Any]):
    """A view that names, for each method, who may (`actions`) and which errors of services are answers (`refusals`)."""

    http_method_names = ["get", "head", "post"]
    metadata_class = None
    content_negotiation_class = Negotiation
    filter_backends = ()
    pagination_class: Any = None
    queryset = None
    # method: any one of these actions
    actions: Mapping[str, tuple[Any, ...]] = {}
    # exceptions with a `code` of problems.KINDS
    refusals: tuple[type[Exception], ...] = ()
    # method: statuses of problems beyond those that every operation has, for the schema
    problems: Mapping[str, tuple[int, ...]] = {}
    query: type[Query] = Query
    tag = ""
    is_list = False
    asked: dict[str, Any]
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in, read the clock once, and read the query strictly."""
        super().initial(request, *args, **kwargs)
        self.now = clock.now()
        wanted = self.query if request.method in {"GET", "HEAD"} else Query
        self.asked = wanted.read(request._request.GET)  # noqa: SLF001  DRF's own name for Django's request

    def body(self, shape: type[Body], *, may_be_empty: bool = False) -> dict[str, Any]:
        """Return the body's fields by name, as `shape` bounds them."""
        if self.request.stream is None and not may_be_empty:
            raise Problem("empty_body", _("Send a JSON object, with its Content-Length."))
        reading = shape(data=self.request.data)
        reading.is_valid(raise_exception=True)
        return dict(reading.validated_data)

    def get_serializer_context(self) -> dict[str, Any]:
        """Give the serializers the time of the request and whose token it is."""
        return {"now": self.now, "token": self.request.auth, "request": self.request}

    def written(self, row: Any, shape: type[Any], *, status: int = 200, **headers: str) -> Response:
        """Answer with one row."""
        return Response(shape(row, context=self.get_serializer_context()).data, status=status, headers=headers)

    def finalize_response(self, request: Any, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """Name the request, say what is left of its rate, tag what was read; keep all else out of every cache."""
        final = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        plain = request._request  # noqa: SLF001
        final["X-Request-ID"] = request_id(plain)
        for name, value in limited.headers(plain).items():
            final[name] = value
        if plain.method in {"GET", "HEAD"} and final.status_code == HTTPStatus.OK:
            return conditional.answered(plain, final, weak=self.is_list)
        final["Cache-Control"] = "no-store"
        return final


class Listing(Door):
    """A door to a list, page by page; `shape` writes one row."""

    pagination_class = NewestFirst
    query = Page
    is_list = True
    shape: type[Any]
    cursor_field = "id"

    def page(self, rows: Any) -> Response:
        """Answer with one page of the rows."""
        return self.get_paginated_response(self.shapes(self.paginate_queryset(rows)))

    def shapes(self, rows: Any) -> Any:
        """Write the rows of a page."""
        return self.shape(rows, many=True, context=self.get_serializer_context()).data


class NoSuchPage(APIView):
    """Answers any address under /api/ that is none of ours, whatever the method, with or without a token."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse."""
        raise Http404


class EitherSlash(RoutePattern):
    """A route with or without a slash at its end: no redirect, which would lose the body of a POST."""

    def match(self, path: str) -> Any:
        """Match the path without its last slash."""
        return super().match(path.removesuffix("/"))


def route(pattern: str, view: type[APIView], *, name: str) -> URLPattern:
    """Return one route of the REST door."""
    if pattern.endswith("/"):
        raise ImproperlyConfigured("A route is written without its last slash; both are taken.")
    made: Callable[..., Any] = view.as_view()
    return URLPattern(EitherSlash(pattern, name=name, is_endpoint=True), made, None, name)
