"""A log that cannot be edited unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from claims.verification.chain import GENESIS, Link, breaks, canonical, commitment, digest

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def chained(subject: str, count: int) -> list[Link]:
    return dated(*[AT] * count, subject=subject)


def dated(*times: datetime, subject: str = "a") -> list[Link]:
    links: list[Link] = []
    for sequence, at in enumerate(times, 1):
        body, salt = {"n": sequence}, b"salt"
        facts = {
            "subject": subject, "sequence": sequence, "type": "t", "at": at, "by": 7,
            "commitment": commitment(salt, body), "prev": links[-1].digest if links else GENESIS,
        }  # fmt: skip
        links.append(Link(**facts, digest=digest(**facts), body=body, salt=salt))  # type: ignore[arg-type]
    return links


def found(links: list[Link]) -> list[tuple[str, int, str]]:
    return [(link.subject, link.sequence, what.split()[0]) for link, what in breaks(links)]


def test_whole_chains_hold() -> None:
    assert found(chained("a", 5) + chained("b", 1) + chained("c", 3)) == []


def test_a_chain_holds_though_what_an_event_said_was_erased() -> None:
    links = chained("a", 3)
    links[1] = replace(links[1], body=None, salt=None)
    assert found(links) == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": "u"},
        {"at": AT + timedelta(microseconds=1)},
        {"by": 8},
        {"by": None},
        {"commitment": "f" * 64},
        {"body": {"n": 3}},
        {"salt": b"other"},
        {"salt": None},
        {"digest": "f" * 64},
        {"prev": "f" * 64},
    ],
)
def test_a_changed_event_is_named(change: dict[str, object]) -> None:
    links = chained("a", 3)
    links[1] = replace(links[1], **change)  # type: ignore[arg-type]
    assert found(links)[0][:2] == ("a", 2)


def test_an_event_cut_out_is_noticed_at_the_next() -> None:
    links = chained("a", 3)
    assert found([links[0], links[2]]) == [("a", 3, "an")]
    assert found(links[1:])[0] == ("a", 2, "an")


def test_events_that_changed_places_are_noticed() -> None:
    one, two, three = chained("a", 3)
    assert found([two, one, three])


def test_an_event_of_another_subject_does_not_fit() -> None:
    stranger = replace(chained("b", 2)[1], subject="a")
    assert found([chained("a", 1)[0], stranger]) == [("a", 2, "it")]


def test_a_chain_written_anew_from_the_middle_does_not_follow() -> None:
    old, new = chained("a", 3), chained("b", 3)
    rewritten = [replace(link, subject="a") for link in new[1:]]
    assert found([old[0], *rewritten])


def test_the_same_moment_in_another_zone_is_the_same_event() -> None:
    [link] = chained("a", 1)
    assert found([replace(link, at=AT.astimezone(timezone(timedelta(hours=2))))]) == []


def test_there_is_one_way_to_write_a_value() -> None:
    assert canonical({"b": 1, "a": ["é", None]}) == '{"a":["é",null],"b":1}'.encode()


def test_an_event_that_is_dated_long_before_the_one_it_follows_is_named() -> None:
    """Somebody put the clock back; a moment earlier is a writer who waited for another."""
    assert found(dated(AT, AT - timedelta(minutes=10), AT)) == []
    assert list(breaks(dated(AT, AT - timedelta(days=1), AT))) == [
        (dated(AT, AT - timedelta(days=1), AT)[1], "it is dated before the event that it follows")
    ]
