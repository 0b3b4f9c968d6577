"""Whether a controller is heard: decided by `controllers.is_online`, and put into words here, for every face."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gates.controllers import presence
from gates.models import Controller, Gate
from premises.templatetags.cancela import moment


class Hearing(TextChoices):
    """All but the first two are red: nothing of ours opens the gates of such a controller."""

    ONLINE = "online", _("online")
    UNTOLD = "unknown", _("not known: it says nothing")
    SILENT = "silent", _("not heard")
    NEVER = "never", _("never heard")
    INACTIVE = "inactive", _("out of service")
    NONE = "none", _("no controller")


_SENTENCES = {
    Hearing.SILENT: _("The gate's controller is not heard since %(at)s: nothing of ours opens it."),
    Hearing.NEVER: _("The gate's controller was never heard: nothing of ours opens it."),
    Hearing.INACTIVE: _("The gate's controller is out of service: nothing of ours opens it."),
    Hearing.NONE: _("The gate has no controller: nothing of ours opens it."),
}


@dataclass(frozen=True)
class Heard:
    """How a controller is heard; `since` is when it was heard last, None where it never was."""

    code: Hearing
    since: datetime | None = None

    @property
    def is_heard(self) -> bool:
        return self.code == Hearing.ONLINE

    @property
    def is_red(self) -> bool:
        return self.code not in (Hearing.ONLINE, Hearing.UNTOLD)

    @property
    def words(self) -> str:
        """A label, in the language and the time of the page."""
        if self.code == Hearing.SILENT:
            return gettext("not heard since %(at)s") % {"at": _short(self.since)}
        return str(self.code.label)

    @property
    def sentence(self) -> str:
        """What it means for its gate; empty where it is heard."""
        said = _SENTENCES.get(self.code)
        return str(said) % {"at": moment(self.since)} if said else ""


def _short(at: datetime | None) -> str:
    """The second of today, the minute of another day: a label has little room."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M:%S}"
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}"


def hearing(controller: Controller | None, now: datetime | None = None) -> Heard:
    """How a controller is heard now, or None's place in a gate that has none."""
    if controller is None:
        return Heard(Hearing.NONE)
    if not controller.is_active:
        return Heard(Hearing.INACTIVE, controller.heard_at)
    there = presence(controller, now)
    if there is None:
        return Heard(Hearing.UNTOLD if controller.opens_unheard else Hearing.NEVER)
    if there:
        return Heard(Hearing.ONLINE, controller.heard_at)
    return Heard(Hearing.SILENT if controller.heard_at else Hearing.NEVER, controller.heard_at)


def hearing_of(gate: Gate | None, now: datetime | None = None) -> Heard | None:
    """How the controller of a lane's gate is heard; None for a lane that only records."""
    return hearing(gate.controller, now) if gate else None
