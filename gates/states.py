"""The life of a gate command."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    REQUESTED = "requested", _("requested")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted by the controller")
    PULSED = "pulsed", _("pulsed, unconfirmed")
    CONFIRMED = "confirmed", _("opened, seen by the position switch")
    STOOD_OPEN = "stood_open", _("not needed: the gate was held open")
    REFUSED = "refused", _("refused by the controller")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")
    UNANSWERED = "unanswered", _("sent; this board gives no answer")


# From which states a command may come into each. A move is a compare-and-set on these.
# The controller's signed word that it pulsed wins over whatever we believed before.
_NOT_REQUESTED = (State.SENT, State.ACCEPTED, State.REFUSED, State.EXPIRED, State.FAILED)
BEFORE: dict[State, tuple[State, ...]] = {
    State.SENT: (State.REQUESTED,),
    State.ACCEPTED: (State.SENT,),
    State.PULSED: _NOT_REQUESTED,
    State.CONFIRMED: (*_NOT_REQUESTED, State.PULSED),
    State.STOOD_OPEN: (State.SENT, State.ACCEPTED),
    State.REFUSED: (State.SENT, State.ACCEPTED),
    State.EXPIRED: (State.REQUESTED, State.SENT, State.ACCEPTED),
    State.FAILED: (State.REQUESTED, State.SENT, State.ACCEPTED),
    # An end of its own: nobody will ever say more of it.
    State.UNANSWERED: (State.SENT,),
}

UNDER_WAY = (State.REQUESTED, State.SENT, State.ACCEPTED)
# One that the held-open gate made needless is neither moved nor lost.
MOVED = (State.PULSED, State.CONFIRMED)
NOT_MOVED = (State.REFUSED, State.EXPIRED, State.FAILED)
