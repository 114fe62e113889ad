"""Times and lengths of time as people read them."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def when(at: datetime | None) -> str:
    """Return a moment by the desk's clock, a dash where there is none."""
    return date_format(localtime(at), "j M Y, H:i") if at else "–"


def seconds(length: float) -> str:
    """Return a length of time, with as many digits as say something."""
    return _("%(seconds)s s") % {"seconds": f"{length:g}"}
