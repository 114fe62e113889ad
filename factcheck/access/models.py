"""People, the clients that read us, and their tokens. A token is shown once; the database holds its hash."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from factcheck.access.roles import Action, Role, Scope, role_may, scopes_may

TOKEN_PREFIX = "fct_"  # noqa: S105  the public part of every token
LAST_USED_STEP = timedelta(minutes=5)


class User(AbstractUser):
    """A person on the desk; the role decides, Django's own permissions are not used."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True, default="")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(name="access_user_role_known", condition=Q(role="") | Q(role__in=Role.values)),
            models.UniqueConstraint(  # the login finds nobody where it finds two
                Lower("username"),
                name="access_user_username_once",
                violation_error_message=_("Somebody has this name already; capital letters make no other name."),
            ),
        ]

    def may(self, action: Action) -> bool:
        """Say whether this person may do it."""
        return self.is_active and (self.is_superuser or role_may(self.role, action))

    @cached_property
    def second_factor(self) -> int | None:
        """The row of this person's second factor; None before it is set up."""
        held: int | None = self.authenticator_set.filter(type="totp").values_list("pk", flat=True).first()  # type: ignore[attr-defined]  # allauth's
        return held

    @property
    def is_known_well_enough(self) -> bool:
        """Say whether the desk may open: a second factor is set up where one is required."""
        return settings.SECOND_FACTOR == "optional" or self.second_factor is not None

    def get_session_auth_hash(self) -> str:
        """Return what every session of this person hangs on: a new password, role or second factor ends them all."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same under each older key."""
        yield from (self._session_hash(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, key: str) -> str:
        hangs_on = f"{self.password}|{self.role}|{self.is_superuser}|{self.second_factor}"
        return salted_hmac("factcheck.access.sessions", hangs_on, secret=key, algorithm="sha256").hexdigest()


class Client(models.Model):
    """A newsroom system that reads us or suggests to us."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    requests_a_minute = models.PositiveIntegerField(
        _("requests a minute"), null=True, blank=True, help_text=_("Of each of its tokens; empty: as RATE_LIMIT says.")
    )
    articles_a_day = models.PositiveIntegerField(
        _("new articles a day"), null=True, blank=True, help_text=_("In UTC; empty: as ARTICLES_A_DAY says.")
    )

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="access_client_limits_leave_something",
                condition=(Q(requests_a_minute=None) | Q(requests_a_minute__gte=1))
                & (Q(articles_a_day=None) | Q(articles_a_day__gte=1)),
                violation_error_message=_("A limit is at least 1; disable the client to keep it out."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        """A client that got this far has shown its token."""
        return True


class TokenQuerySet(models.QuerySet["Token"]):
    """Reads of tokens."""

    def valid(self, now: datetime) -> TokenQuerySet:
        """Neither revoked nor expired, of an active person or client."""
        return self.filter(
            Q(revoked_at__isnull=True),
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            Q(user__is_active=True) | Q(client__isnull=False, client__disabled_at__isnull=True),
        )


class Token(models.Model):
    """A secret of 256 random bits that stands for a person or a client, with scopes."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="tokens", verbose_name=_("person")
    )
    client = models.ForeignKey(
        Client, models.CASCADE, null=True, blank=True, related_name="tokens", verbose_name=_("client")
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="access_token_of_a_person_or_a_client",
                condition=Q(user__isnull=False, client__isnull=True) | Q(user__isnull=True, client__isnull=False),
            ),
            models.CheckConstraint(
                name="access_token_desk_scope_is_a_persons",
                condition=Q(client__isnull=True) | ~Q(scopes__contains=[Scope.WRITE_DESK.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def may(self, action: Action) -> bool:
        """Say whether this token may do it: its scopes, and for a person's token the person as well."""
        return scopes_may(self.scopes, action) and (self.user is None or self.user.may(action))


class Usage(models.Model):
    """How much of its quotas a client used on one day, in UTC; only factcheck.access.quotas writes it."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="usage")
    day = models.DateField()
    articles = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="access_usage_once_a_day", fields=["client", "day"])]

    def __str__(self) -> str:
        return f"{self.client_id} {self.day}: {self.articles}"


class AnsweredKey(models.Model):
    """An Idempotency-Key whose request was done: what it asked for, by digest, and what came of it, by name.

    It is written in the transaction of what it stands for, and holds nobody's words: a replay is written anew.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    made = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_answeredkey_of_a_person_or_a_client",
                condition=Q(user__isnull=False, client__isnull=True) | Q(user__isnull=True, client__isnull=False),
            ),
            models.UniqueConstraint(
                name="access_answeredkey_once_a_person", fields=["user", "key"], condition=Q(client__isnull=True)
            ),
            models.UniqueConstraint(
                name="access_answeredkey_once_a_client", fields=["client", "key"], condition=Q(user__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.at:%Y-%m-%d %H:%M}"


class Tally(models.Model):
    """How often something was tried lately; `key` is a hash. Written by factcheck.access.throttles alone."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return self.key


def digest_of(secret: str) -> str:
    """Return what the database holds of a token; a fast hash is right for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def mint(*, name: str, scopes: list[str], **owner: Any) -> tuple[Token, str]:
    """Make a token for `user=` or `client=`; return it with its secret, which nobody can read again."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        name=name, prefix=secret[: len(TOKEN_PREFIX) + 8], digest=digest_of(secret), scopes=scopes, **owner
    )
    return token, secret
