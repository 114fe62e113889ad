"""Third-person pronouns: how many come out rightly, how many wrongly, by the annotations of `bench/pronouns.py`."""

import json
import subprocess
import sys

from bench.splitting_rows import Figures
from bench.splitting_sets import LIMIT, ROOT, NotMeasured, Sets


def pronouns(sets: Sets) -> Figures:
    """The shares of annotated pronouns that come out right and wrong; the rest is left to be seen."""
    if not (ROOT / "bench" / "pronouns.py").is_file():
        raise NotMeasured("bench/pronouns.py is not there")
    sets.texts()
    command = [sys.executable, "-m", "bench.pronouns", "--json", "--articles", str(sets.articles)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=LIMIT, check=False)
    try:
        found = json.loads(done.stdout.strip().splitlines()[-1])
        return {"right": float(found["right"]), "wrong": float(found["wrong"])}
    except (IndexError, KeyError, TypeError, ValueError) as error:
        last = done.stderr.strip().splitlines()[-1:] or [str(error)]
        raise NotMeasured(f"bench/pronouns.py ends with {done.returncode}: {last[0][:120]}") from error
