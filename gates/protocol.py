"""What server and controller say to each other over MQTT, and how it is signed. docs/gate-protocol.md explains.

Pure: no clock, no network, no database. Whatever does not fit raises `ProtocolError`.
"""

import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MAX_BYTES = 1024
MAX_UPTIME_MS = 2**53  # what every JSON reader still keeps exactly
DEVICE = re.compile(r"[a-z0-9][a-z0-9_-]{1,38}")
ID = re.compile(r"[0-9a-f-]{1,40}")
SESSION = re.compile(r"[0-9a-f]{16,32}")
WORD = re.compile(r"[a-z_]{0,40}")
VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
TEXT = re.compile(r"[ -~]{0,120}")
GATES = re.compile(r"(?:[1-8]=[a-z_]{1,12}[+#]?!?(?: (?=[1-8])|$)){0,8}")
GATE = re.compile(r"([1-8])=([a-z_]+)([+#]?)(!?)")
# Of a message on the command topic that is no pulse but an order until further notice, for its signature.
ORDER = "hold"
STANDINGS = {"": "free", "+": "open", "#": "locked"}
BASE64 = re.compile(r"[A-Za-z0-9+/=]{0,600}")
KEYS = re.compile(r"\d{1,10}(?: \d{1,10}){4}")
SIGNATURE = re.compile(r"[0-9a-f]{64}")


class ProtocolError(Exception):
    """A message that is not one of ours, or not signed by who it says."""


class Kind(StrEnum):
    STATUS = "status"
    CMD = "cmd"
    ACK = "ack"
    EVENT = "event"


class Step(StrEnum):
    ACCEPTED = "accepted"
    PULSED = "pulsed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DONE = "done"  # an order until further notice is obeyed


@dataclass(frozen=True)
class Command:
    """One opening. `expires` is a reading of the controller's own uptime clock, in milliseconds."""

    id: str
    session: str
    expires: int
    relay: int
    pulse_ms: int


@dataclass(frozen=True)
class Order:
    """What stands until further notice: `stand` is free, open (for `for_ms`) or locked. The rest as of a command."""

    id: str
    session: str
    expires: int
    relay: int
    stand: str
    for_ms: int = 0


@dataclass(frozen=True)
class Ack:
    """What became of a command, `reason` being a word where it was refused. `uptime` in milliseconds."""

    id: str
    step: Step
    reason: str
    session: str
    uptime: int


@dataclass(frozen=True)
class GateSeen:
    """What the contacts at a relay's gate say: its position in a word, and whether something is in its way.

    `standing` is what its relay does until further notice.
    """

    relay: int
    position: str
    obstructed: bool
    standing: str = "free"


@dataclass(frozen=True)
class Status:
    """A heartbeat, or, unsigned and without clock, the last will that the broker speaks for a controller."""

    online: bool
    session: str
    uptime: int = 0
    firmware: str = ""
    gates: tuple[GateSeen, ...] = ()
    # What a board with a reader says of its list of keys (`key_wire.parse_told`); None of one without.
    keys: str | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened at the controller and belongs to no command of ours."""

    name: str
    detail: str
    session: str
    uptime: int


def topic(device: str, kind: Kind) -> str:
    return f"gates/{device}/{kind}"


def parse_topic(text: str) -> tuple[str, Kind]:
    """The device and the kind that a topic names."""
    root, _, rest = text.partition("/")
    device, _, kind = rest.partition("/")
    if root != "gates" or not DEVICE.fullmatch(device) or kind not in list(Kind):
        raise ProtocolError(f"not a topic of a gate: {text[:80]!r}")
    return device, Kind(kind)


def encode_command(command: Command, *, device: str, key: bytes) -> bytes:
    """The JSON that is published on the device's `cmd` topic."""
    fields: dict[str, str | int] = {
        "id": command.id,
        "session": command.session,
        "expires": command.expires,
        "relay": command.relay,
        "pulse_ms": command.pulse_ms,
    }
    fields["signature"] = sign(key, Kind.CMD, device, list(fields.values()))
    return json.dumps(fields, separators=(",", ":")).encode()


def encode_order(order: Order, *, device: str, key: bytes) -> bytes:
    """As `encode_command`, and on the same topic."""
    fields: dict[str, str | int] = asdict(order)
    fields["signature"] = sign(key, ORDER, device, list(fields.values()))
    return json.dumps(fields, separators=(",", ":")).encode()


def parse_ack(payload: bytes, *, device: str, key: bytes) -> Ack:
    fields = _fields(payload, {"id": ID, "step": WORD, "reason": WORD, "session": SESSION, "uptime": int})
    _verify(fields, Kind.ACK, device, key)
    if fields["step"] not in list(Step):
        raise ProtocolError(f"no such step: {fields['step']!r}")
    fields["step"] = Step(fields["step"])
    return Ack(**fields)


def parse_status(payload: bytes, *, device: str, key: bytes) -> Status:
    """A signed heartbeat, or the unsigned will, which can say nothing but "offline"."""
    content = _object(payload)
    if content.get("online") is False:
        return Status(**_fields(payload, {"online": bool, "session": SESSION}, signed=False))
    rules: dict[str, Rule] = {"online": bool, "session": SESSION, "uptime": int, "firmware": VERSION}
    # Boards with firmware 1.0 know nothing of contacts, those without a reader of keys; they go on opening gates.
    later: dict[str, Rule] = {"gates": GATES, "keys": KEYS}
    fields = _fields(payload, rules | {name: rule for name, rule in later.items() if name in content})
    _verify(fields, Kind.STATUS, device, key)
    return Status(**fields | {"gates": _gates(fields.get("gates", ""))})


def _gates(text: str) -> tuple[GateSeen, ...]:
    """Flags behind the position are of firmware 1.1 (`!`) and 1.2 (`+`, `#`)."""
    found = (each.groups() for each in GATE.finditer(text))
    return tuple(GateSeen(int(relay), word, way == "!", STANDINGS[flag]) for relay, word, flag, way in found)


def parse_event(payload: bytes, *, device: str, key: bytes) -> Event:
    fields = _fields(payload, {"name": WORD, "detail": TEXT, "session": SESSION, "uptime": int})
    _verify(fields, Kind.EVENT, device, key)
    return Event(**fields)


def signed_fields(payload: bytes, rules: dict[str, "Rule"], kind: str, device: str, key: bytes) -> dict[str, Any]:
    """Exactly these fields, in this order, signed as a message of that kind; without the signature."""
    fields = _fields(payload, rules)
    _verify(fields, kind, device, key)
    return fields


def sign(key: bytes, kind: str, device: str, values: list[str | int]) -> str:
    """HMAC-SHA256 (hex) over the values, a line each, after a line that says what they are and of whom.

    No value may hold a line feed; the patterns above see to that.
    """
    lines = [f"cancela-1 {kind} {device}", *map(str, values)]
    return hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def _verify(fields: dict[str, Any], kind: str, device: str, key: bytes) -> None:
    signature = fields.pop("signature")
    values = ["true" if value is True else value for value in fields.values()]
    if not hmac.compare_digest(signature, sign(key, kind, device, values)):
        raise ProtocolError("the signature does not fit")


def _object(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_BYTES:
        raise ProtocolError(f"{len(payload)} bytes are too many")
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ProtocolError("not a JSON object")
    return content


Rule = re.Pattern[str] | type[int] | type[bool]


def _fields(payload: bytes, rules: dict[str, Rule], *, signed: bool = True) -> dict[str, Any]:
    """Exactly the named fields, in the rules' order, each of its kind."""
    rules = rules | {"signature": SIGNATURE} if signed else rules
    content = _object(payload)
    if content.keys() != rules.keys():
        raise ProtocolError(f"fields {sorted(content)} instead of {sorted(rules)}")
    for name, rule in rules.items():
        if not _fits(content[name], rule):
            raise ProtocolError(f"{name} is {str(content[name])[:80]!r}")
    return {name: content[name] for name in rules}


def _fits(value: object, rule: Rule) -> bool:
    if isinstance(rule, re.Pattern):
        return isinstance(value, str) and rule.fullmatch(value) is not None
    if rule is bool:
        return isinstance(value, bool)
    return type(value) is int and 0 <= value < MAX_UPTIME_MS
