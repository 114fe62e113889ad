"""An American politician's title, party and state as words: Rep. Anna Belk (D-Ohio)."""

import re
from collections.abc import Sequence
from functools import cache

from claims.splitting import lexicons
from claims.splitting.tree import Word

SEAT = re.compile(r"\(([DRI])-([\w. ]+)\)")
PARTIES = {"D": "Democratic", "R": "Republican", "I": "independent"}
OFFICES = {"rep.": "U.S. representative from", "sen.": "U.S. senator from", "gov.": "governor of"}


@cache
def _states() -> dict[str, str]:
    entries = (entry.partition(" ") for entry in lexicons.words("states"))
    return {short: name.title() for short, _, name in entries}


def seat_of(title: Sequence[Word], name: str) -> str:
    """What a title and the bracket behind a name say, in words; empty where they do not."""
    bracket = SEAT.search(name)
    offices = [OFFICES[word.lower] for word in title if word.lower in OFFICES]
    state = _states().get(bracket[2].strip().lower(), "") if bracket else ""
    if bracket is None or not offices or not state:
        return ""
    party = PARTIES[bracket[1]]
    article = (
        "the" if offices[0].startswith("governor") and len(title) == 1 else "an" if party == "independent" else "a"
    )
    return f"{article} {party} {offices[0]} {state}"
