"""Django's migrate, and behind it the privileges of the application's role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError

from factcheck import grants


class Command(migrate.Command):
    """`manage.py migrate`."""

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Leave the checks of the database to those who serve from it: this command mends what they complain of."""
        return super().get_check_kwargs(options) | {"databases": []}

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant."""
        super().handle(*args, **options)
        role = settings.DATABASE_ROLE
        if not role or options["plan"] or options["check_unapplied"]:
            return
        try:
            granted = grants.apply(role)
        except ProgrammingError as error:
            raise CommandError(
                f"The privileges of the role {role} could not be set: {error}"
                "Make both roles with docker/postgres/roles.sql, and name the owner in DATABASE_OWNER_URL."
            ) from error
        if granted and options["verbosity"] >= 1:
            self.stdout.write(f"Privileges of the role {role} are set.")
