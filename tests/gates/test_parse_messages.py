"""Messages are taken exactly as documented, or not at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates import protocol
from gates.protocol import Ack, Kind, ProtocolError, Status, Step

KEY, DEVICE, SESSION = b"k" * 32, "main-gate", "00112233445566aa"
ACK: dict[str, Any] = {
    "id": "0f8fad5b",
    "step": "refused",
    "reason": "too_late",
    "session": SESSION,
    "uptime": 7,
}
STATUS: dict[str, Any] = {"online": True, "session": SESSION, "uptime": 7, "firmware": "1.0"}


def signed(kind: Kind, fields: dict[str, Any], **changes: Any) -> bytes:
    """As the board signs it, then changed."""
    values = ["true" if value is True else value for value in fields.values()]
    code = protocol.sign(KEY, kind, DEVICE, values)
    content = fields | {"signature": code} | changes
    return json.dumps({name: value for name, value in content.items() if value is not ...}).encode()


def test_an_answer_is_read() -> None:
    ack = protocol.parse_ack(signed(Kind.ACK, ACK), device=DEVICE, key=KEY)
    assert ack == Ack("0f8fad5b", Step.REFUSED, "too_late", SESSION, 7)


def test_a_heartbeat_is_read() -> None:
    status = protocol.parse_status(signed(Kind.STATUS, STATUS), device=DEVICE, key=KEY)
    assert status == Status(True, SESSION, 7, "1.0")


@pytest.mark.parametrize(
    ("text", "standings"),
    [
        ("1=open 2=closed!", [("open", False, "free"), ("closed", True, "free")]),  # firmware 1.1
        ("1=open+ 2=closed#!", [("open", False, "open"), ("closed", True, "locked")]),
        ("", []),
    ],
)
def test_what_stands_at_the_gates_is_read(text: str, standings: list[Any]) -> None:
    status = protocol.parse_status(signed(Kind.STATUS, STATUS | {"gates": text}), device=DEVICE, key=KEY)
    assert [(gate.position, gate.obstructed, gate.standing) for gate in status.gates] == standings


@pytest.mark.parametrize("text", ["1=open!+", "1=open++", "1=open+#", "1=+", "1=open?", "1=open+ ", "1=open +"])
def test_flags_out_of_order_make_no_heartbeat(text: str) -> None:
    with pytest.raises(ProtocolError):
        protocol.parse_status(signed(Kind.STATUS, STATUS | {"gates": text}), device=DEVICE, key=KEY)


def test_a_will_needs_no_signature_and_can_only_say_offline() -> None:
    will = json.dumps({"online": False, "session": SESSION}).encode()
    assert protocol.parse_status(will, device=DEVICE, key=KEY) == Status(False, SESSION)
    with pytest.raises(ProtocolError):
        protocol.parse_status(will.replace(b"false", b"true"), device=DEVICE, key=KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "another"},
        {"id": ""},
        {"id": 7},
        {"step": "opened"},
        {"step": None},
        {"reason": "Too late!"},
        {"reason": ...},
        {"session": SESSION + "\n"},
        {"session": "short"},
        {"uptime": 8},
        {"uptime": -1},
        {"uptime": True},
        {"uptime": 7.0},
        {"uptime": 2**60},
        {"more": 1},
        {"signature": ...},
        {"signature": ""},
        {"signature": "é" * 64},
        {"signature": "0" * 64},
    ],
)
def test_an_answer_that_differs_in_anything_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        protocol.parse_ack(signed(Kind.ACK, ACK, **changes), device=DEVICE, key=KEY)


def test_an_answer_of_another_device_is_refused() -> None:
    with pytest.raises(ProtocolError, match="signature"):
        protocol.parse_ack(signed(Kind.ACK, ACK), device="other-gate", key=KEY)


def test_a_heartbeat_cannot_pass_for_an_answer() -> None:
    with pytest.raises(ProtocolError):
        protocol.parse_ack(signed(Kind.STATUS, ACK), device=DEVICE, key=KEY)


def test_an_unknown_step_is_refused_though_it_is_signed() -> None:
    with pytest.raises(ProtocolError, match="no such step"):
        protocol.parse_ack(signed(Kind.ACK, ACK | {"step": "opened"}), device=DEVICE, key=KEY)


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"null", b"[" * 1000, b" " * 1025, b"NaN"])
def test_what_is_no_object_is_refused(payload: bytes) -> None:
    for parse in (protocol.parse_ack, protocol.parse_status, protocol.parse_event):
        with pytest.raises(ProtocolError):
            parse(payload, device=DEVICE, key=KEY)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_noise_is_refused(payload: bytes) -> None:
    for parse in (protocol.parse_ack, protocol.parse_status, protocol.parse_event):
        with pytest.raises(ProtocolError):
            parse(payload, device=DEVICE, key=KEY)


def test_a_topic_is_read() -> None:
    assert protocol.parse_topic("gates/main-gate/ack") == ("main-gate", Kind.ACK)
    assert protocol.topic("main-gate", Kind.CMD) == "gates/main-gate/cmd"


@pytest.mark.parametrize(
    "topic",
    ["", "gates", "gates/x", "gates/UP/ack", "gates/main-gate/ack/more", "gates/main gate/ack", "doors/a1/ack"],
)
def test_a_foreign_topic_is_refused(topic: str) -> None:
    with pytest.raises(ProtocolError):
        protocol.parse_topic(topic)
