"""What a console hears: the parts of its screen as they change, and a heartbeat a second while we see.

Server-sent events: `part` (id and HTML of an element), `screen` (the ids of all elements, when they are others),
`beat` (our clock, in milliseconds), `over` (this session may not listen any more).
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from portal.console.admission import Watch, note_looks, still_may
from portal.console.drawing import Part
from portal.console.hub import Ear, Hub, aside, here

BEAT = 1.0
# How often it is asked whether one still may listen.
RECHECK = 10.0


async def events(watch: Watch) -> AsyncIterator[bytes]:
    """Until the console hangs up, or may not listen any more."""
    hub, sent, right = here(), Sent(), Right(watch)
    yield b"retry: 1000\n\n"
    with hub.listening(watch.condominium_ids, watch.language) as ear:
        while True:
            await _news(hub, ear)
            for event in _told(hub, ear, sent):
                yield event
            if looks := sent.take_looks():
                aside(partial(note_looks, watch, looks), None)
            if right.ended():
                yield event_of("over", {})
                return


async def _news(hub: Hub, ear: Ear) -> None:
    """Wait for a change, at most until the next heartbeat."""
    hub.wake()
    try:
        async with asyncio.timeout(BEAT):
            await ear.news.wait()
    except TimeoutError:
        return
    ear.news.clear()


def _told(hub: Hub, ear: Ear, sent: "Sent") -> Iterator[bytes]:
    """Whatever is new, and a heartbeat; only a comment, which keeps the line, while nothing can be seen."""
    parts = hub.parts(ear) if hub.sees else []
    if not parts:
        yield b": blind\n\n"
        return
    yield from sent.differences(parts)
    yield event_of("beat", {"now": round(time.time() * 1000)})


class Right:
    """Whether a console still may listen: asked now and then, and not waited for."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._asked_at = time.monotonic()
        self._answer: asyncio.Task[bool] | None = None

    def ended(self) -> bool:
        if self._answer and self._answer.done() and not self._answer.result():
            return True
        if time.monotonic() - self._asked_at > RECHECK:
            self._asked_at = time.monotonic()
            self._answer = aside(partial(still_may, self._watch), True)
        return False


class Sent:
    """What a console has been told already."""

    def __init__(self) -> None:
        self._html: dict[str, str] = {}
        self._looks: set[UUID] = set()
        self._noted: dict[str, UUID | None] = {}

    def differences(self, parts: list[Part]) -> Iterator[bytes]:
        keys = [part.key for part in parts]
        if keys != list(self._html):
            yield event_of("screen", {"keys": keys})
        for part in parts:
            if self._html.get(part.key) != part.html:
                yield event_of("part", {"key": part.key, "html": part.html})
                self._note(part)
        self._html = {part.key: part.html for part in parts}

    def _note(self, part: Part) -> None:
        if part.passage is not None and self._noted.get(part.key) != part.passage:
            self._looks.add(part.passage)
        self._noted[part.key] = part.passage

    def take_looks(self) -> set[UUID]:
        """Who came on the screen since this was asked the last time."""
        looks, self._looks = self._looks, set()
        return looks


def event_of(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
