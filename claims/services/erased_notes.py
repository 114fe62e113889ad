"""What the desk wrote down beside an erased claim. That somebody was asked and something noted stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from claims.models import Contact, Note, Search, Statement
from claims.services import statements
from factcheck.lib.names import Names
from sources.fetching import redaction
from sources.models import Erasure

_WORDS: Mapping[type[Any], tuple[str, ...]] = MappingProxyType(
    {
        Contact: ("whom", "role", "question", "answer"),
        Search: ("looked_in", "looked_for", "found"),
        Note: ("text",),
    }
)


def erase(claims: Collection[int], names: Names, erasure: Erasure) -> Counter[str]:
    """Black out the logs, notes and statements of these claims, and sealed names of theirs; return how many rows."""
    counts = Counter[str]()
    for model, columns in _WORDS.items():
        for row in model.objects.filter(claim__in=claims).order_by("pk"):
            for name in columns:
                setattr(row, name, redaction.blackened(getattr(row, name)))
            row.save(update_fields=columns)
            counts[model._meta.label] += 1
    for statement in Statement.objects.filter(evidence__claim__in=claims).order_by("pk"):
        for name in ("name", "role", "text"):
            setattr(statement, name, redaction.blackened(getattr(statement, name)))
        statement.save(update_fields=["name", "role", "text"])
        counts["claims.Statement"] += 1 + _unseal(statement, erasure)
    counts["claims.Statement"] += sum(_unseal(one, erasure) for one in statements.naming(names))
    if unreadable := statements.unreadable():
        counts["claims.Statement (sealed, not readable)"] = unreadable
    return counts


def _unseal(statement: Statement, erasure: Erasure) -> int:
    """Forget a sealed name; return 1 where there was one."""
    return Statement.objects.filter(pk=statement.pk).exclude(sealed="").update(sealed="", erased_at=erasure.at)
