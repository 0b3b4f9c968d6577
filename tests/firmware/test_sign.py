"""Server and controller sign alike, on both interpreters, and as RFC 4231 says."""

import json

import pytest

from gates import protocol
from gates.protocol import Kind
from tests.firmware.parts import load, micropython

signature = load("signature")

# RFC 4231, test cases 1, 2, 3, 4, 6 and 7: key, data, HMAC-SHA-256 (all hex).
RFC_4231 = [
    (
        "0b" * 20,
        b"Hi There".hex(),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        b"Jefe".hex(),
        b"what do ya want for nothing?".hex(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        bytes(range(1, 26)).hex(),
        "cd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (
        "aa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "aa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. "
            b"The key needs to be hashed before being used by the HMAC algorithm."
        ).hex(),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]

# The vector of docs/gate-protocol.md.
KEY = bytes(range(32))
VECTOR = protocol.Command("0f8fad5b-d9cb-469f-a165-70867728950e", "00112233445566aa", 123456, 1, 500)
CANONICAL = b"cancela-1 cmd main-gate\n0f8fad5b-d9cb-469f-a165-70867728950e\n00112233445566aa\n123456\n1\n500"
SIGNED = "c78586ee7c26c2135864e7bdb8221f3a32afbf448a29ee60965a4c68b4e1ffcd"


@pytest.mark.parametrize(("key", "data", "code"), RFC_4231)
def test_the_codes_of_the_rfc(key: str, data: str, code: str) -> None:
    assert signature.hmac_sha256(bytes.fromhex(key), bytes.fromhex(data)) == code


def test_the_codes_of_the_rfc_on_micropython() -> None:
    pairs = [[key, data] for key, data, _ in RFC_4231]
    program = (
        "import json; from signature import hmac_sha256 as code\n"
        f"print(json.dumps([code(bytes.fromhex(k), bytes.fromhex(d)) for k, d in {pairs}]))"
    )
    assert json.loads(micropython(program)) == [code for _, _, code in RFC_4231]


def test_a_command_is_signed_as_documented() -> None:
    sent = json.loads(protocol.encode_command(VECTOR, device="main-gate", key=KEY))
    assert sent["signature"] == signature.hmac_sha256(KEY, CANONICAL) == SIGNED


def test_server_and_controller_sign_alike() -> None:
    values: list[str | int] = ["0f8fad5b", "pulsed", "", "00112233445566aa", 2**40]
    assert signature.sign(KEY, "ack", "main-gate", values) == protocol.sign(KEY, Kind.ACK, "main-gate", values)


def test_signatures_are_compared_whole() -> None:
    assert signature.same("abc", "abc")
    assert not signature.same("abc", "abd")
    assert not signature.same("abc", "ab")


def test_an_order_is_signed_as_documented() -> None:
    order = protocol.Order(VECTOR.id, VECTOR.session, VECTOR.expires, VECTOR.relay, "open", 60_000)
    sent = json.loads(protocol.encode_order(order, device="main-gate", key=KEY))
    canonical = CANONICAL.replace(b" cmd ", b" hold ").replace(b"\n500", b"\nopen\n60000")
    assert sent["signature"] == signature.hmac_sha256(KEY, canonical)
    assert sent["signature"] == "c42c21bab712ba02226ec3a81ded4ba625ed6f477f3e6c53469cc85a519540c1"
