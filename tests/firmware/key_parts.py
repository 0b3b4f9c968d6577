"""A controller with a reader, its flash a folder; and the server's side of what it is told."""

import json
from pathlib import Path
from typing import Any

from gates import key_wire, protocol
from gates.key_wire import Record, Sealing
from tests.firmware.parts import load

KEY, DEVICE, SESSION = bytes(range(32)), "main-gate", "00112233445566aa"
AWAY = 15_000
DAY = 24 * 3600 * 1000
SECRET = "482916"


def bits(value: int, count: int) -> str:
    return f"{value:0{count}b}"


def tag(number: int, count: int = 26) -> str:
    """The frame of a tag's number, with its parity bits."""
    data = bits(number, count - 2)
    half = len(data) // 2
    return f"{data[:half].count('1') % 2}{data}{1 - data[half:].count('1') % 2}"


def typed(code: str) -> list[str]:
    """A code on a keypad that sends 4 bits a key, ended with #."""
    return [bits(int(digit), 4) for digit in code] + [bits(11, 4)]


def digest(kind: str, digits: str) -> str:
    return key_wire.digest(kind, digits, device=DEVICE, key=KEY)


def seal(until: int, session: str = SESSION, key: bytes = KEY) -> Sealing:
    return Sealing(DEVICE, key, session, until)


class Board:
    """`now` is the board's clock."""

    def __init__(self, folder: Path, session: str = SESSION, now: int = 0) -> None:
        self.said: list[str] = []
        self.controller = load("controller").Controller(DEVICE, KEY, session, [1, 2])
        store = load("store").Store(str(folder), self.said.append)
        self.folder, self.now = folder, now
        self.keys = load("keys").Keys(self.controller, [1, 2], store, now)

    def restart(self, session: str = "ffffffffffffffff") -> "Board":
        """As after a power cut: another session, the clock at the beginning."""
        return Board(self.folder, session)

    def hear(self, message: bytes) -> list[Any]:
        wanted: list[Any] = self.keys.receive(message, self.now) + self.keys.tick(self.now)
        return wanted

    def take(self, version: int, records: list[Record], until: int | None = None) -> list[Any]:
        """A whole list, all its pages."""
        sealed = seal(until or self.now + 7 * DAY, self.controller.session)
        pages = range(1, key_wire.pages_of(records) + 1) if records else [0]
        return [one for page in pages for one in self.hear(key_wire.encode_page(version, records, page, sealed))]

    def word(self, word: str, uptime: int) -> list[Any]:
        said = key_wire.encode_word(word, uptime, device=DEVICE, key=KEY, session=self.controller.session)
        return self.hear(said)

    def present(self, *frames: str, relay: int = 1) -> list[Any]:
        wanted: list[Any] = self.keys.feed(relay, list(frames), self.now) + self.keys.tick(self.now)
        return wanted

    def opened(self, *frames: str, relay: int = 1) -> bool:
        """Whether that opened; the pulse is over, and the gap after it, when this returns."""
        wanted = self.present(*frames, relay=relay)
        self.controller.tick(self.now + 600)
        self.now += 2000
        return ("relay", relay, True, 500) in wanted

    def go_away(self) -> None:
        """The server is heard no more."""
        self.now += AWAY

    def told(self) -> key_wire.Told:
        return key_wire.parse_told(self.keys.told(self.now))

    def entries(self) -> list[key_wire.Entry]:
        """The page of its log that it says when the server is heard again."""
        pages = [one[1] for one in self.word("here", self.now) if one[0] == "page"]
        return list(parsed(pages[-1]).entries) if pages else []


def parsed(page: dict[str, Any]) -> key_wire.LogPage:
    return key_wire.parse_log(json.dumps(page).encode(), device=DEVICE, key=KEY)


def events(wanted: list[Any]) -> list[tuple[str, str]]:
    told = [
        protocol.parse_event(json.dumps(one[1]).encode(), device=DEVICE, key=KEY) for one in wanted if one[0] == "event"
    ]
    return [(event.name, event.detail) for event in told]


def tags(*numbers: int, relays: int = 1, ends: int | None = None) -> list[Record]:
    return [Record(digest("tag", str(number)), relays, ends) for number in numbers]


def code(digits: str = SECRET) -> list[Record]:
    return [Record(digest("code", digits), 1)]
