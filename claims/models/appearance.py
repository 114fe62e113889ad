"""Where a claim stands in an article, and who the text has it from."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Greatest, Least, Substr
from django.utils.translation import gettext_lazy as _

from claims.models.article import Article
from claims.models.claim import ANCHORS, CERTAINTIES, KINDS, Claim
from claims.models.triggers import to_be_triaged
from claims.verification.anchors import Anchor
from sources.models import Snapshot, Source

CONTEXT_LENGTH = 4000
BY_HAND, SPLIT_UP = "by hand", "split up by hand"
# A claim is found by its quotes too: theirs are the words that go, or come.
_TO_BE_READ_AGAIN = "PERFORM claims_to_be_read_again(NEW.claim_id); RETURN NULL;"

_FIRST = Cast(KeyTextTransform("start", KeyTransform("0", "spans")), models.IntegerField())
_LAST = Cast(KeyTextTransform("end", KeyTransform("-1", "spans")), models.IntegerField())


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    """Reads of appearances."""

    def standing(self) -> AppearanceQuerySet:
        """In the newest version of their article."""
        return self.filter(ended_at__isnull=True)

    def undivided(self) -> AppearanceQuerySet:
        """Of claims that were not split up: where they stand, their parts do."""
        return self.filter(~Exists(Claim.objects.filter(part_of=OuterRef("claim"))))

    def with_claims(self) -> AppearanceQuerySet:
        """With their claims, and on each its `open_flags`."""
        from claims.models.verdict import Flag

        flags = models.Prefetch("claim__flags", Flag.objects.standing(), to_attr="open_flags")
        return self.select_related("claim").prefetch_related(flags)

    def across(self, start: int, end: int) -> AppearanceQuerySet:
        """With a span that shares some of text[start:end], taking each from its first span to its last."""
        return self.alias(first=_FIRST, last=_LAST).filter(first__lt=end, last__gt=start)

    def in_context(self, around: int) -> AppearanceQuerySet:
        """With `context`, the text with `around` characters on both sides of the spans, and its `context_start`."""
        start = Greatest(_FIRST - around, 0)
        return self.annotate(
            context_start=start,
            context=Substr("snapshot__text", start + 1, Least(_LAST + around - start, CONTEXT_LENGTH)),
        )


class Appearance(models.Model):
    """One place where a claim stands: a version of an article and one to three verbatim spans of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances", verbose_name=_("claim"))
    article = models.ForeignKey(Article, models.PROTECT, related_name="appearances", verbose_name=_("article"))
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name=_("version"))
    spans = models.JSONField(_("spans"))
    quote = models.TextField(_("quote"))
    fingerprint = models.CharField(max_length=64, editable=False)
    certainty = models.CharField(_("the text says"), max_length=20, choices=CERTAINTIES)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    salience = models.CharField(_("salience"), max_length=20)
    because = models.JSONField(_("because"), default=list)
    anchor = models.CharField(_("the quote today"), max_length=20, choices=ANCHORS, default=Anchor.HOLDS.value)
    anchor_sentence = models.TextField(_("stands there today"), blank=True)
    anchored_at = models.DateTimeField(_("compared at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("no longer there since"), null=True, blank=True)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="claims_appearance_once_an_article_version",
                fields=["article", "snapshot", "fingerprint"],
            ),
            models.UniqueConstraint(
                name="claims_appearance_stands_once",
                fields=["article", "fingerprint"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="claims_appearance_certainty_known",
                condition=Q(certainty__in=[code for code, _word in CERTAINTIES]),
            ),
            models.CheckConstraint(
                name="claims_appearance_kind_known", condition=Q(kind__in=[code for code, _word in KINDS])
            ),
            models.CheckConstraint(
                name="claims_appearance_anchor_known",
                condition=Q(anchor__in=[code for code, _word in ANCHORS]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="new_quotes_are_to_be_read",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func=_TO_BE_READ_AGAIN,
            ),
            pgtrigger.Trigger(
                name="changed_quotes_are_to_be_read",
                operation=pgtrigger.UpdateOf("quote"),  # type: ignore[no-untyped-call]  # it has no types
                when=pgtrigger.After,
                condition=pgtrigger.Q(old__quote__df=pgtrigger.F("new__quote")),
                func=_TO_BE_READ_AGAIN,
            ),
            *to_be_triaged("appearances", "ended_at", "certainty"),
        ]

    def __str__(self) -> str:
        return self.quote

    @property
    def is_by_hand(self) -> bool:
        """Whether a person said that it stands there, and how it is read."""
        return self.because in ([BY_HAND], [SPLIT_UP])


class Attribution(models.Model):
    """One link of the chain, outermost first: who the text has it from, by which cue."""

    appearance = models.ForeignKey(Appearance, models.CASCADE, related_name="chain")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("as the text names it"), max_length=300)
    cue = models.CharField(_("cue"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="attributions", verbose_name=_("source")
    )

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        ordering = ["appearance_id", "position"]
        constraints = [
            models.UniqueConstraint(name="claims_attribution_place_once", fields=["appearance", "position"]),
        ]

    def __str__(self) -> str:
        return self.name
