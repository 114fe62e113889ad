"""A claim as the index has it: where it stands among all others by meaning, and the words it is found by."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from claims.models.claim import Claim
from factcheck.ledger import Due

DIMENSIONS = 384


class Represented(Due):
    """A row that is found by what it says. Due, its text is yet to be embedded and held against the others.

    `model` names the embedder that made the vector: one of another embedder is as good as none. Both are made of the
    text, and go where the text goes.
    """

    vector = HalfVectorField(_("vector"), dimensions=DIMENSIONS, null=True, editable=False)
    model = models.CharField(_("embedder"), max_length=100, blank=True, default="", db_default="", editable=False)
    words = SearchVectorField(_("words"), null=True, editable=False)

    class Meta(Due.Meta):
        abstract = True
        indexes = [
            *Due.Meta.indexes,
            # The defaults of pgvector; what they reach is in docs/adr/0014.
            HnswIndex(
                fields=["vector"],
                name="%(app_label)s_%(class)s_vector",
                m=16,
                ef_construction=64,
                opclasses=["halfvec_cosine_ops"],
            ),
            GinIndex(fields=["words"], name="%(app_label)s_%(class)s_words", fastupdate=False),
        ]


class Representation(Represented):
    """A claim's, apart from the claim: what is written often there is narrow, and what is wide here is written once.

    A trigger on claims makes it, and makes it due anew where the text changes, in the transaction of that: so also what
    the version before writes is found, and nothing is lost wherever a process ends.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="representation")
    is_matched = models.BooleanField(_("held against the others"), default=False, db_default=False, editable=False)

    class Meta(Represented.Meta):
        verbose_name = _("representation")
        verbose_name_plural = _("representations")

    def __str__(self) -> str:
        return str(self.claim)


class Term(models.Model):
    """A word of the index, and how many claims have it: rare words find, common ones only rank.

    Counted anew each day, and after an erasure: what is not here is rare, or new.
    """

    word = models.TextField(_("word"))
    count = models.PositiveIntegerField(_("claims"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [models.UniqueConstraint(name="claims_term_once", fields=["word"])]
        indexes = [GinIndex(fields=["word"], name="claims_term_spelling", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
