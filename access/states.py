"""The states of a registered vehicle."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VehicleState(TextChoices):
    """Only an active one may ever pass."""

    WAITING = "waiting", _("waits for approval")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("signed off")
