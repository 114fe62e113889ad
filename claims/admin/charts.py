"""Drawings of figures as inline SVG; shapes and colours by classes of the style sheet. Pure.

A drawing never stands alone: the same figures stand beside it, or in a table behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, INSET = 160, 32, 3
_NUMBERS = count(1)


def line(values: Sequence[int], *, title: str, told: str) -> SafeString | str:
    """Return a line through the values, from the lowest to the highest of them; "" where there are fewer than two.

    `title` says whose figures these are, and `told` what the line shows, to whoever does not see it.
    """
    if len(values) < 2:  # noqa: PLR2004  one value is no line
        return ""
    name = next(_NUMBERS)
    low, high = min(values), max(values)
    step = (WIDTH - 2 * INSET) / (len(values) - 1)
    points = [f"{INSET + place * step:.1f} {_height(value, low, high):.1f}" for place, value in enumerate(values)]
    last_x, last_y = points[-1].split()
    return format_html(
        '<svg class="line" viewBox="0 0 {} {}" role="img" aria-labelledby="line-{}-title line-{}-told">'
        '<title id="line-{}-title">{}</title><desc id="line-{}-told">{}</desc>'
        '<path d="M{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        *(WIDTH, HEIGHT, name, name, name, title, name, told, "L".join(points), last_x, last_y),
    )


def _height(value: int, low: int, high: int) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - INSET - share * (HEIGHT - 2 * INSET)


def bar(value: float, *, most: float) -> SafeString:
    """Return a bar as long as the value's share of the most; it is for the eye alone, the number stands beside it."""
    share = 100 * min(1.0, value / most) if most > 0 else 0.0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-ground" width="100" height="8"/><rect class="bar-share" width="{}" height="8"/></svg>',
        f"{share:.1f}",
    )
