"""Third-person pronouns: how many come out rightly, how many wrongly, by the annotations of `bench/pronouns.py`."""

import importlib
import importlib.util

from bench.splitting_rows import Figures
from bench.splitting_sets import NotMeasured, Sets


def pronouns(sets: Sets) -> Figures:
    """The shares of annotated pronouns that come out right and wrong; the rest is left to be seen."""
    if importlib.util.find_spec("bench.pronouns") is None:
        raise NotMeasured("bench/pronouns.py is not there")
    sets.texts()
    found = importlib.import_module("bench.pronouns").measure(sets.articles / "texts")
    return {"right": found.right / found.total, "wrong": found.wrong / found.total}
