"""When lanes are rehearsed: once a night, on their own clock, one after another, and not while somebody is at work."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from access import rehearsal_hours, rehearsals, tasks
from access.models import Lane, Rehearsal
from access.rehearsal_words import broken_of
from access.rehearsing import KEPT, STALLED, RehearsalError, rehearse
from cameras.models import Camera, Source
from gates.models import Gate
from premises.models import Condominium, JournalEntry, User

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NIGHT = datetime(2026, 11, 21, 4, 59, tzinfo=SAO_PAULO)


@pytest.fixture
def quiet(lane: Lane) -> Lane:
    """A lane that only records what is sent to it: nothing but recognition and decision to rehearse."""
    Camera.objects.update(source=Source.UPLOAD)
    Lane.objects.update(gate=None)
    return Lane.objects.get(pk=lane.pk)


def due(now: datetime) -> list[str]:
    return [f"{lane.name} {day}" for lane, day in rehearsal_hours.due(now)]


@pytest.mark.parametrize(("hour", "is_due"), [((1, 59), False), ((4, 59), True), ((5, 0), False), ((12, 0), False)])
def test_it_is_done_at_a_quiet_hour_of_the_condominium(lane: Lane, hour: tuple[int, int], is_due: bool) -> None:
    now = NIGHT.replace(hour=hour[0], minute=hour[1])
    assert due(now) == (["Main gate in 2026-11-21"] if is_due else [])


def test_the_clock_is_the_condominiums_own(lane: Lane) -> None:
    Condominium.objects.update(time_zone="America/Rio_Branco")  # two hours behind
    assert due(NIGHT.replace(hour=5, minute=31)) == ["Main gate in 2026-11-21"]
    assert due(NIGHT.replace(hour=3, minute=59)) == []
    assert due(NIGHT.replace(hour=6, minute=59)) == ["Main gate in 2026-11-21"]


def test_lanes_come_one_after_another(lane: Lane, condominium: Condominium) -> None:
    for number in range(9):
        camera = Camera.objects.create(condominium=condominium, name=f"Camera {number}", source=Source.UPLOAD)
        Lane.objects.create(condominium=condominium, name=f"Lane {number}", camera=camera)
    begins = NIGHT.replace(hour=2, minute=0)
    counts = [len(due(begins + timedelta(minutes=minutes))) for minutes in range(0, 91, 10)]
    assert counts == sorted(counts)
    assert (counts[0] < 3, counts[-1]) == (True, 10)


@pytest.mark.parametrize("on_hold", [{"on_hold": True}, {"condominium__gates_on_hold": True}])
def test_not_while_the_gate_is_on_hold(lane: Lane, on_hold: dict[str, bool]) -> None:
    Gate.objects.update(on_hold="on_hold" in on_hold)
    Condominium.objects.update(gates_on_hold="on_hold" not in on_hold)
    assert due(NIGHT) == []
    with pytest.raises(RehearsalError, match="on hold"):
        rehearse(lane)
    assert Rehearsal.objects.count() == 0


def test_a_lane_that_is_switched_off_is_not_rehearsed(lane: Lane) -> None:
    Lane.objects.update(is_active=False)
    assert due(NIGHT) == []
    with pytest.raises(RehearsalError, match="switched off"):
        rehearse(lane)


def test_once_a_day_whoever_asks_first(quiet: Lane) -> None:
    rehearse(quiet, day=NIGHT.date())
    assert due(NIGHT) == []
    with pytest.raises(RehearsalError, match="rehearsed today"):
        rehearse(quiet, day=NIGHT.date())
    assert due(NIGHT + timedelta(days=1)) == ["Main gate in 2026-11-22"]


def test_one_whose_worker_was_killed_is_begun_again(quiet: Lane) -> None:
    now = timezone.now()
    mine = {"condominium": quiet.condominium, "lane": quiet, "day": NIGHT.date()}
    Rehearsal.objects.create(**mine, begun_at=now)
    with pytest.raises(RehearsalError):
        rehearse(quiet, day=NIGHT.date())
    Rehearsal.objects.update(begun_at=now - STALLED * 2)
    assert rehearse(quiet, day=NIGHT.date()).ended_at is not None
    assert Rehearsal.objects.count() == 1


def test_a_lane_without_gate_and_camera_is_rehearsed_as_far_as_it_goes(quiet: Lane) -> None:
    row = rehearse(quiet)
    assert {each["link"]: each["code"] for each in row.links} == {
        "camera": "sent", "reading": "drawn", "rule": "would_not", "broker": "no_gate", "board": "no_gate",
    }  # fmt: skip
    assert broken_of(row.links) == ""


def test_a_recognition_that_is_not_installed_is_named(quiet: Lane) -> None:
    Lane.objects.update(engine="nothing-like-it")
    row = rehearse(quiet)
    assert (row.broken, row.links[1]["code"]) == ("reading", "engine")
    assert broken_of(row.links).startswith("Recognition: The recognition cannot be loaded: ")


def test_only_the_latest_are_kept(quiet: Lane) -> None:
    at = timezone.now() - timedelta(days=60)
    own = {"condominium": quiet.condominium, "lane": quiet, "ended_at": at}
    Rehearsal.objects.bulk_create(Rehearsal(**own, begun_at=at + timedelta(days=number)) for number in range(KEPT + 5))
    rehearse(quiet)
    assert Rehearsal.objects.count() == KEPT


def test_the_task_works_by_numbers_and_shrugs_at_what_is_gone(quiet: Lane, alice: User) -> None:
    tasks.rehearse_lane.apply(args=(0,))
    tasks.rehearse_lane.apply(args=(quiet.pk, 999_999))
    assert Rehearsal.objects.count() == 0
    tasks.rehearse_lane.apply(args=(quiet.pk, alice.pk))
    tasks.rehearse_lane.apply(args=(quiet.pk, None, "2026-11-21"))
    tasks.rehearse_lane.apply(args=(quiet.pk, None, "2026-11-21"))
    assert sorted(Rehearsal.objects.values_list("by_name", flat=True)) == ["", "alice"]
    assert JournalEntry.objects.filter(action="lane.rehearsed").count() == 2


def test_who_may_not_change_devices_may_not_ask_for_it(lane: Lane, bob: User, charlie: User) -> None:
    for user in (bob, charlie):
        with pytest.raises(PermissionDenied):
            rehearsals.ask(lane, by=user)


def test_the_command_says_every_link_and_its_status_is_the_result(
    quiet: Lane, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rehearse")
    said = capsys.readouterr().out
    assert f"{quiet.pk} Main gate in: ok" in said
    assert "✓ recognition: The plate of a drawn test picture was read." in said
    with pytest.raises(CommandError, match="no active lane 999"):
        call_command("rehearse", lane=999)
    Lane.objects.update(engine="nothing-like-it")
    with pytest.raises(CommandError, match="1 of 1 lanes did not pass"):
        call_command("rehearse", lane=quiet.pk)
