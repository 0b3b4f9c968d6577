"""A bar for every hour of a day, as rectangles that a template writes down as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass

from access.reasons import Outcome

HOURS = 24
WIDTH, HEIGHT = 720, 120
STEP = WIDTH // HOURS
# From the bottom of a bar to its top.
STACK = (Outcome.OPEN, Outcome.RECORD, Outcome.ASK, Outcome.REFUSE)


@dataclass(frozen=True)
class Bar:
    outcome: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Hour:
    hour: int
    total: int
    x: int
    bars: tuple[Bar, ...]


def hours(counts: Mapping[int, Mapping[str, int]]) -> list[Hour]:
    """Bars of the numbers of passages by hour (0 to 23) and outcome; the fullest hour fills the height."""
    most = max((sum(by_outcome.values()) for by_outcome in counts.values()), default=0)
    return [_hour(hour, counts.get(hour, {}), most) for hour in range(HOURS)]


def _hour(hour: int, by_outcome: Mapping[str, int], most: int) -> Hour:
    bars, top = [], HEIGHT
    for outcome in STACK:
        number = by_outcome.get(outcome, 0)
        height = round(number / most * HEIGHT) if number else 0
        top -= height
        if height:
            bars.append(Bar(outcome, hour * STEP + 3, top, STEP - 6, height))
    return Hour(hour, sum(by_outcome.values()), hour * STEP, tuple(bars))
