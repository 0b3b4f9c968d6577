"""Shelly, second generation and later: JSON-RPC on `<prefix>/rpc`, `toggle_after` ends the pulse on the board.

The request carries our command's id, and the answer repeats it, on `<src>/rpc` (shelly-api-docs.shelly.cloud/gen2:
"RPC Protocol", "MQTT", "Switch.Set"). What the relay does is told by `NotifyStatus` on `<prefix>/events/rpc`, and on
`<prefix>/status/switch:<n>` where that is switched on.
"""

import json
from typing import Any

from gates.dialects.names import DialectName, Lack
from gates.dialects.parts import USUAL, Board, Dialect, Message, Outlet, Pulse, Report, Said, presence

MAX_BYTES = 8192


class Shelly2(Dialect):
    name = DialectName.SHELLY2
    lacks = USUAL - {Lack.WHOSE}
    relays = 4

    def pulse(self, board: Board, outlet: Outlet, command: str, milliseconds: int) -> Pulse:
        request = {
            "id": command,
            "src": f"{board.topic}/answers",
            "method": "Switch.Set",
            "params": {"id": outlet.relay - 1, "on": True, "toggle_after": milliseconds / 1000},
        }
        return Pulse(Message(f"{board.topic}/rpc", json.dumps(request, separators=(",", ":")).encode()))

    def hears(self, board: Board, outlets: list[Outlet]) -> list[str]:
        fixed = [f"{board.topic}/{name}" for name in ("online", "answers/rpc", "events/rpc")]
        return [*fixed, *(f"{board.topic}/status/{_component(outlet)}" for outlet in outlets)]

    def read(self, board: Board, outlets: list[Outlet], topic: str, payload: bytes) -> list[Report]:
        rest = topic.removeprefix(f"{board.topic}/")
        if rest == "online":
            return presence(payload, b"true", b"false")
        content = _object(payload)
        if rest == "answers/rpc":
            return _answer(content)
        if rest == "events/rpc":
            return _notified(content, outlets) if content.get("method") == "NotifyStatus" else []
        component = rest.removeprefix("status/")
        return [report for outlet in outlets if component == _component(outlet) for report in _relay(outlet, content)]

    def territory(self, board: Board) -> list[str]:
        return [board.topic]

    def may_say(self, board: Board) -> list[str]:
        return [f"{board.topic}/{name}" for name in ("online", "answers/rpc", "events/rpc", "status/+", "debug/#")]

    def may_hear(self, board: Board) -> list[str]:
        return [f"{board.topic}/{name}" for name in ("rpc", "command", "command/+")]


def _component(outlet: Outlet) -> str:
    return f"switch:{outlet.relay - 1}"


def _answer(content: dict[str, Any]) -> list[Report]:
    command, error = content.get("id"), content.get("error")
    if not isinstance(command, str):
        return []
    if isinstance(error, dict):
        return [Report(Said.REFUSED, command=command, detail=str(error.get("message", ""))[:120])]
    return [Report(Said.ACCEPTED, command=command)] if isinstance(content.get("result"), dict) else []


def _notified(content: dict[str, Any], outlets: list[Outlet]) -> list[Report]:
    params = content.get("params")
    if not isinstance(params, dict):
        return []
    return [report for outlet in outlets for report in _relay(outlet, params.get(_component(outlet)))]


def _relay(outlet: Outlet, state: Any) -> list[Report]:
    output = state.get("output") if isinstance(state, dict) else None
    return [Report(Said.ON if output else Said.OFF, outlet.relay)] if isinstance(output, bool) else []


def _object(payload: bytes) -> dict[str, Any]:
    """Nothing where it is no JSON object."""
    try:
        content = json.loads(payload) if len(payload) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
