"""What people read where a code stands, each with a shape and a class beside it, so that colour is never alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Appearance, Claim, Flag
from claims.models.claim import ANCHORS, CERTAINTIES, STATUSES
from claims.verification.anchors import Anchor
from claims.verification.staleness import shown
from factcheck.lib import clock
from sources.models import Document

EVENTS: Mapping[str, Any] = {
    "article.submitted": gettext_lazy("the article came in"),
    "article.processed": gettext_lazy("the article was split into claims"),
    "article.language_not_supported": gettext_lazy("the article's language cannot be split"),
    "claim.created": gettext_lazy("the claim was written down"),
    "claim.certainty_changed": gettext_lazy("its article says it with another certainty"),
    "claim.reworded": gettext_lazy("its sentence was worded anew"),
    "claim.reread": gettext_lazy("how a text is read was corrected"),
    "claim.split_up": gettext_lazy("it was split up into several claims"),
    "claim.put_together": gettext_lazy("its parts were put together again"),
    "claim.status_changed": gettext_lazy("our status changed"),
    "claim.flagged_stale": gettext_lazy("it was found to need another look"),
    "claim.flags_cleared": gettext_lazy("a call for another look was settled"),
    "claim.evidence_accepted": gettext_lazy("evidence was accepted"),
    "claim.evidence_dismissed": gettext_lazy("evidence was taken off the table"),
    "claim.joined": gettext_lazy("it was joined to a claim that says the same"),
    "claim.unjoined": gettext_lazy("it parted from the claim it was joined to"),
    "claim.link_accepted": gettext_lazy("a link to another claim was accepted"),
    "claim.link_dismissed": gettext_lazy("a link to another claim was taken off the table"),
    "claim.link_undone": gettext_lazy("a decision on a link to another claim was taken back"),
    "claim.certainty_drifted": gettext_lazy("a text was found to say more than its source"),
    "claim.drift_accepted": gettext_lazy("it was agreed that a text says more than its source"),
    "claim.drift_dismissed": gettext_lazy("that a text says more than its source was taken off the table"),
    "claim.drift_undone": gettext_lazy("a decision on what a text says more than its source was taken back"),
    "claim.known_check_accepted": gettext_lazy("a fact-check by others was accepted"),
    "claim.known_check_dismissed": gettext_lazy("a fact-check by others was found to be about something else"),
    "claim.topic_given": gettext_lazy("somebody said what it is about"),
    "claim.verdict_proposed": gettext_lazy("a verdict was proposed that takes a second person"),
    "claim.verdict_declined": gettext_lazy("a proposed verdict was declined or withdrawn"),
    "claim.condition_set": gettext_lazy("somebody wrote down what it waits for"),
    "claim.condition_met": gettext_lazy("what it waited for may have happened"),
    "claim.condition_dismissed": gettext_lazy("what seemed to be what it waited for was found not to be it"),
    "claim.condition_dropped": gettext_lazy("it waits for that no longer"),
    "claim.contact_asked": gettext_lazy("somebody was asked about it"),
    "claim.contact_answered": gettext_lazy("an answer was noted"),
    "claim.search_logged": gettext_lazy("it was noted where we looked"),
    "claim.note_written": gettext_lazy("a note was written"),
    "claim.name_revealed": gettext_lazy("somebody looked at a confidential name"),
    "claim.erased": gettext_lazy("its words were erased"),
    "document.erased": gettext_lazy("words of a version were erased"),
    "document.taken_down": gettext_lazy("a version was taken down"),
    "erasure.made": gettext_lazy("words were erased"),
}
_STATUS_WORDS = dict(STATUSES)
_CERTAINTY_WORDS = dict(CERTAINTIES)
_ANCHOR_WORDS = dict(ANCHORS)


def badge(sort: str, code: str, words: object, *, label: str = "", since: datetime | None = None) -> SafeString:
    """Return words with a shape of their own; `sort` and `code` name the class that draws it.

    A list whose column is headed by the label shows the words alone; everywhere else the label stands before them.
    """
    return format_html(
        '<span class="badge {0} {0}-{1}"><span>{2}{3}{4}</span></span>',
        sort,
        code,
        format_html('<span class="badge-label">{}</span> ', label) if label else "",
        words,
        format_html(' <span class="badge-since">{}</span>', _("since %(day)s") % {"day": day(since)}) if since else "",
    )


def our_status(code: str) -> SafeString:
    """Return where our verification stands."""
    return badge("status", code, _STATUS_WORDS[code], label=_("Our status:"))


def standing(claim: Claim) -> SafeString:
    """Return where our verification stands, never without that a review is due: by the clock of the reader."""
    late = overdue(claim) if claim.is_overdue(clock.now()) else ""
    return format_html("{} {}", our_status(claim.status), late)


def text_says(code: str) -> SafeString:
    """Return how sure the text is, never to be taken for how sure we are."""
    return badge("says", code, _CERTAINTY_WORDS[code], label=_("The text says:"))


def another_look(flag: Flag) -> SafeString:
    """Return why a claim wants another look, and since when."""
    return badge("flag", flag.reason, flag.get_reason_display(), label=_("Needs another look:"), since=flag.since)


def overdue(claim: Claim) -> SafeString:
    """Return since when the status is older than it holds."""
    return badge("overdue", "yes", _("Review due"), since=claim.holds_until)


def quote_today(anchor: str, page: Document) -> SafeString:
    """Return what became of a quote; where its page cannot be seen now, or nobody looks at it, that, and since when."""
    today = shown(Anchor(anchor), page.outcome, is_out_of_sight=page.is_out_of_sight)
    label = _("The quote today:")
    if today == anchor and page.is_late(clock.now()):
        return badge("anchor", "late", _("nobody looked"), label=label, since=page.checked_at)
    since = None if today == anchor else page.seen_at
    return badge("anchor", today, _ANCHOR_WORDS[today], label=label, since=since)


def day(at: Any) -> str:
    """Return a day and minute in the desk's time zone."""
    return date_format(timezone.localtime(at), "j M Y, H:i")


def certainties(appearances: Iterable[Appearance]) -> list[str]:
    """Return the different certainties of some appearances, in their order."""
    return list(dict.fromkeys(one.certainty for one in appearances))
