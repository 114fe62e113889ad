"""Every other column with words in it: found by looking at the models, so that a new one is not forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.models import Payload, Statement, StatusChange
from claims.services import statements
from factcheck.lib.names import Names
from sources.fetching.redaction import Redactor
from sources.models import RawBytes, Snapshot

CHUNK = 500
# What is left alone, by app or model, and why.
LEFT: Mapping[str, str] = MappingProxyType(
    {
        "sources.Seed": "keys of a list that is part of the program: which of its lines came",
        "access.User": "people of the desk: they stand behind what they decided",
        "auth": "Django's groups and permissions, which decide nothing here",
        "contenttypes": "names of tables",
        "sessions": "ends by itself within half a day",
        "account": "addresses of people of the desk",
        "mfa": "secrets of people of the desk",
        "socialaccount": "accounts of people of the desk",
    }
)
# Rows that triggers guard; their own services empty them, but for the reason of an earlier erasure.
GUARDED = frozenset({"sources.Snapshot", "sources.RawBytes", "claims.StatusChange", "claims.Event", "claims.Payload"})
REASONED = (Snapshot, RawBytes, StatusChange, Payload)
SHOWN = 60


def columns() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Yield every model of which words can be erased, with its columns that hold words."""
    for model in apps.get_models():
        if model._meta.label in LEFT or model._meta.app_label in LEFT:
            continue
        named = [one.attname for one in model._meta.concrete_fields if _holds_words(one)]
        if named:
            yield model, named


def _holds_words(column: Any) -> bool:
    if isinstance(column, ArrayField):
        return _holds_words(column.base_field)
    return isinstance(column, (models.CharField, models.TextField, models.JSONField)) and not column.choices


def naming(names: Names) -> dict[str, list[str]]:
    """Return where the names stand, by model: the beginning of each row's naming text."""
    found: dict[str, list[str]] = {}
    for model, named in columns():
        for row in model._default_manager.values_list(*named).iterator(chunk_size=CHUNK):
            text = "\n".join(filter(None, map(_plain, row)))
            if places := names.places(text):
                start = max(0, places[0][0] - SHOWN // 2)
                found.setdefault(model._meta.label, []).append(text[start : places[0][1] + SHOWN])
    for _sealed in statements.naming(names):
        found.setdefault(Statement._meta.label, []).append("[a sealed name]")
    return found


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_plain, value))
    if isinstance(value, dict):
        return "\n".join(map(_plain, value.values()))
    return value if isinstance(value, str) else ""


def blacken(redactor: Redactor) -> Counter[str]:
    """Black out, in every column that is not guarded, the sentences to be erased; return how many rows by model."""
    counts = Counter[str]()
    for model, named in columns():
        if model._meta.label in GUARDED:
            continue
        for pk, *values in model._default_manager.values_list("pk", *named).iterator(chunk_size=CHUNK):
            said = dict(zip(named, values, strict=True))
            less = {name: redactor.of(value) for name, value in said.items()}
            changed = {name: value for name, value in less.items() if value != said[name]}
            if changed:
                counts[model._meta.label] += model._default_manager.filter(pk=pk).update(**changed)
    return counts


def blacken_reasons(redactor: Redactor) -> Counter[str]:
    """Black out what reasons of earlier erasures say of somebody; that they were given stays."""
    counts = Counter[str]()
    for model in REASONED:
        rows: Any = model._default_manager
        for why in rows.exclude(erased_why="").order_by().values_list("erased_why", flat=True).distinct():
            less = redactor.of(why)
            if less != why:
                counts[model._meta.label] += rows.filter(erased_why=why).update(erased_why=less)
    return counts
