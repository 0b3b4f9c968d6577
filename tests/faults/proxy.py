"""A TCP proxy between everybody and the broker. It delays, repeats, reorders, cuts, and holds a packet at a step."""

import asyncio
import contextlib
import heapq
import itertools
import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.wire import Message, Stream, message_of

# How long a packet is held at most: a trap that nobody opens must not outlive its round.
MOST_HELD = 8.0


@dataclass(frozen=True)
class Weather:
    """What the network does to each packet. Seconds; `shuffle` is how far a message may fall behind others."""

    delay: tuple[float, float] = (0.0, 0.0)
    copies: int = 1
    shuffle: float = 0.0

    def dues(self, message: Message | None, chance: random.Random) -> list[float]:
        """When a packet and its copies arrive, in seconds from now. Only messages are repeated and reordered."""
        late = chance.uniform(*self.delay)
        if message is None:
            return [late]
        return [late + chance.uniform(0.0, self.shuffle) for _ in range(chance.randint(1, self.copies))]


FAIR = Weather()


class Trap:
    """Holds every packet of a step, on its way up to the broker or down from it, until it is opened."""

    def __init__(self, step: str, up: bool, hit: Callable[[Message], None]) -> None:
        self.step, self.up, self._hit = step, up, hit
        self._open = asyncio.Event()

    async def pass_by(self, message: Message | None, up: bool) -> None:
        if message is None or self._open.is_set() or (up, message.step()) != (self.up, self.step):
            return
        self._hit(message)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._open.wait(), MOST_HELD)

    def open(self) -> None:
        """In the proxy's own thread."""
        self._open.set()


@dataclass
class Lane:
    """One direction of one connection: what is under way in it, by when it is due."""

    writer: asyncio.StreamWriter
    up: bool
    waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    last: float = 0.0


class Proxy:
    """Runs in a thread of its own; `port` is for everybody, `upstream` the broker's."""

    def __init__(self, port: int, upstream: int, seed: int = 0) -> None:
        self.port, self.upstream = port, upstream
        self.weather: Weather = FAIR
        self.trap: Trap | None = None
        self.captured: deque[Message] = deque(maxlen=4000)
        self.witness: Callable[[Message], None] = lambda message: None
        self._chance, self._numbers = random.Random(seed), itertools.count()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def start(self) -> "Proxy":
        self._thread.start()
        assert self._started.wait(10), "the proxy does not start"
        return self

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self) -> None:
        """Every connection at once, as when a switch loses its power."""
        self._loop.call_soon_threadsafe(self._cut)

    def set_trap(self, step: str, up: bool, hit: Callable[[Message], None]) -> None:
        """`hit` is told, in the proxy's thread, of every message that ran into it."""
        self.trap = Trap(step, up, hit)

    def open_trap(self) -> None:
        trap, self.trap = self.trap, None
        if trap is not None:
            self._loop.call_soon_threadsafe(trap.open)

    # --- in the thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda loop, context: None)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._started.set()
        self._loop.run_forever()
        self._cut()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    def _cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, upstream_writer}
        ways = [(reader, Lane(upstream_writer, up=True)), (upstream_reader, Lane(writer, up=False))]
        tasks = [asyncio.ensure_future(work(*way)) for way in ways for work in (self._take, self._give)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in (writer, upstream_writer):
            self._writers.discard(each)
            each.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, lane: Lane) -> None:
        stream = Stream()
        while data := await reader.read(65536):
            for packet in stream.feed(data):
                message = message_of(packet)
                if message is not None:
                    self.captured.append(message)
                    self.witness(message)
                if self.trap is not None:
                    await self.trap.pass_by(message, lane.up)
                self._schedule(lane, packet, message)
        # Who said something and died is still heard.
        while lane.waiting:
            await asyncio.sleep(0.02)

    def _schedule(self, lane: Lane, packet: bytes, message: Message | None) -> None:
        weather, now = self.weather, self._loop.time()
        for late in weather.dues(message, self._chance):
            due = now + late
            if not (weather.shuffle and message):
                due = lane.last = max(due, lane.last)
            heapq.heappush(lane.waiting, (due, next(self._numbers), packet))
        lane.more.set()

    async def _give(self, _reader: asyncio.StreamReader, lane: Lane) -> None:
        while True:
            if not lane.waiting:
                lane.more.clear()
                await lane.more.wait()
            if (pause := lane.waiting[0][0] - self._loop.time()) > 0:
                # Something may come meanwhile that is due earlier.
                lane.more.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lane.more.wait(), pause)
                continue
            _, _, packet = heapq.heappop(lane.waiting)
            lane.writer.write(packet)
            await lane.writer.drain()
