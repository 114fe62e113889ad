"""Who may do what: the one table. Doors ask `may`; tests walk every cell."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A person's part on the desk."""

    READER = "reader", _("Reader")
    FACT_CHECKER = "fact_checker", _("Fact-checker")
    EDITOR = "editor", _("Editor")
    ADMIN = "admin", _("Administrator")


class Scope(models.TextChoices):
    """What a token was made for; a person's token can do no more than the person."""

    READ_PUBLISHED = "read:published", _("read what is published")
    READ_ALL = "read:all", _("read everything on the desk")
    WRITE_SUGGEST = "write:suggest", _("submit articles and claims as suggestions")
    WRITE_DESK = "write:desk", _("act as the person it belongs to")


class Action(StrEnum):
    """What can be done on the desk."""

    SEE_PUBLISHED = "see_published"
    SEE_DESK = "see_desk"
    SUBMIT = "submit"
    WORK_CLAIMS = "work_claims"  # take, attach evidence, accept suggestions
    MOVE_STATUS = "move_status"
    MANAGE_POLICIES = "manage_policies"  # policies, sources
    MANAGE_ACCESS = "manage_access"  # people, clients, tokens
    ERASE = "erase"  # a person's words, a version of a page


_DESK = frozenset({Role.FACT_CHECKER, Role.EDITOR, Role.ADMIN})

ROLES_MAY: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SEE_PUBLISHED: frozenset(Role),
        Action.SEE_DESK: frozenset(Role),
        Action.SUBMIT: _DESK,
        Action.WORK_CLAIMS: _DESK,
        Action.MOVE_STATUS: _DESK,
        Action.MANAGE_POLICIES: frozenset({Role.EDITOR, Role.ADMIN}),
        Action.MANAGE_ACCESS: frozenset({Role.ADMIN}),
        Action.ERASE: frozenset({Role.ADMIN}),
    }
)

# What a token's scope allows at most; write:desk is for tokens that belong to a person.
SCOPES_MAY: Mapping[Action, frozenset[Scope]] = MappingProxyType(
    {
        Action.SEE_PUBLISHED: frozenset({Scope.READ_PUBLISHED, Scope.READ_ALL}),
        Action.SEE_DESK: frozenset({Scope.READ_ALL}),
        Action.SUBMIT: frozenset({Scope.WRITE_SUGGEST, Scope.WRITE_DESK}),
        Action.WORK_CLAIMS: frozenset({Scope.WRITE_DESK}),
        Action.MOVE_STATUS: frozenset({Scope.WRITE_DESK}),
        Action.MANAGE_POLICIES: frozenset({Scope.WRITE_DESK}),
        Action.MANAGE_ACCESS: frozenset(),
        Action.ERASE: frozenset(),
    }
)


def role_may(role: str, action: Action) -> bool:
    """Say whether a person of that role may do it; an unknown or empty role may nothing."""
    return role in ROLES_MAY[action]


def scopes_may(scopes: list[str], action: Action) -> bool:
    """Say whether a token with those scopes may do it."""
    return not SCOPES_MAY[action].isdisjoint(scopes)
