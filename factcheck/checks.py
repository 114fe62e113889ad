"""What must be right before a process starts: web, worker, beat and `dispatch` refuse with sentences, not tracebacks.

The rules about settings are in factcheck.rules_of_settings, those about the database are tagged `Tags.database`.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from typing import NoReturn

import django
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from factcheck.lib import logs

log = logging.getLogger(__name__)

# gunicorn ends with its worker for this code; for any other it would start the worker again, for ever.
REFUSED = 3


def load_settings() -> None:
    """Read the settings; where a value cannot be understood, end with the sentence that says so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    try:
        _ = settings.SECRET_KEY  # the first question loads them
    except ImproperlyConfigured as refusal:
        sys.stderr.write(f"Cannot start: {logs.mask(str(refusal))}\n")
        sys.exit(REFUSED)


def refuse_to_start() -> None:
    """End this process with a sentence for each error, if there is any; warnings are only told."""
    load_settings()
    django.setup()
    logging.captureWarnings(capture=True)  # a warning is an event as well
    _tell(checks.run_checks())
    _wait_for_database(settings.DATABASE_WAIT)
    _tell(checks.run_checks(tags=[checks.Tags.database], databases=["default"]))
    connection.close()  # whoever forks next must not inherit it


def said(message: checks.CheckMessage) -> str:
    """Return one message as a sentence or two, with its id."""
    return " ".join(part for part in (str(message.msg), message.hint, f"({message.id})") if part)


def _tell(messages: list[checks.CheckMessage]) -> None:
    told = sorted((one for one in messages if not one.is_silenced()), key=lambda message: str(message.id))
    for message in told:
        if not message.is_serious():
            log.warning("%s", said(message))
    if errors := [said(message) for message in told if message.is_serious()]:
        _refuse(*errors)


def _wait_for_database(seconds: int) -> None:
    """Containers start in any order: ask for a while before giving up."""
    until = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            why = str(error).strip().partition("\n")[0]
        else:
            return
        if time.monotonic() > until:
            _refuse(
                f"The database did not answer within {seconds} s: {why}. Look whether PostgreSQL runs and whether"
                " DATABASE_URL names it; DATABASE_WAIT sets how long a start waits. (factcheck.E100)"
            )
        time.sleep(0.5)


def _refuse(*sentences: str) -> NoReturn:
    for sentence in sentences:
        log.critical("Cannot start: %s", sentence)
    sys.exit(REFUSED)
