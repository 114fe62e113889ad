"""Triggers that several tables have."""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger


def to_be_triaged(table: str, *columns: str, claims: Sequence[str] = ("claim_id",)) -> list[pgtrigger.Trigger]:
    """Return triggers that make claims due in the queue: named by a new row, or by one of which a column changed."""
    func = " ".join(f"PERFORM claims_to_be_triaged(NEW.{claim});" for claim in claims) + " RETURN NULL;"
    changed = pgtrigger.Q()
    for column in columns:
        changed |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return [
        pgtrigger.Trigger(name=f"new_{table}_are_triaged", operation=pgtrigger.Insert, when=pgtrigger.After, func=func),
        pgtrigger.Trigger(
            name=f"changed_{table}_are_triaged",
            operation=pgtrigger.UpdateOf(*columns),  # type: ignore[no-untyped-call]  # it has no types
            when=pgtrigger.After,
            condition=changed,
            func=func,
        ),
    ]
