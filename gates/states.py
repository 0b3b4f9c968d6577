"""The life of a gate command."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    REQUESTED = "requested", _("requested")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted by the controller")
    PULSED = "pulsed", _("pulsed, unconfirmed")
    CONFIRMED = "confirmed", _("opened, seen by the position switch")
    REFUSED = "refused", _("refused by the controller")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")


# From which states a command may come into each. A move is a compare-and-set on these.
# A pulse reported after we gave up is still a pulse: evidence that comes late corrects "outcome unknown".
BEFORE: dict[State, tuple[State, ...]] = {
    State.SENT: (State.REQUESTED,),
    State.ACCEPTED: (State.SENT,),
    State.PULSED: (State.SENT, State.ACCEPTED, State.EXPIRED),
    State.CONFIRMED: (State.SENT, State.ACCEPTED, State.PULSED, State.EXPIRED),
    State.REFUSED: (State.SENT, State.ACCEPTED),
    State.EXPIRED: (State.REQUESTED, State.SENT, State.ACCEPTED),
    State.FAILED: (State.REQUESTED, State.SENT, State.ACCEPTED),
}

UNDER_WAY = (State.REQUESTED, State.SENT, State.ACCEPTED)
MOVED = (State.PULSED, State.CONFIRMED)
