"""Hold the whole log against itself: chains, payloads, feed, outbox, and what else tells of the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from claims.verification import chain
from claims.verification.status import BIRTH

BATCH = 5000
FIRST = UUID(int=0)
LAST_NUMBER = 2**31 - 1

_LINKS = """
    SELECT e.subject, e.subject_uid, e.sequence, e.type, e.at, e.by_id, e.commitment, e.prev, e.digest, p.body, p.salt
    FROM claims_event AS e LEFT JOIN claims_payload AS p ON p.event_id = e.id
    WHERE (e.subject_uid, e.sequence) > (%s, %s) ORDER BY e.subject_uid, e.sequence LIMIT %s
"""
_GROUNDS = """
    SELECT s.id, 'claim:' || c.uid || ' status change ' || s.number, s.why, s.search_log, s.snapshot_ids, s.salt,
        p.body->>'grounds'
    FROM claims_statuschange AS s JOIN claims_claim AS c ON c.id = s.claim_id
    JOIN claims_event AS e ON e.subject_uid = c.uid AND e.type = 'claim.status_changed'
    JOIN claims_payload AS p ON p.event_id = e.id AND p.body->>'number' = s.number::text AND p.body->>'grounds' <> ''
    WHERE s.id > %s AND s.erased_at IS NULL ORDER BY s.id LIMIT %s
"""
_LINKS_OF_ONE = _LINKS.partition("WHERE")[0] + "WHERE e.subject_uid = %s ORDER BY e.sequence"
_GROUNDS_OF_ONE = _GROUNDS.replace("s.id > %s", "s.id > %s AND c.uid = %s")
_GROUNDS_CHANGED = "its reason, search log or versions on the table were changed"
_EVENT = "e.subject || ':' || e.subject_uid || ' event ' || e.sequence || ' (' || e.type || ')'"
_MOVES = """
    SELECT e.*, p.body, row_number() OVER (PARTITION BY e.subject_uid ORDER BY e.sequence) AS number
    FROM claims_event AS e LEFT JOIN claims_payload AS p ON p.event_id = e.id WHERE e.type = 'claim.status_changed'
"""
# Erasures that a chain tells of. Older ones tell it of what they erased only, without the rows that they emptied.
_ERASINGS = """
    SELECT e.at, e.by_id, e.subject_uid AS uid, coalesce(p.body->'payloads', '[]') AS payloads,
        coalesce(p.body->'moves', '[]') AS moves
    FROM claims_event AS e LEFT JOIN claims_payload AS p ON p.event_id = e.id WHERE e.type = 'erasure.made'
    UNION ALL SELECT e.at, e.by_id, NULL, NULL, NULL FROM claims_event AS e
    WHERE e.type IN ('claim.erased', 'document.erased', 'document.taken_down') AND NOT EXISTS (
        SELECT FROM claims_event AS m WHERE m.type = 'erasure.made' AND m.at = e.at AND m.by_id = e.by_id)
"""
_BIRTH = ", ".join(f"'{status}'" for status in sorted(BIRTH))

# Each yields where it is, for what does not fit. One statement sees one moment, so that writers cause no false alarm.
CHECKS = {
    "its payload is missing": """
        SELECT $event FROM claims_event AS e LEFT JOIN claims_payload AS p ON p.event_id = e.id
        WHERE p.event_id IS NULL ORDER BY e.id""",
    "its event is missing": """
        SELECT 'payload ' || p.event_id FROM claims_payload AS p LEFT JOIN claims_event AS e ON e.id = p.event_id
        WHERE e.id IS NULL
        UNION ALL SELECT 'outbox row ' || o.event_id FROM claims_outbox AS o
        LEFT JOIN claims_event AS e ON e.id = o.event_id WHERE e.id IS NULL
        UNION ALL SELECT 'feed place ' || f.position FROM claims_feed AS f
        LEFT JOIN claims_event AS e ON e.id = f.event_id WHERE e.id IS NULL""",
    "its outbox row is missing": """
        SELECT $event FROM claims_event AS e LEFT JOIN claims_outbox AS o ON o.event_id = e.id
        WHERE o.event_id IS NULL ORDER BY e.id""",
    "it was sent on, but has no place in the feed, or has one and was not": """
        SELECT $event FROM claims_event AS e JOIN claims_outbox AS o ON o.event_id = e.id
        LEFT JOIN claims_feed AS f ON f.event_id = e.id
        WHERE (o.dispatched_at IS NULL) <> (f.position IS NULL) ORDER BY e.id""",
    "a place before it is missing": """
        SELECT 'feed place ' || position FROM (
            SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS last FROM claims_feed) AS f
        WHERE position <> last + 1 ORDER BY position""",
    "the feed tells it in another order than its chain": """
        SELECT $event FROM (
            SELECT e.*, lag(e.sequence) OVER (PARTITION BY e.subject_uid ORDER BY f.position) AS last
            FROM claims_event AS e JOIN claims_feed AS f ON f.event_id = e.id) AS e
        WHERE e.last > e.sequence""",
    "the change and its event do not agree": """
        SELECT 'claim:' || coalesce(c.uid, e.subject_uid) || ' status change ' || coalesce(s.number, e.number)
        FROM claims_statuschange AS s JOIN claims_claim AS c ON c.id = s.claim_id
        FULL JOIN ($moves) AS e ON e.subject_uid = c.uid AND e.number = s.number
        WHERE s.id IS NULL OR e.id IS NULL OR s.at <> e.at OR s.by_id IS DISTINCT FROM e.by_id
            OR e.body IS NOT NULL AND (e.body->>'old', e.body->>'new', e.body->>'number',
                coalesce(e.body->>'code', ''), e.body->>'proposed_by') IS DISTINCT FROM
                (s.old::text, s.new::text, s.number::text, s.code::text, s.proposed_by_id::text)
        ORDER BY 1""",
    "it does not follow from the change before it": """
        SELECT 'claim:' || uid || ' status change ' || number FROM (
            SELECT c.uid, s.number, s.old, lag(s.new) OVER chain AS before, lag(s.number, 1, 0) OVER chain AS last
            FROM claims_statuschange AS s JOIN claims_claim AS c ON c.id = s.claim_id
            WINDOW chain AS (PARTITION BY s.claim_id ORDER BY s.number)) AS s
        WHERE number <> last + 1 OR old <> before ORDER BY 1""",
    "its words were blacked out without an erasure": """
        WITH erasing AS ($erasings) SELECT 'claim:' || c.uid || ' status change ' || s.number
        FROM claims_statuschange AS s JOIN claims_claim AS c ON c.id = s.claim_id
        WHERE s.erased_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM sources_erasure AS r JOIN erasing AS t USING (at, by_id)
            WHERE at = s.erased_at AND by_id = s.erased_by_id AND (t.uid IS NULL OR t.moves @> to_jsonb(s.id)))
        ORDER BY s.id""",
    "its payload was erased without an erasure": """
        WITH erasing AS ($erasings) SELECT $event
        FROM claims_payload AS p JOIN claims_event AS e ON e.id = p.event_id
        WHERE (p.erased_at IS NOT NULL OR p.body IS NULL OR p.salt IS NULL) AND NOT EXISTS (
            SELECT FROM sources_erasure AS r JOIN erasing AS t USING (at, by_id)
            WHERE at = p.erased_at AND by_id = p.erased_by_id AND (t.uid IS NULL OR t.payloads @> to_jsonb(e.id)))
        ORDER BY e.id""",
    "no chain tells of this erasure": """
        WITH erasing AS ($erasings) SELECT 'erasure:' || r.uid FROM sources_erasure AS r
        WHERE NOT EXISTS (SELECT FROM erasing AS t
            WHERE t.at = r.at AND t.by_id = r.by_id AND (t.uid IS NULL OR t.uid = r.uid))
        ORDER BY r.id""",
    "its status is not what its last change says": """
        SELECT 'claim:' || c.uid FROM claims_claim AS c
        LEFT JOIN LATERAL (SELECT new, at FROM claims_statuschange AS s WHERE s.claim_id = c.id
            ORDER BY number DESC LIMIT 1) AS s ON true
        LEFT JOIN claims_event AS e ON e.subject_uid = c.uid AND e.sequence = 1
        LEFT JOIN claims_payload AS p ON p.event_id = e.id
        WHERE c.status <> coalesce(s.new, p.body->>'status', c.status)
            OR s.new IS NULL AND p.body IS NULL AND c.status NOT IN ($birth)
            OR c.status_since <> coalesce(s.at, c.status_since)
        ORDER BY c.id""",
    "its event “claim.created” is missing": """
        SELECT 'claim:' || c.uid FROM claims_claim AS c LEFT JOIN claims_event AS e
            ON e.subject_uid = c.uid AND e.sequence = 1 AND e.type = 'claim.created'
        WHERE e.id IS NULL ORDER BY c.id""",
    "it tells of a claim that is gone": """
        SELECT $event FROM claims_event AS e LEFT JOIN claims_claim AS c ON c.uid = e.subject_uid
        WHERE e.subject = 'claim' AND e.sequence = 1 AND c.id IS NULL ORDER BY e.id""",
    "its event “claim.flagged_stale” is missing": """
        SELECT 'claim:' || c.uid || ' flag ' || f.reason
        FROM claims_flag AS f JOIN claims_claim AS c ON c.id = f.claim_id
        WHERE NOT EXISTS (SELECT FROM claims_event AS e LEFT JOIN claims_payload AS p ON p.event_id = e.id
            WHERE e.subject_uid = c.uid AND e.type = 'claim.flagged_stale' AND e.at = f.since
                AND coalesce(p.body->>'reason', f.reason) = f.reason)
        ORDER BY f.id""",
    "the flag that it tells of is missing": """
        SELECT $event FROM claims_event AS e JOIN claims_claim AS c ON c.uid = e.subject_uid
        LEFT JOIN claims_payload AS p ON p.event_id = e.id
        WHERE e.type = 'claim.flagged_stale' AND NOT EXISTS (SELECT FROM claims_flag AS f
            WHERE f.claim_id = c.id AND f.since = e.at AND coalesce(p.body->>'reason', f.reason) = f.reason)
        ORDER BY e.id""",
}  # fmt: skip


# Under these names the checks above see one subject alone. Those about erasures and the feed's places need all of it.
_OF_ONE = """
    WITH claims_claim AS (SELECT * FROM public.claims_claim WHERE uid = %s),
    claims_event AS (SELECT * FROM public.claims_event WHERE subject_uid = %s),
    claims_payload AS (SELECT * FROM public.claims_payload WHERE event_id IN (SELECT id FROM claims_event)),
    claims_outbox AS (SELECT * FROM public.claims_outbox WHERE event_id IN (SELECT id FROM claims_event)),
    claims_feed AS (SELECT * FROM public.claims_feed WHERE event_id IN (SELECT id FROM claims_event)),
    claims_statuschange AS (SELECT * FROM public.claims_statuschange WHERE claim_id IN (SELECT id FROM claims_claim)),
    claims_flag AS (SELECT * FROM public.claims_flag WHERE claim_id IN (SELECT id FROM claims_claim))
"""
_OF_ALL = "a place before it is missing"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in the history of one subject: how many events, the last one's digest, and what does not fit."""

    count: int
    digest: str
    broken: Sequence[tuple[str, str]]


def verified(uid: UUID) -> Verified:
    """Hold the history of one claim, article or document against itself."""
    links = [_link(*row) for row in _rows(_LINKS_OF_ONE, uid)]
    broken = [(_said(link), what) for link, what in chain.breaks(links)]
    for what, sql in CHECKS.items():
        if "$erasings" not in sql and what != _OF_ALL:
            broken += [(where, what) for (where,) in _rows(_OF_ONE + _whole(sql), uid, uid)]
    broken += [(where, _GROUNDS_CHANGED) for where in _ungrounded(_rows(_GROUNDS_OF_ONE, 0, uid, LAST_NUMBER))]
    return Verified(len(links), links[-1].digest if links else "", broken)


class Walk:
    """All chains in the order of their subjects' uids; `count` and `done` say how far it got."""

    def __init__(self, after: UUID | None = None, *, tell: Callable[[Walk], None] = lambda _walk: None) -> None:
        """Begin behind a subject; `tell` hears of every batch."""
        self.done, self.count, self.tell = after or FIRST, 0, tell

    def broken(self) -> Iterator[tuple[str, str]]:
        """Yield where a link does not fit, and what is wrong with it."""
        for link, what in chain.breaks(self._links()):
            yield _said(link), what

    def _links(self) -> Iterator[chain.Link]:
        place = (self.done, -1 if self.done == FIRST else LAST_NUMBER)
        while rows := _rows(_LINKS, *place, BATCH):
            for row in rows:
                link = _link(*row)
                if row[1] != place[0]:
                    self.done = place[0]
                place = (row[1], link.sequence)
                self.count += 1
                yield link
            self.tell(self)
        self.done = place[0]


def _link(kind: str, uid: UUID, *facts: Any) -> chain.Link:
    *known, body, salt = facts
    said = None if body is None else json.loads(body)
    link: Any = (f"{kind}:{uid}", *known, said, None if salt is None else bytes(salt))
    return chain.Link(*link)


def _said(link: chain.Link) -> str:
    return f"{link.subject} event {link.sequence} ({link.type}, {link.at:%Y-%m-%d %H:%M})"


def disagreeing() -> Iterator[tuple[str, str]]:
    """Yield what the tables around the chains say otherwise than the chains, or do not say."""
    for what, sql in CHECKS.items():
        for (where,) in _rows(_whole(sql)):
            yield where, what
    last = 0
    while rows := _rows(_GROUNDS, last, BATCH):
        last = rows[-1][0]
        for where in _ungrounded(rows):
            yield where, _GROUNDS_CHANGED


def _ungrounded(rows: Sequence[Any]) -> Iterator[str]:
    """Yield where the reason, the search log or the versions are not those to which the event commits."""
    for _pk, where, why, search_log, snapshots, salt, committed in rows:
        if chain.commitment(bytes(salt or b""), chain.grounds(why, search_log, snapshots)) != committed:
            yield where


def _whole(sql: str) -> str:
    for name, part in (("$event", _EVENT), ("$moves", _MOVES), ("$erasings", _ERASINGS), ("$birth", _BIRTH)):
        sql = sql.replace(name, part)
    return sql


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())
