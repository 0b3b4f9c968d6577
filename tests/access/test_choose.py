"""Which registered vehicle is meant, by the policy of the lane."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import reasons, rules
from access.policies import Meaning, Policy, Seen, applied, choose
from access.reasons import Outcome, Reason
from access.rules import Candidate, Evidence, LaneFacts, PermitFacts, Registry, Watched
from access.weighing import Roll, Share, Weights
from recognition import canonical
from recognition.reads import text_score
from tests.access.test_weigh import ALICES, BOBS, CAROLS, evidence, plates, registers, seen

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALICE = Candidate(5, ALICES, ALICES, "A 101", "Alice", (PermitFacts(7),))
BOB = Candidate(6, BOBS, BOBS, "B 202", "Bob", (PermitFacts(8),))
REGISTERED = {ALICES, BOBS, CAROLS}


def lane(policy: str) -> LaneFacts:
    return LaneFacts(1, "Main gate in", "Main gate", policy=policy)


def weighed(**shares: float) -> Weights:
    named = tuple(Share(key, share) for key, share in shares.items())
    return Weights(named, max(0.0, 1 - sum(shares.values())))


def what(key: str, score: float = 0.9, weights: Weights | None = None, agreeing: tuple[str, ...] = ()) -> Seen:
    return Seen(key, frozenset({key}), score, weights, agreeing)


STRANGE = "FYK1D29"
SURE, PROBABLE, SPLIT = weighed(FYK1D23=0.99995), weighed(FYK1D23=0.995), weighed(FYK1D23=0.6, FYK1D28=0.39)


@pytest.mark.parametrize(
    ("policy", "means", "meaning"),
    [
        (Policy.EXACT, what(ALICES), Meaning(ALICES, (ALICES,))),
        (Policy.EXACT, what(STRANGE, weights=SURE), Meaning(None)),
        (Policy.EXACT, what(ALICES, 0.3), Meaning(None, (ALICES,))),
        (Policy.STRICT, what(STRANGE, weights=SURE), Meaning(ALICES, (ALICES,))),
        (Policy.STRICT, what(ALICES, weights=PROBABLE), Meaning(None, (ALICES,))),
        (Policy.BALANCED, what(STRANGE, weights=PROBABLE), Meaning(ALICES, (ALICES,))),
        (Policy.BALANCED, what(STRANGE, weights=SPLIT), Meaning(None, (ALICES, BOBS))),
        (Policy.BALANCED, what(ALICES, weights=weighed(FYK1D23=0.4)), Meaning(None, (ALICES,))),
        (Policy.BALANCED, what(STRANGE, weights=weighed(ZZZ9Z99=0.999)), Meaning(None)),
        (Policy.BALANCED, what(ALICES), Meaning(ALICES, (ALICES,))),
        (Policy.BALANCED, what(STRANGE), Meaning(None)),
        (Policy.AGREEING, what(STRANGE, agreeing=(ALICES,)), Meaning(ALICES, (ALICES,))),
        (Policy.AGREEING, what(STRANGE, agreeing=(ALICES, BOBS)), Meaning(None, (ALICES, BOBS))),
        (Policy.AGREEING, what(STRANGE), Meaning(None)),
        ("a policy of next year", what(ALICES, weights=SURE), Meaning(None, (ALICES,))),
    ],
)
def test_chooses(policy: str, means: Seen, meaning: Meaning) -> None:
    assert choose(policy, means, REGISTERED) == meaning


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -1.0, 1.5])
def test_a_probability_that_is_none_means_nobody(share: float) -> None:
    assert choose(Policy.BALANCED, what(STRANGE, weights=weighed(FYK1D23=share)), REGISTERED).key is None


def test_what_cannot_be_weighed_is_compared_exactly() -> None:
    assert applied(Policy.BALANCED, what(ALICES)) == Policy.EXACT
    assert applied(Policy.BALANCED, what(ALICES, weights=SURE)) == Policy.BALANCED
    assert applied(Policy.AGREEING, what(ALICES)) == Policy.AGREEING


def decide(policy: str, read: Any, *vehicles: Candidate, watched: tuple[Watched, ...] = ()) -> rules.Verdict:
    text, rows = read
    roll = Roll.of([*(vehicle.key for vehicle in vehicles), *(entry.key for entry in watched)])
    saw = Evidence(text, text_score(text, rows), (text,), enough=True, weights=roll.weigh(rows))
    verdict = rules.decide(saw, Registry(lane(policy), vehicles, watched), NOON)
    assert verdict is not None
    return verdict


MISREAD = STRANGE, seen(STRANGE, at6={"3": 0.3})


def test_balanced_opens_for_a_vehicle_that_was_misread_and_says_so() -> None:
    verdict = decide(Policy.BALANCED, MISREAD, ALICE)

    assert (verdict.outcome, verdict.vehicle_id) == (Outcome.OPEN, 5)
    assert reasons.sentence(verdict.reason, verdict.facts) == (
        "FYK1D23 belongs to unit A 101 (Alice) and may use this lane. "
        "It was read as FYK1D29, and is this vehicle all the same as far as can be weighed."
    )


def test_exact_does_not() -> None:
    assert decide(Policy.EXACT, MISREAD, ALICE).reason == Reason.UNKNOWN_PLATE


def test_between_two_neighbours_the_guard_is_asked() -> None:
    verdict = decide(Policy.BALANCED, (ALICES, seen(ALICES, at6={"8": 0.4})), ALICE, BOB)

    assert (verdict.outcome, verdict.reason) == (Outcome.ASK, Reason.AMBIGUOUS)
    assert verdict.facts["candidates"] == [ALICES, BOBS]


def test_what_was_clearly_read_is_not_taken_for_its_neighbour() -> None:
    assert decide(Policy.BALANCED, (STRANGE, seen(STRANGE, 0.999)), ALICE).outcome == Outcome.REFUSE


def test_a_misread_plate_of_the_watch_list_does_not_open() -> None:
    stolen = (Watched(BOBS, BOBS, "stolen"),)
    verdict = decide(Policy.BALANCED, (STRANGE, seen(STRANGE, at6={"8": 0.35})), ALICE, watched=stolen)

    assert verdict.reason == Reason.WATCHLISTED


@given(registers, evidence, plates, st.sampled_from([*Policy]))
def test_only_a_registered_plate_near_what_was_seen_opens(
    registered: list[str], rows: Any, text: str, policy: str
) -> None:
    """Whatever is opened for has at every place a character that the reader held possible at all."""
    vehicles = [replace(ALICE, id=index, key=key, plate=key) for index, key in enumerate(sorted(set(registered)))]
    verdict = decide(policy, (text, rows), *vehicles)

    if verdict.outcome == Outcome.OPEN and policy in (Policy.STRICT, Policy.BALANCED):
        opened = vehicles[verdict.vehicle_id or 0].key
        likely = [max(row[index] for index in _columns(opened, place)) for place, row in enumerate(rows)]
        assert sum(share < 0.01 for share in likely) <= 1
    if verdict.outcome == Outcome.OPEN and policy == Policy.EXACT:
        assert vehicles[verdict.vehicle_id or 0].key == canonical(text)


def _columns(key: str, place: int) -> list[int]:
    """The columns of a character of a plate, in both spellings."""
    own = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(key[place])
    return [own, own - 10] if place == 4 else [own]
