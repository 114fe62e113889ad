"""Every address of the service."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from factcheck import health, metrics
from factcheck.api.doors import NoSuchPage

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("accounts/", include("factcheck.access.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", login_not_required(health.healthz)),
    path("readyz", login_not_required(health.readyz)),
    path("metrics", login_not_required(metrics.metrics)),
    path("api/v1/", include("factcheck.api.urls")),
    path("api/v1/", include("sources.api.v1.urls")),
    path("api/v1/", include("claims.api.v1.urls")),
    re_path(r"^api(?:/.*)?$", NoSuchPage.as_view()),
]
handler400 = "factcheck.api.problems.bad_request"
handler403 = "factcheck.api.problems.not_allowed"
handler404 = "factcheck.api.problems.not_found"
handler500 = "factcheck.api.problems.broken"
