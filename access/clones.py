"""Whether a registered plate may be a copy on another vehicle: seen elsewhere too lately, or another colour. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from access.colours import Seen, contradicts
from access.reasons import Reason


@dataclass(frozen=True, slots=True)
class Sighting:
    """The same plate at another lane. `least` is how many seconds one vehicle takes between the two at least."""

    lane: str
    at: datetime
    least: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a registered vehicle that is about to be let in, at the moment of its picture.

    colour     as it is registered, in anybody's words
    seen       the colour in the picture; None where the picture is not good enough to say
    elsewhere  where the plate was seen lately
    """

    at: datetime
    colour: str = ""
    seen: Seen | None = None
    elsewhere: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`told` is plain JSON: what the sentence needs."""

    reason: Reason
    told: dict[str, Any] = field(default_factory=dict)


def suspicion(facts: Facts) -> Suspicion | None:
    """Why the plate may be a copy; None where nothing says so. Time weighs more than colour: it is measured."""
    for sighting in facts.elsewhere:
        elapsed = abs((facts.at - sighting.at).total_seconds())
        if elapsed < sighting.least:
            told = {"elsewhere": sighting.lane, "elapsed": round(elapsed), "least": sighting.least}
            return Suspicion(Reason.CLONE_TIME, told)
    if facts.seen is not None and contradicts(facts.seen, facts.colour):
        told = {"seen": facts.seen.colour.value, "confidence": facts.seen.confidence, "colour": facts.colour}
        return Suspicion(Reason.CLONE_COLOUR, told)
    return None
