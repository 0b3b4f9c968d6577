"""Why there is no picture: a code for programs, a sentence for people, one exception for both."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Problem(models.TextChoices):
    WRONG_PASSWORD = "wrong_password", _("The recorder refuses user or password.")
    STOPPED = "stopped", _("Stopped after a refused login: somebody has to look at it.")
    FORBIDDEN = "forbidden", _("This user may not see this picture.")
    NOT_FOUND = "not_found", _("There is no picture at this address or channel.")
    BUSY = "busy", _("The recorder is busy.")
    WAITING = "waiting", _("The recorder has enough to do and is left alone for a moment.")
    TIMEOUT = "timeout", _("The recorder did not answer in time.")
    UNREACHABLE = "unreachable", _("The recorder cannot be reached.")
    NOT_AN_IMAGE = "not_an_image", _("The answer is not a JPEG picture.")
    TRUNCATED = "truncated", _("The picture is incomplete.")
    EMPTY = "empty", _("The answer is empty.")
    TOO_LARGE = "too_large", _("The picture is too large.")
    SAME_FRAME = "same_frame", _("The same picture as before: the recorder may be frozen.")
    BAD_ANSWER = "bad_answer", _("The recorder gave an answer that makes no sense here.")
    NO_PICTURE = "no_picture", _("No picture is waiting.")
    NO_QUEUE = "no_queue", _("Our own memory of requests does not answer, so the recorder was not asked.")


# Asking again cannot help until somebody has changed something.
PERMANENT = frozenset({Problem.WRONG_PASSWORD, Problem.STOPPED, Problem.FORBIDDEN, Problem.NOT_FOUND})
# The recorder was not asked at all, so these say nothing about it.
NOT_ASKED = frozenset({Problem.WAITING, Problem.NO_QUEUE, Problem.NO_PICTURE})


class SnapshotError(Exception):
    """No picture, and why. The one exception that leaves this app's verbs.

    `code` is a `Problem`; `message` (and `str`) a sentence fit for a page, without credentials and addresses;
    `retry_at` the time before which asking again is pointless, where one is known.
    """

    def __init__(self, code: Problem, detail: str = "", *, retry_at: datetime | None = None) -> None:
        self.code, self.detail, self.retry_at = code, detail, retry_at
        super().__init__(code, detail)

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        return f"{self.code.label} {self.detail}".strip()

    def add(self, sentence: str) -> None:
        """Say one thing more."""
        self.detail = f"{self.detail} {sentence}".strip()

    @property
    def permanent(self) -> bool:
        """Whether asking again cannot help until somebody has changed something."""
        return self.code in PERMANENT
