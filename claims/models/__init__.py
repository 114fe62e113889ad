"""What was said, what we decided, why."""

from claims.models.appearance import Appearance, Attribution
from claims.models.article import Article, Submission
from claims.models.claim import Claim
from claims.models.condition import Condition
from claims.models.event import Event, Feed, Outbox, Payload
from claims.models.evidence import Evidence
from claims.models.known import KnownCheck, KnownMatch, KnownVersion
from claims.models.known_feed import KnownFeed, KnownRating
from claims.models.link import Deciding, Drift, Link
from claims.models.notes import Contact, Note, Search
from claims.models.representation import Representation, Represented, Term
from claims.models.reread import Reread
from claims.models.restamping import Restamping
from claims.models.saved import SavedFilter
from claims.models.seconding import Proposal, SecondPersonRule
from claims.models.stance import StanceGuess
from claims.models.statement import Statement
from claims.models.triage import Triage
from claims.models.verdict import Flag, Policy, StatusChange

__all__ = [
    "Appearance",
    "Article",
    "Attribution",
    "Claim",
    "Condition",
    "Contact",
    "Deciding",
    "Drift",
    "Event",
    "Evidence",
    "Feed",
    "Flag",
    "KnownCheck",
    "KnownFeed",
    "KnownMatch",
    "KnownRating",
    "KnownVersion",
    "Link",
    "Note",
    "Outbox",
    "Payload",
    "Policy",
    "Proposal",
    "Representation",
    "Represented",
    "Reread",
    "Restamping",
    "SavedFilter",
    "Search",
    "SecondPersonRule",
    "StanceGuess",
    "Statement",
    "StatusChange",
    "Submission",
    "Term",
    "Triage",
]
