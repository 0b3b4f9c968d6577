"""The end of patience with a body: Django writes all of it to disk before anybody asks who sends it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

ANSWER = json.dumps({"message": "The request is too large.", "code": "too_large"}).encode()
GONE = {"type": "http.disconnect"}


class Bounded:
    """An ASGI application that takes no more than `most` bytes a request.

    What is only a little too large for its address gets its own, translated answer there; this is for the rest.
    """

    def __init__(self, app: App, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif announced(scope) > self._most:
            await refuse(send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Any, receive: Receive, send: Send) -> None:
        """For the application, what came without saying how long it is ends as if the sender had hung up."""
        taken = 0

        async def counted() -> Any:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return GONE if taken > self._most else message

        await self._app(scope, counted, send)
        if taken > self._most:
            await refuse(send)


def announced(scope: Any) -> int:
    """The length that the head names; 0 where it names none that can be read."""
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() else 0


async def refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})
