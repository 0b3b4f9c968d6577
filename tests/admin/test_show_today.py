"""The first page: numbers, hours, pictures, and what needs somebody."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Engine, Lane, Passage
from access.reasons import Outcome, Reason
from cameras.models import Camera, Health, Recorder
from gates.models import Controller, Gate
from portal import chart
from premises.models import Condominium, User
from recognition.engines import OPTIONAL
from tests.admin.conftest import SignedIn
from tests.admin.furnishing import furnish
from tests.admin.pages import row_of

# 23:30 in São Paulo; in UTC it is tomorrow already.
NOW = datetime(2026, 11, 20, 23, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def first_page(client: Client) -> dict[str, Any]:
    context: Any = client.get(reverse("admin:index")).context
    shown: dict[str, Any] = {name: context[name] for name in ("figures", "hours", "latest", "concerns")}
    return shown


def passages(condominium: Condominium, *seen: tuple[datetime, Outcome, Reason]) -> None:
    lane = row_of(Lane, condominium)
    for number, (at, outcome, reason) in enumerate(seen):
        Passage.objects.create(
            condominium=condominium,
            lane=lane,
            opened_at=at,
            last_seen_at=at,
            plate=f"ABC1D{number:02}",
            plate_key=f"ABC1D{number:02}",
            outcome=outcome,
            reason=reason,
        )


@pytest.mark.parametrize(("zone", "expected"), [("America/Sao_Paulo", (2, 1, 1, 1)), ("America/Noronha", (1, 0, 1, 1))])
def test_today_begins_at_the_condominiums_midnight(
    condominium: Condominium, alice: User, signed_in: SignedIn, zone: str, expected: tuple[int, ...]
) -> None:
    Condominium.objects.filter(pk=condominium.pk).update(time_zone=zone)
    with time_machine.travel(NOW, tick=False):
        furnish(condominium, rows=1, prefix="Q")
        Passage.objects.all().delete()
        passages(
            condominium,
            (NOW - timedelta(hours=24), Outcome.OPEN, Reason.PERMITTED),
            (NOW - timedelta(hours=5), Outcome.OPEN, Reason.PERMITTED),
            (NOW - timedelta(minutes=10), Outcome.REFUSE, Reason.UNKNOWN_PLATE),
        )
        figures = first_page(signed_in(alice))["figures"]
    assert (figures.passages, figures.opened, figures.refused, figures.unknown) == expected


def test_hours_are_counted_in_the_condominiums_time(condominium: Condominium, alice: User, signed_in: SignedIn) -> None:
    with time_machine.travel(NOW, tick=False):
        furnish(condominium, rows=1, prefix="Q")
        Passage.objects.all().delete()
        passages(condominium, (NOW - timedelta(hours=5), Outcome.OPEN, Reason.PERMITTED))
        hours = first_page(signed_in(alice))["hours"]
    assert [hour.hour for hour in hours if hour.total] == [18]


def test_what_stands_still_needs_somebody(manager: Client, furnished: Condominium) -> None:
    recorder, camera = row_of(Recorder, furnished), row_of(Camera, furnished)
    at = timezone.now()
    Controller.objects.update(online=True, session="0123456789abcdef", uptime_ms=1, heard_at=at)
    Camera.objects.filter(pk=camera.pk).update(health=Health.FAILING, last_error="It sleeps.")
    Recorder.objects.filter(pk=recorder.pk).update(stopped_at=NOW, stopped_because="It refuses.")
    Gate.objects.filter(pk=row_of(Gate, furnished).pk).update(on_hold=True)
    assert sorted(concern.text for concern in first_page(manager)["concerns"]) == [
        f"{camera} gives no pictures: It sleeps.",
        f"{row_of(Gate, furnished)} is on hold.",
        f"{recorder} is stopped: It refuses.",
    ]


def test_a_controller_that_is_not_heard_needs_somebody(manager: Client, furnished: Condominium) -> None:
    silent = [
        f"{controller} was never heard: its gates do not open."
        for controller in Controller.objects.filter(condominium=furnished)
    ]
    assert [concern.text for concern in first_page(manager)["concerns"]] == silent
    heard = datetime(2026, 11, 20, 15, 0, 5, tzinfo=ZoneInfo("America/Sao_Paulo"))
    Controller.objects.update(heard_at=heard)
    assert [concern.text for concern in first_page(manager)["concerns"]] == [
        text.replace("was never heard", "is not heard since 11/20/2026 15:00:05") for text in silent
    ]


def test_a_lane_whose_gate_has_no_controller_in_service_needs_somebody(manager: Client, furnished: Condominium) -> None:
    Controller.objects.update(is_active=False)
    lanes = [str(lane) for lane in Lane.objects.filter(condominium=furnished)]
    said = [concern.text for concern in first_page(manager)["concerns"]]
    assert said == [f"{lane}: The gate's controller is out of service: nothing of ours opens it." for lane in lanes]
    Gate.objects.update(controller=None)
    said = [concern.text for concern in first_page(manager)["concerns"]]
    assert said == [f"{lane}: The gate has no controller: nothing of ours opens it." for lane in lanes]
    Lane.objects.update(is_active=False)
    assert first_page(manager)["concerns"] == []


def test_a_lane_whose_recognition_is_not_installed_needs_somebody(
    manager: Client, furnished: Condominium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPTIONAL, "fast-alpr", ("not_a_package",))
    at = timezone.now()
    Controller.objects.update(online=True, session="0123456789abcdef", uptime_ms=1, heard_at=at)
    lane = row_of(Lane, furnished)
    Lane.objects.filter(pk=lane.pk).update(engine=Engine.FAST_ALPR)
    assert [concern.text for concern in first_page(manager)["concerns"]] == [
        f"{lane} reads no plates: its recognition is not installed (pip install '.[fast-alpr]')."
    ]


def test_an_empty_condominium_has_a_first_page_too(manager: Client) -> None:
    context = first_page(manager)
    assert (context["figures"].passages, context["latest"], context["concerns"]) == (0, [], [])


def test_the_fullest_hour_fills_the_height() -> None:
    hours = chart.hours({8: {"open": 3, "refuse": 1}, 9: {"open": 2}})
    assert [(bar.outcome, bar.y, bar.height) for bar in hours[8].bars] == [("open", 30, 90), ("refuse", 0, 30)]
    assert [(bar.outcome, bar.y, bar.height) for bar in hours[9].bars] == [("open", 60, 60)]
    assert (len(hours), hours[0].bars) == (24, ())
