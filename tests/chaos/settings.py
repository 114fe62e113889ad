"""The desk's settings for a run of the harness: the same, and an app that plants what CHAOS_PLANT names."""

from __future__ import annotations

import os

from factcheck.settings import *  # noqa: F403
from factcheck.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.mutations.Planted"]

if os.environ.get("CHAOS_PLANT") == "async-commit":
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
    SILENCED_SYSTEM_CHECKS = ["factcheck.D002"]  # which refuses just this
