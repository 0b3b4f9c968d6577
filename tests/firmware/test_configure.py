"""A board with a config.json that will not do says what is missing, and moves nothing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gates import provisioning
from gates.controllers import Credentials
from tests.firmware.parts import BESIDE, FIRMWARE, load

config = load("config")

CREDENTIALS = Credentials("main-gate", "a password", "00" * 32)


def good(**more: Any) -> dict[str, Any]:
    return provisioning.board_config(CREDENTIALS, host="192.0.2.1", port=1883, **more)


def start(path: Path) -> tuple[int, str]:
    command = [str(BESIDE / "micropython"), str(FIRMWARE / "main.py"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    return done.returncode, done.stdout


def test_what_the_server_writes_will_do() -> None:
    read = config.checked(good())
    assert (read["relays"], read["max_pulse_ms"], read["heartbeat_ms"]) == ({"1": {}}, 3000, 2000)


@pytest.mark.parametrize(
    ("problem", "changes"),
    [
        ("device is missing", {"device": ...}),
        ("key is missing", {"key": ...}),
        ("key must be at least 32 hexadecimal digits", {"key": "00"}),
        ("key must be at least 32 hexadecimal digits", {"key": "zz" * 32}),
        ("broker must be an object", {"broker": "192.0.2.1"}),
        ("broker.host is missing", {"broker": {"port": 1883, "password": "p"}}),
        ("broker.port must be a whole number", {"broker": {"host": "h", "port": "1883", "password": "p"}}),
        ('relays must look like {"1": {"pin": 5}}', {"relays": {"one": {}}}),
        ("max_pulse_ms must be a whole number", {"max_pulse_ms": "500"}),
    ],
)
def test_what_is_wrong_is_named(problem: str, changes: dict[str, Any]) -> None:
    content = {name: value for name, value in (good() | changes).items() if value is not ...}
    with pytest.raises(config.ConfigError) as caught:
        config.checked(content)
    assert str(caught.value) == problem


def test_without_a_file_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    expected = f"gate: {path} is missing: register the controller and copy its file here\n"
    assert start(path) == (1, expected)


@pytest.mark.parametrize(("text", "problem"), [("{", "not JSON"), ("[]", "not a JSON object")])
def test_with_a_broken_file_it_says_so(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(text)
    assert start(path) == (1, f"gate: {path} is {problem}\n")


def test_with_a_field_missing_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"device": "main-gate"}))
    assert start(path) == (1, "gate: key is missing\n")
