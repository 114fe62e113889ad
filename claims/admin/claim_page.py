"""What the page of one claim shows; reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.admin import known as rated
from claims.admin import likeness, linked, marks, recorded, words
from claims.admin.forms import CLOSED_BECAUSE, AcceptForm, AttachForm, MoveForm
from claims.admin.mending_forms import RereadForm, SplitForm, WordingForm
from claims.models import Appearance, Claim, Event, Evidence, Flag, KnownMatch, Reread, StanceGuess, StatusChange
from claims.models.claim import CERTAINTIES, KINDS, STATUSES
from claims.services import grounds, known, verdicts, voices
from claims.services.parts import MOST_PARTS
from claims.verification import anchors
from claims.verification.anchors import CHANGED
from claims.verification.staleness import StaleReason
from claims.verification.status import OPEN, VERDICTS, Need, Status, needs
from factcheck.access.models import User
from sources.admin.marks import difference

AROUND = 150
MOST_APPEARANCES, MOST_EVIDENCE, MOST_EVENTS, MOST_KNOWN = 20, 50, 50, 20
_REREAD = Prefetch("reread", Reread.objects.select_related("by"))
_UNREAD = ("snapshot__text", "snapshot__blocks", "snapshot__links")


@dataclass(frozen=True, slots=True)
class Place:
    """One appearance: where it stands, and its quote between what stands around it."""

    appearance: Appearance
    badge: SafeString
    context: SafeString
    quote_today: SafeString
    has_changed: bool
    then: SafeString
    today: SafeString
    reread: list[Said]
    form: RereadForm


@dataclass(frozen=True, slots=True)
class Said:
    """What a person read otherwise, by whom, and how splitting reads it."""

    row: Reread
    was: str


@dataclass(frozen=True, slots=True)
class Held:
    """One piece of evidence, and what became of its sentence."""

    evidence: Evidence
    quote_today: SafeString | str
    has_changed: bool
    then: SafeString
    today: SafeString


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One fact-check by others: its rating as published, what it comes to in ours, and what became of it."""

    match: KnownMatch
    rating: str
    comes_to: SafeString
    state: str


@dataclass(frozen=True, slots=True)
class Raised:
    """One open flag; `then` and `today` are both sentences with their difference, empty where there are none.

    `certainties` are how sure the text was and is, where that is what changed.
    """

    flag: Flag
    badge: SafeString
    quote: str
    then: SafeString
    today: SafeString
    certainties: tuple[SafeString, ...]
    counterclaim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """One edit of the sentence, by its place in the list: what the article says, what was written, and why."""

    number: int
    was: str
    now: str
    why: str
    is_back: bool
    by: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One place where the claim may go, and what the move asks for."""

    code: str
    words: Any
    is_verdict: bool
    asks_reason: bool
    asks_evidence: bool
    asks_search_log: bool
    codes: Sequence[tuple[str, Any]] = ()


def of(claim: Claim, *, now: datetime, refused: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything the page shows; `refused` holds bound forms by name, with the typed text and the refusals."""
    places = [_place(one, refused) for one in _appearances(claim)]
    standing = [place for place in places if place.appearance.ended_at is None]
    held, moves = list(_evidence(claim)), _moves(claim)
    guesses = {guess.evidence_id: guess for guess in _guesses(claim)}
    raised = _all_raised(claim)
    quoted = [one for one in held if one.state == Evidence.State.ACCEPTED and one.exact]
    return {
        **linked.of(claim),
        **recorded.of(claim, now=now, refused=refused),
        "claim": claim,
        "status": words.our_status(claim.status),
        "overdue": words.overdue(claim) if claim.is_overdue(now) else "",
        "text_says": [words.text_says(code) for code in words.certainties(place.appearance for place in standing)],
        "raised": raised,
        "edited": _edited(claim),
        "parts": _parts(claim),
        "split": refused.get("split") or SplitForm(initial={"parts": claim.text, "seen": claim.text}, prefix="split"),
        "wording": refused.get("wording") or WordingForm(initial={"text": claim.text, "seen": claim.text}),
        "is_open": Status(claim.status) in OPEN,
        "standing": standing,
        "independent": voices.independent_sources(claim),
        "ended": [place for place in places if place.appearance.ended_at is not None],
        "accepted": [_held(one) for one in held if one.state == Evidence.State.ACCEPTED],
        "suggested": [
            (one, guesses.get(one.pk), refused.get(f"accept-{one.pk}") or AcceptForm(prefix=f"accept-{one.pk}"))
            for one in sorted(held, key=lambda one: _telling(guesses.get(one.pk)))
            if one.state == Evidence.State.SUGGESTED
        ],
        "known": [_known(one) for one in known.matching(claim)[:MOST_KNOWN]],
        "moves": moves,
        "asks_search_log": any(one.asks_search_log for one in moves),
        "move": refused.get("move") or MoveForm(),
        "looked_at": now.isoformat(),
        "saw": grounds.shown(
            claim,
            [*quoted, *(place.appearance for place in standing)],
            [one.flag for one in raised],
        ),
        "similar": likeness.of(claim),
        "attach": refused.get("attach") or AttachForm(prefix="attach"),
        "changes": StatusChange.objects.filter(claim=claim)
        .select_related("by", "proposed_by")
        .order_by("-number")[:MOST_EVENTS],
        "events": [
            (event, words.EVENTS.get(event.type, event.type)) for event in Event.objects.of(claim.uid)[:MOST_EVENTS]
        ],
    }


def _appearances(claim: Claim) -> Any:
    found = Appearance.objects.filter(claim=claim).in_context(AROUND).prefetch_related("chain", _REREAD)
    # Those that still stand come first.
    known = found.select_related("article__document__publisher", "snapshot").defer(*_UNREAD)
    return known.order_by("-ended_at", "id")[:MOST_APPEARANCES]


def _evidence(claim: Claim) -> Any:
    kept = claim.evidence.exclude(state=Evidence.State.DISMISSED)
    unread = (*_UNREAD, *(f"document__{name}" for name in _UNREAD))
    whole = kept.select_related("document__snapshot", "snapshot__archiving", "statement", "by")
    return whole.defer(*unread)[:MOST_EVIDENCE]


def _guesses(claim: Claim) -> Any:
    """What suggested pages seem to say, with the passage where the page still says what was read."""
    return (
        StanceGuess.objects.with_passages()
        .filter(evidence__claim=claim, evidence__state=Evidence.State.SUGGESTED)
        .exclude(label="")
    )


def _telling(guess: StanceGuess | None) -> float:
    """Where a suggestion stands: those that seem to say most come first, those nobody read yet last."""
    return -guess.says if guess else 0.0


def _flags(claim: Claim) -> Any:
    return Flag.objects.standing().filter(claim=claim).select_related("document")


def _place(appearance: Any, refused: Mapping[str, Any]) -> Place:
    first, context = _whole_words(appearance)
    places = [(span["start"] - first, span["end"] - first) for span in appearance.spans]
    spans = [marks.Mark(start, end, appearance.certainty) for start, end in places]
    sentence = anchors.sentence_at(context, spans[0].start, spans[-1].end)
    then, today = difference(sentence, appearance.anchor_sentence)
    return Place(
        appearance,
        words.text_says(appearance.certainty),
        marks.html(marks.pieces(context, spans)),
        words.quote_today(appearance.anchor, appearance.article.document),
        appearance.anchor in CHANGED,
        then,
        today,
        [Said(row, _was(row)) for row in appearance.reread.all()],
        refused.get(f"reread-{appearance.pk}") or RereadForm.of(appearance),
    )


def _was(row: Reread) -> str:
    if row.what == Reread.What.CHAIN:
        return " → ".join(link["name"] for link in row.was) or _("the article's own voice")
    return str(dict([*CERTAINTIES, *KINDS])[row.was])


def _whole_words(appearance: Any) -> tuple[int, str]:
    """Return where the context begins, and the context from its first whole word to its last; dots tell of more."""
    start, text = appearance.context_start, appearance.context
    first, last = appearance.spans[0]["start"] - start, appearance.spans[-1]["end"] - start
    left = min(first, text.find(" ") + 1) if start else 0
    left = first - len(text[left:first].lstrip())
    right = max(last, text.rfind(" ")) if len(text) - last >= AROUND else len(text)
    opening, closing = ("… " if start + left else ""), (" …" if right < len(text) else "")
    return start + left - len(opening), opening + text[left:right].rstrip() + closing


def _held(evidence: Evidence) -> Held:
    then, today = difference(evidence.sentence, evidence.anchor_sentence)
    page = evidence.document
    badge = words.quote_today(evidence.anchor, page) if evidence.anchor and page is not None else ""
    return Held(evidence, badge, evidence.anchor in CHANGED, then, today)


def _all_raised(claim: Claim) -> list[Raised]:
    raised = list(_flags(claim))
    uids = [uid for flag in raised if flag.reason == StaleReason.COUNTERCLAIM for uid in [flag.detail.get("other")]]
    others = {str(one.uid): one for one in Claim.objects.filter(uid__in=uids)} if uids else {}
    return [_raised(flag, others.get(flag.detail.get("other", ""))) for flag in raised]


def _known(match: KnownMatch) -> Elsewhere:
    one = match.known
    return Elsewhere(match, rated.rating(one), rated.comes_to(one.status), rated.state(one))


def _raised(flag: Flag, counterclaim: Claim | None) -> Raised:
    told = {name: str(flag.detail.get(name, "")) for name in ("quote", "was", "today")}
    then, today = difference(told["was"], told["today"])
    codes = [flag.detail[name] for name in ("old", "new") if name in flag.detail]
    return Raised(
        flag, words.another_look(flag), told["quote"], then, today, tuple(map(words.text_says, codes)), counterclaim
    )


def _parts(claim: Claim) -> list[tuple[Claim, SafeString]]:
    """Return what it was split up into; one that is not closed was not."""
    is_closed = claim.status == Status.NOT_CHECKABLE
    parts = claim.parts.order_by("pk")[:MOST_PARTS] if is_closed else ()
    return [(one, words.standing(one)) for one in parts]


def _edited(claim: Claim) -> list[Edited]:
    people = {edit["by"] for edit in claim.edits if edit.get("by")}
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=people)} if people else {}
    standing = [number for number, edit in enumerate(claim.edits) if edit.get("by") and not edit.get("put_back")]
    return [
        Edited(
            number,
            edit["was"],
            edit["now"],
            edit["why"],
            bool(edit.get("put_back")),
            names.get(edit.get("by", 0), ""),
            not any(number < later for later in standing),
        )
        for number, edit in enumerate(claim.edits)
    ]


def _moves(claim: Claim) -> list[Move]:
    names = dict(STATUSES)
    now = Status(claim.status)
    asked = [(to, needs(now, to)) for to in verdicts.allowed_moves(claim)]
    return [
        Move(
            to.value,
            names[to.value],
            to in VERDICTS,
            Need.REASON in need,
            Need.EVIDENCE in need,
            Need.SEARCH_LOG in need,
            CLOSED_BECAUSE if Need.CODE in need else (),
        )
        for to, need in asked
    ]
