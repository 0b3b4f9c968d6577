"""Why a passage was decided as it was: a code, and a sentence for a person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    OPEN = "open", _("opened")
    REFUSE = "refuse", _("not opened")
    ASK = "ask", _("needs the guard")
    RECORD = "record", _("recorded only")


class Reason(TextChoices):
    PERMITTED = "permitted", _("registered, and may pass")
    WATCHLISTED = "watchlisted", _("on the watch-list")
    UNKNOWN_PLATE = "unknown_plate", _("not registered")
    AMBIGUOUS = "ambiguous", _("two registered vehicles fit")
    NO_PERMIT = "no_permit", _("registered, without a permit")
    NOT_YET = "not_yet", _("permit not yet valid")
    EXPIRED = "expired", _("permit ended")
    OTHER_LANE = "other_lane", _("permit for another lane")
    GATE_ON_HOLD = "gate_on_hold", _("gate on hold")
    NO_GATE = "no_gate", _("lane without a gate")
    UNSURE = "unsure", _("the plate could not be read surely")
    ERROR = "error", _("an error on our side")
    IMPOSSIBLE = "impossible", _("not a plate that exists")
