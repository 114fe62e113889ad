"""A document that is being fact-checked."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factcheck.access.models import Client
from factcheck.ledger import Due
from sources.models import Document, Snapshot
from sources.models.document import SAW


class ArticleQuerySet(models.QuerySet["Article"]):
    """Reads of articles."""

    def with_counts(self) -> ArticleQuerySet:
        """With `claims_standing`, how many claims stand in the newest version of each."""
        from claims.models.appearance import Appearance

        here = Appearance.objects.standing().undivided().filter(article=OuterRef("pk")).order_by().values("article")
        counted = here.annotate(many=models.Count("claim", distinct=True)).values("many")
        return self.annotate(claims_standing=Coalesce(models.Subquery(counted), 0))

    def of(self, owner: AbstractBaseUser | Client) -> ArticleQuerySet:
        """Sent in by that person or client, first or again."""
        # Who was first stands on the article too: an older version that still runs writes it there alone.
        is_client = isinstance(owner, Client)
        first = Q(client=owner.pk) if is_client else Q(submitted_by=owner.pk)
        whose = Q(client=owner.pk) if is_client else Q(user=owner.pk)
        return self.filter(first | models.Exists(Submission.objects.filter(whose, article=OuterRef("pk"))))


class Article(Due):
    """One document and how far its splitting is. It is due when a snapshot of it waits to be split."""

    class State(models.TextChoices):
        """How far splitting is."""

        WAITING = "waiting", _("waiting for the page")
        DUE = "due", _("about to be split")
        SPLIT = "split", _("split into claims")
        FAILED = "failed", _("failed")
        UNSUPPORTED = "language_not_supported", _("language not supported: claims by hand")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.OneToOneField(Document, models.PROTECT, related_name="article", verbose_name=_("document"))
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version that was split"),
    )
    state = models.CharField(_("splitting"), max_length=30, choices=State.choices, default=State.WAITING)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    created_at = models.DateTimeField(_("submitted at"), auto_now_add=True)
    split_at = models.DateTimeField(_("split at"), null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta(Due.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-id"]
        constraints = [
            *Due.Meta.constraints,
            models.CheckConstraint(
                name="claims_article_split_has_its_version",
                condition=~Q(state="split") | Q(snapshot__isnull=False, split_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claims_article_state_known",
                condition=Q(state__in=["waiting", "due", "split", "failed", "language_not_supported"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)

    @property
    def progress(self) -> tuple[str, str]:
        """Return the state and its reason as people should read it now: a page that cannot be read has failed."""
        if self.quarantined_at:
            return "quarantined", self.last_error
        document = self.document
        if self.state == self.State.WAITING and document.outcome and document.outcome not in SAW:
            again = (
                gettext("We look again at %(at)s.") % {"at": f"{document.due_at:%Y-%m-%d %H:%M} UTC"}
                if document.due_at
                else ""
            )
            said = document.outcome_detail or document.get_outcome_display()
            return self.State.FAILED, f"{document.outcome}: {said} {again}".strip()
        return self.state, self.state_reason


class Submission(models.Model):
    """That somebody sent an article in: whoever did sees it, though another was first."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="submissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claims_submission_of_a_person_or_a_client",
                condition=Q(user__isnull=False, client__isnull=True) | Q(user__isnull=True, client__isnull=False),
            ),
            models.UniqueConstraint(
                name="claims_submission_once_a_person", fields=["article", "user"], condition=Q(client__isnull=True)
            ),
            models.UniqueConstraint(
                name="claims_submission_once_a_client", fields=["article", "client"], condition=Q(user__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.at:%Y-%m-%d %H:%M}"
