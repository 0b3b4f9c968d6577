"""The ESPHome file that is made here is one: ESPHome itself says so."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gates.esphome import PINS, Chip, Node, PinsError, Relay, configuration, secrets_of
from gates.esphome_page import node_of, relays_of
from gates.models import Gate
from premises.models import Condominium
from tests.gates.dialects import make
from tests.gates.parts import ROOT

PROGRAM = Path(os.environ.get("ESPHOME", ROOT / ".venv-esphome" / "bin" / "esphome"))
# Made for these tests; nothing was ever signed with it.
AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SECRETS = {
    "wifi_ssid": "rede",
    "wifi_password": "senha-da-rede",
    "mqtt_password": "senha-do-broker",
    "ota_password": "senha-do-ota",
    "mqtt_ca": AUTHORITY,
}


def node(**more: Any) -> Node:
    usual: dict[str, Any] = {
        "name": "portaria_1",
        "user": "portaria_1",
        "topic": "portaria_1",
        "host": "192.0.2.1",
        "port": 1883,
    }
    return Node(**usual | more)


GATE = Relay(1, "Portão principal", 500, False)


def checked(text: str, folder: Path) -> str:
    """What ESPHome makes of it: its whole configuration, where it is valid."""
    (folder / "gate.yaml").write_text(text)
    (folder / "secrets.yaml").write_text(yaml.safe_dump(SECRETS))
    if not PROGRAM.exists():
        pytest.skip("ESPHome could not be installed on this machine (tests/install-esphome)")
    command = [str(PROGRAM), "config", "gate.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Configuration is valid" in done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("chip", list(Chip))
@pytest.mark.parametrize("switches", [False, True])
def test_esphome_takes_it(chip: Chip, switches: bool, tmp_path: Path) -> None:
    relays = [Relay(1, 'Portão "da frente"\n# e: {x}', 500, switches), Relay(2, "Garagem", 3000, False)]
    text = checked(configuration(node(chip=chip), relays), tmp_path)
    assert "restore_mode: ALWAYS_OFF" in text
    assert "clean_session: true" in text


def test_esphome_takes_it_with_tls(tmp_path: Path) -> None:
    text = configuration(node(tls=True, port=8883), [GATE])
    assert "certificate_authority" in checked(text, tmp_path)


def test_esphome_takes_a_board_without_gates(tmp_path: Path) -> None:
    checked(configuration(node(), []), tmp_path)


def test_esphome_takes_as_many_gates_as_the_chip_has_pins(tmp_path: Path) -> None:
    relays = [Relay(number, f"Gate {number}", 500, number <= 3) for number in range(1, 9)]
    checked(configuration(node(), relays), tmp_path)


def test_a_chip_with_too_few_pins_is_said_so() -> None:
    relays = [Relay(number, f"Gate {number}", 500, True) for number in (1, 2)]
    with pytest.raises(PinsError, match="6 pins are needed, esp8266 has 5"):
        configuration(node(chip=Chip.ESP8266), relays)
    assert all(len(set(pins)) == len(pins) for pins in PINS.values())


def test_the_pulse_is_the_boards_own_and_its_relay_off_at_any_start() -> None:
    content = _plain(configuration(node(), [GATE]))
    contact, relay = content["switch"]
    assert (contact["restore_mode"], contact["internal"]) == ("ALWAYS_OFF", True)
    assert relay["turn_on_action"] == [{"script.execute": "pulse_1"}]
    [script] = content["script"]
    assert script["mode"] == "single"
    assert script["then"] == [
        {"switch.turn_on": "contact_1"}, {"delay": "500ms"}, {"switch.turn_off": "contact_1"}, {"delay": "1000ms"},
    ]  # fmt: skip


def test_its_topics_are_those_that_we_speak_on() -> None:
    content = _plain(configuration(node(topic="casa/portaria"), [GATE]))
    assert content["mqtt"]["topic_prefix"] == "casa/portaria"
    assert (content["switch"][1]["name"], content["cover"][0]["name"]) == ("Relay 1", "Gate 1")


def test_no_secret_stands_in_it() -> None:
    text = configuration(node(tls=True), [GATE])
    assert [name for name in secrets_of(node(tls=True)) if f"!secret {name}" not in text] == []
    assert secrets_of(node()) == ["wifi_ssid", "wifi_password", "mqtt_password", "ota_password"]


@pytest.mark.django_db
def test_it_is_made_of_the_controller_and_its_gates(condominium: Condominium) -> None:
    gate, controller, credentials = make(condominium, "esphome", gate={"has_position_switch": True})
    Gate.objects.create(condominium=condominium, controller=controller, name="Theirs", relay=2, entity="cover/theirs")
    assert relays_of(controller) == [Relay(1, gate.name, gate.pulse_ms, True)]
    made = node_of(controller, Chip.ESP32, tls=False)
    assert (made.name, made.user, made.topic) == ("board-esphome", "board-esphome", "portaria")
    assert credentials.password not in configuration(made, relays_of(controller))


def _plain(text: str) -> dict[str, Any]:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!secret", lambda loader, tag: f"secret {tag.value}")
    content: dict[str, Any] = yaml.load(text, Loader)
    return content
