"""One HTTP request with one deadline for all of it, however slowly the device drips its answer."""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httpcore
from django.utils.translation import gettext as _

from cameras.problems import Problem, SnapshotError


@dataclass(frozen=True)
class Answer:
    """What a device said. `at`: when its head arrived, so never later than the picture's receipt."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime

    def all(self, name: str) -> list[str]:
        """Every value of a header; names in lower case."""
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


class Deadline:
    """A moment of the monotonic clock by which everything must have happened."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; raises `SnapshotError` (timeout) once it has passed."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise SnapshotError(Problem.TIMEOUT)
        return left


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline: a device that sends a byte a second gains nothing."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        # Leaves time to say so where a device accepts slowly.
        patience = min(1.5, self._deadline.left())
        stream = super().connect_tcp(host, port, patience, local_address, socket_options)
        return _Stream(stream, self._deadline)


@lru_cache(maxsize=2)
def _tls(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def get(url: str, headers: dict[str, str], deadline: Deadline, *, max_bytes: int, verify_tls: bool = True) -> Answer:
    """GET one address. Redirects are not followed, no password is taken out of an address.

    Raises `SnapshotError`: timeout, unreachable, truncated (the device hung up within its answer),
    too_large, bad_answer. Every other status than 200 is the caller's to judge.
    """
    context = _tls(verify_tls) if url.startswith("https:") else None
    pool = httpcore.ConnectionPool(network_backend=_Backend(deadline), ssl_context=context)
    with (
        _explained(Problem.BAD_ANSWER),
        pool,
        pool.stream("GET", url, headers=[(name, value.encode()) for name, value in headers.items()]) as response,
    ):
        at = datetime.now(UTC)
        with _explained(Problem.TRUNCATED):
            body = _body(response.iter_stream(), max_bytes)
        return Answer(response.status, _decoded(response.headers), body, at)


def _body(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise SnapshotError(Problem.TOO_LARGE, _("It has more than %d bytes.") % max_bytes)
    return b"".join(parts)


def _decoded(headers: list[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


@contextmanager
def _explained(broken: Problem) -> Iterator[None]:
    """Network errors in our words; `broken` is what an answer that breaks off means at this point.

    Nothing of the original text is passed on: it may hold an address with its query.
    """
    try:
        yield
    except httpcore.TimeoutException as error:
        raise SnapshotError(Problem.TIMEOUT) from error
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
        raise SnapshotError(broken) from error
    except (httpcore.NetworkError, OSError) as error:
        untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError)
        detail = _("Its certificate is not one that we trust.") if untrusted else ""
        raise SnapshotError(Problem.UNREACHABLE, detail) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, UnicodeError) as error:
        raise SnapshotError(Problem.BAD_ANSWER) from error
