"""What the page of one article shows; reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import article_queue, marks, words
from claims.admin.article_queue import InQueue
from claims.models import Appearance, Article
from claims.models.claim import CERTAINTIES, STATUSES
from sources.models import Snapshot

SHOWN_LENGTH, MOST_CLAIMS, MOST_BEFORE = 100_000, 500, 1000
QUARANTINED = "quarantined"
STATES: Mapping[str, Any] = MappingProxyType(
    {state.value: state.label for state in Article.State} | {QUARANTINED: gettext_lazy("stuck")}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, from one character to another, with its claims marked."""

    kind: str
    start: int
    end: int
    html: SafeString


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim beside the text, by the number that stands in it."""

    number: int
    appearance: Appearance
    status: SafeString
    says: SafeString
    flags: list[SafeString]
    in_queue: InQueue


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an article's way to its claims: `done`, `now` or `later`."""

    words: str
    state: str


def told(article: Article) -> tuple[str, str]:
    """Return the state and its reason as people should read them."""
    state, reason = article.progress
    if state == QUARANTINED:
        return state, _("It failed three times. Split it again, or add its claims by hand.")
    return str(state), reason


def of(article: Article, *, now: datetime) -> dict[str, Any]:
    """Return everything the page shows: the version that was split, or else the one that was read last."""
    snapshot = article.snapshot or article.document.snapshot
    state, reason = told(article)
    listed = _listed(article, now)
    return {
        "article": article,
        "document": article.document,
        "snapshot": snapshot,
        "state": state,
        "state_badge": words.badge("state", state, STATES[state]),
        "reason": reason,
        "steps": _steps(article, state),
        "before": _before(article) if state == Article.State.DUE else 0,
        "is_again": article.snapshot_id is not None,
        "is_stuck": article.quarantined_at is not None,
        "is_shortened": snapshot is not None and len(snapshot.text) > SHOWN_LENGTH,
        "blocks": list(_blocks(snapshot, _marks(listed, snapshot))) if snapshot else [],
        "listed": listed,
        "queued": sum(bool(one.in_queue.badge) for one in listed),
        "certainties": CERTAINTIES,
        "statuses": [(code, words.badge("status", code, word)) for code, word in STATUSES],
        "most": MOST_CLAIMS,
    }


def _steps(article: Article, state: str) -> list[Step]:
    """Return how far it is, while it is on its way; nothing else is said of one that is split, or cannot be."""
    if state not in {Article.State.WAITING, Article.State.DUE}:
        return []
    is_read, is_held = state == Article.State.DUE, article.lease_until is not None
    return [
        Step(_("the page is read"), "done" if is_read else "now"),
        Step(_("its turn comes"), "later" if not is_read else "done" if is_held else "now"),
        Step(_("it is split into claims"), "now" if is_read and is_held else "later"),
    ]


def _before(article: Article) -> int:
    """Return how many articles are to be split before it, up to a thousand."""
    return Article.objects.filter(due_at__lt=article.due_at).order_by()[:MOST_BEFORE].count() if article.due_at else 0


def _listed(article: Article, now: datetime) -> list[Listed]:
    standing = Appearance.objects.standing().undivided().filter(article=article).with_claims()
    standing = standing.select_related("claim__triage", "claim__head__triage")[:MOST_CLAIMS]
    in_order = sorted(standing, key=lambda one: (one.spans[0]["start"], one.pk))
    return [
        Listed(
            number,
            one,
            words.standing(one.claim),
            words.text_says(one.certainty),
            [words.another_look(flag) for flag in one.claim.open_flags],  # type: ignore[attr-defined]  # with_claims
            article_queue.of(one.claim, now),
        )
        for number, one in enumerate(in_order, start=1)
    ]


def _marks(listed: Sequence[Listed], snapshot: Snapshot | None) -> list[marks.Mark]:
    """Return the spans of this version; what was marked in a newer one waits until that is split."""
    here = [one for one in listed if snapshot is not None and one.appearance.snapshot_id == snapshot.pk]
    return [mark for one in here for mark in spans(one.appearance, one.number)]


def spans(appearance: Appearance, number: int, *, shift: int = 0, is_own: bool = False) -> Iterator[marks.Mark]:
    """Yield the marks of one place, by its number, in a text that begins `shift` characters later."""
    claim, url = appearance.claim, reverse("admin:claims_claim_change", args=[appearance.claim_id])
    title = _("“%(claim)s” The text says: %(certainty)s. Our status: %(status)s.") % {
        "claim": claim.text,
        "certainty": appearance.get_certainty_display(),
        "status": claim.get_status_display(),
    }
    for place, span in enumerate(appearance.spans, start=1):
        yield marks.Mark(
            span["start"] - shift,
            span["end"] - shift,
            appearance.certainty,
            url,
            title,
            number if place == len(appearance.spans) else 0,
            claim.status,
            is_own,
        )


def _blocks(snapshot: Snapshot, marked: Sequence[marks.Mark]) -> Iterator[Block]:
    """Yield the text block by block; what stands between blocks is a paragraph, so that nothing is left out."""
    text, at = snapshot.text[:SHOWN_LENGTH], 0
    for block in [*sorted(snapshot.blocks, key=lambda one: int(one["start"])), None]:
        start = min(len(text), block["start"]) if block else len(text)
        if text[at:start].strip():
            yield Block("paragraph", at, start, marks.html(marks.pieces(text, marked, start=at, end=start)))
        if block and start < len(text):
            shown = marks.html(marks.pieces(text, marked, start=start, end=block["end"]))
            yield Block(block["kind"], start, min(len(text), block["end"]), shown)
            at = max(at, block["end"])
