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
    WORK_CLAIMS = "work_claims"  # take, snooze, attach evidence, note, accept suggestions
    MOVE_STATUS = "move_status"
    PUBLISH = "publish"  # publish, correct, withdraw a review
    CONFIRM = "confirm"  # be the second person
    MANAGE_POLICIES = "manage_policies"  # policies, sources and their grades
    MANAGE_RATINGS = "manage_ratings"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_ACCESS = "manage_access"  # people, clients, tokens
    ERASE = "erase"  # what a person asked us to forget; a version that must not be shown


_DESK = frozenset({Role.FACT_CHECKER, Role.EDITOR, Role.ADMIN})
_EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})

ROLES_MAY: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.SEE_PUBLISHED: frozenset(Role),
        Action.SEE_DESK: frozenset(Role),
        Action.SUBMIT: _DESK,
        Action.WORK_CLAIMS: _DESK,
        Action.MOVE_STATUS: _DESK,
        Action.PUBLISH: _EDITORS,
        Action.CONFIRM: _DESK,
        Action.MANAGE_POLICIES: _EDITORS,
        Action.MANAGE_RATINGS: _EDITORS,
        Action.MANAGE_WEBHOOKS: _EDITORS,
        Action.MANAGE_ACCESS: _ADMINS,
        Action.ERASE: _ADMINS,
    }
)

# What a token's scope allows at most; write:desk is for tokens that belong to a person.
SCOPES_MAY: Mapping[Action, frozenset[Scope]] = MappingProxyType(
    {
        Action.SEE_PUBLISHED: frozenset({Scope.READ_PUBLISHED, Scope.READ_ALL}),
        Action.SEE_DESK: frozenset({Scope.READ_ALL}),
        Action.SUBMIT: frozenset({Scope.WRITE_SUGGEST, Scope.WRITE_DESK}),
        **dict.fromkeys(
            (
                Action.WORK_CLAIMS,
                Action.MOVE_STATUS,
                Action.PUBLISH,
                Action.CONFIRM,
                Action.MANAGE_POLICIES,
                Action.MANAGE_RATINGS,
                Action.MANAGE_WEBHOOKS,
            ),
            frozenset({Scope.WRITE_DESK}),
        ),
        # A stolen token must not make tokens, nor make anything disappear: these are done by the browser.
        **dict.fromkeys((Action.MANAGE_ACCESS, Action.ERASE), frozenset()),
    }
)


def role_may(role: str, action: Action) -> bool:
    """Say whether a person of that role may do it; an unknown or empty role may nothing."""
    return role in ROLES_MAY[action]


def scopes_may(scopes: list[str], action: Action) -> bool:
    """Say whether a token with those scopes may do it."""
    return not SCOPES_MAY[action].isdisjoint(scopes)
