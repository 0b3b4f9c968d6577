"""A gate is opened: asked for, sent, accepted, pulsed, and written down."""

import pytest

from gates.commands import request_open
from gates.models import Gate
from premises.models import JournalEntry, User
from tests.gates.parts import Ears, Firmware
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def actions() -> list[tuple[str, str]]:
    return list(JournalEntry.objects.order_by("sequence").values_list("action", "actor"))


def test_an_opening_pulses_once(gate: Gate, firmware: Firmware, ears: Ears, bob: User) -> None:
    command = request_open(gate, by=bob, reason="The doctor is here")
    ears.until_state(command, "pulsed")
    wait_for(lambda: firmware.pulses()[0].off)
    [pulse] = firmware.pulses()
    assert pulse.relay == 1
    assert 120 <= pulse.milliseconds < 160
    assert command.accepted_at and command.pulsed_at and command.ended_at
    assert command.requested_at < command.sent_at <= command.accepted_at < command.pulsed_at
    assert actions()[1:] == [("gate.requested", "bob"), ("gate.pulsed", "controller: board-1")]
