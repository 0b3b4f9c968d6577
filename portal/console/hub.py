"""One look at the database for all consoles of this process, several times a second, while there is any console.

Each console of a process listens here, so that two of them, or twenty, ask no more than one. What is asked at every
look is only whether anything changed; a screen is drawn again where something did, or where its time has come.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.utils import timezone

from portal.console.drawing import Part, Screen, draw
from portal.console.version import Version, versions

logger = logging.getLogger("portal")

T = TypeVar("T")
# A guard who waits for half a second does not notice it; four small queries so often are nothing to a database.
EVERY = 0.4
# Without a look for so long we are blind, and a console must hear no heartbeat.
BLIND = 1.5


@dataclass(eq=False)
class Ear:
    """A console that listens to some condominiums in a language. `news` is set when any of its screens changed."""

    condominium_ids: frozenset[int]
    language: str
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Belongs to one event loop. Its queries run in one thread of its own, past those that answer requests."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()
        self._thread = ThreadPoolExecutor(1, "console")
        self._looking: asyncio.Task[None] | None = None
        self._versions: dict[int, Version] = {}
        self._screens: dict[tuple[int, str], Screen] = {}
        self._looked_at = float("-inf")

    @contextmanager
    def listening(self, condominium_ids: frozenset[int], language: str) -> Iterator[Ear]:
        ear = Ear(condominium_ids, language)
        ear.news.set()  # what is known already is told at once
        self._ears.add(ear)
        self.wake()
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def wake(self) -> None:
        """Look again and again from now on, as long as anybody listens. Begins anew what an error ended."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look_on())
            self._looking.add_done_callback(_report)

    @property
    def sees(self) -> bool:
        """Whether what it knows is how things are now."""
        return asyncio.get_running_loop().time() - self._looked_at < BLIND

    def parts(self, ear: Ear) -> list[Part]:
        """The screens of a console; empty until all of them are drawn."""
        keys = [(pk, ear.language) for pk in sorted(ear.condominium_ids)]
        known = [self._screens[key] for key in keys if key in self._screens]
        return [part for screen in known for part in screen.parts] if len(known) == len(keys) else []

    async def _look_on(self) -> None:
        loop = asyncio.get_running_loop()
        while self._ears:
            wanted = {(pk, ear.language) for ear in self._ears for pk in ear.condominium_ids}
            began = loop.time()
            drawn = await loop.run_in_executor(self._thread, self._look, wanted)
            if drawn is not None:
                self._looked_at = began
                self._tell(drawn)
            await asyncio.sleep(EVERY)
        self._versions, self._screens = {}, {}
        await loop.run_in_executor(self._thread, hang_up)

    def _tell(self, drawn: dict[tuple[int, str], Screen]) -> None:
        self._screens |= drawn
        changed = {pk for pk, _language in drawn}
        for ear in self._ears:
            if ear.condominium_ids & changed:
                ear.news.set()

    # --- in the thread ---

    def _look(self, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Screen] | None:
        """What is to be drawn, drawn; None where the database does not answer."""
        try:
            return self._look_again(wanted)
        except DatabaseError:
            logger.exception("The console cannot ask the database")
            connection.close()
            return None

    def _look_again(self, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], Screen]:
        now = timezone.now()
        found = versions({pk for pk, _language in wanted}, now)
        stale = {key for key in wanted if self._is_stale(key, found, now)}
        drawn = draw({pk for pk, _language in stale}, {language for _pk, language in stale}, now) if stale else {}
        self._versions = found
        return drawn

    def _is_stale(self, key: tuple[int, str], found: dict[int, Version], now: Any) -> bool:
        screen = self._screens.get(key)
        if screen is None or found[key[0]] != self._versions.get(key[0]):
            return True
        return screen.due is not None and now >= screen.due


def hang_up() -> None:
    """Close the database's connection of the thread that calls this."""
    connection.close()


def _report(task: "asyncio.Task[Any]") -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.error("Work of the console ended with an error", exc_info=error)


# One of a loop: a process of the web server has one loop, and so has each of its tests.
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()
# What may wait does so here, one after another: who looked, and whether one still may.
_aside = ThreadPoolExecutor(1, "console-aside")
_waiting: set["asyncio.Task[Any]"] = set()


def here() -> Hub:
    """The hub of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def aside(work: Callable[[], T], otherwise: T) -> "asyncio.Task[T]":
    """Begin something that no heartbeat waits for; `otherwise` comes of it where the database does not answer."""
    task = asyncio.get_running_loop().create_task(_do(work, otherwise))
    _waiting.add(task)  # a loop itself holds its tasks weakly
    task.add_done_callback(_waiting.discard)
    task.add_done_callback(_report)
    return task


async def _do(work: Callable[[], T], otherwise: T) -> T:
    return await asyncio.get_running_loop().run_in_executor(_aside, _closing, work, otherwise)


def _closing(work: Callable[[], T], otherwise: T) -> T:
    try:
        return work()
    except DatabaseError:
        logger.exception("The console cannot ask the database")
        return otherwise
    finally:
        connection.close()
