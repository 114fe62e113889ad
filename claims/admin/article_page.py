"""What the page of one article shows; reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import marks, words
from claims.models import Appearance, Article
from sources.models import Snapshot

SHOWN_LENGTH, MOST_CLAIMS = 100_000, 500
QUARANTINED = "quarantined"
STATES: Mapping[str, Any] = MappingProxyType(
    {state.value: state.label for state in Article.State} | {QUARANTINED: gettext_lazy("stuck")}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, with its claims marked."""

    kind: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim beside the text, by the number that stands in it."""

    number: int
    appearance: Appearance
    status: SafeString
    says: SafeString
    flags: list[SafeString]


def told(article: Article) -> tuple[str, str]:
    """Return the state and its reason as people should read them."""
    state, reason = article.progress
    if state == QUARANTINED:
        return state, _("It failed three times. Split it again, or add its claims by hand.")
    return str(state), reason


def of(article: Article) -> dict[str, Any]:
    """Return everything the page shows: the version that was split, or else the one that was read last."""
    snapshot = article.snapshot or article.document.snapshot
    state, reason = told(article)
    listed = _listed(article)
    return {
        "article": article,
        "document": article.document,
        "snapshot": snapshot,
        "state": state,
        "state_badge": words.badge("state", state, STATES[state]),
        "reason": reason,
        "is_stuck": article.quarantined_at is not None,
        "is_shortened": snapshot is not None and len(snapshot.text) > SHOWN_LENGTH,
        "blocks": list(_blocks(snapshot, _marks(listed, snapshot))) if snapshot else [],
        "listed": listed,
        "most": MOST_CLAIMS,
    }


def _listed(article: Article) -> list[Listed]:
    standing = Appearance.objects.standing().filter(article=article).with_claims()[:MOST_CLAIMS]
    in_order = sorted(standing, key=lambda one: (one.spans[0]["start"], one.pk))
    return [
        Listed(
            number,
            one,
            words.our_status(one.claim.status),
            words.text_says(one.certainty),
            [words.another_look(flag) for flag in one.claim.open_flags],  # type: ignore[attr-defined]  # with_claims
        )
        for number, one in enumerate(in_order, start=1)
    ]


def _marks(listed: Sequence[Listed], snapshot: Snapshot | None) -> list[marks.Mark]:
    """Return the spans of this version; what was marked in a newer one waits until that is split."""
    here = [one for one in listed if snapshot is not None and one.appearance.snapshot_id == snapshot.pk]
    return [mark for one in here for mark in _spans(one)]


def _spans(one: Listed) -> Iterator[marks.Mark]:
    claim, spans = one.appearance.claim, one.appearance.spans
    title = _("“%(claim)s” The text says: %(certainty)s. Our status: %(status)s.") % {
        "claim": claim.text,
        "certainty": one.appearance.get_certainty_display(),
        "status": claim.get_status_display(),
    }
    url = reverse("admin:claims_claim_change", args=[claim.pk])
    for place, span in enumerate(spans, start=1):
        number = one.number if place == len(spans) else 0
        yield marks.Mark(span["start"], span["end"], one.appearance.certainty, url, title, number)


def _blocks(snapshot: Snapshot, marked: Sequence[marks.Mark]) -> Iterator[Block]:
    """Yield the text block by block; what stands between blocks is a paragraph, so that nothing is left out."""
    text, at = snapshot.text[:SHOWN_LENGTH], 0
    for block in [*sorted(snapshot.blocks, key=lambda one: int(one["start"])), None]:
        start = min(len(text), block["start"]) if block else len(text)
        if text[at:start].strip():
            yield Block("paragraph", marks.html(marks.pieces(text, marked, start=at, end=start)))
        if block and start < len(text):
            yield Block(block["kind"], marks.html(marks.pieces(text, marked, start=start, end=block["end"])))
            at = max(at, block["end"])
