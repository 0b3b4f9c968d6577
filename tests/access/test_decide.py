"""What the rules say: every reason once, and what must hold whatever was seen."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import reasons
from access.facts import Elsewhere
from access.hours import Window
from access.permitting import Standing
from access.policies import SURE
from access.reasons import Outcome, Reason
from access.rules import (
    Candidate,
    Evidence,
    LaneFacts,
    PermitFacts,
    Registry,
    Verdict,
    Watched,
    decide,
)
from recognition import canonical

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GATED = LaneFacts(1, "Main gate in", "Main gate")
ALWAYS = (PermitFacts(7),)
ALICE = Candidate(5, "ABC1D23", "ABC1D23", "A 101", "Alice", ALWAYS)
BOB = Candidate(6, "ABC1D28", "ABC1D28", "B 202", "Bob", ALWAYS)


def seen(plate: str, *texts: str, score: float = 0.9, **other: Any) -> Evidence:
    return Evidence(plate, score, texts or (plate,), **other)


def registry(*vehicles: Candidate, lane: LaneFacts = GATED, watched: tuple[Watched, ...] = ()) -> Registry:
    return Registry(lane, vehicles, watched)


def permits(**limits: Any) -> Registry:
    return registry(replace(ALICE, permits=(PermitFacts(7, **limits),)))


EXIT = replace(GATED, leaves=True)
DAYTIME = Window(frozenset(range(5)), time(8), time(18))  # noon of the tests is a Saturday's
SATURDAYS = Window(frozenset({5}), time(8), time(11, 30))
YESTERDAY = NOON - timedelta(days=1)
VISIT: Any = {"kind": "visitor", "host": "B 202", "holder": "Dora", "single": True}
GUEST = replace(ALICE, unit="B 202", owner="")


def stands(standing: Standing, **lane: Any) -> Registry:
    return registry(replace(ALICE, standing=standing), lane=replace(GATED, **lane))


def guest(**limits: Any) -> Registry:
    return registry(replace(GUEST, permits=(PermitFacts(7, **VISIT | limits),)))


def near(key: str, **where: Any) -> tuple[Elsewhere, ...]:
    return (Elsewhere(key, "Rear camera", NOON - timedelta(seconds=5)),)


STOLEN = (Watched("ABC1D23", "ABC1D23", "stolen"),)
FAR_AWAY = {"elsewhere": "Back gate", "elapsed": 40, "least": 300}
REDDISH = {"seen": "red", "confidence": 0.9, "colour": "branco"}
ON_HOLD = replace(GATED, on_hold=True)
WITHOUT_GATE = LaneFacts(2, "Street", None)

TABLE: list[tuple[str, Evidence, Registry, Outcome, Reason, str]] = [
    ("registered", seen("ABC1D23"), registry(ALICE), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("registered, read in the old spelling", seen("ABC1323"), registry(ALICE), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("registered to nobody", seen("ABC1D23"), registry(replace(ALICE, unit="", owner="")), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 is registered and may use this lane."),
    ("registered to a unit", seen("ABC1D23"), registry(replace(ALICE, owner="")), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 belongs to unit A 101 and may use this lane."),
    ("a permit of this lane", seen("ABC1D23"), permits(lanes=frozenset({1})), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("within a permit's time", seen("ABC1D23"), permits(valid_from=NOON, valid_until=NOON + HOUR), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("watch-listed", seen("ABC1D23"), registry(ALICE, watched=STOLEN), Outcome.REFUSE, Reason.WATCHLISTED,
     "ABC1D23 is on the watch-list: reported stolen."),
    ("watch-listed in one picture of three", seen("ABC1D28", "ABC1D28", "ABC1D23", "ABC1D28"),
     registry(BOB, watched=STOLEN), Outcome.REFUSE, Reason.WATCHLISTED,
     "ABC1D23 is on the watch-list: reported stolen."),
    ("unknown", seen("XYZ9A87", enough=True), registry(), Outcome.REFUSE, Reason.UNKNOWN_PLATE,
     "XYZ9A87 is not registered here."),
    ("one character off", seen("ABC1D24", enough=True), registry(ALICE), Outcome.REFUSE, Reason.UNKNOWN_PLATE,
     "ABC1D24 is not registered here."),
    ("two fit", seen("ABC1D23", "ABC1D23", "ABC1D28", enough=True), registry(ALICE, BOB), Outcome.ASK,
     Reason.AMBIGUOUS, "The pictures fit more than one registered vehicle: ABC1D23, ABC1D28."),
    ("one picture of several fits", seen("ABC1D29", "ABC1D29", "ABC1D23", enough=True), registry(ALICE),
     Outcome.ASK, Reason.UNSURE,
     "The plate could not be read surely: the pictures say ABC1D29, ABC1D23. It may be ABC1D23."),
    ("registered, but hardly legible", seen("ABC1D23", score=SURE / 2, enough=True), registry(ALICE),
     Outcome.ASK, Reason.UNSURE, "The plate could not be read surely: the pictures say ABC1D23. It may be ABC1D23."),
    ("without a permit", seen("ABC1D23"), registry(replace(ALICE, permits=())), Outcome.REFUSE, Reason.NO_PERMIT,
     "ABC1D23 belongs to unit A 101 (Alice) but has no permit."),
    ("too early", seen("ABC1D23"), permits(valid_from=NOON + HOUR), Outcome.REFUSE, Reason.NOT_YET,
     "ABC1D23 belongs to unit A 101 (Alice), but the permit begins only on 21 Nov 2026, 13:00."),
    ("too late", seen("ABC1D23"), permits(valid_until=NOON), Outcome.REFUSE, Reason.EXPIRED,
     "ABC1D23 belongs to unit A 101 (Alice), but the permit ended on 21 Nov 2026, 12:00."),
    ("another lane", seen("ABC1D23"), permits(lanes=frozenset({2}), lane_names=("Back gate",)), Outcome.REFUSE,
     Reason.OTHER_LANE,
     "ABC1D23 belongs to unit A 101 (Alice), but the permit is for Back gate, not for this lane."),
    ("gate on hold", seen("ABC1D23"), registry(ALICE, lane=ON_HOLD), Outcome.REFUSE, Reason.GATE_ON_HOLD,
     "ABC1D23 belongs to unit A 101 (Alice) and may pass, but Main gate is on hold."),
    ("unknown at a gate on hold", seen("XYZ9A87", enough=True), registry(lane=ON_HOLD), Outcome.REFUSE,
     Reason.UNKNOWN_PLATE, "XYZ9A87 is not registered here."),
    ("registered, no gate", seen("ABC1D23"), registry(ALICE, lane=WITHOUT_GATE), Outcome.RECORD, Reason.NO_GATE,
     "ABC1D23 belongs to unit A 101 (Alice). This lane has no gate: the passage was only recorded."),
    ("unknown, no gate", seen("XYZ9A87", enough=True), registry(lane=WITHOUT_GATE), Outcome.RECORD, Reason.NO_GATE,
     "XYZ9A87 is not registered. This lane has no gate: the passage was only recorded."),
    ("watch-listed, no gate", seen("ABC1D23"), registry(lane=WITHOUT_GATE, watched=STOLEN), Outcome.RECORD,
     Reason.WATCHLISTED, "ABC1D23 is on the watch-list: reported stolen."),
    ("no plate of any country", seen("AAAAAAA", possible=False, enough=True), registry(), Outcome.REFUSE,
     Reason.IMPOSSIBLE, "AAAAAAA is not a plate that any country we know gives out."),
    ("outside the hours", seen("ABC1D23"), permits(windows=(DAYTIME, SATURDAYS)), Outcome.REFUSE, Reason.OUT_OF_HOURS,
     "ABC1D23 belongs to unit A 101 (Alice), but the permit holds only Monday to Friday 08:00–18:00, "
     "Saturday 08:00–11:30."),
    ("on a holiday", seen("ABC1D23"), replace(permits(on_holidays="never"), holidays=((NOON.date(), "Natal"),)),
     Outcome.REFUSE, Reason.HOLIDAY,
     "ABC1D23 belongs to unit A 101 (Alice), but the permit does not hold on holidays, and today is one: Natal."),
    ("a visitor", seen("ABC1D23"), guest(), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 is a visitor (Dora) of unit B 202 and may use this lane."),
    ("a service provider", seen("ABC1D23"), guest(kind="service", host="", holder="Gas Ltd."), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 is of Gas Ltd. and may use this lane."),
    ("a visitor's second entry", seen("ABC1D23"), guest(used_at=YESTERDAY), Outcome.REFUSE, Reason.USED,
     "ABC1D23 is a visitor (Dora) of unit B 202, but the pass was for one entry, and that was made on "
     "20 Nov 2026, 12:00."),
    ("the unit's places are taken", seen("ABC1D23"), stands(Standing(places=1, occupied=("XYZ9A87",))),
     Outcome.REFUSE, Reason.UNIT_FULL,
     "ABC1D23 belongs to unit A 101 (Alice), but the places of the unit (1) are taken: XYZ9A87."),
    ("a place is free", seen("ABC1D23"), stands(Standing(places=2, occupied=("XYZ9A87",))), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("inside already, hard", seen("ABC1D23"), stands(Standing(YESTERDAY), passback="hard"), Outcome.REFUSE,
     Reason.ALREADY_INSIDE,
     "ABC1D23 belongs to unit A 101 (Alice), but it came in on 20 Nov 2026, 12:00 and was not seen to leave."),
    ("inside already, soft", seen("ABC1D23"), stands(Standing(YESTERDAY), passback="soft"), Outcome.OPEN,
     Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane. It came in on 20 Nov 2026, 12:00 and was not "
     "seen to leave."),
    ("inside already, off", seen("ABC1D23"), stands(Standing(YESTERDAY)), Outcome.OPEN,
     Reason.PERMITTED, "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("locked down", seen("ABC1D23"), registry(ALICE, lane=replace(GATED, locked_down=True)), Outcome.REFUSE,
     Reason.LOCKED_DOWN,
     "ABC1D23 belongs to unit A 101 (Alice), but the condominium is locked down: nobody enters."),
    ("leaving with a permit", seen("ABC1D23"), registry(ALICE, lane=EXIT), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."),
    ("leaving without one, locked down", seen("ABC1D23"),
     registry(replace(ALICE, permits=()), lane=replace(EXIT, locked_down=True)), Outcome.OPEN, Reason.LEAVING,
     "ABC1D23 belongs to unit A 101 (Alice). Whoever is inside may leave."),
    ("leaving at a gate on hold", seen("ABC1D23"), registry(ALICE, lane=replace(EXIT, on_hold=True)), Outcome.REFUSE,
     Reason.GATE_ON_HOLD, "ABC1D23 belongs to unit A 101 (Alice) and may pass, but Main gate is on hold."),
    ("arriving at a gate that is locked down", seen("ABC1D23"), registry(ALICE, lane=replace(GATED, gate_locked=True)),
     Outcome.REFUSE, Reason.GATE_LOCKED,
     "ABC1D23 belongs to unit A 101 (Alice) and may pass, but Main gate is locked down: it opens for nobody."),
    ("leaving at a gate that is locked down", seen("ABC1D23"), registry(ALICE, lane=replace(EXIT, gate_locked=True)),
     Outcome.REFUSE, Reason.GATE_LOCKED,
     "ABC1D23 belongs to unit A 101 (Alice) and may pass, but Main gate is locked down: it opens for nobody."),
    ("leaving, let in by the guard", seen("XYZ9A87"), replace(registry(lane=EXIT), let_in=near("XYZ9A87")),
     Outcome.OPEN, Reason.LET_IN, "XYZ9A87 was let in by hand on 21 Nov 2026, 11:59 and may leave."),
    ("leaving, one like it let in by the guard", seen("XYZ9A88", enough=True),
     replace(registry(lane=EXIT), let_in=near("XYZ9A87")), Outcome.ASK, Reason.UNKNOWN_PLATE,
     "XYZ9A88 is not registered here."),
    ("seen by the other camera", seen("ABC1D23", enough=True, present=False),
     replace(registry(ALICE), opened_for=near("ABC1D23")), Outcome.RECORD, Reason.SEEN_TWICE,
     "ABC1D23 was seen by another camera of this gate, Rear camera, and dealt with there."),
    ("waits for approval", seen("ABC1D23"), registry(replace(ALICE, state="waiting")), Outcome.REFUSE,
     Reason.WAITING_APPROVAL,
     "ABC1D23 belongs to unit A 101 (Alice), but it still waits for the manager's approval."),
    ("signed off", seen("ABC1D23"), registry(replace(ALICE, state="ended")), Outcome.REFUSE, Reason.ENDED,
     "ABC1D23 belongs to unit A 101 (Alice), but the vehicle was signed off."),
    ("in a state that nobody knows", seen("ABC1D23"), registry(replace(ALICE, state="?")), Outcome.REFUSE,
     Reason.ENDED, "ABC1D23 belongs to unit A 101 (Alice), but the vehicle was signed off."),
    ("seen elsewhere too lately", seen("ABC1D23"), registry(replace(ALICE, suspicion="clone_time", suspected=FAR_AWAY)),
     Outcome.ASK, Reason.CLONE_TIME,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane, but the same plate was seen at Back gate 40 seconds "
     "apart from here, where no vehicle takes less than 300. One of the two may be a copy."),
    ("of another colour", seen("ABC1D23"), registry(replace(ALICE, suspicion="clone_colour", suspected=REDDISH)),
     Outcome.ASK, Reason.CLONE_COLOUR,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane, but in the picture it is red, and registered is "
     "branco. The plate may be a copy."),
    ("of another colour, on leaving", seen("ABC1D23"),
     registry(replace(ALICE, suspected=REDDISH | {"noted": "clone_colour"})), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane. Only noted, for nobody is held back on leaving: in "
     "the picture it is red, and registered is branco."),
    ("seen elsewhere too lately, on leaving", seen("ABC1D23"),
     registry(replace(ALICE, suspected=FAR_AWAY | {"noted": "clone_time"})), Outcome.OPEN, Reason.PERMITTED,
     "ABC1D23 belongs to unit A 101 (Alice) and may use this lane. Only noted, for nobody is held back on leaving: the "
     "same plate was seen at Back gate 40 seconds apart from here."),
    ("of another colour and without a permit", seen("ABC1D23"),
     registry(replace(ALICE, permits=(), suspicion="clone_colour", suspected=REDDISH)), Outcome.REFUSE,
     Reason.NO_PERMIT, "ABC1D23 belongs to unit A 101 (Alice) but has no permit."),
    ("gone before it could be decided", seen("ABC1D23", enough=True, present=False), registry(ALICE),
     Outcome.REFUSE, Reason.ERROR, "Something failed on our side, so the gate stayed closed."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "record", "outcome", "reason", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decides(evidence: Evidence, record: Registry, outcome: Outcome, reason: Reason, said: str) -> None:
    verdict = decide(evidence, record, NOON)

    assert verdict is not None
    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert reasons.sentence(verdict.reason, verdict.facts) == said


def test_the_table_has_every_reason() -> None:
    assert {row[4] for row in TABLE} == set(Reason)


@pytest.mark.parametrize(
    "evidence",
    [
        seen("XYZ9A87"),
        seen("ABC1D23", present=False),
        seen("ABC1D23", score=SURE / 2),
        seen("ABC1D23", "ABC1D23", "ABC1D28"),
    ],
)
def test_looks_again_while_that_may_help(evidence: Evidence) -> None:
    assert decide(evidence, registry(ALICE, BOB), NOON) is None


def test_looks_on_while_a_vehicle_stays_that_another_camera_was_told_of() -> None:
    twice = replace(registry(ALICE), opened_for=near("ABC1D23"))

    assert decide(seen("ABC1D23", enough=True), twice, NOON) is None


def test_names_vehicle_and_permit() -> None:
    two = replace(ALICE, permits=(PermitFacts(7, valid_until=NOON), PermitFacts(8)))

    verdict = decide(seen("ABC1D23"), registry(two), NOON)

    assert verdict is not None
    assert (verdict.vehicle_id, verdict.permit_id) == (5, 8)


CLOSED = Verdict(Outcome.REFUSE, Reason.ERROR)


@pytest.mark.parametrize(
    ("evidence", "record", "now"),
    [
        (seen(""), registry(ALICE), NOON),
        (seen("🚗🚗🚗🚗"), registry(ALICE), NOON),
        (seen("ABC1D23"), registry(ALICE, lane=None), NOON),  # type: ignore[arg-type]
        (seen("ABC1D23"), permits(valid_from="soon"), NOON),
        (seen("ABC1D23"), permits(valid_until=NOON), NOON.replace(tzinfo=None)),
        (seen("ABC1D23", score="high"), registry(ALICE), NOON),  # type: ignore[arg-type]
        (None, registry(ALICE), NOON),
    ],
)
def test_whatever_goes_wrong_leaves_the_gate_closed(evidence: Any, record: Registry, now: datetime) -> None:
    assert decide(evidence, record, now) == CLOSED


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -1.0, 7.0])
def test_a_score_that_is_none_opens_nothing(score: float) -> None:
    verdict = decide(seen("ABC1D23", score=score, enough=True), registry(ALICE), NOON)

    assert verdict is not None
    assert verdict.reason == Reason.UNSURE


# --- what holds for everything --------------------------------------------------------------------------

# Few letters and digits, so that plates meet.
plates = st.from_regex(r"[AB]{3}[12][1A][12]{2}", fullmatch=True)
times = st.none() | st.integers(-3, 3).map(lambda hours: NOON + hours * HOUR)
permit = st.builds(
    PermitFacts,
    id=st.integers(1, 9),
    lanes=st.frozensets(st.integers(1, 3), max_size=2),
    valid_from=times,
    valid_until=times,
)
vehicle = st.builds(
    lambda plate, granted: Candidate(hash(plate), canonical(plate), plate, permits=tuple(granted)),
    plates,
    st.lists(permit, max_size=3),
)
evidences = st.builds(
    Evidence,
    plate=plates,
    score=st.floats(allow_nan=True),
    texts=st.lists(plates | st.text(max_size=8), max_size=4).map(tuple),
    possible=st.booleans(),
    enough=st.booleans(),
    present=st.booleans(),
)
registries = st.builds(
    Registry,
    lane=st.builds(
        LaneFacts,
        id=st.integers(1, 3),
        name=st.just("lane"),
        gate=st.none() | st.just("gate"),
        on_hold=st.booleans(),
        gate_locked=st.booleans(),
    ),
    vehicles=st.lists(vehicle, max_size=4, unique_by=lambda each: each.key).map(tuple),
    watched=st.lists(plates, max_size=2).map(
        lambda listed: tuple(Watched(canonical(plate), plate, "banned") for plate in listed)
    ),
)


@given(evidences, registries)
def test_only_a_registered_vehicle_with_a_permit_of_now_and_here_opens(evidence: Evidence, record: Registry) -> None:
    verdict = decide(evidence, record, NOON)

    if verdict is not None and verdict.outcome == Outcome.OPEN:
        (mine,) = [each for each in record.vehicles if each.key == canonical(evidence.plate)]
        assert verdict.vehicle_id == mine.id
        assert any(each.holds_at(NOON) and each.covers(record.lane.id) for each in mine.permits)
        assert record.lane.gate and not record.lane.on_hold and evidence.present
        assert not record.lane.gate_locked


@given(evidences, registries)
def test_nobody_enters_while_locked_down(evidence: Evidence, record: Registry) -> None:
    locked = replace(record, lane=replace(record.lane, locked_down=True))

    verdict = decide(evidence, locked, NOON)

    assert verdict is None or verdict.outcome != Outcome.OPEN


@given(evidences, registries)
def test_whoever_is_known_and_inside_gets_out(evidence: Evidence, record: Registry) -> None:
    """Whatever has become of permits, places and lock-down; only the watch-list needs the guard."""
    way_out = LaneFacts(3, "Out", "gate", leaves=True, passback="hard", locked_down=True)
    leaving = replace(record, lane=way_out, watched=())

    verdict = decide(replace(evidence, present=True), leaving, NOON)

    if verdict is not None and verdict.vehicle_id is not None:
        assert verdict.outcome == Outcome.OPEN


@given(evidences, registries)
def test_a_watch_listed_plate_never_opens(evidence: Evidence, record: Registry) -> None:
    listed = replace(record, watched=(*record.watched, Watched(canonical(evidence.plate), evidence.plate, "stolen")))

    verdict = decide(evidence, listed, NOON)

    assert verdict is not None
    assert verdict.outcome in (Outcome.REFUSE, Outcome.RECORD)
    assert verdict.reason == Reason.WATCHLISTED


@given(evidences, registries)
def test_enough_evidence_is_always_decided(evidence: Evidence, record: Registry) -> None:
    assert decide(replace(evidence, enough=True), record, NOON) is not None


@given(st.sampled_from([*Reason, "", "no such reason"]), st.dictionaries(st.text(), st.none() | st.text()))
def test_a_sentence_never_fails(reason: str, facts: dict[str, Any]) -> None:
    assert reasons.sentence(reason, facts)
