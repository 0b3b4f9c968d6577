"""Talking to one device: log in as it asks, remember its nonce, turn its status into a problem."""

import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cameras import logins, slots, transport
from cameras.logins import Challenge
from cameras.problems import Problem, SnapshotError
from cameras.targets import Target
from cameras.transport import Answer, Deadline

# How long a login is remembered. A device that forgets it sooner says "stale" and costs one more request.
REMEMBERED = 600
LEARNED = 7 * 24 * 3600
MAX_RETRY_AFTER = timedelta(minutes=10)

STATUS_PROBLEMS = {
    403: Problem.FORBIDDEN,
    404: Problem.NOT_FOUND,
    408: Problem.TIMEOUT,
    429: Problem.BUSY,
    503: Problem.BUSY,
}


@dataclass(frozen=True)
class _Sent:
    """An answer, and whether it was asked for with a nonce of an earlier request (and its how-manieth use)."""

    answer: Answer
    reused: int = 0


class Conversation:
    """GET after GET to one device, within one deadline. Not for several threads at a time."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        self.target, self._deadline = target, deadline
        # What was learned with other credentials, or of another device, says nothing about these.
        said = f"{target.base} {target.user} {target.password}"
        self._key = f"cameras:login:{target.key}:{salted_hmac(__name__, said).hexdigest()[:16]}"

    def get(self, path: str) -> Answer:
        """The answer of status 200 to a path with its query.

        Raises `SnapshotError`. A password is sent only in answer to a challenge, and once: a device that
        refuses a fresh login gives wrong_password.
        """
        with slots.queue_errors():
            sent = self._first(path)
            answer = sent.answer
            if answer.status == 401:
                answer = self._logged_in(path, sent)
        return self._judged(answer)

    def _first(self, path: str) -> _Sent:
        """Ask with the remembered nonce where there is one, else without any login."""
        known: dict[str, Any] | None = cache.get(self._key)
        if not known or known["scheme"] != "digest":
            return _Sent(self._send(path))
        try:
            count = cache.incr(f"{self._key}:count")
        except ValueError:  # forgotten meanwhile
            return _Sent(self._send(path))
        return _Sent(self._send(path, self._header(Challenge(**known), path, count)), count)

    def _logged_in(self, path: str, sent: _Sent) -> Answer:
        """Answer the challenge of a 401, once."""
        challenge = self._challenge(sent)
        answer = self._send(path, self._header(challenge, path, 1))
        if answer.status == 401:
            self.forget()
            raise SnapshotError(Problem.WRONG_PASSWORD)
        self._remember(challenge, sent)
        return answer

    def _challenge(self, sent: _Sent) -> Challenge:
        challenge = logins.best(sent.answer.all("www-authenticate"))
        if challenge is None:
            raise SnapshotError(Problem.BAD_ANSWER, _("It wants a kind of login that we do not know."))
        if not self.target.user:
            raise SnapshotError(Problem.WRONG_PASSWORD, _("It wants a user and a password, and none is stored."))
        if sent.reused and not challenge.stale and not cache.add(f"{self._key}:again", 1, slots.EXPIRY):
            # Somebody else is finding out already whether the password changed; two would be one bad login more.
            raise SnapshotError(Problem.WAITING)
        return challenge

    def _header(self, challenge: Challenge, path: str, count: int) -> str:
        return logins.answer(challenge, self.target.user, self.target.password, path, count)

    def _send(self, path: str, authorization: str = "") -> Answer:
        headers = {"Accept": "*/*", "Connection": "close", "User-Agent": "Cancela"}
        return transport.get(
            self.target.base + path,
            headers | ({"Authorization": authorization} if authorization else {}),
            self._deadline,
            max_bytes=settings.UPLOAD_MAX_BYTES,
            verify_tls=self.target.verify_tls,
        )

    def _remember(self, challenge: Challenge, sent: _Sent) -> None:
        """Keep the nonce for the next request, unless this device takes each only once.

        It does where it refused the very first reuse of a nonce, and did not call it stale.
        """
        once = f"{self._key}:once"
        if sent.reused == 2 and not challenge.stale:
            cache.set(once, 1, LEARNED)
        if challenge.scheme == "digest" and not cache.get(once):
            cache.set(f"{self._key}:count", 1, REMEMBERED)
            cache.set(self._key, asdict(challenge), REMEMBERED)
        else:
            cache.set(self._key, asdict(Challenge("proven")), REMEMBERED)
        cache.delete(f"{self._key}:again")

    def forget(self) -> None:
        """Forget the login, so that the next one starts with a challenge and alone."""
        cache.delete_many([self._key, f"{self._key}:count"])

    @property
    def proven(self) -> bool:
        """Whether the present password has been accepted lately."""
        with slots.queue_errors():
            return cache.get(self._key) is not None

    def _judged(self, answer: Answer) -> Answer:
        if answer.status == 200:
            return answer
        problem = STATUS_PROBLEMS.get(answer.status, Problem.BAD_ANSWER)
        detail = _("(HTTP status %d)") % answer.status
        if 300 <= answer.status < 400:
            detail = _("It sends us to another address, and we do not follow.")
        raise SnapshotError(problem, detail, retry_at=retry_after(answer.first("retry-after"), answer.at))


def retry_after(value: str, now: datetime) -> datetime | None:
    """When a device wants to be asked again (RFC 9110, 10.2.3), at most ten minutes from `now`."""
    at = None
    if re.fullmatch(r"[0-9]{1,6}", value):
        at = now + timedelta(seconds=int(value))
    elif value:
        with suppress(ValueError, OverflowError):
            at = parsedate_to_datetime(value)
    if at is None:
        return None
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now + MAX_RETRY_AFTER)
