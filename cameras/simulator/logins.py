"""The simulated recorder's door: digest and basic logins, counted, and the lock after too many bad ones."""

import base64
import binascii
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.request import parse_http_list, parse_keqv_list

LOCK_AFTER = 5
LOCK_SECONDS = 30 * 60
NONCES_KEPT = 1000


@dataclass
class Counters:
    """What a test or a person wants to know about the logins so far."""

    challenges: int = 0  # requests without a login: they cost nothing
    good: int = 0
    bad: int = 0
    bad_in_a_row: int = 0
    locks: int = 0


class Logins:
    """Digest (MD5, qop auth) and basic, as the recorder offers them. Safe to be used by several threads."""

    def __init__(self, user: str, password: str, *, realm: str, schemes: tuple[str, ...] = ("digest",)) -> None:
        self._user, self._password = user, password
        self.realm, self.schemes = realm, schemes
        self._nonces: dict[str, None] = {}  # in the order of their making
        self._locked_until = 0.0
        self.counters = Counters()
        self.last_scheme = ""
        self._lock = threading.Lock()

    def admits(self, method: str, target: str, header: str | None, *, one_shot: bool, refuse: bool) -> bool:
        """Whether a request may go in; counts it. `target` is the path with its query as it was sent."""
        with self._lock:
            if header is None:
                self.counters.challenges += 1
                return False
            fits = self._fits(method, target, header, one_shot=one_shot)
            if self.locked or refuse or not fits:
                self._count_bad()
                return False
            self.counters.good += 1
            self.counters.bad_in_a_row = 0
            return True

    @property
    def locked(self) -> bool:
        return time.monotonic() < self._locked_until

    def unlock(self) -> None:
        """Forget the lock and the counts, as after a restart of the recorder."""
        with self._lock:
            self._locked_until = 0.0
            self.counters = Counters()

    def change_password(self, password: str) -> None:
        with self._lock:
            self._password = password

    def forget_nonces(self) -> None:
        """What a recorder does after some minutes, most without saying that they were stale."""
        with self._lock:
            self._nonces.clear()

    def challenges(self) -> list[str]:
        """The values of WWW-Authenticate, a header each."""
        offers: dict[str, Callable[[], str]] = {
            "digest": lambda: (
                f'Digest realm="{self.realm}", qop="auth", nonce="{self._nonce()}", opaque="{self._opaque}"'
            ),
            "basic": lambda: f'Basic realm="{self.realm}"',
        }
        return [offers[scheme]() for scheme in self.schemes]

    def state(self) -> dict[str, object]:
        return asdict(self.counters) | {"locked": self.locked, "tries_left": self._tries_left}

    @property
    def _tries_left(self) -> int:
        return 0 if self.locked else LOCK_AFTER - self.counters.bad_in_a_row

    @property
    def _opaque(self) -> str:
        return hashlib.sha256(self.realm.encode()).hexdigest()[:32]

    def _nonce(self) -> str:
        nonce = secrets.token_hex(16)
        with self._lock:
            self._nonces[nonce] = None
            while len(self._nonces) > NONCES_KEPT:
                del self._nonces[next(iter(self._nonces))]
        return nonce

    def _count_bad(self) -> None:
        self.counters.bad += 1
        self.counters.bad_in_a_row += 1
        if self.counters.bad_in_a_row == LOCK_AFTER:
            self.counters.locks += 1
            self._locked_until = time.monotonic() + LOCK_SECONDS

    def _fits(self, method: str, target: str, header: str, *, one_shot: bool) -> bool:
        scheme, _, rest = header.partition(" ")
        self.last_scheme = scheme.lower()
        if scheme.lower() not in self.schemes:
            return False
        if scheme.lower() == "basic":
            return self._basic_fits(rest)
        return self._digest_fits(method, target, rest, one_shot=one_shot)

    def _basic_fits(self, encoded: str) -> bool:
        try:
            return base64.b64decode(encoded, validate=True) == f"{self._user}:{self._password}".encode()
        except binascii.Error:
            return False

    def _digest_fits(self, method: str, target: str, rest: str, *, one_shot: bool) -> bool:
        """RFC 7616 with MD5 and qop=auth, which is what recorders speak."""
        said = parse_keqv_list(parse_http_list(rest))
        nonce = said.get("nonce", "")
        if nonce not in self._nonces or said.get("uri") != target or said.get("username") != self._user:
            return False
        if one_shot:
            del self._nonces[nonce]
        key = _md5(f"{self._user}:{self.realm}:{self._password}")
        request = _md5(f"{method}:{target}")
        expected = _md5(f"{key}:{nonce}:{said.get('nc')}:{said.get('cnonce')}:auth:{request}")
        return secrets.compare_digest(expected, said.get("response", ""))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
