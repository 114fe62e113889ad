"""How a headline frames what a claim says: as somebody's denial, as a mere report, or as plain fact.

Rules, for what the pairs that the model learnt from hardly show: encyclopaedias deny and hedge little, headlines do
much. In long sentences such words mostly belong to something else, so that these are left to the model.
"""

import re
from enum import StrEnum

SHORT = 12  # words: what is longer is no headline
_WRONG = r"false|fake|incorrect|wrong|not true|untrue|a lie|a myth|a fake|a hoax"  # what reports turn out to be
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|hoax\w*|debunk\w*|untrue|unfounded|baseless|bogus|fabricat\w*|made[- ]up|"
    r"dismiss(?:es|ed)|rebuff\w*|rubbish\w*|refut(?:e|es|ed|ing)|rejects?|disput(?:es|ed)|slams?|blasts?|retract\w*|"
    rf"(?:is|are|was|were|be|proves?|proved|totally|completely|entirely|turned out(?: to be)?) (?:{_WRONG})|"
    r"(?:false|fake) (?:report|claim|rumou?r|story|news|photo|picture|video|quote)s?|not true|no truth|"
    r"never happened|no,|no evidence|(?:did|does|do|has|have|had|is|are|was|were)(?:n['’ ]?t| not)\b)"
)
_REPORTED = re.compile(
    r"\b(?:reportedly|alleged(?:ly)?|allegations?|purported(?:ly)?|supposed(?:ly)?|rumou?r(?:s|ed)?|unconfirmed|"
    r"unverified|apparently|said to|claims?|claim(?:ed|ing)|reports?|suspected|may|might|could|possibly|probably not|"
    r"speculation|fears?|investigat(?:es?|ed|ing|ion)|prob(?:es?|ing)|unclear|questions?|mystery|whether|says|"
    r"according to)\b|\?|^[^:]{3,40}: "
)


class Frame(StrEnum):
    """How it is said."""

    PLAIN = "plain"
    REPORTED = "reported"
    DENIED = "denied"


def frame(claim: str, passage: str) -> Frame:
    """Return how a short passage frames what it says; beside a claim that is framed alike it is plain."""
    said, asked = passage.lower(), claim.lower()
    if len(said.split()) > SHORT:
        return Frame.PLAIN
    if _DENIED.search(said):
        return Frame.PLAIN if _DENIED.search(asked) else Frame.DENIED
    if _REPORTED.search(said):
        return Frame.PLAIN if _REPORTED.search(asked) else Frame.REPORTED
    return Frame.PLAIN
