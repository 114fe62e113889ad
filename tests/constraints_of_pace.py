"""Rows that break a constraint each, for tests/test_constraints.py: model and fields by the constraint's name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import models

from sources.models import Document, Price

ROWS: Mapping[str, tuple[type[models.Model], Mapping[str, Any]]] = MappingProxyType(
    {
        "sources_document_stake_is_positive": (Document, {"identity": "x", "stake": 0}),
        "sources_document_rate_is_no_less_than_nothing": (Document, {"identity": "x", "rate_hours": -1}),
        "sources_price_is_one": (Price, {"id": 2}),
        "sources_price_is_positive": (Price, {"price": 0}),
    }
)
