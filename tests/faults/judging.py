"""What is true of every command, whatever went wrong. Pure: handed in is what was asked, what the rows say, and what
the boards did by their own logs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gates.problems import Problem
from tests.faults.fleet import Moved, Refused

# A board looks at the expiry and then moves the relay; in between, a busy computer may let it wait.
SLACK = 0.4
UNDER_WAY = ("requested", "sent", "accepted")
OPENED = ("pulsed", "confirmed")


@dataclass(frozen=True)
class Asked:
    """A command as it was asked for: when (seconds of the real clock), for which relay, in which round."""

    number: str
    at: float
    life: float
    device: str
    relay: int
    fault: str
    step: str


@dataclass(frozen=True)
class End:
    """What its row says; `expires` is in the controller's clock."""

    state: str
    problem: str
    expires: int | None


@dataclass
class Evidence:
    asked: dict[str, Asked]
    ends: dict[str, End]
    moved: list[Moved]
    refused: list[Refused]
    # Readings of the controllers' clocks at which they say that they pulsed.
    told: Mapping[str, int] = field(default_factory=dict)
    # Commands that were still under way five seconds after their life.
    late: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Violation:
    sentence: str
    number: str
    detail: str


def judge(evidence: Evidence) -> list[Violation]:
    return [
        *_not_asked_for(evidence),
        *_after_expiry(evidence),
        *_twice(evidence),
        *_unknown(evidence),
        *_without_reason(evidence),
        *_untrue(evidence),
    ]


def _not_asked_for(evidence: Evidence) -> Iterable[Violation]:
    for pulse in evidence.moved:
        asked = evidence.asked.get(pulse.command)
        if asked is None or (asked.device, asked.relay) != (pulse.device, pulse.relay):
            yield Violation("a pulse that was not asked for", pulse.command, f"{pulse}")
        elif pulse.at / 1e9 < asked.at:
            yield Violation("a pulse before it was asked for", pulse.command, f"{pulse}, {asked}")


def _after_expiry(evidence: Evidence) -> Iterable[Violation]:
    for pulse in evidence.moved:
        asked = evidence.asked.get(pulse.command)
        if asked and (late := pulse.at / 1e9 - asked.at - asked.life) > SLACK:
            yield Violation("a pulse after expiry", pulse.command, f"{late:.3f} s late, {asked}")
    for number, uptime in evidence.told.items():
        end = evidence.ends.get(number)
        if end and end.expires is not None and uptime >= end.expires:
            yield Violation("a pulse after expiry", number, f"at {uptime} of its clock, not {end.expires}")


def _twice(evidence: Evidence) -> Iterable[Violation]:
    for number, times in Counter(pulse.command for pulse in evidence.moved).items():
        if number and times > 1:
            yield Violation("a second pulse for one command", number, f"{times} pulses")


def _unknown(evidence: Evidence) -> Iterable[Violation]:
    for number in sorted(evidence.late | evidence.asked.keys()):
        end = evidence.ends.get(number)
        if number in evidence.late or end is None or end.state in UNDER_WAY:
            yield Violation("no end five seconds after its life", number, f"{end}, {evidence.asked.get(number)}")


def _without_reason(evidence: Evidence) -> Iterable[Violation]:
    for number, end in evidence.ends.items():
        if end.state not in OPENED and end.state not in UNDER_WAY and end.problem not in Problem.values:
            yield Violation("a refusal without a reason", number, f"{end}")
    for each in evidence.refused:
        if each.reason not in Problem.values:
            yield Violation("a refusal without a reason", each.command, f"{each}")


def _untrue(evidence: Evidence) -> Iterable[Violation]:
    """Nothing is called opened without evidence, and nothing that moved a gate is said not to have."""
    pulsed = {pulse.command for pulse in evidence.moved}
    for number, end in evidence.ends.items():
        if end.state in OPENED and number not in pulsed:
            yield Violation("called opened, and was not", number, f"{end}")
        if number in pulsed and (end.state in ("failed", "refused") or end.problem == Problem.NEVER_SENT):
            yield Violation("called not opened, and was", number, f"{end}, {evidence.asked.get(number)}")


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    fault: str
    step: str
    commands: int
    hit: int
    pulsed: int
    refused: dict[str, int]
    failed: dict[str, int]
    expired: dict[str, int]
    pulsed_unknown: int
    violations: int


def table(evidence: Evidence, hits: Mapping[tuple[str, str], int], violations: list[Violation]) -> list[Row]:
    """A row for each fault at each step. `pulsed_unknown`: the board pulsed, its answer was lost, so it is unknown."""
    cells: dict[tuple[str, str], list[str]] = {}
    for number, asked in evidence.asked.items():
        cells.setdefault((asked.fault, asked.step), []).append(number)
    wrong = Counter(violation.number for violation in violations)
    pulsed = {pulse.command for pulse in evidence.moved}
    return [_row(cell, numbers, evidence, hits.get(cell, 0), wrong, pulsed) for cell, numbers in cells.items()]


def _row(
    cell: tuple[str, str], numbers: list[str], evidence: Evidence, hit: int, wrong: Counter[str], pulsed: set[str]
) -> Row:
    ends = {number: evidence.ends[number] for number in numbers if number in evidence.ends}

    def reasons(state: str) -> dict[str, int]:
        return dict(Counter(end.problem for end in ends.values() if end.state == state).most_common())

    return Row(
        fault=cell[0],
        step=cell[1],
        commands=len(numbers),
        hit=hit,
        pulsed=sum(end.state in OPENED for end in ends.values()),
        refused=reasons("refused"),
        failed=reasons("failed"),
        expired=reasons("expired"),
        pulsed_unknown=sum(end.state == "expired" and number in pulsed for number, end in ends.items()),
        violations=sum(wrong[number] for number in numbers),
    )
