"""What breaks the constraints of sources, their names and what was decided about them; see test_constraints."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from sources.models import Grading, Merge, Source, SourceName
from tests.breaking import World, change, row


def _other(world: World) -> Source:
    return Source.objects.get_or_create(name="B", parent=world.source)[0]


def _twice(*, is_ambiguous: bool) -> Any:
    def act(world: World) -> None:
        for source in (world.source, world.source if is_ambiguous else _other(world)):
            SourceName.objects.create(source=source, name="The Post", is_ambiguous=is_ambiguous)

    return act


MERGE: dict[str, Any] = {
    "winner": lambda world: world.source,
    "loser": _other,
    "by": lambda world: world.by,
    "at": lambda world: world.now,
    "why": "one and the same",
}
GRADING: dict[str, Any] = {
    "source": lambda world: world.source,
    "by": lambda world: world.by,
    "at": lambda world: world.now,
    "grade": "B",
    "why": "corrects itself",
}
NAMES = MappingProxyType(
    {
        "sources_source_has_a_name": row(Source, name=""),
        "sources_source_is_not_its_own_parent": lambda world: (
            world.source.delete()
            and Source.objects.bulk_create(
                [Source(pk=world.source.pk or 999, name="A", parent_id=world.source.pk or 999)]
            )
        ),
        "sources_source_is_not_merged_into_itself": change(
            lambda world: world.source, merged_into=lambda world: world.source
        ),
        "owners_of_sources_run_in_no_circle": change(lambda world: world.source, parent=_other),
        "sources_sourcename_means_one_source": _twice(is_ambiguous=False),
        "sources_sourcename_ambiguous_once_a_source": _twice(is_ambiguous=True),
        "sources_merge_says_why": row(Merge, **MERGE | {"why": ""}),
        "sources_merge_is_of_two": row(Merge, **MERGE | {"loser": lambda world: world.source}),
        "sources_merge_undone_by_somebody": row(Merge, **MERGE, undone_at=lambda world: world.now),
        "sources_grading_says_why": row(Grading, **GRADING | {"why": ""}),
        "sources_grading_grade_known": row(Grading, **GRADING | {"grade": "Z"}),
    }
)
SAYS = {"owners_of_sources_run_in_no_circle": "run in a circle", "sources_source_is_not_its_own_parent": "circle"}
