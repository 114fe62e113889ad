"""Who a text has something from: the chain of one appearance, outermost first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import Appearance, Attribution
from claims.services.voices import Voices

MOST_LINKS, NAME_LENGTH, CUE_LENGTH = 8, 300, 200


@dataclass(frozen=True, slots=True)
class Named:
    """One link as somebody writes it: who, and by which word of the text."""

    name: str
    cue: str = ""


def of(appearance: Appearance) -> list[Named]:
    """Return the chain as it is."""
    links = sorted(appearance.chain.all(), key=lambda link: link.position)
    return [Named(link.name, link.cue) for link in links]


def write(appearance: Appearance, chain: Sequence[Named], voices: Voices) -> None:
    """Write the chain of an appearance anew; named links find or make their source, the others stay text."""
    Attribution.objects.filter(appearance=appearance).delete()
    Attribution.objects.bulk_create(
        Attribution(
            appearance=appearance,
            position=place,
            name=link.name[:NAME_LENGTH],
            cue=link.cue[:CUE_LENGTH],
            source=voices.meant(link.name),
        )
        for place, link in enumerate(chain[:MOST_LINKS])
    )
