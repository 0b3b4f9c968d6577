"""A change is tried on the lane's last days before it is made: what it would have opened, and what not."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from access import corrections, engines, shadow_runs
from access.models import Lane, Passage, Permit, RunState, ShadowRun, Vehicle
from access.policies import Policy
from access.reasons import Outcome, Reason
from access.shadowing import Known, Ruling, differs
from access.vehicles import register_vehicle
from gates.models import GateCommand
from premises.models import Condominium, JournalEntry, User
from recognition import EngineError, Read
from tests.access.conftest import ALICES, BOX, FAR, STRANGERS, Reader, Road, read
from tests.access.test_weigh import seen

pytestmark = pytest.mark.django_db

DOUBTFUL = "ABC1D28"


@pytest.fixture
def road(lane: Lane) -> Road:
    """An hour ago."""
    road = Road(lane)
    road.now -= timedelta(hours=1)
    return road


@pytest.fixture
def vehicle(vehicle: Vehicle) -> Vehicle:
    """Alice's, registered long ago."""
    return aged(vehicle)


def aged(vehicle: Vehicle) -> Vehicle:
    long_ago = timezone.now() - timedelta(days=99)
    Vehicle.objects.filter(pk=vehicle.pk).update(created_at=long_ago)
    vehicle.permits.update(created_at=long_ago)
    return vehicle


def weighed(text: str, box: Any = BOX, sure: float = 0.98, **doubts: Any) -> Read:
    return Read(box, text, seen(text, sure, **doubts), sure, None, probability=0.6)


def doubtful() -> Read:
    """Alice's plate with its last character misread, in doubt."""
    return weighed(DOUBTFUL, at6={"3": 0.4})


def with_policy(lane: Lane, policy: str, **other: Any) -> None:
    Lane.objects.filter(pk=lane.pk).update(policy=policy, **other)
    lane.refresh_from_db()


def compared(lane: Lane, **changed: Any) -> ShadowRun:
    run = shadow_runs.start(lane, shadow_runs.settings_of(lane, **changed), by="tests")
    while shadow_runs.proceed(run):
        pass
    return run


def found(run: ShadowRun) -> list[tuple[str, str, str]]:
    return [(each["then"]["outcome"], each["now"]["outcome"], each["known"]) for each in run.differences]


def test_what_opened_stays_open_under_the_same_policy(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())

    run = compared(lane)

    assert (run.state, run.counts["compared"], run.counts["opened"], found(run)) == (RunState.DONE, 1, [1, 1], [])


def test_a_stricter_policy_would_not_have_opened(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())

    run = compared(lane, policy=Policy.EXACT)

    assert run.counts["opened"] == [1, 0]
    assert found(run) == [("open", "refuse", "unknown")]
    assert run.counts["today"] == 0


def test_what_a_policy_would_have_opened_rests_on_the_roll_of_today_and_says_so(
    road: Road, vehicle: Vehicle, lane: Lane
) -> None:
    with_policy(lane, Policy.EXACT)
    for _ in range(3):
        (passage,) = road.sees(doubtful())
    assert passage.outcome == Outcome.REFUSE

    run = compared(lane, policy=Policy.BALANCED)

    assert (run.counts["opened"], run.counts["today"]) == ([0, 1], 1)
    (difference,) = run.differences
    assert (difference["passage"], difference["now"]["vehicle"]) == (str(passage.pk), vehicle.pk)


def test_a_run_keeps_no_plate(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())
    kept = json.dumps(ShadowRun.objects.filter(pk=compared(lane, policy=Policy.EXACT).pk).values_list("differences")[0])
    assert (ALICES in kept, DOUBTFUL in kept) == (False, False)


def test_who_was_registered_only_later_would_not_have_been_opened_for(road: Road, lane: Lane) -> None:
    with_policy(lane, Policy.EXACT)
    for _ in range(3):
        road.sees(doubtful())
    register_vehicle(lane.condominium, ALICES, by="tests")

    run = compared(lane, policy=Policy.BALANCED)

    assert (run.counts["opened"], found(run)) == ([0, 0], [])


def test_a_permit_that_was_given_only_later_does_not_count(road: Road, lane: Lane) -> None:
    alices = aged(register_vehicle(lane.condominium, ALICES, by="tests", permit=False))
    with_policy(lane, Policy.EXACT)
    for _ in range(3):
        road.sees(doubtful())
    Permit.objects.create(condominium=lane.condominium, vehicle=alices)

    assert compared(lane, policy=Policy.BALANCED).counts["opened"] == [0, 0]


def test_a_permit_that_ended_since_still_counts_as_it_was_noted(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())
    Permit.objects.all().delete()
    vehicle.delete()

    assert compared(lane, policy=Policy.STRICT).counts["opened"][0] == 1
    assert compared(lane).counts["opened"] == [1, 1]


@pytest.mark.parametrize(("truth", "known"), [(ALICES, "better"), (STRANGERS, "worse")])
def test_a_corrected_passage_says_whether_a_difference_is_for_the_better(
    road: Road, vehicle: Vehicle, lane: Lane, alice: User, truth: str, known: str
) -> None:
    with_policy(lane, Policy.EXACT)
    for _ in range(3):
        (passage,) = road.sees(doubtful())
    corrections.correct(passage, truth, by=alice)

    run = compared(lane, policy=Policy.BALANCED)

    assert found(run) == [("refuse", "open", known)]
    assert run.counts[known] == 1


def test_a_certain_vehicle_that_would_wait_is_for_the_worse(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(Read(BOX, ALICES, seen(ALICES, 0.9999), 0.999, None, probability=0.999))

    assert found(compared(lane, policy="none such")) == [("open", "ask", "worse")]


def test_n_of_7_is_counted_from_the_text(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    with_policy(lane, Policy.AGREEING, agreeing=6)
    road.sees(read(DOUBTFUL))

    assert compared(lane, agreeing=5).counts["opened"] == [1, 1]
    stricter = compared(lane, agreeing=7)
    assert (stricter.counts["opened"], stricter.counts["today"]) == ([1, 0], 0)


def test_fewer_pictures_before_a_refusal_refuse_who_was_read_well_only_later(
    road: Road, vehicle: Vehicle, lane: Lane
) -> None:
    with_policy(lane, Policy.EXACT)
    road.sees(read("ABC1D99", 0.7))
    (passage,) = road.sees(read(ALICES, 0.95))
    assert passage.outcome == Outcome.OPEN

    assert compared(lane, frames_to_refuse=1).counts["opened"] == [1, 0]
    assert compared(lane, frames_to_refuse=5).counts["opened"] == [1, 1]


def test_an_error_of_ours_is_left_out(
    road: Road, vehicle: Vehicle, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("access.deciding.roll_of", lambda *_: 1 / 0)
        (passage,) = road.sees(doubtful())
    assert passage.reason == Reason.ERROR

    run = compared(lane, policy=Policy.EXACT)

    assert (run.counts["compared"], run.counts["left_out"]) == (0, 1)


def test_a_passage_whose_reads_were_purged_is_left_out(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    (passage,) = road.sees(doubtful())
    passage.detections.all().delete()

    assert compared(lane, policy=Policy.EXACT).counts["left_out"] == 1


def test_only_the_lanes_own_last_days_are_looked_at(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())
    assert shadow_runs.has_past(lane)
    Passage.objects.update(opened_at=timezone.now() - timedelta(days=8))

    assert not shadow_runs.has_past(lane)
    assert compared(lane, policy=Policy.EXACT).total == 0


def test_nothing_opens_and_nothing_is_decided(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    with_policy(lane, Policy.EXACT)
    for _ in range(3):
        (passage,) = road.sees(doubtful())
    before = JournalEntry.objects.count()

    compared(lane, policy=Policy.BALANCED)

    passage.refresh_from_db()
    assert (passage.outcome, JournalEntry.objects.count(), GateCommand.objects.count()) == (Outcome.REFUSE, before, 0)


# --- another engine -------------------------------------------------------------------------------------


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """The engine `classical`, which reads what it is told."""
    reader = Reader()
    monkeypatch.setattr(engines, "engine", lambda name: reader)
    return reader


def test_another_engine_reads_the_pictures_that_are_kept(
    road: Road, vehicle: Vehicle, lane: Lane, other: Reader
) -> None:
    for _ in range(3):
        (passage,) = road.sees(read(STRANGERS))
    assert passage.outcome == Outcome.REFUSE
    other.reads = [read(STRANGERS, box=FAR), read(ALICES)]

    run = compared(lane, engine="classical")

    assert found(run) == [("refuse", "open", "unknown")]
    assert run.counts["unseen"] == 0


def test_what_stands_elsewhere_in_the_picture_is_another_vehicle(
    road: Road, vehicle: Vehicle, lane: Lane, other: Reader
) -> None:
    road.sees(read(ALICES))
    other.reads = [read(ALICES, box=FAR)]

    assert compared(lane, engine="classical").counts["opened"] == [1, 0]


def test_a_passage_without_a_picture_is_counted_as_unseen(
    road: Road, vehicle: Vehicle, lane: Lane, other: Reader
) -> None:
    (passage,) = road.sees(read(ALICES))
    passage.detections.update(frame="")

    run = compared(lane, engine="classical")

    assert (run.counts["unseen"], run.counts["compared"], other.asked) == (1, 0, 0)


def test_an_engine_that_is_not_there_ends_the_run(
    road: Road, vehicle: Vehicle, lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise EngineError("not installed")

    monkeypatch.setattr(engines, "engine", missing)
    road.sees(read(ALICES))

    run = compared(lane, engine="classical")

    assert (run.state, run.problem) == (RunState.FAILED, "The recognition cannot be loaded: not installed")


# --- in slices, and the change that is made -------------------------------------------------------------


def test_a_run_is_worked_on_in_slices(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    for _ in range(7):
        road.sees(doubtful())
        road.sees_nothing(60)
    run = shadow_runs.start(lane, shadow_runs.settings_of(lane, policy=Policy.EXACT), by="tests")

    more = shadow_runs.proceed(run, seconds=0)
    assert (more, run.state, run.done, run.total) == (True, RunState.RUNNING, shadow_runs.BATCH, 7)
    again = ShadowRun.objects.get(pk=run.pk)
    assert not shadow_runs.proceed(again)
    assert (again.state, again.done, again.counts["opened"]) == (RunState.DONE, 7, [7, 0])


def test_the_change_is_made_with_what_was_found_in_the_journal(
    road: Road, vehicle: Vehicle, lane: Lane, alice: User
) -> None:
    road.sees(doubtful())
    run = compared(lane, policy=Policy.EXACT)

    shadow_runs.save(run, by=alice)

    lane.refresh_from_db()
    entry = JournalEntry.objects.get(action="lane.changed")
    assert (lane.policy, run.saved_at is not None, entry.actor) == (Policy.EXACT, True, "alice")
    assert entry.data["fields"] == ["policy"]
    assert entry.data["shadow"]["opened"] == [1, 0]


def test_a_lane_that_was_changed_meanwhile_is_not_changed_back(
    road: Road, vehicle: Vehicle, lane: Lane, alice: User
) -> None:
    road.sees(doubtful())
    run = compared(lane, policy=Policy.EXACT)
    with_policy(lane, Policy.STRICT)

    with pytest.raises(ValidationError, match="changed since"):
        shadow_runs.save(run, by=alice)

    lane.refresh_from_db()
    assert lane.policy == Policy.STRICT


def test_neither_a_guard_nor_a_manager_elsewhere_makes_it(
    road: Road, vehicle: Vehicle, lane: Lane, bob: User, charlie: User
) -> None:
    run = compared(lane, policy=Policy.EXACT)

    for who in (bob, charlie):
        with pytest.raises(PermissionDenied):
            shadow_runs.save(run, by=who)


# --- the command ----------------------------------------------------------------------------------------


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("shadow", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_what_would_differ(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    (passage,) = road.sees(doubtful())

    text = told(str(lane.pk), "--policy", "exact")

    assert f"{lane}: policy balanced → exact" in text
    assert "1 of 1 passages compared" in text
    assert f"unknown  {passage.pk}  open/permitted → refuse/unknown_plate" in text


def test_the_command_speaks_json(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())

    answer = json.loads(told(str(lane.pk), "--policy", "exact", "--json"))

    assert (answer["lane"], answer["counts"]["opened"], len(answer["differences"])) == (lane.pk, [1, 0], 1)


@pytest.mark.parametrize(("arguments", "why"), [(["99"], "no such lane"), (["1", "--days", "0"], "at least one")])
def test_the_command_refuses_nonsense(lane: Lane, arguments: list[str], why: str) -> None:
    if arguments[0] == "1":
        arguments[0] = str(lane.pk)
    with pytest.raises(CommandError, match=why):
        told(*arguments)


# --- the judgement --------------------------------------------------------------------------------------

OPEN_A, OPEN_B = Ruling("open", "permitted", "A"), Ruling("open", "permitted", "B")
CLOSED = Ruling("refuse", "unknown_plate")


@pytest.mark.parametrize(
    ("then", "now", "truth", "known"),
    [
        (OPEN_A, OPEN_A, "A", None),
        (CLOSED, Ruling("ask", "unsure"), "A", None),
        (CLOSED, OPEN_A, "A", Known.BETTER),
        (CLOSED, OPEN_A, "C", Known.WORSE),
        (CLOSED, OPEN_A, None, Known.UNKNOWN),
        (OPEN_A, CLOSED, "A", Known.WORSE),
        (OPEN_A, CLOSED, "C", Known.BETTER),
        (OPEN_A, OPEN_B, "A", Known.WORSE),
        (OPEN_A, OPEN_B, "B", Known.BETTER),
        (OPEN_A, OPEN_B, "C", Known.WORSE),
    ],
)
def test_a_difference_is_judged_by_who_stood_there(
    then: Ruling, now: Ruling, truth: str | None, known: Known | None
) -> None:
    assert differs(then, now, truth) == known


def test_old_comparisons_of_a_lane_are_dropped_unless_they_led_to_a_change(
    lane: Lane, condominium: Condominium
) -> None:
    old, kept = compared(lane), compared(lane)
    ShadowRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    ShadowRun.objects.filter(pk=kept.pk).update(saved_at=timezone.now())

    new = compared(lane)

    assert set(ShadowRun.objects.values_list("pk", flat=True)) == {kept.pk, new.pk}
    assert not ShadowRun.objects.filter(pk=old.pk).exists()


def test_a_run_whose_worker_died_is_taken_up_again(
    road: Road, vehicle: Vehicle, lane: Lane, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.sees(doubtful())
    run = shadow_runs.start(lane, shadow_runs.settings_of(lane, policy=Policy.EXACT), by="tests")
    sent: list[int] = []
    monkeypatch.setattr(shadow_runs, "_send", lambda run: sent.append(run.pk))

    with django_capture_on_commit_callbacks(execute=True):
        assert shadow_runs.resume_stalled(timezone.now()) == 0
        assert shadow_runs.resume_stalled(timezone.now() + timedelta(minutes=3)) == 1
    assert sent == [run.pk]

    compared_by_another = ShadowRun.objects.get(pk=run.pk)
    assert not shadow_runs.proceed(compared_by_another)
    assert shadow_runs.resume_stalled(timezone.now() + timedelta(minutes=3)) == 0


def test_two_workers_at_one_run_count_nothing_twice(road: Road, vehicle: Vehicle, lane: Lane) -> None:
    road.sees(doubtful())
    run = shadow_runs.start(lane, shadow_runs.settings_of(lane, policy=Policy.EXACT), by="tests")
    other = ShadowRun.objects.get(pk=run.pk)

    shadow_runs.proceed(run)

    assert not shadow_runs.proceed(other)
    assert (other.state, other.counts["compared"]) == (RunState.DONE, 1)
