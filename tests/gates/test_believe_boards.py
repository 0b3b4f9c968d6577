"""What boards of other makes say is believed of themselves alone."""

import pytest

from gates import controllers
from gates.commands import GRACE
from gates.positions import Position
from premises.models import Condominium
from tests.gates.dialects import POWER, hear, make, sent, state_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_the_broker_kept_confirms_no_command(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(POWER, b"ON", retained=True)
    assert state_of(command) == "sent"
    hear(POWER, b"ON")
    assert state_of(command) == "accepted"
    hear(POWER, b"OFF", retained=True)
    assert state_of(command) == "accepted"
    hear(POWER, b"OFF")
    assert state_of(command) == "pulsed"


def test_a_relay_that_moved_before_or_long_after_is_no_answer(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(POWER, b"ON", after=-1)
    hear(POWER, b"OFF")
    hear(POWER, b"ON", after=60)
    assert state_of(command) == "sent"
    hear(POWER, b"ON", after=gate.life_ms / 1000 + GRACE.total_seconds() - 0.5)
    assert state_of(command) == "accepted"


def test_a_board_that_connected_anew_has_not_answered(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "esphome", gate={"has_position_switch": True})
    command = sent(gate)
    hear("portaria/status", b"online")
    hear("portaria/cover/gate_1/state", b"open")
    hear("portaria/switch/relay_1/state", b"ON")
    assert state_of(command) == "expired"
    assert command.problem == "other_session"


def test_a_gate_that_stood_open_before_is_not_seen_to_open(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "esphome", gate={"has_position_switch": True, "position": Position.OPEN})
    command = sent(gate)
    hear("portaria/cover/gate_1/state", b"open")
    assert state_of(command) == "sent"


def test_of_two_commands_the_later_is_answered_first(condominium: Condominium) -> None:
    gate, _, _ = make(condominium, "tasmota")
    first, second = sent(gate, ago=1), sent(gate)
    hear(POWER, b"ON")
    hear(POWER, b"OFF")
    assert (state_of(first), state_of(second)) == ("sent", "pulsed")
    hear(POWER, b"ON")
    hear(POWER, b"OFF")
    assert (state_of(first), state_of(second)) == ("pulsed", "pulsed")


def test_one_board_speaks_for_no_other(condominium: Condominium, elsewhere: Condominium) -> None:
    """The answer of another condominium's Shelly, with the right id, is no answer."""
    gate, _, _ = make(condominium, "shelly2")
    controllers.register(elsewhere, "Theirs", "theirs", dialect="shelly2", topic="shelly-theirs")
    command = sent(gate)
    hear("shelly-theirs/answers/rpc", f'{{"id":"{command.pk}","result":{{"was_on":false}}}}'.encode())
    assert state_of(command) == "sent"
    hear("shellyplus1-a8032abe54dc/answers/rpc", f'{{"id":"{command.pk}","result":{{"was_on":false}}}}'.encode())
    assert state_of(command) == "accepted"


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("stat/tasmota_9CF9D1/POWER", b"perhaps"),
        ("stat/tasmota_9CF9D1/POWER2", b"ON"),
        ("stat/other/POWER", b"ON"),
        ("tele/tasmota_9CF9D1/STATE", b'{"POWER":"ON"}'),
        ("cmnd/tasmota_9CF9D1/POWER", b"ON"),
        ("tele/tasmota_9CF9D1/LWT", b"\xff\xfe"),
    ],
)
def test_what_cannot_be_understood_means_nothing(topic: str, payload: bytes, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "tasmota")
    command = sent(gate)
    hear(topic, payload)
    controller.refresh_from_db()
    assert (state_of(command), controller.online) == ("sent", False)


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"null", b'{"id":1}', b'{"id":"x","result":{}}', b"[" * 9000, b'{"params":[]}', b"\xff"]
)
@pytest.mark.parametrize("name", ["answers/rpc", "events/rpc", "status/switch:0", "online"])
def test_nonsense_from_a_shelly_means_nothing(name: str, payload: bytes, condominium: Condominium) -> None:
    gate, controller, _ = make(condominium, "shelly2")
    command = sent(gate)
    hear(f"{controller.topic}/{name}", payload)
    assert state_of(command) == "sent"
