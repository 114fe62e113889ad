"""Holds what a client was answered against what is there in the end."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos import client, sites
from tests.chaos.client import Sent
from tests.chaos.desk import Desk

STUCK = "is quarantined"
EXPIRED_S = 15  # a lease that ran out is taken again within this time


@dataclass
class Verdict:
    """What was found: everything empty but the figures, or the promise is broken."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is lost, doubled or broken."""
        return not (self.lost or self.doubled or self.broken)

    def compare(self, what: str, found: int, wanted: int) -> None:
        """Count too few as lost and too many as doubled."""
        if found < wanted:
            self.lost.append(f"{what}: {found} of {wanted}")
        elif found > wanted:
            self.doubled.append(f"{what}: {found} instead of {wanted}")


# Each asks for what must not be there, and is named by what it would mean.
_MUST_BE_EMPTY = {
    "events numbered twice": "subject_uid FROM claims_event GROUP BY subject_uid, sequence HAVING count(*) > 1",
    "an appearance twice in one version": "article_id FROM claims_appearance"
    " GROUP BY article_id, snapshot_id, fingerprint HAVING count(*) > 1",
    "events that wait to go out": "event_id FROM claims_outbox WHERE dispatched_at IS NULL",
    "events without a place": "id FROM claims_event WHERE id NOT IN (SELECT event_id FROM claims_feed)",
    "events without what they say": "id FROM claims_event WHERE id NOT IN (SELECT event_id FROM claims_payload)",
    "changes that nobody heard": "id FROM sources_change WHERE due_at IS NOT NULL",
    "claims not in the index": "id FROM claims_claim WHERE id NOT IN"
    " (SELECT claim_id FROM claims_representation WHERE vector IS NOT NULL AND is_matched)",
    "evidence suggested twice": "claim_id FROM claims_evidence GROUP BY claim_id, document_id HAVING count(*) > 1",
    "flags raised twice": "claim_id FROM claims_flag GROUP BY claim_id, document_id, reason HAVING count(*) > 1",
}  # fmt: skip


def leased_tables(desk: Desk) -> dict[str, str]:
    """Return every table whose rows are work, with the name of its primary key."""
    named = (
        "SELECT key.indrelid::regclass::text, part.attname FROM pg_index AS key"
        " JOIN pg_attribute AS part ON part.attrelid = key.indrelid AND part.attnum = key.indkey[0]"
        " JOIN pg_attribute AS has ON has.attrelid = key.indrelid AND has.attname = 'quarantined_at'"
        " WHERE key.indisprimary ORDER BY 1"
    )
    return dict(desk.rows(named))


def is_drained(desk: Desk) -> bool:
    """Say whether no article, change, event or comparison of claims waits."""
    waiting = (
        "SELECT (SELECT count(*) FROM claims_article WHERE state <> 'split' OR due_at IS NOT NULL)"
        " + (SELECT count(*) FROM sources_change WHERE due_at IS NOT NULL)"
        " + (SELECT count(*) FROM claims_outbox WHERE dispatched_at IS NULL)"
        " + (SELECT count(*) FROM claims_representation WHERE due_at IS NOT NULL)"
    )
    return desk.rows(waiting) == [(0,)]


def is_seen(desk: Desk, sent: list[Sent], pages: sites.Sites) -> bool:
    """Say whether each page was read at first and again after each of its edits; what it links to does not count."""
    seen = dict(
        desk.rows(
            "SELECT d.url, count(*) FROM sources_change c JOIN sources_document d ON d.id = c.document_id"
            " WHERE c.found IN ('first', 'changed') GROUP BY 1"
        )
    )
    urls = [one.body["url"] for one in sent if not one.is_text]
    return all(seen.get(url, 0) > pages.edits_of(url) for url in urls)


def check(desk: Desk, sent: list[Sent], pages: sites.Sites) -> Verdict:
    """Compare the client's history with the database."""
    verdict = Verdict()
    _ingests(desk, sent, verdict)
    _claims(desk, sent, verdict, edits=sum(pages.edits.values()))
    _pages(desk, [one for one in sent if not one.is_text], verdict, edits=pages)
    _floor(desk, verdict)
    return verdict


def _ingests(desk: Desk, sent: list[Sent], verdict: Verdict) -> None:
    """Each answered one is stored, each once; each text was split exactly once."""
    stored = Counter(str(uid) for (uid,) in desk.rows("SELECT uid FROM claims_article"))
    answered = {one.uid for one in sent if one.uid}
    verdict.lost += [f"article {uid} was answered and is not there" for uid in sorted(answered - stored.keys())]
    verdict.compare("ingests answered", len([one for one in sent if one.uid]), len(sent))
    verdict.compare("articles", len(stored), len(sent))
    done = "SELECT subject_uid, count(*) FROM claims_event WHERE type = 'article.processed' GROUP BY 1"
    processed = {str(uid): count for uid, count in desk.rows(done)}
    for one in sent:
        if one.uid and one.is_text:
            verdict.compare(f"splittings of article {one.uid}", processed.get(one.uid, 0), 1)
        elif one.uid and not processed.get(one.uid):
            verdict.lost.append(f"page {one.body['url']} was never split")
    asleep = "SELECT uid FROM claims_article WHERE state = 'due' AND due_at IS NULL"
    verdict.lost += [f"article {uid} is to be split and its row is not due" for (uid,) in desk.rows(asleep)]
    submitted = desk.rows("SELECT count(*) FROM claims_event WHERE type = 'article.submitted'")[0][0]
    verdict.compare("events of submission", submitted, len(sent))


def _claims(desk: Desk, sent: list[Sent], verdict: Verdict, *, edits: int) -> None:
    texts = [one for one in sent if one.is_text]
    found: int
    ((found,),) = desk.rows("SELECT count(*) FROM claims_claim")
    wanted = client.CLAIMS * len(texts) + sites.CLAIMS * (len(sent) - len(texts)) + edits
    verdict.compare("claims", found, wanted)
    ((born,),) = desk.rows("SELECT count(*) FROM claims_event WHERE type = 'claim.created'")
    verdict.compare("events of birth", born, wanted)
    ((found,),) = desk.rows("SELECT count(*) FROM claims_appearance")
    verdict.compare("appearances", found, wanted)


def _pages(desk: Desk, sent: list[Sent], verdict: Verdict, *, edits: sites.Sites) -> None:
    """Each edit was one change and one flag; each page's link one suggestion."""
    by_url = "FROM sources_document d LEFT JOIN sources_change c ON c.document_id = d.id AND c.found = '{}' GROUP BY 1"
    changed = dict(desk.rows("SELECT d.url, count(c.id) " + by_url.format("changed")))
    first = dict(desk.rows("SELECT d.url, count(c.id) " + by_url.format("first")))
    flagged = dict(
        desk.rows(
            "SELECT d.url, count(*) FROM claims_flag f JOIN sources_document d ON d.id = f.document_id GROUP BY 1"
        )
    )
    for one in sent:
        url = one.body["url"]
        wanted = edits.edits_of(url)
        verdict.compare(f"changes of {url}", changed.get(url, 0), wanted)
        verdict.compare(f"flags of {url}", flagged.get(url, 0), wanted)
        verdict.compare(f"first readings of {url}", first.get(url, 0), 1)
    told = desk.rows("SELECT count(*) FROM claims_event WHERE type = 'claim.flagged_stale'")[0][0]
    verdict.compare("events of flags", told, sum(edits.edits.values()))
    verdict.compare("suggestions", desk.rows("SELECT count(*) FROM claims_evidence")[0][0], len(sent))


def _floor(desk: Desk, verdict: Verdict) -> None:
    """Chains, feed, leases, quarantine."""
    for what, sql in _MUST_BE_EMPTY.items():
        found = desk.rows(f"SELECT {sql}")
        if found:
            verdict.broken.append(f"{what}: {len(found)}, as {found[0][0]}")
    ((events, places, highest),) = desk.rows(
        "SELECT (SELECT count(*) FROM claims_event), count(*), coalesce(max(position), 0) FROM claims_feed"
    )
    verdict.compare("places in the feed", places, events)
    if highest != places:
        verdict.broken.append(f"the feed has gaps: {places} places up to {highest}")
    for table, key in leased_tables(desk).items():
        stuck = desk.rows(f"SELECT {key}, last_error FROM {table} WHERE quarantined_at IS NOT NULL")
        held = desk.rows(f"SELECT {key} FROM {table} WHERE lease_until < now() - interval '{EXPIRED_S} s'")
        verdict.broken += [f"{table} {pk} {STUCK}: {error[-200:]}" for pk, error in stuck]
        verdict.broken += [f"{table} {pk} is leased for ever" for (pk,) in held]
    try:
        desk.manage("audit_verify")
    except subprocess.CalledProcessError as error:
        verdict.broken.append(f"audit_verify: {error.stderr[-500:]}")
