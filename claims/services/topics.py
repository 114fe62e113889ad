"""What a claim is about, in a word or two of the desk's own: policies and second-person rules go by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim
from claims.services import events, groups, policies
from factcheck.access.models import User
from factcheck.access.roles import Action

TOPIC_LENGTH = 100


class TopicRefused(Exception):
    """The claim keeps its topic; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


def written(topic: str) -> str:
    """Return a topic as it is kept: one line without spaces to spare."""
    return " ".join(topic.replace("\x00", "").split())


@transaction.atomic
def give(claim: Claim, topic: str, *, by: User, now: datetime) -> Claim:
    """Give a claim a topic, or take it away with an empty one; how long its status holds is said anew."""
    if not by.may(Action.WORK_CLAIMS):
        raise TopicRefused("not_allowed", _("Your role does not work on claims. Ask for the fact-checker's."))
    said = written(topic)
    if len(said) > TOPIC_LENGTH:
        raise TopicRefused("too_long", _("A topic has at most %(most)s characters.") % {"most": TOPIC_LENGTH})
    locked = groups.held([claim.pk])[claim.pk]
    if locked.erased_at is not None:
        raise TopicRefused("erased", _("The claim was erased: nothing can be said of it any more."))
    if said != locked.topic:
        before, locked.topic = locked.topic, said
        locked.save(update_fields=["topic"])
        events.record(locked, "claim.topic_given", now=now, by=by, old=before, new=said)
        policies.hold_anew(locked)
    return locked
