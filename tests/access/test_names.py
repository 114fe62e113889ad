"""A name is one person's, however it is written: the login finds nobody where it finds two."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse

from factcheck.access.models import User
from factcheck.access.roles import Role
from tests.access.browser import sign_in
from tests.claims.admin.conftest import said, signed_in
from tests.factories import person

pytestmark = pytest.mark.django_db
names_differ = import_module("factcheck.access.migrations.0004_names_once").names_differ_by_more_than_capitals


def test_a_name_in_other_capitals_is_refused_in_words_and_its_owner_comes_in_under_both() -> None:
    person(Role.EDITOR, username="ilka")
    other = person(Role.EDITOR, username="other")
    boss = signed_in(Role.ADMIN)
    taken = {"username": "Ilka", "role": "editor", "password1": "a long pass word", "password2": "a long pass word"}
    answer = boss.post(reverse("admin:access_user_add"), {**taken, "usable_password": "true"})
    assert "already exists" in said(answer)
    answer = boss.post(reverse("admin:access_user_change", args=[other.pk]), {"username": "ILKA", "role": "editor"})
    assert "Somebody has this name already; capital letters make no other name." in said(answer)
    assert set(User.objects.values_list("username", flat=True)) == {"ilka", "other", "admin"}
    for written in ("ilka", "Ilka"):
        assert sign_in(Client(), written)["Location"] == "/admin/"


def test_the_migration_names_those_who_share_a_name_and_changes_nothing() -> None:
    names_differ(apps, connection.schema_editor())
    shared = next(one for one in User._meta.constraints if one.name == "access_user_username_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(User, shared)
    for name in ("Ilka", "alone", "ilka", "Boss", "boss"):
        person(Role.EDITOR, username=name)
    with pytest.raises(CommandError, match=r"none of them can log in: Boss, boss, Ilka, ilka\. Nothing was changed\."):
        names_differ(apps, connection.schema_editor())
    assert User.objects.count() == 5
