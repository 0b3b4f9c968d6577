"""What became of a tag or code at a gate's reader."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class What(TextChoices):
    # Decided by the server.
    GRANTED = "granted", _("opening asked for")
    NOT_YET = "not_yet", _("not yet valid")
    OTHER_GATE = "other_gate", _("not for this gate")
    VEHICLE_ENDED = "vehicle_ended", _("its vehicle may not pass")
    WATCHLISTED = "watchlisted", _("its vehicle is on the watch-list")
    INSIDE = "inside", _("its vehicle is inside already")
    LOCKED_DOWN = "locked_down", _("condominium locked down")
    ON_HOLD = "on_hold", _("gate on hold")
    # By either.
    UNKNOWN = "unknown", _("key not known")
    ENDED = "ended", _("no longer valid")
    # By the board, while the server was away. The first half are its own words.
    OPENED = "opened", _("opened by the board itself")
    NO_LIST = "no_list", _("the board's list had expired")
    OTHER_RELAY = "other_relay", _("not for the gate of this reader")
    OBSTRUCTED = "obstructed", _("something stood in the gate's way")
    BUSY = "busy", _("the relay was pulsing already")
    TOO_SOON = "too_soon", _("the pulse before it ended a moment ago")
    LOCKED = "locked", _("too many wrong ones: reader locked for a while")
    OTHER = "other", _("hindered at the board")
    GAP = "gap", _("entries lost: the board's log was full")


OPENING = frozenset({What.GRANTED, What.OPENED})
# What may be somebody trying.
SUSPICIOUS = frozenset({What.UNKNOWN, What.LOCKED, What.WATCHLISTED})
