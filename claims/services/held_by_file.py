"""One row of a table of evidence: the page is pinned where we have read it, and else suggested until it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from claims.imports.types import AskedEvidence, Fault, Wrong
from claims.models import Claim, Evidence
from claims.services import evidence
from factcheck.access.models import User
from factcheck.lib.addresses import UrlRefused
from sources.models import Document
from sources.services import documents

_UID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PAGE = re.compile(r"/claims/claim/([0-9]{1,18})/")


class Became(StrEnum):
    """What became of a row."""

    HELD = "held"
    KNOWN = "known"
    WAITING = "waiting"


def claims_named(names: Collection[str], uid_of: Callable[[str], UUID]) -> Mapping[str, Claim]:
    """Return the claims by how rows name them: an identifier, an external id, or the address of the claim's page."""
    keys = {name: int(found[1]) for name in names if (found := _PAGE.search(name))}
    uids = {name: uid_of(found[0] if (found := _UID.search(name)) else name) for name in names if name not in keys}
    by_key = Claim.objects.in_bulk(keys.values())
    by_uid = {one.uid: one for one in Claim.objects.filter(uid__in=uids.values())}
    named = {name: by_key.get(key) for name, key in keys.items()} | {
        name: by_uid.get(uid) for name, uid in uids.items()
    }
    return {name: claim for name, claim in named.items() if claim is not None}


def hold(asked: AskedEvidence, claim: Claim, *, by: User | None, now: datetime) -> Became | Fault:
    """Hold a claim against a page; a page that nobody has read yet is looked at first, and only suggested."""
    try:
        document, _is_new = documents.watch(asked.address, now=now)
    except UrlRefused as refusal:
        return Fault(asked.row, "address", Wrong.REFUSED, {"why": str(refusal)})
    stance = Evidence.Stance(asked.stance)
    if document.snapshot_id is None or by is None:
        return _put_before(claim, document, asked, now=now)
    if _is_known(claim, document, asked.quote):
        return Became.KNOWN
    try:
        evidence.attach(claim, document, quote=asked.quote, stance=stance, by=by, now=now)
    except evidence.EvidenceRefused as refusal:
        return Fault(asked.row, "quote", Wrong.REFUSED, {"why": str(refusal)})
    return Became.HELD


def _put_before(claim: Claim, document: Document, asked: AskedEvidence, *, now: datetime) -> Became:
    if Evidence.objects.filter(claim=claim, document=document).exists():
        return Became.KNOWN
    told = _("a file says that it %(stance)s: %(quote)s") if asked.quote else _("a file says that it %(stance)s")
    word = Evidence.Stance(asked.stance).label
    evidence.suggest(claim, document, because=told % {"stance": word, "quote": asked.quote}, now=now)
    return Became.WAITING


def _is_known(claim: Claim, document: Document, quote: str) -> bool:
    """Whether it is held already by that quote, or somebody took it off the table: a file does not bring it back."""
    kept = Evidence.objects.filter(claim=claim, document=document).exclude(state=Evidence.State.SUGGESTED)
    quotes = {" ".join(one.split()) for one in kept.values_list("exact", flat=True)}
    return " ".join(quote.split()) in quotes
