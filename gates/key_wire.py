"""What server and controller say to each other about keys, the tags and codes at a gate's reader.

docs/gate-protocol.md explains. Pure, as `protocol`; whatever does not fit raises `ProtocolError`.
"""

import base64
import binascii
import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gates import protocol
from gates.protocol import Event, ProtocolError

# So many records make a message of less than the 512 bytes that a board takes.
PAGE = 20
STRUCK = 25
DIGEST_BYTES = 8
NO_END = 0xFFFFFF
MINUTE_MS = 60_000
LIST = ("keys", "base", "session", "until", "page", "pages", "records")
ENTRY = struct.Struct("<8sIQBB8s")
# By its number in an entry; a board that is newer than we are may know more.
WHATS = (
    *("other", "opened", "unknown", "no_list", "other_relay", "ended", "obstructed", "busy", "too_soon", "locked"),
    *("locked_down", "held_open"),
)
NOBODY = "0" * 2 * DIGEST_BYTES


@dataclass(frozen=True, order=True)
class Record:
    """A key as one board knows it. `ends` is a reading of that board's clock in minutes; None is without end."""

    digest: str
    relays: int
    ends: int | None = None

    def packed(self) -> bytes:
        end = NO_END if self.ends is None else max(0, min(self.ends, NO_END - 1))
        return bytes.fromhex(self.digest) + bytes([self.relays]) + end.to_bytes(3, "little")


@dataclass(frozen=True)
class Told:
    """What a board says of its list: `minutes` of life left, log entries waiting, and a list on its way to it."""

    version: int
    minutes: int
    waiting: int
    coming: int
    page: int


@dataclass(frozen=True)
class Read:
    """A tag or code that was presented while the server is heard."""

    relay: int
    kind: str
    digest: str
    uptime: int


@dataclass(frozen=True)
class Entry:
    """Something that a board did by itself. `number` counts in its session, without gaps."""

    session: str
    number: int
    uptime: int
    what: str
    relay: int
    digest: str


@dataclass(frozen=True)
class LogPage:
    entries: tuple[Entry, ...]
    session: str
    uptime: int


def digest(kind: str, digits: str, *, device: str, key: bytes) -> str:
    """What stands for a tag's number or a code on one board: with the board's key, and of no use on another."""
    return protocol.sign(key, "key", device, [kind, digits])[: 2 * DIGEST_BYTES]


def parse_told(text: str) -> Told:
    return Told(*map(int, text.split()))


def parse_read(event: Event) -> Read:
    """Of an event `key`: "<relay> <kind> <digest>"."""
    relay, _, rest = event.detail.partition(" ")
    kind, _, said = rest.partition(" ")
    if not relay.isdecimal() or kind not in ("tag", "code") or not _is_digest(said):
        raise ProtocolError(f"not a key: {event.detail[:60]!r}")
    return Read(int(relay), kind, said, event.uptime)


def _is_digest(text: str) -> bool:
    return len(text) == 2 * DIGEST_BYTES and set(text) <= set("0123456789abcdef")


# --- the list, page by page -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sealing:
    """By whom a message is signed, and for which session of it. `until`: when the list ends, by the board's clock."""

    device: str
    key: bytes
    session: str
    until: int


def pages_of(records: Sequence[Record]) -> int:
    return -(-len(records) // PAGE)


def encode_page(version: int, records: Sequence[Record], page: int, seal: Sealing) -> bytes:
    """A page of a whole list, counted from 1; of an empty one page 0, which is all there is of it."""
    part = sorted(records)[PAGE * (page - 1) : PAGE * page] if page else []
    data = b"".join(record.packed() for record in part)
    return _list(seal, version, 0, page, pages_of(records), data)


def encode_strike(version: int, base: int, digests: Iterable[str], seal: Sealing) -> bytes:
    """The list of version `base` less some of its keys becomes that of `version`; at most `STRUCK` of them."""
    return _list(seal, version, base, 0, 0, b"".join(map(bytes.fromhex, sorted(digests))))


def encode_renewal(version: int, seal: Sealing) -> bytes:
    """The list stays as it is, and lives longer."""
    return _list(seal, version, version, 0, 0, b"")


def _list(seal: Sealing, version: int, base: int, page: int, pages: int, data: bytes) -> bytes:
    values: list[str | int] = [version, base, seal.session, seal.until, page, pages, base64.b64encode(data).decode()]
    return _signed(seal.key, "keys", seal.device, dict(zip(LIST, values, strict=True)))


def encode_word(word: str, uptime: int, *, device: str, key: bytes, session: str) -> bytes:
    """A word of the server's: `here`, `granted`, `refused` or `logged`. It answers what was said at `uptime`."""
    return _signed(key, "word", device, {"word": word, "session": session, "uptime": uptime})


def _signed(key: bytes, kind: str, device: str, fields: dict[str, str | int]) -> bytes:
    fields["signature"] = protocol.sign(key, kind, device, list(fields.values()))
    return json.dumps(fields, separators=(",", ":")).encode()


# --- the board's log ------------------------------------------------------------------------------------


def is_log(payload: bytes) -> bool:
    """Whether a message among the events is a page of a log. It may still be forged."""
    return b'"entries"' in payload


def parse_log(payload: bytes, *, device: str, key: bytes) -> LogPage:
    fields = protocol.signed_fields(
        payload, {"entries": protocol.BASE64, "session": protocol.SESSION, "uptime": int}, "log", device, key
    )
    return LogPage(tuple(_entries(fields["entries"])), fields["session"], fields["uptime"])


def _entries(text: str) -> Iterable[Entry]:
    try:
        data = base64.b64decode(text, validate=True)
        rows = list(ENTRY.iter_unpack(data))
    except (binascii.Error, struct.error) as error:
        raise ProtocolError("the log's entries cannot be read") from error
    for session, number, uptime, what, relay, said in rows:
        word = WHATS[what] if what < len(WHATS) else WHATS[0]
        yield Entry(session.hex(), number, uptime, word, relay, said.hex())


def minutes_of(uptime_ms: int) -> int:
    """An end in whole minutes, never later than it is."""
    return uptime_ms // MINUTE_MS
