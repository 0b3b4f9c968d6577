"""Whether a controller is heard: one answer for every face, in a word, with since when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from gates.hearing import Hearing, hearing, hearing_of
from gates.models import Controller, Gate
from gates.shown import CONTROLLER_COLOURS, controller_label

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HEARD: dict[str, Any] = {"online": True, "session": "0123456789abcdef", "uptime_ms": 1}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (HEARD | {"heard_at": NOW - timedelta(seconds=10)}, "online"),
        (HEARD | {"heard_at": NOW - timedelta(seconds=10, milliseconds=1)}, "silent"),
        (HEARD | {"heard_at": NOW, "online": False}, "silent"),
        (HEARD | {"heard_at": NOW, "session": ""}, "silent"),
        ({}, "never"),
        (HEARD | {"heard_at": NOW, "is_active": False}, "inactive"),
        ({"is_active": False}, "inactive"),
    ],
)
def test_how_a_controller_is_heard(row: dict[str, Any], code: str) -> None:
    found = hearing(Controller(**row), NOW)
    assert (found.code, found.is_red) == (code, code != "online")


def test_a_board_that_says_nothing_is_neither_red_nor_called_online() -> None:
    found = hearing(Controller(opens_unheard=True, dialect="plain"), NOW)
    assert (found.code, found.is_red, found.is_heard) == (Hearing.UNTOLD, False, False)


def test_a_gate_without_a_controller_is_red_and_a_lane_without_a_gate_is_not() -> None:
    assert hearing(None).code == Hearing.NONE
    assert hearing_of(Gate(), NOW) == hearing(None)
    assert hearing_of(None) is None


def test_it_says_since_when_in_the_time_of_the_page() -> None:
    silent = hearing(Controller(**HEARD, heard_at=NOW - timedelta(minutes=5)), NOW)
    with timezone.override("America/Sao_Paulo"), translation.override("en"):
        with time_machine.travel(NOW, tick=False):
            assert silent.words == "not heard since 08:55:00"
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            assert silent.words == "not heard since 11/21/2026 08:55"
        assert "since 11/21/2026 08:55:00" in silent.sentence


@pytest.mark.parametrize("code", Hearing)
def test_every_word_has_its_colour_and_what_opens_nothing_is_red(code: Hearing) -> None:
    others = {Hearing.ONLINE: "success", Hearing.UNTOLD: "info"}
    assert CONTROLLER_COLOURS[code] == others.get(code, "danger")
    assert controller_label(None) == ("none", "no controller")
