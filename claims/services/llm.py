"""A language model's advice on a splitting, where a desk has set one: asked within bounds, believed in nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.splitting import Block, Splitting, llm
from claims.verification import anchors
from factcheck.lib import http
from factcheck.lib.answers import Failed, Failure, Limits, Response

log = logging.getLogger(__name__)

# All questions about one article, and one of them; an article's lease lasts longer.
WITHIN_S, ANSWER_WITHIN_S = 45.0, 30.0
MOST_BYTES = 256 * 1024
DOOR = "/chat/completions"
Post = Callable[..., Response | Failed]
_UNREACHED = gettext_lazy("its server could not be reached")
_WHY = {
    Failure.DEADLINE: gettext_lazy("it did not answer in time"),
    Failure.TOO_LARGE: gettext_lazy("it answered too much"),
    Failure.TRUNCATED: gettext_lazy("its answer broke off"),
}


class NotHeard(Exception):
    """The model gave no answer that can be used; the message says why, in words for the desk."""


@dataclass(frozen=True, slots=True)
class Model:
    """Where the model is asked, by what name, with what key."""

    url: str
    name: str
    key: str

    @classmethod
    def of_settings(cls) -> Model | None:
        """Read the settings; None where a desk has set no model."""
        base = settings.CLAIMS_LLM_URL
        if not base:
            return None
        url = base if base.endswith(DOOR) else base + DOOR
        return cls(url, settings.CLAIMS_LLM_MODEL, settings.CLAIMS_LLM_KEY)

    def __repr__(self) -> str:
        """Keep the key out of tracebacks and logs."""
        return f"Model({self.url}, {self.name})"


def advised(
    found: Splitting,
    text: str,
    *,
    blocks: Sequence[Block],
    before: str = "",
    post: Post = http.post,
    monotonic: Callable[[], float] = time.monotonic,
) -> tuple[Splitting, str]:
    """Return the splitting with what holds of the model's proposals, and a note for the desk where it was not heard.

    Sentences that stood in the version before are not asked about again. Without the setting nothing is asked. What
    goes wrong leaves what the rules, and answers before it, gave.
    """
    model = Model.of_settings()
    if model is None:
        return found, ""
    portions, left_out = llm.portions(text, blocks, is_new=_newer_than(before, text))
    until = monotonic() + WITHIN_S
    for place, passages in enumerate(portions):
        try:
            left = min(until - monotonic(), ANSWER_WITHIN_S)
            answer = _asked(model, llm.question(passages, text, found, model=model.name), post=post, left=left)
        except NotHeard as why:
            log.warning("the language model was not heard: %s", why)
            told = {"why": why, "many": len(portions) - place, "all": len(portions)}
            return found, _("The language model was not heard for %(many)s of %(all)s portions: %(why)s.") % told
        found = llm.joined(found, answer, passages, text, model=model.name)
    if left_out:
        return found, _("The language model was not asked about %(many)s passages: too long.") % {"many": left_out}
    return found, ""


def _newer_than(before: str, text: str) -> Callable[[int, int], bool]:
    known, cut = frozenset(anchors.table(before).keys), anchors.table(text)
    return lambda start, end: not known.issuperset(cut.keys_of(cut.around(start, end)))


def _asked(model: Model, question: bytes, *, post: Post, left: float) -> list[llm.Proposal]:
    """Ask once; raises NotHeard. What the server says of itself is not passed on: it may hold anything."""
    if left <= 0:
        raise NotHeard(_("the time for it was over"))
    given = {"Content-Type": "application/json", "Accept": "application/json"}
    if model.key:
        given["Authorization"] = f"Bearer {model.key}"
    answer = post(model.url, question, headers=given, limits=Limits(total_s=left, max_bytes=MOST_BYTES))
    if isinstance(answer, Failed):
        raise NotHeard(_WHY.get(answer.failure, _UNREACHED))
    if answer.status != HTTPStatus.OK or answer.truncated:
        raise NotHeard(_("its server answered with status %(status)s") % {"status": answer.status})
    try:
        return llm.proposals(answer.body)
    except llm.Unusable as unusable:
        raise NotHeard(_("its answer cannot be used: %(why)s") % {"why": unusable}) from None
