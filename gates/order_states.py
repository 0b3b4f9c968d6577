"""What stands at a gate until further notice, and the life of the order that tells its controller so."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """In the words of the protocol."""

    FREE = "free", _("free")
    OPEN = "open", _("held open")
    LOCKED = "locked", _("locked")


class OrderState(TextChoices):
    SENT = "sent", _("sent")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused by the controller")
    EXPIRED = "expired", _("expired")
    FAILED = "failed", _("failed")


# The controller's signed word that it obeyed wins over whatever was believed before.
BEFORE: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.DONE: (OrderState.SENT, OrderState.EXPIRED, OrderState.FAILED),
    OrderState.REFUSED: (OrderState.SENT,),
    OrderState.EXPIRED: (OrderState.SENT,),
    OrderState.FAILED: (OrderState.SENT,),
}
