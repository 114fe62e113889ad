"""What breaks the constraints of pacing; tests/test_constraints.py tries each."""

from __future__ import annotations

from types import MappingProxyType

from sources.models import Document, Price
from tests.breaking import row

PACE = MappingProxyType({
    "sources_document_stake_is_positive": row(Document, identity="x", stake=0),
    "sources_document_rate_is_no_less_than_nothing": row(Document, identity="x", rate_hours=-1),
    "sources_price_is_one": row(Price, id=2),
    "sources_price_is_positive": row(Price, price=0),
})  # fmt: skip
