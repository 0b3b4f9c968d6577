"""The first page's last weeks, its devices and what is kept; and the way to the set-up where nothing is set up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.lane_days import SPAN
from access.models import Holding, Lane, LaneDay, Passage
from access.reasons import Outcome, Reason
from cameras.models import Camera, Health
from gates.models import Controller
from premises.models import Condominium, User
from tests.admin.conftest import SignedIn
from tests.admin.test_show_today import passages


@pytest.fixture
def manager(alice: User, signed_in: SignedIn) -> Client:
    return signed_in(alice)


def shown(client: Client) -> Any:
    return client.get(reverse("admin:index")).context


def heard(condominium: Condominium, seconds_ago: float) -> None:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    own = Controller.objects.filter(condominium=condominium)
    own.update(online=True, session="0123456789abcdef", uptime_ms=1, heard_at=at)


def states(client: Client) -> dict[str, tuple[str, str]]:
    return {device.name: (device.colour, str(device.state)) for device in shown(client)["devices"]}


def test_a_controller_that_is_silent_for_ten_seconds_makes_its_lane_red(
    manager: Client, furnished: Condominium
) -> None:
    heard(furnished, 2)
    found = states(manager)
    assert (found["Q1-lane"], found["Q1-controller"]) == (("success", "watched"), ("success", "online"))
    heard(furnished, 11)
    found = states(manager)
    lane, board = found["Q1-lane"], found["Q1-controller"]
    assert (lane[0], board[0], lane[1]) == ("danger", "danger", f"cannot open: {board[1]}")
    assert board[1].startswith("not heard since ")


def test_a_lane_is_as_well_as_its_camera(manager: Client, furnished: Condominium) -> None:
    heard(furnished, 2)
    Camera.objects.filter(name="Q1-camera").update(health=Health.FAILING, last_error="It sleeps.")
    assert states(manager)["Q1-lane"] == ("danger", "sees nothing")
    Lane.objects.filter(name="Q1-lane").update(is_active=False)
    assert states(manager)["Q1-lane"] == ("info", "switched off")


def test_four_weeks_are_told_lane_by_lane_the_worst_first(manager: Client, furnished: Condominium) -> None:
    LaneDay.objects.all().delete()
    today = timezone.localdate()
    for number, (name, sure) in enumerate((("Q0-lane", 9), ("Q1-lane", 5))):
        lane = Lane.objects.get(name=name)
        LaneDay.objects.create(
            condominium=furnished,
            lane=lane,
            day=today,
            decided=10,
            sure=sure,
            corrected=1,
            pulses=4,
            p95_ms=100 + number,
        )
        old = today - timedelta(days=SPAN)
        LaneDay.objects.create(condominium=furnished, lane=lane, day=old, decided=1000, sure=0)
    trends = shown(manager)["trends"]
    assert [(chart.title, chart.columns[-1].counts) for chart in trends.quality] == [
        ("Q1-lane", (5, 4, 1)),
        ("Q0-lane", (9, 0, 1)),
    ]
    assert [len(chart.columns) for chart in trends.quality] == [SPAN, SPAN]
    assert (trends.p95, trends.pulses, trends.pulse.columns[-1].total) == (101, 8, 101)


def test_where_nothing_was_counted_the_page_says_so(manager: Client, furnished: Condominium) -> None:
    LaneDay.objects.all().delete()
    Holding.objects.all().delete()
    page = manager.get(reverse("admin:index"))
    assert (page.context["trends"].quality, page.context["trends"].pulse) == ([], None)
    text = page.content.decode()
    assert text.count("Nothing has been counted yet.") == 2
    assert "No opening by plate was measured" in text


def test_charlie_sees_nothing_of_alices_weeks(furnished: Condominium, charlie: User, signed_in: SignedIn) -> None:
    Holding.objects.filter(condominium=furnished).update(pictures=777, missed=7)
    context = shown(signed_in(charlie))
    assert {chart.title for chart in context["trends"].quality} == {"Z0-lane", "Z1-lane"}
    assert {device.name[0] for device in context["devices"]} == {"Z"}
    assert (context["storage"].pictures, context["storage"].missed) == (2, 0)


def test_what_is_kept_is_for_who_answers_for_it(
    furnished: Condominium, bob: User, manager: Client, signed_in: SignedIn
) -> None:
    Holding.objects.filter(condominium=furnished).update(missed=3)
    assert shown(manager)["storage"].pictures == 2
    context = shown(signed_in(bob))
    assert context["storage"] is None
    assert "3 openings may have been missed" in " ".join(concern.text for concern in context["concerns"])


def test_reasons_of_today_stand_by_how_often(manager: Client, furnished: Condominium) -> None:
    Passage.objects.all().delete()
    now = timezone.now()
    unknown, unsure = (Outcome.REFUSE, Reason.UNKNOWN_PLATE), (Outcome.ASK, Reason.UNSURE)
    passages(furnished, (now, *unknown), (now, *unsure), (now, *unknown), (now, Outcome.OPEN, Reason.PERMITTED))
    assert [(why.reason, why.count, why.width) for why in shown(manager)["whys"]] == [
        ("unknown_plate", 2, 100),
        ("unsure", 1, 50),
    ]


def test_where_no_lane_is_switched_on_the_page_leads_to_the_set_up(
    manager: Client, furnished: Condominium, bob: User, owner: User, signed_in: SignedIn
) -> None:
    assert shown(manager)["begin"] == ""
    Lane.objects.update(is_active=False)
    assert shown(manager)["begin"] == shown(signed_in(owner))["begin"] == reverse("setup:begin")
    assert shown(signed_in(bob))["begin"] == ""


def test_of_very_many_devices_those_that_are_not_well_are_shown(
    manager: Client, furnished: Condominium, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard(furnished, 2)
    Camera.objects.filter(condominium=furnished, name="Q1-camera").update(health=Health.FAILING, last_error="Cut.")
    monkeypatch.setattr("portal.overview.devices.MOST", 2)
    page = manager.get(reverse("admin:index"))
    assert {device.name for device in page.context["devices"]} == {"Q1-lane", "Q1-camera"}
    assert page.context["devices"].left_out == 4
    assert "4 more are not shown" in page.content.decode()


def test_of_very_many_concerns_the_page_says_how_many_it_leaves_out(
    manager: Client, furnished: Condominium, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = shown(manager)["concerns"]
    monkeypatch.setattr("portal.dashboard.MOST_CONCERNS", 1)
    page = manager.get(reverse("admin:index"))
    assert page.context["concerns"] == every[:1]
    assert f"And {len(every) - 1} more." in page.content.decode()
