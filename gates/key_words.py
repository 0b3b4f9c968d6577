"""What became of a tag or code at a gate's reader."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class What(TextChoices):
    # Decided by the server.
    GRANTED = "granted", _("opening asked for")
    NOT_YET = "not_yet", _("not yet valid")
    OTHER_GATE = "other_gate", _("not for this gate")
    VEHICLE_ENDED = "vehicle_ended", _("vehicle may not pass")
    WATCHLISTED = "watchlisted", _("on the watch-list")
    INSIDE = "inside", _("already inside")
    LOCKED_DOWN = "locked_down", _("locked down")
    ON_HOLD = "on_hold", _("gate on hold")
    # By either.
    UNKNOWN = "unknown", _("key not known")
    ENDED = "ended", _("no longer valid")
    # By the board, while the server was away.
    OPENED = "opened", _("opened offline")
    NO_LIST = "no_list", _("list had expired")
    OTHER_RELAY = "other_relay", _("not for this gate")
    OBSTRUCTED = "obstructed", _("way was blocked")
    BUSY = "busy", _("relay was on")
    TOO_SOON = "too_soon", _("too soon")
    HELD_OPEN = "held_open", _("stood open")
    LOCKED = "locked", _("reader locked")
    OTHER = "other", _("hindered")
    GAP = "gap", _("entries lost")


OPENING = frozenset({What.GRANTED, What.OPENED})
# What may be somebody trying.
SUSPICIOUS = frozenset({What.UNKNOWN, What.LOCKED, What.WATCHLISTED})
