"""Reads become passages, and passages are decided once."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from access import deciding, passages, record
from access.models import Decision, Detection, Lane, Passage, Permit, Vehicle, WatchlistEntry
from access.reasons import Outcome, Reason
from access.vehicles import register_vehicle
from gates.models import Gate, GateCommand
from gates.states import State
from premises.journal import verify
from premises.models import Condominium, JournalEntry
from recognition import Box
from tests.access.conftest import ALICES, BOBS, FAR, STRANGERS, Road, jpeg, read


def told(passage: Passage) -> tuple[str, str, str]:
    passage.refresh_from_db()
    return passage.plate, passage.outcome, passage.reason


# --- one vehicle ----------------------------------------------------------------------------------------


def test_a_registered_vehicle_opens_at_its_first_picture(road: Road, vehicle: Vehicle, gate: Gate) -> None:
    (passage,) = road.sees(read(ALICES))

    assert told(passage) == (ALICES, Outcome.OPEN, Reason.PERMITTED)
    assert (passage.vehicle, passage.unit_name, passage.owner_name) == (vehicle, "A 101", "Alice")
    command = GateCommand.objects.get()
    assert (command.gate, command.passage_id, command.state) == (gate, passage.pk, State.REQUESTED)
    assert command.requested_by_name == "cancela"
    assert passage.decision.command_id == command.pk
    assert passage.decision.sentence == "ABC1D23 belongs to unit A 101 (Alice) and may use this lane."


def test_one_passage_id_is_on_everything_in_the_journal(road: Road, vehicle: Vehicle, condominium: Condominium) -> None:
    (passage,) = road.sees(read(ALICES))

    entries = JournalEntry.objects.filter(passage_id=passage.pk).order_by("sequence")
    assert [entry.action for entry in entries] == ["gate.requested", "passage.decided"]
    said = entries[1].data
    assert said["picture_sha256"] == hashlib.sha256(jpeg(1)).hexdigest()
    assert (said["outcome"], said["reason"], said["policy"]) == ("open", "permitted", "exact-1")
    assert said["engine"] == "told 3"
    assert verify(condominium) is None


def test_the_other_spelling_is_the_same_vehicle(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(read("ABC1323"))

    assert told(passage) == ("ABC1323", Outcome.OPEN, Reason.PERMITTED)


def test_further_pictures_join_and_never_open_again(road: Road, vehicle: Vehicle) -> None:
    seen = {road.sees(read(text))[0].pk for text in (ALICES, "ABC1D28", ALICES, "ABC1O23", ALICES)}

    passage = Passage.objects.get()
    assert seen == {passage.pk}
    assert passage.frames == 5
    assert (GateCommand.objects.count(), Decision.objects.count()) == (1, 1)


def test_a_stranger_is_refused_after_the_lanes_number_of_pictures(road: Road, vehicle: Vehicle) -> None:
    reasons = [road.sees(read(STRANGERS))[0].reason for _ in range(4)]

    assert reasons == ["", "", "unknown_plate", "unknown_plate"]
    assert GateCommand.objects.count() == 0


def test_a_stranger_who_leaves_before_is_refused_when_gone(road: Road, lane: Lane) -> None:
    (passage,) = road.sees(read(STRANGERS))
    ended = road.sees_nothing(lane.gap_seconds + 1)

    assert ended == 1
    assert told(passage) == (STRANGERS, Outcome.REFUSE, Reason.UNKNOWN_PLATE)
    assert passage.ended_at is not None


def test_a_misread_first_picture_does_not_keep_a_resident_out(road: Road, vehicle: Vehicle) -> None:
    road.sees(read("ABC1D28", 0.5))
    (passage,) = road.sees(read(ALICES, 0.9))

    assert told(passage) == (ALICES, Outcome.OPEN, Reason.PERMITTED)


def test_a_decision_is_not_taken_twice(road: Road, vehicle: Vehicle) -> None:
    for _ in range(3):
        road.sees(read("ABC1D28", 0.9))
    (passage,) = road.sees(read(ALICES, 0.95))

    assert told(passage) == ("ABC1D28", Outcome.REFUSE, Reason.UNKNOWN_PLATE)
    assert GateCommand.objects.count() == 0


def test_a_permit_given_after_the_refusal_opens_at_the_next_arrival(
    road: Road, lane: Lane, condominium: Condominium
) -> None:
    for _ in range(3):
        (first,) = road.sees(read(STRANGERS, box=FAR))
    register_vehicle(condominium, STRANGERS, by="tests")
    road.sees(read(STRANGERS, box=FAR))
    road.sees_nothing(60)
    (second,) = road.sees(read(STRANGERS))

    assert first.pk != second.pk
    assert [told(first)[1], told(second)[1]] == [Outcome.REFUSE, Outcome.OPEN]


def test_two_registered_vehicles_that_fit_are_for_the_guard(
    road: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    register_vehicle(condominium, "ABC1D28", by="tests")
    for text in (ALICES, "ABC1D28", ALICES):
        (passage,) = road.sees(read(text, 0.3))

    assert told(passage)[1:] == (Outcome.ASK, Reason.AMBIGUOUS)
    assert GateCommand.objects.count() == 0


def test_a_watch_listed_vehicle_stays_out_whatever_its_permit(
    road: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    WatchlistEntry.objects.create(condominium=condominium, plate="abc-1323", kind="stolen")

    (passage,) = road.sees(read(ALICES))

    assert told(passage) == (ALICES, Outcome.REFUSE, Reason.WATCHLISTED)
    assert GateCommand.objects.count() == 0


def test_vehicles_permits_and_watch_lists_of_another_condominium_count_nothing(
    road: Road, elsewhere: Condominium, vehicle: Vehicle
) -> None:
    register_vehicle(elsewhere, BOBS, by="tests")
    WatchlistEntry.objects.create(condominium=elsewhere, plate=ALICES)

    (mine,) = road.sees(read(ALICES))
    for _ in range(3):
        (theirs,) = road.sees(read(BOBS, box=FAR))

    assert told(mine)[1:] == (Outcome.OPEN, Reason.PERMITTED)
    assert told(theirs)[1:] == (Outcome.REFUSE, Reason.UNKNOWN_PLATE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_active": False}, Reason.NO_PERMIT),
        ({"valid_from": timedelta(hours=1)}, Reason.NOT_YET),
        ({"valid_until": timedelta(hours=-1)}, Reason.EXPIRED),
    ],
)
def test_a_permit_that_is_not_in_force_opens_nothing(
    road: Road, vehicle: Vehicle, change: dict[str, Any], reason: Reason
) -> None:
    now = timezone.now()
    moments = {name: now + value if isinstance(value, timedelta) else value for name, value in change.items()}
    Permit.objects.update(**moments)

    (passage,) = road.sees(read(ALICES))

    assert told(passage)[1:] == (Outcome.REFUSE, reason)
    assert GateCommand.objects.count() == 0


@pytest.mark.parametrize(("state", "reason"), [("waiting", Reason.WAITING_APPROVAL), ("ended", Reason.ENDED)])
def test_a_vehicle_that_waits_or_was_signed_off_never_opens(
    road: Road, vehicle: Vehicle, state: str, reason: Reason
) -> None:
    Vehicle.objects.update(state=state)

    assert told(road.sees(read(ALICES))[0])[1:] == (Outcome.REFUSE, reason)
    assert GateCommand.objects.count() == 0


def test_a_permit_for_another_lane_opens_nothing_here(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    camera = lane.camera
    camera.pk = None
    camera.save()
    back = Lane.objects.create(condominium=lane.condominium, name="Back gate", camera=camera, gate=lane.gate)
    Permit.objects.get().lanes.add(back)

    (passage,) = road.sees(read(ALICES))

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.OTHER_LANE)
    assert passage.decision.facts["lanes"] == ["Back gate"]


def test_a_gate_that_was_put_on_hold_a_moment_ago_stays_closed(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    stale = Lane.objects.select_related("gate__condominium").get(pk=lane.pk)
    Gate.objects.update(on_hold=True)

    picture = passages.Picture.of(jpeg(), timezone.now())
    (passage,) = passages.observe(stale, picture, [read(ALICES)], road.reader, timezone.now())

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.GATE_ON_HOLD)
    assert GateCommand.objects.count() == 0


def test_a_gate_that_was_locked_down_a_moment_ago_stays_closed(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    stale = Lane.objects.select_related("gate__condominium").get(pk=lane.pk)
    Gate.objects.update(standing="locked")

    picture = passages.Picture.of(jpeg(), timezone.now())
    (passage,) = passages.observe(stale, picture, [read(ALICES)], road.reader, timezone.now())

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.GATE_LOCKED)
    assert GateCommand.objects.count() == 0


def test_all_gates_on_hold_hold_this_one(road: Road, vehicle: Vehicle, condominium: Condominium) -> None:
    Condominium.objects.filter(pk=condominium.pk).update(gates_on_hold=True)

    assert told(road.sees(read(ALICES))[0])[1:] == (Outcome.REFUSE, Reason.GATE_ON_HOLD)


def test_a_lane_without_a_gate_only_records(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    Lane.objects.update(gate=None)

    (passage,) = road.sees(read(ALICES))

    assert told(passage)[1:] == (Outcome.RECORD, Reason.NO_GATE)
    assert passage.vehicle == vehicle
    assert GateCommand.objects.count() == 0


def test_an_old_picture_opens_nothing(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(read(ALICES), late=20)
    assert told(passage)[1:] == ("", "")
    assert GateCommand.objects.count() == 0

    road.sees(read(ALICES))
    assert told(passage)[1:] == (Outcome.OPEN, Reason.PERMITTED)


def test_a_lane_that_is_always_late_opens_nothing(road: Road, vehicle: Vehicle) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(ALICES), late=20)

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.ERROR)
    assert GateCommand.objects.count() == 0


# --- several vehicles -----------------------------------------------------------------------------------


def test_the_next_car_is_a_passage_of_its_own(road: Road, vehicle: Vehicle, condominium: Condominium) -> None:
    register_vehicle(condominium, BOBS, by="tests")

    (first,), (second,) = road.sees(read(ALICES)), road.sees(read(BOBS))

    assert first.pk != second.pk
    assert [told(first)[:2], told(second)[:2]] == [(ALICES, Outcome.OPEN), (BOBS, Outcome.OPEN)]


def test_a_neighbours_almost_equal_plate_behind_is_not_taken_for_the_first(
    road: Road, vehicle: Vehicle, condominium: Condominium
) -> None:
    register_vehicle(condominium, "ABC1D24", by="tests")

    (first,), (second,) = road.sees(read(ALICES)), road.sees(read("ABC1D24", box=FAR))

    assert first.pk != second.pk
    assert GateCommand.objects.count() == 2


def test_two_cars_in_one_picture_are_two_passages(road: Road, vehicle: Vehicle) -> None:
    road.sees(read(ALICES), read(STRANGERS, 0.8, FAR))
    road.sees(read(STRANGERS, 0.95, FAR), read(ALICES))

    assert sorted(Passage.objects.values_list("plate", "frames")) == [(ALICES, 2), (STRANGERS, 2)]
    assert {(d.passage.plate, d.frame_digest) for d in Detection.objects.filter(text=STRANGERS)} == {
        (STRANGERS, hashlib.sha256(jpeg(count)).hexdigest()) for count in (1, 2)
    }


def test_one_plate_found_twice_in_a_picture_is_one_passage(road: Road, vehicle: Vehicle) -> None:
    road.sees(read(ALICES), read("ABC1O23", 0.5, Box(305, 203, 118, 38)), read(ALICES, 0.4, FAR))

    assert Passage.objects.count() == 1


def test_a_parked_car_is_one_passage_and_does_not_hide_the_one_that_drives_past(road: Road, vehicle: Vehicle) -> None:
    for _ in range(10):
        road.sees(read(STRANGERS, box=FAR))
    road.sees(read(STRANGERS, box=FAR), read(ALICES))

    assert sorted(Passage.objects.values_list("plate", "outcome", "frames")) == [
        (ALICES, "open", 1),
        (STRANGERS, "refuse", 11),
    ]


def test_a_parked_car_does_not_fill_the_disk(road: Road) -> None:
    for count in range(60):
        road.sees(read(STRANGERS, 0.5 + count / 200))
    road.sees_nothing(30)

    passage = Passage.objects.get()
    frames = [kept.frame.name or "" for kept in passage.detections.exclude(frame="")]
    assert passage.frames == 60
    assert passage.detections.count() == passages.MOST_DETECTIONS
    assert len(frames) == 2
    folder = frames[0].rpartition("/")[0]
    on_disk = [name for name in default_storage.listdir(folder)[1] if not name.endswith("-plate.jpg")]
    assert sorted(f"{folder}/{name}" for name in on_disk) == sorted(frames)
    assert passage.decision.detection is not None
    assert passage.decision.detection.frame.name in frames


def test_the_same_car_may_come_again(road: Road, vehicle: Vehicle) -> None:
    (first,) = road.sees(read(ALICES))
    road.sees_nothing(20)
    (second,) = road.sees(read(ALICES), after=100)

    assert first.pk != second.pk
    assert GateCommand.objects.count() == 2


def test_a_standing_car_whose_plate_was_not_read_for_a_while_has_not_come_again(
    road: Road, vehicle: Vehicle, lane: Lane
) -> None:
    (first,) = road.sees(read(ALICES))
    road.sees_nothing(lane.gap_seconds + 1)
    (second,) = road.sees(read(ALICES))

    assert first.pk == second.pk
    assert told(second)[1] == Outcome.OPEN
    assert second.ended_at is None
    assert GateCommand.objects.count() == 1


def test_a_lane_that_looks_seldom_does_not_lose_its_passages_between(road: Road, vehicle: Vehicle) -> None:
    Lane.objects.update(interval=30)

    assert road.sees(read(ALICES))[0].pk == road.sees(read(ALICES), after=30)[0].pk


@pytest.mark.parametrize("text", ["", "AB", "ÁBC1234", "abc1d23", "ABC-1D23", "ABCDEFGHIJK"])
def test_what_cannot_be_a_plate_is_no_passage(road: Road, text: str) -> None:
    strange = read(ALICES)
    object.__setattr__(strange, "text", text)

    assert road.sees(strange) == []
    assert Passage.objects.count() == 0


# --- evidence -------------------------------------------------------------------------------------------


def test_the_evidence_is_the_very_frame_with_its_digest(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(read(ALICES))

    kept = passage.detections.get()
    with kept.frame.open("rb") as file:
        assert file.read() == jpeg(1)
    assert kept.frame_digest == hashlib.sha256(jpeg(1)).hexdigest()
    assert (kept.box, kept.text, kept.engine, kept.engine_version) == ([300, 200, 120, 40], ALICES, "told", "3")
    assert kept.crop.name
    assert default_storage.exists(kept.crop.name)


# --- failures -------------------------------------------------------------------------------------------


def broken(*args: object, **kwargs: object) -> GateCommand:
    GateCommand.objects.create(
        gate_id=1, condominium_id=1, pulse_ms=1, requested_at=timezone.now(), expires_at=timezone.now()
    )
    raise DatabaseError("the disk is full")


def test_a_command_that_cannot_be_written_leaves_a_decision_that_says_so(
    road: Road, vehicle: Vehicle, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "request_open", broken)

    (passage,) = road.sees(read(ALICES))

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.ERROR)
    assert GateCommand.objects.count() == 0
    assert passage.decision.sentence == "Something failed on our side, so the gate stayed closed."


def test_a_registry_that_cannot_be_read_keeps_the_gate_closed_and_the_lane_going(
    road: Road, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "_candidate", broken)

    (passage,) = road.sees(read(ALICES))

    assert told(passage)[1:] == (Outcome.REFUSE, Reason.ERROR)


def test_if_nothing_can_be_written_nothing_opens_and_no_picture_is_left(
    road: Road, vehicle: Vehicle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Decision.objects, "create", broken)

    with pytest.raises(DatabaseError):
        road.sees(read(ALICES))

    assert (Passage.objects.count(), GateCommand.objects.count(), Detection.objects.count()) == (0, 0, 0)
    year = default_storage.listdir(str(road.lane.condominium_id))[0][0]
    assert _files(f"{road.lane.condominium_id}/{year}") == []


def _files(folder: str) -> list[str]:
    folders, files = default_storage.listdir(folder)
    return files + [name for each in folders for name in _files(f"{folder}/{each}")]


def test_the_command_is_only_there_when_everything_is(
    road: Road, vehicle: Vehicle, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(ZeroDivisionError), transaction.atomic():
        road.sees(read(ALICES))
        raise ZeroDivisionError

    assert callbacks == []
    assert (Passage.objects.count(), GateCommand.objects.count()) == (0, 0)


def test_a_passage_decided_meanwhile_is_left_alone(road: Road, vehicle: Vehicle) -> None:
    (passage,) = road.sees(read(STRANGERS))
    Passage.objects.update(outcome=Outcome.ASK, reason=Reason.UNSURE)
    reads = [read(ALICES)]

    decision = deciding.settle(passage, reads, reads[0], None, present=True, enough=True, now=road.now)

    assert decision is None
    assert told(passage)[1:] == (Outcome.ASK, Reason.UNSURE)
    assert GateCommand.objects.count() == 0


def test_a_passage_says_in_one_line_what_became_of_it(
    road: Road, vehicle: Vehicle, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level("INFO", "access")
    with django_capture_on_commit_callbacks() as callbacks:
        road.sees(read(ALICES))
    callbacks[-1]()

    assert caplog.messages[0].startswith("Main gate in: ABC1D23 opened – unit A 101 (")
    assert caplog.messages[0].endswith(" ms after the picture)")


def test_a_tick_costs_few_queries(road: Road, vehicle: Vehicle, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        road.sees(read(STRANGERS, box=FAR))
    with django_assert_max_num_queries(9):  # one more picture of who was refused
        road.sees(read(STRANGERS, 0.5, box=FAR))
    with django_assert_max_num_queries(44):  # first picture, decision, command, journal
        road.sees(read(ALICES))


def test_detections_kept_before_reads_were_calibrated_are_fused_with_those_after(road: Road) -> None:
    road.sees(read(STRANGERS, 0.8))
    assert list(Detection.objects.values_list("calibrated", "glimpse")) == [(False, None)]
    crop = np.arange(48 * 128, dtype=np.uint32).astype(np.uint8).reshape(48, 128)
    after = replace(read(STRANGERS, 0.9), probability=0.7, crop=crop)
    road.sees(after)
    road.sees(after)

    passage = Passage.objects.get()
    assert (passage.plate, passage.outcome) == (STRANGERS, Outcome.REFUSE)
    kept = passage.detections.order_by("pk")
    assert [(each.calibrated, each.score) for each in kept] == [(False, 0.8), (True, 0.7), (True, 0.7)]
    assert [None if each.glimpse is None else len(each.glimpse) for each in kept] == [None, 384, 384]
