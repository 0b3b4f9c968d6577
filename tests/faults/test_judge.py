"""The judge of the faults finds what is wrong, and nothing in what is right."""

from typing import Any

import pytest

from tests.faults.fleet import Moved, Refused
from tests.faults.judging import Asked, End, Evidence, judge, table

ONE = Asked("a1", at=100.0, life=2.0, device="board", relay=1, fault="none", step="sent")
PULSE = Moved("board", 1, 101 * 10**9, "a1")


def evidence(**changes: Any) -> Evidence:
    right: dict[str, Any] = {
        "asked": {"a1": ONE},
        "ends": {"a1": End("pulsed", "", 5000)},
        "moved": [PULSE],
        "refused": [],
        "told": {"a1": 4999},
    }
    return Evidence(**right | changes)


def sentences(found: Evidence) -> list[str]:
    return [violation.sentence for violation in judge(found)]


def test_a_command_as_it_should_be_is_right() -> None:
    assert judge(evidence()) == []


def test_an_unknown_outcome_is_an_end() -> None:
    assert judge(evidence(ends={"a1": End("expired", "no_answer", 5000)})) == []


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("a pulse that was not asked for", {"moved": [PULSE, Moved("board", 1, 10**11, "b2")]}),
        ("a pulse that was not asked for", {"moved": [PULSE, Moved("board", 1, 10**11, "")]}),
        ("a pulse that was not asked for", {"moved": [PULSE, Moved("other", 1, 10**11, "a1")], "told": {}}),
        ("a pulse before it was asked for", {"moved": [Moved("board", 1, 99 * 10**9, "a1")]}),
        ("a pulse after expiry", {"moved": [Moved("board", 1, 103 * 10**9, "a1")]}),
        ("a pulse after expiry", {"told": {"a1": 5000}}),
        ("a second pulse for one command", {"moved": [PULSE, Moved("board", 1, 101 * 10**9 + 5, "a1")]}),
        ("no end five seconds after its life", {"ends": {"a1": End("sent", "", 5000)}}),
        ("no end five seconds after its life", {"late": {"a1"}}),
        ("no end five seconds after its life", {"ends": {}}),
        ("a refusal without a reason", {"moved": [], "ends": {"a1": End("refused", "", 5000)}}),
        ("a refusal without a reason", {"moved": [], "ends": {"a1": End("failed", "because", None)}}),
        ("a refusal without a reason", {"refused": [Refused("board", "a1", "")]}),
        ("called opened, and was not", {"moved": []}),
        ("called not opened, and was", {"ends": {"a1": End("refused", "too_late", 5000)}}),
        ("called not opened, and was", {"ends": {"a1": End("failed", "broker_down", 5000)}}),
        ("called not opened, and was", {"ends": {"a1": End("expired", "never_sent", None)}}),
    ],
)
def test_what_is_wrong_is_found(sentence: str, changes: dict[str, Any]) -> None:
    assert sentence in sentences(evidence(**changes))


def test_the_table_counts_by_fault_and_step() -> None:
    found = evidence(ends={"a1": End("expired", "no_answer", 5000)})
    [row] = table(found, {("none", "sent"): 1}, judge(found))
    assert (row.commands, row.hit, row.pulsed, row.expired, row.pulsed_unknown) == (1, 1, 0, {"no_answer": 1}, 1)
