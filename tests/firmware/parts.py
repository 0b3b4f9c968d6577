"""The firmware's files, imported by CPython from where they lie, and its interpreter."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
BESIDE = Path(sys.executable).parent


def load(name: str) -> Any:
    """A module of the firmware. They import one another by bare names, as on a board."""
    if str(FIRMWARE) not in sys.path:
        sys.path.insert(0, str(FIRMWARE))
    # The one thing of MicroPython's own that a pure module needs: a number that its compiler knows.
    sys.modules.setdefault("micropython", SimpleNamespace(const=int))  # type: ignore[arg-type]
    return importlib.import_module(name)


def micropython(program: str) -> str:
    """What a program prints on the real interpreter, run in the firmware's folder."""
    command = [str(BESIDE / "micropython"), "-c", program]
    done = subprocess.run(command, cwd=FIRMWARE, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()
