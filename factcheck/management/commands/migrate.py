"""Django's migrate, and behind it the privileges of the application's role and the sources that a desk begins with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import NotSupportedError, ProgrammingError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg import errors

from factcheck import grants
from sources.services import seeding


def _is_denied(error: BaseException) -> bool:
    """Say whether a privilege was wanting, or a role: anything else is a fault of ours and keeps its traceback."""
    told: BaseException | None = error
    while told is not None and not isinstance(told, (errors.InsufficientPrivilege, errors.UndefinedObject)):
        told = told.__cause__ or told.__context__
    return isinstance(told, errors.InsufficientPrivilege) or str(told).startswith("role ")


class Command(migrate.Command):
    """`manage.py migrate`."""

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Leave the checks of the database to those who serve from it: this command mends what they complain of."""
        return super().get_check_kwargs(options) | {"databases": []}

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant; end in words where the role may do neither."""
        role = settings.DATABASE_ROLE
        try:
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            granted = bool(role) and grants.apply(role)
            seeded = self._seeded(options)
        except NotSupportedError as error:
            if 'extension "vector" is not available' not in str(error):
                raise
            raise CommandError(
                "The server lacks pgvector: install postgresql-NN-pgvector, 0.8 or newer (or take the image"
                " pgvector/pgvector), run docker/postgres/roles.sql again, then migrate."
            ) from error
        except (ProgrammingError, MigrationSchemaMissing) as error:
            if not _is_denied(error):
                raise
            raise CommandError(
                f"The role {connection.settings_dict['USER']} may not migrate or grant: {str(error).strip()}\n"
                "Run docker/postgres/roles.sql (again: it brings in pgvector); name the owner in DATABASE_OWNER_URL."
            ) from error
        if granted and options["verbosity"] >= 1:
            self.stdout.write(f"Privileges of the role {role} are set.")
        if seeded and options["verbosity"] >= 1:
            self.stdout.write(f"{seeded} known outlets, agencies and owners were brought in.")

    @staticmethod
    def _seeded(options: dict[str, Any]) -> int:
        """Bring in the list of sources; not where only some migrations ran, nor into the database of tests."""
        if options["app_label"] or options["run_syncdb"]:  # by the second Django makes databases of tests
            return 0
        return seeding.seed().sources
