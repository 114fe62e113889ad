"""What a change says beside the quotes: a correction was published, a page pinned as a whole says something else."""

from __future__ import annotations

from datetime import datetime

from claims.models import Claim, Evidence, Flag
from claims.services import flags
from claims.verification.staleness import StaleReason
from sources.fetching.weights import Weight, weigh
from sources.models import Change, Document, Snapshot
from sources.services.comparing import seen_in

SHOWN = 500


def tell(change: Change, page: Document, *, now: datetime) -> None:
    """Flag what rests on the page, where the change is of a kind to be told; minor ones never are."""
    if change.weight != Change.Weight.SUBSTANTIVE:
        return
    if change.has_notice:
        _tell_correction(change, page, now=now)
    if page.unstable_since is None:
        _tell_whole(page, now=now)


def _tell_correction(change: Change, page: Document, *, now: datetime) -> None:
    """Flag every claim that rests on a page which has published a correction; an update is none."""
    because = _weight(change.before, change.after).because
    notice = next((one.now[:SHOWN] for one in because if one.kind == "correction"), "")
    for claim in Claim.objects.resting_on(page).order_by("pk") if notice else ():  # an erased notice tells nothing
        if not flags.was_settled(claim, StaleReason.CORRECTION, page, today=notice):
            flags.raise_flag(claim, StaleReason.CORRECTION, document=page, now=now, today=notice)


def _tell_whole(page: Document, *, now: datetime) -> None:
    """Flag claims with evidence that pins the page without a quote, where the page says something else than then."""
    assert page.snapshot is not None  # noqa: S101  a change of text has its version
    pinned = Evidence.objects.accepted().filter(document=page, exact="").select_related("claim", "snapshot")
    weighed: dict[int, Weight] = {}
    for one in pinned.order_by("claim_id"):
        assert one.snapshot is not None  # noqa: S101  a constraint of the table
        since = max(one.snapshot.number, _settled_version(one.claim, page))
        if since not in weighed:
            weighed[since] = _weight(page.snapshots.get(number=since), page.snapshot)
        grave = [each for each in weighed[since].because if each.is_substantive]
        if grave:
            flags.raise_flag(
                one.claim,
                StaleReason.SOURCE_CHANGED,
                document=page,
                now=now,
                version=page.snapshot.number,
                was=grave[0].was[:SHOWN],
                today=grave[0].now[:SHOWN],
                kinds=sorted({each.kind for each in grave}),
            )


def _settled_version(claim: Claim, page: Document) -> int:
    """Return the last version of the page that a person has seen a flag about, 0 for none."""
    cleared = Flag.objects.settled().filter(claim=claim, reason=StaleReason.SOURCE_CHANGED, document=page)
    return max((flag.detail.get("version", 0) for flag in cleared), default=0)


def _weight(before: Snapshot | None, after: Snapshot | None) -> Weight:
    """Weigh two versions; where one holds erased text, nobody knows what became of it."""
    if before is None or after is None or before.erased_at or after.erased_at:
        return Weight("none")
    return weigh(seen_in(before), seen_in(after))
