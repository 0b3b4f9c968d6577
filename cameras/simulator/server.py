"""The network of the simulated recorder: one thread a connection, answers sent as badly as asked for."""

import contextlib
import ipaddress
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from cameras.simulator import answers, control, makes
from cameras.simulator.answers import Answer
from cameras.simulator.faults import Fault
from cameras.simulator.recorder import SimulatedRecorder

logger = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], recorder: SimulatedRecorder) -> None:
        self.recorder = recorder
        self._open: set[socket.socket] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that still stand, so that nobody waits for an answer that never comes."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # the other side was faster
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that give up are this program's daily bread; anything else is shown."""
        logger.debug("connection of %s ended badly", client_address, exc_info=True)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Webs", ""
    # Head and picture leave together, and at once.
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: object) -> None:
        logger.debug("%s", format % args)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        url = urlsplit(self.path)
        self.channel = 0
        if url.path.startswith("/sim/"):
            self._send(self._controlled(url.path, url.query))
            return
        recorder = self.server.recorder
        recorder.requests += 1
        if makes.needs_login(url.path) and not self._admitted():
            self._send(self._challenge())
            return
        found = makes.find(recorder, url.path, url.query)
        if isinstance(found, int):
            self._send_picture(found)
        else:
            self._send(found or answers.page(404))

    def _controlled(self, path: str, query: str) -> Answer:
        if not ipaddress.ip_address(self.client_address[0].partition("%")[0]).is_loopback:
            return answers.page(403)
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_LIMIT:
            return answers.page(413)
        return control.answer(self.server.recorder, self.command, path, query, self.rfile.read(length))

    def _admitted(self) -> bool:
        recorder, header = self.server.recorder, self.headers.get("Authorization")
        return recorder.logins.admits(
            self.command,
            self.path,
            # Names with accents come as UTF-8; the library hands headers out as Latin-1.
            None if header is None else header.encode("latin-1").decode("utf-8", "replace"),
            one_shot=recorder.faults.has(Fault.ONE_SHOT_NONCE),
            refuse=recorder.faults.has(Fault.REFUSE_LOGIN),
        )

    def _challenge(self) -> Answer:
        offers = self.server.recorder.logins.challenges()
        return Answer(401, "text/html", answers.PAGE, tuple(("WWW-Authenticate", offer) for offer in offers))

    def _send_picture(self, number: int) -> None:
        recorder, self.channel = self.server.recorder, number
        with recorder.slot() as free:
            self._send(self._picture(recorder, number) if free else answers.busy())

    def _picture(self, recorder: SimulatedRecorder, number: int) -> Answer:
        if number not in recorder.channels:
            return answers.page(404)
        if (wait := recorder.faults.value(Fault.SLOW, number)) is not None:
            recorder.stopping.wait(wait)
        spoilt = answers.spoilt_before(recorder.faults, number)
        if spoilt is not None:
            return spoilt
        return answers.spoilt_after(answers.picture(recorder.snapshot(number)), recorder.faults, number)

    def _send(self, answer: Answer) -> None:
        if answer.hang_up:
            self.close_connection = True
            return
        faulty = answer.declared is not None or answer.endless
        if faulty or self.server.recorder.faults.has(Fault.CLOSE, self.channel):
            self.close_connection = True
        self._head(answer)
        if answer.picture is not None:
            # Before the first byte leaves, so that nobody holds a picture that is not on record.
            self.server.recorder.note(self.channel, answer.picture, time.time())
        self._body(answer)
        self.wfile.flush()

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        if not answer.endless:
            self.send_header("Content-Length", str(len(answer.body) if answer.declared is None else answer.declared))
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _body(self, answer: Answer) -> None:
        stopping = self.server.recorder.stopping
        if answer.drip is not None:
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if stopping.wait(answer.drip):
                    return
        else:
            self.wfile.write(answer.body)
        while answer.endless and not stopping.is_set():
            self.wfile.write(bytes(65536))
