"""The Celery application: workers that take hints, and one tick a second. What is due stands in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = 100  # else every task opens a new connection
app.conf.imports = ["factcheck.schedule"]
app.conf.beat_schedule = {
    "tick": {
        "task": "factcheck.schedule.tick",
        "schedule": 1.0,
        "options": {"expires": 5, "ignore_result": True},
    },
}
