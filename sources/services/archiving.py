"""Versions of pages are also kept by an archive outside, where a desk has set one: asked politely, three times at most.

Two ways of asking: with a key, Wayback's Save Page Now 2 (a job, and how far it is); without one, the page's address
behind ARCHIVE_URL, whose answer leads to the copy. The archive looks at the page itself, a moment after us.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import models, transaction

from factcheck import ledger
from factcheck.lib import http
from factcheck.lib.addresses import UrlRefused, absolute_url, checked_url
from factcheck.lib.answers import Failed, Response
from factcheck.lib.crashpoints import crashpoint
from factcheck.lib.stand_ins import stand_ins
from sources.fetching import pace
from sources.fetching.types import Outcome
from sources.models import Archiving, Document, Host, Snapshot
from sources.services import visits

State = Archiving.State
TRIES = 3
AGAIN = timedelta(minutes=10)
# How soon a job is asked after, and for how long it may take.
LOOK_AFTER, JOB_WITHIN = timedelta(seconds=20), timedelta(minutes=15)
# Of one page a version an hour at most goes outside, and the archive gets a request in ten seconds at most.
APART = timedelta(hours=1)
GAP_S = 10.0
DETAIL, LONGEST_JOB = 300, 200
_FINE = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})


@dataclass(frozen=True, slots=True)
class Told:
    """What came of asking: the copy's address, a job to ask after, or in `detail` why there is neither."""

    state: State
    detail: str = ""
    url: str = ""
    job: str = ""
    retry_after: str = ""


def enlist(document: Document, snapshot: Snapshot, *, now: datetime) -> None:
    """Let a new version be kept outside as well, if that is wanted; in the transaction that writes it.

    While an older version of the page waits, the new one takes its place: the archive looks at the page as it stands.
    """
    if not settings.ARCHIVE_URL or snapshot.captured_by != Snapshot.CapturedBy.FETCH or _inside(document, snapshot):
        return
    waiting = _of(document).filter(state=State.WAITING, lease_token__isnull=True)
    if waiting.update(snapshot=snapshot):
        return
    last = _of(document).aggregate(at=models.Max("asked_at"))["at"]
    Archiving.objects.create(snapshot=snapshot, host=_host(), due_at=max(now, last + APART) if last else now)


def _of(document: Document) -> models.QuerySet[Archiving]:
    return Archiving.objects.filter(snapshot__document=document)


def _host() -> Host:
    name = Host.name_of(settings.ARCHIVE_URL)
    return Host.objects.get_or_create(name=name, defaults={"gap_s": GAP_S})[0]


def _inside(document: Document, snapshot: Snapshot) -> str:
    """Say why no archive outside may be told of this version; '' where it may."""
    reasons = (
        (document.kept_inside, "The page is kept inside."),
        (not document.url, "A text without address cannot be kept outside."),
        (document.outcome == Outcome.GATED, "The page is behind a login by now."),
        (snapshot.erased_at is not None, "Something of it was erased."),
    )
    return next((why for holds, why in reasons if holds), "")


def waiting() -> models.QuerySet[Archiving]:
    """Return what is to be asked for, with what a visit needs and without the texts."""
    rows = Archiving.objects.select_related("host", "snapshot__document")
    return rows.defer("snapshot__text", "snapshot__blocks", "snapshot__links")


# -- asking ----------------------------------------------------------------------------------------


def client() -> Callable[..., Response | Failed]:
    """Return the guarded client: with fields of its own it asks once, without any it fetches as for a page."""
    seam: dict[str, Any] = {}
    if settings.LOOPBACK_HOSTS:
        seam["resolve"], seam["dial"] = stand_ins(settings.LOOPBACK_HOSTS)

    def asked(url: str, **what: Any) -> Response | Failed:
        if "headers" in what:
            return http.ask(url, **what, **seam)
        return http.fetch(url, user_agent=settings.USER_AGENT, **what, **seam)

    return asked


def ask(archiving: Archiving, heard: visits.Heard, *, now: datetime) -> Told:
    """Ask the archive to keep the page, or how far it is; touches no row."""
    snapshot = archiving.snapshot
    base, page = settings.ARCHIVE_URL, snapshot.document.url
    if not base or Host.name_of(base) != archiving.host.name:
        return Told(State.LEFT_OUT, "The archive was changed or taken away before it was asked.")
    if why := _inside(snapshot.document, snapshot):
        return Told(State.LEFT_OUT, why)
    if not settings.ARCHIVE_KEY:
        return _plain(heard(f"{base}/{page}", validators=None))
    given = {
        "Accept": "application/json",
        "Authorization": f"LOW {settings.ARCHIVE_KEY}",
        "User-Agent": settings.USER_AGENT,
    }
    if archiving.job:
        is_late = archiving.asked_at is not None and now - archiving.asked_at > JOB_WITHIN
        return _job(heard(f"{base}/status/{archiving.job}", headers=given), archiving.job, page, is_late=is_late)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _begun(heard(base, body=urlencode({"url": page}).encode(), headers=given | form))


def _plain(answer: Response | Failed) -> Told:
    """Return where the answer leads: by Content-Location, by Location, or by the redirects that were followed."""
    if failed := _failed(answer):
        return failed
    assert isinstance(answer, Response)  # noqa: S101
    location = answer.headers.get("content-location", "") or answer.headers.get("location", "")
    if not location and not answer.redirects:
        return Told(State.FAILED, "It answered without saying where the copy is. Wayback asks for an ARCHIVE_KEY.")
    return _copy(location or answer.url, answer.url)


def _begun(answer: Response | Failed) -> Told:
    """Return the job that Save Page Now 2 gives."""
    said, failed = _said(answer)
    if failed:
        return failed
    job = str(said.get("job_id") or "")
    if not job.replace("-", "").isalnum() or not job.isascii() or len(job) > LONGEST_JOB:
        return Told(State.FAILED, _reason(said) or "It gave no job to ask after.")
    return Told(State.ASKED, job=job)


def _job(answer: Response | Failed, job: str, page: str, *, is_late: bool) -> Told:
    """Return how far Save Page Now 2 is."""
    said, failed = _said(answer)
    if failed:
        return failed
    if said.get("status") == "success":
        return _copy(_address_of(said, page), "")
    if said.get("status") == "pending" and not is_late:
        return Told(State.ASKED, job=job)
    return Told(State.FAILED, _reason(said) or "It did not come to an end in a quarter of an hour.")


def _address_of(said: dict[str, Any], page: str) -> str:
    """Return the address of a copy as Wayback builds it: the time of the look, then the page's address."""
    root = urlsplit(settings.ARCHIVE_URL)
    return f"{root.scheme}://{root.netloc}/web/{said.get('timestamp', '')}/{said.get('original_url') or page}"


def _copy(url: str, base: str) -> Told:
    """Return the copy's address, which must be one that people can be led to."""
    try:
        return Told(State.KEPT, url=absolute_url(url, base) if base else checked_url(url))
    except UrlRefused as refusal:
        return Told(State.FAILED, f"It named a place that nobody can be led to: {refusal}")


def _said(answer: Response | Failed) -> tuple[dict[str, Any], Told | None]:
    """Return the JSON object that was answered, or why there is none."""
    if failed := _failed(answer):
        return {}, failed
    assert isinstance(answer, Response)  # noqa: S101
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return {}, Told(State.FAILED, "Its answer is no JSON object. ARCHIVE_KEY is for Wayback's Save Page Now 2.")
    return said, None


def _failed(answer: Response | Failed) -> Told | None:
    if isinstance(answer, Failed):
        return Told(State.FAILED, f"{answer.failure.value}: {answer.detail}")
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and settings.ARCHIVE_KEY:
        return Told(State.FAILED, f"status {answer.status}: it does not take our ARCHIVE_KEY")
    if answer.status not in _FINE:
        return Told(State.FAILED, f"status {answer.status}", retry_after=answer.headers.get("retry-after", ""))
    return None


def _reason(said: dict[str, Any]) -> str:
    return str(said.get("message") or said.get("status_ext") or "")[:200]


# -- recording -------------------------------------------------------------------------------------


@transaction.atomic
def record(held: ledger.Lease, told: Told, *, now: datetime) -> State:
    """Write what the archive said, in the transaction that gives the row back; raises LeaseLost."""
    row = Archiving.objects.select_for_update(no_key=True).get(pk=held.pk)
    fields: dict[str, Any] = {"state": told.state, "detail": told.detail[:DETAIL], "url": told.url, "job": told.job}
    due_at = now + LOOK_AFTER if told.state is State.ASKED else None
    if told.state is not State.LEFT_OUT and not row.job:
        fields["asked_at"] = now
    if told.state is State.FAILED:
        fields["failures"] = row.failures + 1
        if row.failures + 1 < TRIES:
            asked = pace.retry_after(told.retry_after, now=now) or timedelta(0)
            due_at = now + max(AGAIN * 2**row.failures, asked)
            fields["state"] = State.WAITING
    if due_at is None:
        fields["answered_at"] = now
    ledger.finish(held, due_at=due_at, **fields)
    crashpoint("check.before_commit")
    return State(fields["state"])


# -- what people do --------------------------------------------------------------------------------


@transaction.atomic
def keep_inside(document: Document, *, now: datetime) -> None:
    """Tell no archive outside of this page from now on; what was asked for already may be there."""
    Document.objects.filter(pk=document.pk).update(kept_inside=True)
    ledger.reschedule(
        _of(document).filter(state__in=[State.WAITING, State.ASKED]),
        due_at=None, state=State.LEFT_OUT, detail="The page is kept inside.", job="", answered_at=now,
    )  # fmt: skip


def ask_again(document: Document, *, now: datetime) -> bool:
    """Let the newest version be asked for again whose keeping failed; False where there is none."""
    newest = _of(document).order_by("-pk").first()
    if newest is None or newest.state != State.FAILED:
        return False
    rows = Archiving.objects.filter(pk=newest.pk, state=State.FAILED)
    return bool(ledger.reschedule(rows, due_at=now, state=State.WAITING, failures=0, job=""))


def forget(is_naming: Callable[[str], bool], *, now: datetime) -> int:
    """Take away addresses of copies that hold a name; what lies outside, only the archive can remove."""
    kept = Archiving.objects.exclude(url="").values_list("pk", "url").iterator(500)
    hit = [pk for pk, url in kept if is_naming(url)]
    why = "Its address was erased; the archive may keep the copy."
    return Archiving.objects.filter(pk__in=hit).update(state=State.LEFT_OUT, url="", detail=why, answered_at=now)
