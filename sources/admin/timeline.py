"""The looks at a page over time as a drawing: inline SVG, its shapes and colours by classes of the style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sources.fetching.types import Outcome
from sources.models import Check

MOST_LOOKS = 200
WIDTH, LEFT, RIGHT, LANE = 720, 132, 16, 24
# From top to bottom; what is in no lane of its own was not seen.
LANES: Mapping[str, object] = MappingProxyType(
    {
        "changed": gettext_lazy("changed"),
        "pending": gettext_lazy("perhaps changed"),
        "unchanged": gettext_lazy("unchanged"),
        "unseen": gettext_lazy("not seen"),
        "gone": gettext_lazy("gone"),
    }
)
_LANE_OF: Mapping[str, str] = MappingProxyType(
    {
        Outcome.CHANGED: "changed",
        Outcome.CHANGE_PENDING: "pending",
        Outcome.UNCHANGED: "unchanged",
        Outcome.GONE: "gone",
    }
)
# Each lane has a shape of its own, around its middle.
_SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "changed": "M0-7 7 0 0 7-7 0z",
        "pending": "M0-6 6 0 0 6-6 0z",
        "unchanged": "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z",
        "unseen": "M-4-4 4 4M4-4-4 4",
        "gone": "M-5-5h10v10h-10z",
    }
)


def svg(looks: Sequence[Check]) -> SafeString | str:
    """Return the drawing of looks, newest first as they are read; '' where there are none.

    Each mark says its moment and its outcome to a pointer and to a reader; the whole says how many of each there are.
    """
    if not looks:
        return ""
    in_order = sorted(looks, key=lambda look: look.at)
    first, last = in_order[0].at, in_order[-1].at
    foot = len(LANES) * LANE
    return format_html(
        '<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-labelledby="timeline-says">'
        '<title id="timeline-says">{}</title>{}{}'
        '<text class="edge" x="{}" y="{}">{}</text><text class="edge edge-last" x="{}" y="{}">{}</text></svg>',
        *(WIDTH, foot + LANE, _summary(in_order), _lanes(), _marks(in_order)),
        *(LEFT, foot + 16, _when(first), WIDTH - RIGHT, foot + 16, _when(last) if last > first else ""),
    )


def _summary(looks: Sequence[Check]) -> str:
    many = Counter(str(look.get_outcome_display()) for look in looks)
    told = ngettext("%(count)s look", "%(count)s looks", len(looks)) % {"count": len(looks)}
    span = _("from %(first)s to %(last)s") % {"first": _when(looks[0].at), "last": _when(looks[-1].at)}
    return f"{told} {span}: " + ", ".join(f"{word} {count}" for word, count in many.most_common())


def _lanes() -> SafeString:
    return format_html_join(
        "",
        '<text class="lane-name" x="{}" y="{}">{}</text><path class="lane" d="M{} {}H{}"/>',
        ((LEFT - 14, _height(lane) + 4, words, LEFT, _height(lane), WIDTH - RIGHT) for lane, words in LANES.items()),
    )


def _marks(looks: Sequence[Check]) -> SafeString:
    first, last = looks[0].at, looks[-1].at
    return format_html_join(
        "",
        '<g class="mark mark-{}" transform="translate({} {})"><title>{}</title><path d="{}"/></g>',
        (
            (lane, _across(look.at, first, last), _height(lane), _told(look), _SHAPES[lane])
            for look in looks
            for lane in [_LANE_OF.get(look.outcome, "unseen")]
        ),
    )


def _told(look: Check) -> str:
    return f"{_when(look.at)}: {look.get_outcome_display()}"


def _across(at: datetime, first: datetime, last: datetime) -> str:
    inner = WIDTH - LEFT - RIGHT - 16
    share = (at - first) / (last - first) if last > first else 0.0
    return f"{LEFT + 8 + share * inner:.1f}"


def _height(lane: str) -> int:
    return list(LANES).index(lane) * LANE + LANE // 2


def _when(at: datetime) -> str:
    return date_format(localtime(at), "j M Y, H:i")
