"""The OpenAPI description: every operation lists its problems, every list of words stands once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from factcheck.api.doors import Door
from factcheck.api.fields import Body, Query, Word
from factcheck.api.problems import KINDS, MEDIA_TYPE

_EVERYWHERE = (400, 401, 403, 406, 429, 500, 503)
_WITH_BODY = (413, 415)
_WITH_KEY = (409, 422)
_LATER = (429, 503)
_HEADERS = {
    "X-Request-ID": "The one you sent, or one of ours.",
    "RateLimit-Policy": 'Such as “"default";q=600;w=60”: 600 requests in 60 seconds.',
    "RateLimit": 'Such as “"default";r=599;t=1”: 599 are left, all of them again in one second.',
    "ETag": "For If-None-Match; of one claim also for If-Match.",
    "Idempotency-Replayed": "“true” where the key's request was done before.",
}
_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description="1 to 255 printable ASCII characters of your choice, new for each new request: sent again within "
    "24 hours, the request is not done again and its answer is given again.",
)  # fmt: skip
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the claim that you read when you decided."
)
_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the answer that you have."
)


class PlaceOut(serializers.Serializer[Any]):
    """Where in the input an error is: a JSON pointer into the body, or a query parameter."""

    pointer = serializers.CharField(required=False, help_text="RFC 6901, such as #/url.")
    parameter = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """An error (RFC 9457). `code` is stable; `detail` is a sentence for people."""

    type = serializers.CharField(help_text="Where the code is explained.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    request_id = serializers.CharField(help_text="Also in the header X-Request-ID; name it when you report an error.")
    errors = PlaceOut(many=True, required=False)  # type: ignore[assignment]  # a field, not DRF's option

    def get_fields(self) -> dict[str, Any]:
        """Add the one whose name is no word of Python's."""
        named = serializers.ListField(child=serializers.CharField(), required=False, help_text="With 429.")
        return {**super().get_fields(), "violated-policies": named}


class ProblemSchema(AutoSchema):
    """Adds the problems of each operation, its query parameters and its tag."""

    view: Any  # a Door, or one that looks like it

    def get_tags(self) -> list[str]:
        """Sort by the view's own tag."""
        return [self.view.tag]

    def get_override_parameters(self) -> list[Any]:
        """Describe the query that the view reads."""
        query: type[Query] = self.view.query
        if self.method == "GET":
            return [*([query] if query().fields else []), *([_IF_NONE_MATCH] if self._is_tagged() else [])]
        sent = [_IF_MATCH] if HTTPStatus.PRECONDITION_FAILED in self._problem_statuses() else []
        return [*sent, *([_KEY] if self._takes_key() else [])]

    def _is_tagged(self) -> bool:
        return isinstance(self.view, Door) and self.method == "GET"

    def _takes_key(self) -> bool:
        return hasattr(getattr(self.view, self.method.lower()), "takes_key")

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        answers: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[arg-type]
        for answer in answers.values():
            answer["headers"] = self._headers()
        if self._is_tagged():
            answers["304"] = {"description": "It is as in the answer with that ETag."}
        for status in self._problem_statuses():
            answers.setdefault(str(status), self._problem(status))
        return answers

    def _headers(self) -> dict[str, Any]:
        """Describe what every answer of an operation says beside its body."""
        names = ["X-Request-ID"]
        if isinstance(self.view, Door):
            names += ["RateLimit-Policy", "RateLimit"]
        if self._is_tagged():
            names.append("ETag")
        if self._takes_key():
            names.append("Idempotency-Replayed")
        return {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        described: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if isinstance(serializer, Body):
            described["additionalProperties"] = False
        return described

    def _problem_statuses(self) -> list[int]:
        statuses = {*_EVERYWHERE, *self.view.problems.get(self.method, ())}
        if "{" in self.path:
            statuses.add(404)
        if self.method == "POST":
            statuses.update(_WITH_BODY)
        if self._takes_key():
            statuses.update(_WITH_KEY)
        if not self.view.get_authenticators():
            statuses -= {401, 403}
        return sorted(statuses)

    def _problem(self, status: int) -> dict[str, Any]:
        codes = ", ".join(f"`{code}`" for code, kind in KINDS.items() if kind.status == status)
        described: dict[str, Any] = {
            "description": f"{HTTPStatus(status).phrase}: {codes}",
            "content": {MEDIA_TYPE: {"schema": self.resolve_serializer(ProblemOut, "response").ref}},
        }
        if status == HTTPStatus.UNAUTHORIZED:
            described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        if status in _LATER:
            described["headers"] = {"Retry-After": {"description": "In seconds.", "schema": {"type": "string"}}}
        return described


class WordsOnce(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # Spectacular
    """Puts each named list of words into the components once."""

    target_class = "factcheck.api.fields.Word"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        """Return a reference to the list."""
        field: Word = self.target
        words = {"type": "string", "enum": list(field.choices)}
        component = ResolvedComponent(  # type: ignore[no-untyped-call]  # Spectacular
            name=field.list_name, type=ResolvedComponent.SCHEMA, object=field.list_name, schema=words
        )
        auto_schema.registry.register_on_missing(component)
        return component.ref


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Spectacular
    """Describes how a token is sent."""

    target_class = "factcheck.access.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A token of a person or a client: fct_…"}
