"""The door about itself: who am I, what do the codes mean, what is there, and a page to try it on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api.doors import Door
from factcheck.api.fields import Query, Word
from factcheck.api.limited import ByAddress
from factcheck.api.permissions import HasToken
from factcheck.api.problems import KINDS, type_of

_DIST = "drf_spectacular_sidecar/swagger-ui-dist"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="{icon}"><link rel="stylesheet" href="{css}"></head>
<body><div id="swagger-ui"></div>
<script src="{bundle}"></script><script src="{preset}"></script><script src="{script}"></script></body>
</html>
"""


class MeOut(serializers.Serializer[Any]):
    """Whose token it is, and what it was made for."""

    kind = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    role = serializers.SerializerMethodField()
    scopes = serializers.ListField(child=serializers.CharField())
    token = serializers.CharField(source="prefix", help_text="How the token begins.")
    expires_at = serializers.DateTimeField(allow_null=True)

    def get_kind(self, token: Any) -> str:
        """Say whether a person or a client comes."""
        return "person" if token.user else "client"

    def get_name(self, token: Any) -> str:
        """Return the person's username or the client's name."""
        return str(token.user.username if token.user else token.client.name)

    def get_role(self, token: Any) -> str | None:
        """Return the person's role; a client has none."""
        return str(token.user.role) if token.user else None


class Me(Door):
    """Whose token is this."""

    permission_classes = (HasToken,)
    tag = "about"

    @extend_schema(operation_id="me", summary="Who am I?", responses={200: MeOut})
    def get(self, request: Request) -> Response:
        """Whose token this is, its role and scopes. Any valid token may ask."""
        return self.written(request.auth, MeOut)


class KindOut(serializers.Serializer[Any]):
    """What a code goes with."""

    type = serializers.CharField()
    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class Problems(Door):
    """What the codes mean."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ByAddress,)
    tag = "about"

    @extend_schema(
        operation_id="problems", summary="The codes of problems", responses={200: KindOut(many=True)}, filters=False
    )
    def get(self, request: Request) -> Response:
        """Every code that an error may carry, with its HTTP status and title. Needs no token."""
        return Response(
            [
                {"type": type_of(code), "code": code, "status": kind.status, "title": str(kind.title)}
                for code, kind in KINDS.items()
            ]
        )


class SchemaQuery(Query):
    """JSON or YAML, also by Accept."""

    format = Word("SchemaFormat", ["json", "yaml"], required=False)


class Schema(SpectacularAPIView):
    """The OpenAPI 3.1 description of all this; needs no token."""

    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ByAddress,)
    query = SchemaQuery

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the query strictly first: what Spectacular takes of it stands in a header."""
        self.query.read(request._request.GET)  # noqa: SLF001
        super().initial(request, *args, **kwargs)


class DocsQuery(Query):
    """The page, or the script that it loads."""

    script = serializers.CharField(required=False, allow_blank=True)


class Docs(SpectacularSwaggerSplitView):
    """A page to read and try the API on; everything it loads is ours, and nothing in it is inline."""

    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (ByAddress,)
    url_name = "api-schema"
    query = DocsQuery

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the query strictly."""
        self.query.read(request._request.GET)  # noqa: SLF001
        super().initial(request, *args, **kwargs)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Answer with the page, or with its script."""
        if "script" in request.query_params:
            return super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]  # Spectacular
        page = format_html(
            _PAGE,
            title=_("Factcheck API"),
            icon=static(f"{_DIST}/favicon-32x32.png"),
            css=static(f"{_DIST}/swagger-ui.css"),
            bundle=static(f"{_DIST}/swagger-ui-bundle.js"),
            preset=static(f"{_DIST}/swagger-ui-standalone-preset.js"),
            script=reverse("api-docs") + "?script=",
        )
        return HttpResponse(page)
