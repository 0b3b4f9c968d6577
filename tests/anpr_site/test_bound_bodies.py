"""Nobody fills the disk with a body, signed in or not."""

import asyncio
from typing import Any

from anpr_site.bodies import Bounded

MOST = 10


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the length of what it got, as long as more comes; says nothing to who is gone."""
    taken, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        taken, more = taken + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % taken})


def ask(*parts: bytes, length: bytes | None = None) -> list[Any]:
    """What is sent in answer to a body in parts: a status, and a body."""
    said: list[Any] = []
    body = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages = iter([*body, {"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        said.append(message.get("status") or message["body"])

    headers = [] if length is None else [(b"content-length", length)]
    asyncio.run(Bounded(echo, MOST)({"type": "http", "headers": headers}, receive, send))
    return said


REFUSED = [413, b'{"message": "The request is too large.", "code": "too_large"}']


def test_what_fits_is_taken() -> None:
    assert ask(b"12345", b"67890", length=b"10") == [200, b"10"]
    assert ask(b"12345", b"67890") == [200, b"10"]


def test_what_announces_too_much_is_refused_unread() -> None:
    assert ask(length=b"11") == REFUSED


def test_what_becomes_too_much_is_cut_off() -> None:
    assert ask(b"12345", b"678901") == REFUSED
    assert ask(b"12345", b"678901", length=b"5") == REFUSED


def test_a_length_that_is_none_is_no_way_around() -> None:
    assert ask(b"12345", b"678901", length=b"-5") == REFUSED
