"""A PostgreSQL and a Valkey of a bench's own, made fresh and taken away behind it."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factcheck import embedded

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def servers(*tuned: str) -> Iterator[Path]:
    """Bring both up, PostgreSQL tuned; migrate, and name them in the environment; give a folder for files."""
    place = embedded.place(f"bench-{secrets.token_hex(3)}")
    hold = embedded.Hold(place, tuned=tuned)
    os.environ.update(DATABASE_URL=place.database_url, REDIS_URL=place.redis_url, SECRET_KEY=secrets.token_hex())
    os.environ.pop("DATABASE_AS_OWNER", None)
    os.environ.update(DATABASE_OWNER_URL=place.owner_url)
    os.environ.update(DJANGO_SETTINGS_MODULE="factcheck.settings", PYTHONPATH=str(ROOT))
    try:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
            yield Path(folder)
    finally:
        hold.release()
        shutil.rmtree(place.folder)
