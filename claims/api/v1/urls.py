"""Addresses of articles, claims and evidence."""

from __future__ import annotations

from claims.api.v1 import articles, claims, evidence, known, links, similar
from factcheck.api.doors import route

urlpatterns = [
    route("articles", articles.Articles, name="api-articles"),
    route("articles/<uuid:uid>", articles.OneArticle, name="api-article"),
    route("claims", claims.Claims, name="api-claims"),
    route("claims/<uuid:uid>", claims.OneClaim, name="api-claim"),
    route("claims/<uuid:uid>/history", claims.History, name="api-history"),
    route("claims/<uuid:uid>/independence", claims.IndependentSources, name="api-independence"),
    route("claims/<uuid:uid>/similar", similar.SimilarClaims, name="api-similar"),
    route("claims/<uuid:uid>/known-checks", known.KnownChecksOfClaim, name="api-claim-known-checks"),
    route("claims/<uuid:uid>/moves", claims.Moves, name="api-moves"),
    route("claims/<uuid:uid>/evidence", evidence.EvidenceOfClaim, name="api-evidence"),
    route("claims/<uuid:uid>/evidence/<uuid:evidence_uid>/accept", evidence.Accept, name="api-accept"),
    route("claims/<uuid:uid>/evidence/<uuid:evidence_uid>/dismiss", evidence.Dismiss, name="api-dismiss"),
    route("claims/<uuid:uid>/links", links.Links, name="api-links"),
    route("claims/<uuid:uid>/links/<uuid:row_uid>/accept", links.AcceptLink, name="api-link-accept"),
    route("claims/<uuid:uid>/links/<uuid:row_uid>/dismiss", links.DismissLink, name="api-link-dismiss"),
    route("claims/<uuid:uid>/links/<uuid:row_uid>/undo", links.UndoLink, name="api-link-undo"),
    route("claims/<uuid:uid>/drifts", links.Drifts, name="api-drifts"),
    route("claims/<uuid:uid>/drifts/<uuid:row_uid>/accept", links.AcceptDrift, name="api-drift-accept"),
    route("claims/<uuid:uid>/drifts/<uuid:row_uid>/dismiss", links.DismissDrift, name="api-drift-dismiss"),
    route("claims/<uuid:uid>/drifts/<uuid:row_uid>/undo", links.UndoDrift, name="api-drift-undo"),
    route("known-checks", known.KnownChecks, name="api-known-checks"),
]
