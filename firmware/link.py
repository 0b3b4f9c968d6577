"""The smallest MQTT 3.1.1 client that a gate may hang on.

Why our own: the clients that exist for MicroPython (umqtt and its kin) are no packages that pip can fetch, wait
without end in the middle of a packet, do not look at whether a subscription was granted, and connect and announce
in one go. This one never blocks while a relay is on: it reads what has come, keeps half a packet for later, and
calls a peer dead that does not take a whole packet.

It never says good-bye: whenever it goes, the broker shall speak its last will.

`step` moves it on: down -> greeting -> subscribing -> up. Whatever goes wrong raises `OSError` inside and ends in
down, with the time of the next try.
"""

import json
import select
import socket
import struct

from micropython import const
from packets import MAX_PACKET, measure, packet, text

_CONNECT_SECONDS = const(2)
_KEEPALIVE_SECONDS = const(8)
PAUSES_MS = (200, 500, 1000, 2000, 5000, 10000)
_OUTBOX = const(4)
# How often the socket is read before what came is acted on: who floods us shall not keep a relay from its rest.
READS = 2

_CONNACK = const(0x20)
_PUBLISH = const(0x30)
_PUBACK = const(0x40)
_SUBACK = const(0x90)
PINGREQ = b"\xc0\x00"

_DOWN = const(0)
_GREETING = const(1)
_SUBSCRIBING = const(2)
UP = 3

# Allocated once, and at import: later a small memory is cut to pieces, none of them large enough. A board has one link.
BUFFER = bytearray(MAX_PACKET + 8)
VIEW = memoryview(BUFFER)


class Link:
    def __init__(self, device, broker, will, log):
        self._device, self._broker, self._will, self._log = device, broker, json.dumps(will), log
        # Its name at the broker, which nobody else can know: who connects under the same name throws us off.
        self._client = will["session"]
        self._socket, self._poll = None, None
        self._filled = 0
        self.state = _DOWN
        self._failures, self._retry_at = 0, 0
        self._heard_at, self._deadline = 0, 0
        self._number, self._more = 0, False
        # Acknowledgements of ours that the broker has not confirmed, sent again on the next connection.
        self._outbox = []
        # Set by whoever uses the link: bytes of a command.
        self.inbox = []

    def topic(self, kind):
        return "gates/%s/%s" % (self._device, kind)

    # --- to be called again and again -------------------------------------------------------------------

    def step(self, now, wait_ms, may_block):
        """Wait up to `wait_ms` for the broker, and move on. True at the moment the link comes up.

        `may_block`: whether connecting, which can take two seconds, is all right now.
        """
        try:
            if self.state == _DOWN:
                return self._down(now, wait_ms, may_block)
            before = self.state
            self._receive(now, wait_ms)
            self._check(now)
            return self.state == UP and before != UP
        except (OSError, ValueError, IndexError, MemoryError) as error:
            self.fail(now, error)
            return False

    def _down(self, now, wait_ms, may_block):
        pause = self._retry_at - now
        if pause > 0 or not may_block:
            idle(min(wait_ms, max(pause, 1)))
            return False
        self._connect(now)
        return False

    def fail(self, now, error):
        """Give up this connection; the next try comes after a pause that grows."""
        pause = PAUSES_MS[min(self._failures, len(PAUSES_MS) - 1)]
        self._log("link: down (%s), next try in %d ms" % (str(error).strip(), pause))
        self._failures += 1
        self._retry_at = now + pause
        self.state = _DOWN
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    # --- connecting -------------------------------------------------------------------------------------

    def _connect(self, now):
        host, port = self._broker["host"], self._broker["port"]
        address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0][-1]
        self._socket = socket.socket()
        self._socket.settimeout(_CONNECT_SECONDS)
        self._socket.connect(address)
        without_delay(self._socket)
        raw = self._socket
        if self._broker.get("tls"):
            from secure import secured  # a small memory has other uses for it where there is none

            self._socket = secured(raw, self._broker)
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(raw, select.POLLIN)
        self._filled, self._more = 0, False
        self._heard_at, self._deadline = now, now + 3000
        self.state = _GREETING
        self._write(self._greeting())

    def _greeting(self):
        # Clean session, user, password, and a will at QoS 1, retained.
        flags = 0x02 | 0x80 | 0x40 | 0x04 | 0x08 | 0x20
        body = text("MQTT") + bytes([4, flags]) + struct.pack("!H", _KEEPALIVE_SECONDS) + text(self._client)
        body += text(self.topic("status")) + text(self._will)
        return packet(0x10, body + text(self._device) + text(self._broker["password"]))

    def _subscribe(self):
        self.state = _SUBSCRIBING
        self._write(packet(0x82, struct.pack("!H", self._next()) + text(self.topic("cmd")) + b"\x01"))

    def _up(self):
        self.state, self._failures = UP, 0
        self._log("link: up")
        for _number, waiting in self._outbox:
            self._write(waiting)

    # --- speaking ---------------------------------------------------------------------------------------

    def publish(self, kind, fields, now, retain=False):
        """Say something that the next time makes up for; where the link is down it is not said."""
        if self.state == UP:
            body = text(self.topic(kind)) + json.dumps(fields).encode()
            self._send(packet(_PUBLISH | (1 if retain else 0), body), now)

    def assure(self, kind, fields, now):
        """Say something at QoS 1, again on every new connection until the broker has it."""
        number = self._next()
        body = text(self.topic(kind)) + struct.pack("!H", number) + json.dumps(fields).encode()
        said = packet(_PUBLISH | 0x02, body)
        self._outbox.append((number, said))
        if len(self._outbox) > _OUTBOX:
            self._outbox.pop(0)
        if self.state == UP:
            self._send(said, now)

    def ping(self, now):
        if self.state == UP:
            self._send(PINGREQ, now)

    def _send(self, data, now):
        try:
            self._write(data)
        except OSError as error:
            self.fail(now, error)

    def _write(self, data):
        if self._socket.write(data) != len(data):
            raise OSError("the broker takes nothing more")

    def _next(self):
        self._number = self._number % 65535 + 1
        return self._number

    # --- hearing ----------------------------------------------------------------------------------------

    def _check(self, now):
        if self.state != UP and now > self._deadline:
            raise OSError("no welcome")
        # Every heartbeat is a ping too, and its answer is something heard.
        if now - self._heard_at > _KEEPALIVE_SECONDS * 1000:
            raise OSError("silent")

    def _receive(self, now, wait_ms):
        # A TLS layer may hold bytes that the socket no longer shows: wait only where there was nothing.
        self._poll.poll(0 if self._more else wait_ms)
        for _ in range(READS):
            count = self._socket.readinto(VIEW[self._filled :])
            self._more = count is not None
            if count is None:
                return
            if count == 0:
                raise OSError("closed by the broker")
            self._heard_at = now
            self._filled += count
            self._drain()

    def _drain(self):
        """Handle the whole packets of the buffer and move what is left of another to its beginning."""
        at = 0
        while True:
            start, end = measure(VIEW[at : self._filled])
            if end is None:
                break
            self._handle(BUFFER[at], VIEW[at + start : at + end])
            at += end
        rest = bytes(VIEW[at : self._filled])
        VIEW[: len(rest)] = rest
        self._filled = len(rest)

    def _handle(self, kind, body):
        if kind & 0xF0 == _PUBLISH:
            self._delivery(kind, body)
        elif kind == _CONNACK:
            if body[1]:
                raise OSError("refused by the broker, code %d" % body[1])
            self._subscribe()
        elif kind == _SUBACK:
            if body[2] & 0x80:
                raise OSError("not allowed to listen for commands")
            self._up()
        elif kind == _PUBACK:
            number = struct.unpack("!H", body)[0]
            self._outbox = [waiting for waiting in self._outbox if waiting[0] != number]

    def _delivery(self, kind, body):
        at = 2 + struct.unpack("!H", body[:2])[0]
        topic = bytes(body[2:at])
        if kind & 0x06:
            # Before it is acted on: delivered twice it does no harm, not acknowledged it would come for ever.
            self._write(packet(_PUBACK, bytes(body[at : at + 2])))
            at += 2
        # A retained command is somebody's mistake, and as old as it likes to be.
        if topic == self.topic("cmd").encode() and not kind & 0x01:
            self.inbox.append(bytes(body[at:]))


def without_delay(sock):
    try:
        sock.setsockopt(6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY
    except (OSError, ValueError, NotImplementedError):
        pass  # Not every port of MicroPython has it; those send at once anyway.


def idle(milliseconds):
    import time

    time.sleep_ms(milliseconds)
