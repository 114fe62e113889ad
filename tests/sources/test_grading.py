"""How reliable a source is held to be, by whom, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from factcheck.access.roles import Role
from sources.models import Source
from sources.services import grading, sources
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_every_grade_stays_on_record(now: datetime) -> None:
    post, editor = sources.find_or_make("The Selmar Post"), person(Role.EDITOR)
    for hours, (to, why) in enumerate([("B", "corrects itself"), ("D", " caught inventing quotes " + "x" * 400)]):
        grading.grade(post, Source.Grade(to), why=why, by=editor, now=now + timedelta(hours=hours))
    assert post.reliability_grade == Source.objects.get().reliability_grade == "D"
    told = [(one.grade, one.why[:23], one.by, one.at) for one in post.gradings.all()]
    assert told == [
        ("D", "caught inventing quotes", editor, now + timedelta(hours=1)),
        ("B", "corrects itself", editor, now),
    ]


@pytest.mark.parametrize(
    ("role", "why", "code"), [("fact_checker", "x", "not_allowed"), ("editor", " ", "reason_missing")]
)
def test_a_grade_without_a_reason_or_by_whoever_may_not_is_refused(
    now: datetime, role: str, why: str, code: str
) -> None:
    post = sources.find_or_make("The Selmar Post")
    with pytest.raises(grading.GradeRefused) as refusal:
        grading.grade(post, Source.Grade.A, why=why, by=person(role), now=now)
    assert refusal.value.code == code
    assert Source.objects.get().reliability_grade == "F"
