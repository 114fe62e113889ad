"""Addresses of sources and documents."""

from __future__ import annotations

from factcheck.api.doors import route
from sources.api.v1 import documents, sources, versions

urlpatterns = [
    route("documents", documents.Documents, name="api-documents"),
    route("documents/<uuid:uid>", documents.OneDocument, name="api-document"),
    route("documents/<uuid:uid>/look", documents.Look, name="api-look"),
    route("documents/<uuid:uid>/checks", documents.Checks, name="api-checks"),
    route("documents/<uuid:uid>/versions", versions.Versions, name="api-versions"),
    route("documents/<uuid:uid>/versions/<int:number>", versions.OneVersion, name="api-version"),
    route("documents/<uuid:uid>/difference", versions.Differences, name="api-difference"),
    route("documents/<uuid:uid>/supply", versions.Supply, name="api-supply"),
    route("sources", sources.Sources, name="api-sources"),
    route("sources/<uuid:uid>", sources.OneSource, name="api-source"),
]
