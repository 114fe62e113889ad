"""How gunicorn serves the desk; it reads this file by itself. Address, workers and threads are its command line's."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from factcheck.lib import logs

worker_class = "gthread"
control_socket_disable = True
accesslog = "-"
# What a line of the access log is made of; factcheck.lib.logs spells it out.
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(M)s %({x-request-id}o)s"
logconfig_dict = logs.configuration(
    level="INFO", form="lines" if os.environ.get("LOG_FORMAT", logs.usual_form()) == "lines" else "json"
)

# A connection of its own for each request costs more than most requests do.
if "conn_max_age" not in os.environ.get("DATABASE_URL", ""):
    os.environ.setdefault("DATABASE_POOL", "1")

# Each process counts in a file here, and whichever is scraped adds them up.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="factcheck-metrics-")


def on_exit(_server: Any) -> None:
    """Take the counters along."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
