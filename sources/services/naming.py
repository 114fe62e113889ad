"""Who is one and the same: merging a source into another, moving one name over, and taking either back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from factcheck.access.models import User
from factcheck.access.roles import Action
from sources.models import Grading, Merge, Seed, Source, SourceName
from sources.models.source import name_key

MOST_MOVED = 500_000
CHUNK = 5_000
DOMAINS, OWNER = "home_domains", "owner"
# What tells of the past stays with the source that it tells of.
_STAYS = (Merge, Grading)
# Tables above us in which a text's own name for a source stands in `name`, beside `source`; their apps say so.
_NAMED: list[type[models.Model]] = []


class MergeRefused(Exception):
    """A merge was refused; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code for machines and the message for people."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Held:
    """What hangs on a source in one column: the table's words, and how many rows."""

    label: str
    words: str
    count: int


def rows_with_names(model: type[models.Model]) -> None:
    """Let the rows of a table follow a name that moves: it has `source`, and in `name` how a text names it."""
    _NAMED.append(model)


def held_by(source: Source) -> list[Held]:
    """Return what a merge would move, table by table; what there is none of is left out."""
    counted = [
        Held(label, str(model._meta.verbose_name_plural), model._default_manager.filter(**{column: source}).count())
        for label, model, column in _columns()
        if model is not Seed  # bookkeeping, nothing to anybody
    ]
    return [one for one in counted if one.count]


def _columns() -> Iterator[tuple[str, type[models.Model], str]]:
    """Yield every column that refers to sources, whichever app it belongs to."""
    for relation in Source._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not (relation.auto_created and not relation.concrete) or model in _STAYS:
            continue
        column = relation.field.name  # type: ignore[union-attr]  # a reverse relation has its field
        if column != "merged_into":
            yield f"{model._meta.label}.{column}", model, column


@transaction.atomic
def merge(winner: Source, loser: Source, *, by: User, now: datetime, why: str) -> Merge:
    """Make two sources one: everything that hangs on the loser hangs on the winner, and texts keep their own words.

    The loser stays, empty, and leads to the winner. Raises MergeRefused.
    """
    _refuse(by, why)
    winner, loser = _locked(winner, loser)
    if loser.merged_into_id or winner.merged_into_id:
        raise MergeRefused("merged_already", _("One of them was merged already. Look where it went, and start there."))
    moved: dict[str, list[Any]] = {}
    _pass_ownership(winner, loser, moved)
    _take(winner, loser, moved)
    # From here on nobody hangs anything more on it; what others did meanwhile is taken as well.
    Source.objects.select_for_update().get(pk=loser.pk)
    _take(winner, loser, moved)
    if sum(map(len, moved.values())) > MOST_MOVED:
        raise MergeRefused("too_much", _("More than 500,000 rows hang on it. Merge the other one into it instead."))
    moved[DOMAINS] = [one for one in loser.home_domains if one not in winner.home_domains]
    Source.objects.filter(pk=winner.pk).update(home_domains=[*winner.home_domains, *moved[DOMAINS]])
    Source.objects.filter(pk=loser.pk).update(home_domains=[], merged_into=winner)
    return Merge.objects.create(winner=winner, loser=loser, why=why.strip()[:300], by=by, at=now, moved=moved)


def _refuse(by: User, why: str) -> None:
    if not by.may(Action.MANAGE_POLICIES):
        raise MergeRefused("not_allowed", _("Only an editor says who is one and the same. Ask one."))
    if not why.strip():
        raise MergeRefused("reason_missing", _("Say why: others will want to know."))


def _locked(winner: Source, loser: Source) -> tuple[Source, Source]:
    if winner.pk == loser.pk:
        raise MergeRefused("same", _("This is the source itself. Name the other one."))
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=[winner.pk, loser.pk]).order_by("pk")
    known = {one.pk: one for one in rows}
    return known[winner.pk], known[loser.pk]


def _pass_ownership(winner: Source, loser: Source, moved: dict[str, list[Any]]) -> None:
    """Let the winner, where the loser owned it, belong to the loser's own owner: it would own itself otherwise."""
    if winner.parent_id == loser.pk:
        Source.objects.filter(pk=winner.pk).update(parent=loser.parent_id)
        moved[OWNER] = [loser.pk]
        return
    owner = winner.parent
    while owner is not None:  # a trigger holds that it ends
        if owner.parent_id == loser.pk:
            told = _("%(loser)s owns %(owner)s, which owns %(winner)s. Take one of these owners away first.")
            raise MergeRefused("circle", told % {"loser": loser, "owner": owner, "winner": winner})
        owner = owner.parent


def _take(winner: Source, loser: Source, moved: dict[str, list[Any]]) -> None:
    for label, model, column in _columns():
        rows = model._default_manager.filter(**{column: loser})
        if model is SourceName:
            shared = SourceName.objects.filter(source=winner, is_ambiguous=True)
            rows = rows.exclude(is_ambiguous=True, key__in=shared.values("key"))
        keys = list(rows.values_list("pk", flat=True)[: MOST_MOVED + 1])
        if keys:
            _point(model, column, keys, was=loser, now=winner)
            moved.setdefault(label, []).extend(keys)


def _point(model: type[models.Model], column: str, keys: Sequence[int], *, was: Source, now: Source) -> None:
    for start in range(0, len(keys), CHUNK):
        some = {"pk__in": keys[start : start + CHUNK], column: was}
        model._default_manager.filter(**some).update(**{column: now})


@transaction.atomic
def move_name(known: SourceName, to: Source | None, *, by: User, now: datetime, why: str) -> Merge:
    """Let a name mean another source, also where texts were read so before; without one, a source of its own.

    Raises MergeRefused.
    """
    _refuse(by, why)
    was = known.source
    if not known.is_ambiguous and known.key == name_key(was.name):
        raise MergeRefused("own_name", _("It is the source's own name. Merge the whole source, or rename it first."))
    if to is None:
        to = Source.objects.create(name=known.name, kind=was.kind)
    winner, loser = _locked(to, was)
    if winner.merged_into_id:
        raise MergeRefused("merged_already", _("That source was merged itself. Name the one that it was merged into."))
    if known.is_ambiguous and winner.names.filter(key=known.key, is_ambiguous=True).exists():
        raise MergeRefused("known_already", _("That source goes by this name already. Take it away here instead."))
    moved: dict[str, list[Any]] = {SourceName._meta.label + ".source": [known.pk]}
    for model in _NAMED:
        rows = model._default_manager.filter(source=loser).values_list("pk", "name")
        moved[f"{model._meta.label}.source"] = [pk for pk, name in rows.iterator(CHUNK) if name_key(name) == known.key]
    for label, keys in moved.items():
        model, column = _column(label)
        _point(model, column, keys, was=loser, now=winner)
    said = {"name": known.name, "why": why.strip()[:300], "by": by, "at": now, "moved": moved}
    return Merge.objects.create(winner=winner, loser=loser, **said)


@transaction.atomic
def undo(merged: Merge, *, by: User, now: datetime) -> None:
    """Take a merge, or the move of a name, back: what it moved goes back, unless somebody moved it on since.

    Raises MergeRefused.
    """
    if not by.may(Action.MANAGE_POLICIES):
        raise MergeRefused("not_allowed", _("Only an editor says who is one and the same. Ask one."))
    winner, loser = _locked(merged.winner, merged.loser)
    merged = Merge.objects.select_for_update().get(pk=merged.pk)
    if merged.undone_at is not None:
        raise MergeRefused("undone_already", _("It was undone already."))
    if winner.merged_into_id or (merged.name and loser.merged_into_id):
        raise MergeRefused("merged_on", _("One of them was merged since. Undo that first."))
    moved = dict(merged.moved)
    domains, owner = moved.pop(DOMAINS, []), moved.pop(OWNER, [])
    if not merged.name:
        rest = [one for one in winner.home_domains if one not in domains]
        Source.objects.filter(pk=winner.pk).update(home_domains=rest)
        Source.objects.filter(pk=loser.pk).update(home_domains=domains, merged_into=None)
    for label, keys in moved.items():
        model, column = _column(label)
        _point(model, column, keys, was=winner, now=loser)
    if owner:
        Source.objects.filter(pk=winner.pk, parent=loser.parent_id).update(parent=loser)
    Merge.objects.filter(pk=merged.pk).update(undone_at=now, undone_by=by)


def _column(label: str) -> tuple[type[models.Model], str]:
    table, _dot, column = label.rpartition(".")
    return apps.get_model(table), column
