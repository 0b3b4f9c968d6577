"""Where gates stand, as the contacts at them say; and that nobody knows it where nothing says so."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Position(TextChoices):
    """What one or two contacts can tell. A gate without any is not known to be anything."""

    UNKNOWN = "unknown", _("not known")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    BETWEEN = "between", _("between open and closed")
    NOT_OPEN = "not_open", _("not open")
    NOT_CLOSED = "not_closed", _("not closed")
    FAULT = "fault", _("contacts contradict one another")
