"""Is this process alive, and is the desk's work being done?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from factcheck.lib import clock
from sources.models import Document

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_alive(client: Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    assert client.post("/healthz").status_code == 405


def test_a_desk_with_nothing_late_is_ready(client: Client) -> None:
    assert client.get("/readyz").json() == {"ready": True, "oldest_due_s": 0}


def test_work_that_nobody_does_makes_it_unready_and_says_what_to_do(client: Client) -> None:
    url = "http://a.test/"
    Document.objects.create(identity=url, url=url, due_at=clock.now() - timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "manage.py dispatch" in answer.json()["why"]
    assert 299 <= answer.json()["oldest_due_s"] <= 310


def test_a_database_that_does_not_answer_is_told_in_words(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sources_document RENAME TO elsewhere")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.json()["why"]
