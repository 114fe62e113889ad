"""A claim, and where our verification of it stands."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from claims.verification.anchors import Anchor
from claims.verification.status import BIRTH, MAY_FOLLOW, OPEN, Status
from factcheck.access.models import Client
from factcheck.ledger import Due
from sources.models import Document, Source
from sources.models.erasure import never_emptied

if TYPE_CHECKING:
    from claims.models.appearance import AppearanceQuerySet

STATUSES = [
    (Status.UNREVIEWED.value, _("unreviewed")),
    (Status.UNCONFIRMED.value, _("unconfirmed")),
    (Status.IN_REVIEW.value, _("in review")),
    (Status.SUPPORTED.value, _("supported")),
    (Status.REFUTED.value, _("refuted")),
    (Status.CONFLICTING.value, _("conflicting evidence")),
    (Status.NOT_ENOUGH_EVIDENCE.value, _("unproven")),
    (Status.NOT_CHECKABLE.value, _("not checkable")),
    (Status.WITHDRAWN.value, _("withdrawn")),
]
CERTAINTIES = [
    ("asserted", _("asserted")),
    ("probable", _("probable")),
    ("possible", _("possible")),
    ("unconfirmed", _("unconfirmed")),
    ("denied", _("denied")),
    ("doubtful", _("doubtful")),
]
KINDS = [
    ("fact", _("fact")),
    ("forecast", _("forecast")),
    ("conditional", _("conditional")),
    ("opinion", _("opinion")),
    ("directive", _("directive")),
]
ANCHORS = [
    (Anchor.HOLDS.value, _("unchanged")),
    (Anchor.MOVED.value, _("moved on the page")),
    (Anchor.REWORDED.value, _("reworded")),
    (Anchor.DENIED.value, _("denied")),
    (Anchor.REMOVED.value, _("removed")),
    (Anchor.PAGE_GONE.value, _("page gone")),
    (Anchor.GATED.value, _("behind a wall")),
    (Anchor.UNREACHABLE.value, _("could not be reached")),
]
TEXT_LENGTH = 2000
# What the index has of the text goes with it, whoever changes it; an erased one is not made anew.
_TO_BE_MATCHED = "PERFORM claims_to_be_matched(NEW.id, NEW.erased_at IS NULL); RETURN NULL;"

# What the queue goes by. Whoever was like it, or one with it, is looked at too.
_TRIAGED_BY = ("status", "kind", "check_worthiness", "head_id", "erased_at")
_TO_BE_TRIAGED = "PERFORM claims_to_be_triaged(NEW.id); RETURN NULL;"
_CHANGED_TO_BE_TRIAGED = (
    "PERFORM claims_to_be_triaged(NEW.id); PERFORM claims_to_be_triaged(OLD.head_id);"
    " PERFORM claims_like_it_to_be_triaged(NEW.id); RETURN NULL;"
)


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reads of claims."""

    def stale(self) -> ClaimQuerySet:
        """With an open flag."""
        return self.filter(Exists(_open_flags()))

    def fresh(self) -> ClaimQuerySet:
        """Without an open flag."""
        return self.exclude(Exists(_open_flags()))

    def overdue(self, now: datetime) -> ClaimQuerySet:
        """Older than their status holds: by the reader's clock, whether or not a worker noticed."""
        return self.filter(holds_until__lte=now)

    def open(self) -> ClaimQuerySet:
        """Awaiting a verdict."""
        return self.filter(status__in=[status.value for status in OPEN])

    def of(self, owner: AbstractBaseUser | Client) -> ClaimQuerySet:
        """Written by that person, or suggested by that client."""
        return self.filter(client=owner) if isinstance(owner, Client) else self.filter(created_by=owner.pk)

    def standing_in(self, article_uid: UUID) -> ClaimQuerySet:
        """Standing in the newest version of that article."""
        return self.filter(Exists(_standing().filter(article__uid=article_uid)))

    def said_by(self, source_uid: UUID) -> ClaimQuerySet:
        """Claimed by that source, or taken from it by the text of some article."""
        from claims.models.appearance import Attribution

        told = Attribution.objects.filter(appearance__claim=OuterRef("pk"), source__uid=source_uid)
        return self.filter(Q(claimant__uid=source_uid) | Exists(told))

    def flagged(self, reason: str) -> ClaimQuerySet:
        """With an open flag for that reason."""
        return self.filter(Exists(_open_flags().filter(reason=reason)))

    def said_as(self, certainty: str) -> ClaimQuerySet:
        """Which a text says today with that certainty."""
        return self.filter(Exists(_standing().filter(certainty=certainty)))

    def credited_to(self, source: int) -> ClaimQuerySet:
        """Which a text has today from that source, anywhere in the chain."""
        return self.filter(Exists(_standing().filter(chain__source=source)))

    def saying(self, words: str) -> ClaimQuerySet:
        """With every one of these words in its text or in a quote of it; ten words at most."""
        from claims.models.appearance import Appearance

        found = self
        for word in words.split()[:10]:
            quoted = Appearance.objects.filter(claim=OuterRef("pk"), quote__icontains=word)
            found = found.filter(Q(text__icontains=word) | Exists(quoted))
        return found

    def resting_on(self, document: Document) -> ClaimQuerySet:
        """Whose article this page is, or whose evidence, also where that is only suggested."""
        from claims.models.evidence import Evidence

        held = Evidence.objects.filter(claim=OuterRef("pk"), document=document).exclude(state=Evidence.State.DISMISSED)
        return self.filter(Exists(_standing().filter(article__document=document)) | Exists(held))

    def standing_alone(self) -> ClaimQuerySet:
        """Joined to no other; those with others joined to them are among these."""
        return self.filter(head__isnull=True)

    def listed(self) -> ClaimQuerySet:
        """What lists show unless asked for more: a joined claim only while something calls for another look at it."""
        return self.filter(Q(head__isnull=True) | Exists(_open_flags()))

    def together_with(self, claim: Claim) -> ClaimQuerySet:
        """The claim and all that are one with it."""
        head = claim.head_id or claim.pk
        return self.filter(Q(pk=head) | Q(head=head))

    def saying_more(self) -> ClaimQuerySet:
        """Which some text says more surely, or more exactly, than its source did, as far as nobody denied that."""
        from claims.models.link import Drift

        return self.filter(Exists(Drift.objects.standing().filter(claim=OuterRef("pk"))))

    def with_company(self) -> ClaimQuerySet:
        """With `open_flags`, `places` (appearances, article and outlet at hand) and `said_in` on each, for lists.

        `said_in` counts the articles in which it, or a claim joined to it, stands today.
        """
        from claims.models.appearance import Appearance
        from claims.models.verdict import Flag

        places = Appearance.objects.select_related("article__document__publisher")
        # Claims first, by their indexes: a condition on either would read every appearance there is, for each row.
        asked = OuterRef(OuterRef("pk"))
        one = Claim.objects.filter(Q(pk=asked) | Q(head=asked)).order_by()
        # No aggregate to Django, which would group by the article and count one each time.
        many = models.Func("article_id", template="COUNT(DISTINCT %(expressions)s)", output_field=models.IntegerField())
        standing = Appearance.objects.standing().filter(claim__in=one.values("pk")).order_by()
        articles = standing.annotate(many=many).values("many")
        return self.annotate(said_in=models.Subquery(articles)).prefetch_related(
            models.Prefetch("flags", Flag.objects.standing(), to_attr="open_flags"),
            models.Prefetch("appearances", places, to_attr="places"),
        )


def _open_flags() -> models.QuerySet[models.Model]:
    from claims.models.verdict import Flag

    return Flag.objects.filter(claim=OuterRef("pk"), cleared_at__isnull=True)


def _standing() -> AppearanceQuerySet:
    from claims.models.appearance import Appearance

    return Appearance.objects.standing().filter(claim=OuterRef("pk"))


class Claim(Due):
    """The smallest statement that can be true or false on its own. `due_at` is when its status grows too old."""

    class Origin(models.TextChoices):
        """Where the claim came from."""

        SPLIT = "split", _("splitting")
        PERSON = "person", _("by hand")
        CLIENT = "client", _("suggested by a client")
        IMPORT = "import", _("from a file")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.CharField(_("claim"), max_length=TEXT_LENGTH)
    language = models.CharField(_("language"), max_length=12, default="en")
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS, default="fact")
    # The sentence as splitting wrote it, and what in it stands in place of the article's own words; with `put_back` the
    # desk has the article's words again. Splitting names it: start, end, was, now, why, at.
    written = models.CharField(_("as written"), max_length=TEXT_LENGTH, blank=True, default="", db_default="")
    edits = models.JSONField(_("edits"), default=list, db_default=models.Value([], models.JSONField()), editable=False)
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    claimant = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("claimant")
    )
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)
    said_where = models.CharField(_("said where"), max_length=300, blank=True)
    check_worthiness = models.FloatField(_("check-worthiness"), default=0.5)
    status = models.CharField(
        _("our status"), max_length=30, choices=STATUSES, default=Status.UNREVIEWED.value, editable=False
    )
    status_since = models.DateTimeField(_("status since"), editable=False)
    holds_until = models.DateTimeField(_("status holds until"), null=True, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    client = models.ForeignKey(Client, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    # With which it is one: claims/services/groups.py keeps it as the accepted links say.
    head = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", verbose_name=_("joined to"),
        editable=False,
    )  # fmt: skip
    # Which was split up, by a person, because it said several things.
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of"), editable=False
    )

    objects = ClaimQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(name="claims_claim_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="claims_claim_check_worthiness_0_to_1",
                condition=Q(check_worthiness__gte=0, check_worthiness__lte=1),
            ),
            models.CheckConstraint(
                name="claims_claim_status_known", condition=Q(status__in=[status.value for status in Status])
            ),
            models.CheckConstraint(name="claims_claim_is_not_its_own_head", condition=~Q(head=models.F("id"))),
        ]
        indexes = [
            *Due.Meta.indexes,
            models.Index(fields=["status", "-id"], name="claims_claim_by_status"),
            models.Index(fields=["created_at"], name="claims_claim_by_birth"),
            models.Index(fields=["topic", "-id"], name="claims_claim_by_topic", condition=~Q(topic="")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="claim_status_follows_the_table",
                field="status",
                transitions=[(old.value, new.value) for old, follow in MAY_FOLLOW.items() for new in sorted(follow)],
            ),
            pgtrigger.Trigger(
                name="claim_is_born_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=~pgtrigger.Q(new__status__in=sorted(status.value for status in BIRTH)),
                func="RAISE EXCEPTION 'a claim cannot begin as %', NEW.status;",
            ),
            pgtrigger.Protect(name="claims_are_never_deleted", operation=pgtrigger.Delete),
            never_emptied("claims_are_never_emptied"),
            pgtrigger.Trigger(
                name="new_claims_are_to_be_matched",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func=_TO_BE_MATCHED,
            ),
            pgtrigger.Trigger(
                name="reworded_claims_are_to_be_matched",
                operation=pgtrigger.UpdateOf("text"),  # type: ignore[no-untyped-call]  # it has no types
                when=pgtrigger.After,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
                func=_TO_BE_MATCHED,
            ),
            pgtrigger.Trigger(
                name="new_claims_are_triaged", operation=pgtrigger.Insert, when=pgtrigger.After, func=_TO_BE_TRIAGED
            ),
            pgtrigger.Trigger(
                name="changed_claims_are_triaged",
                operation=pgtrigger.UpdateOf(*_TRIAGED_BY),  # type: ignore[no-untyped-call]  # it has no types
                when=pgtrigger.After,
                func=_CHANGED_TO_BE_TRIAGED,
            ),
            pgtrigger.Trigger(
                name="heads_have_no_head",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("head_id"),  # type: ignore[no-untyped-call]  # of the package
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__head__isnull=False),
                declare=[("above", "bigint")],
                # The lock lets nobody join the head elsewhere before we commit.
                func="SELECT head_id INTO above FROM claims_claim WHERE id = NEW.head_id FOR SHARE;"
                " IF above IS NOT NULL OR EXISTS (SELECT 1 FROM claims_claim WHERE head_id = NEW.id) THEN"
                " RAISE EXCEPTION 'a claim is joined to one that is joined to none'; END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_overdue(self, now: datetime) -> bool:
        """Whether its status is older than it holds."""
        return self.holds_until is not None and self.holds_until <= now
