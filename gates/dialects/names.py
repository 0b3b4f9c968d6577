"""What a board speaks, and what it cannot promise: codes, and words for a person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DialectName(TextChoices):
    CANCELA = "cancela", _("Cancela's own, signed")
    PLAIN = "plain", _("plain 1 and 0 on one topic")
    ESPHOME = "esphome", "ESPHome"
    TASMOTA = "tasmota", "Tasmota"
    SHELLY1 = "shelly1", _("Shelly, first generation")
    SHELLY2 = "shelly2", _("Shelly, second generation and later")
    COVER = "cover", _("Home Assistant cover")


class Lack(TextChoices):
    """What Cancela's own boards guarantee and a dialect does not."""

    SIGNATURE = (
        "signature",
        _("No signature: whoever has a password of the broker that reaches this board can move the gate."),
    )
    SINGLE_USE = "single_use", _("No single use: a message that arrives twice is obeyed twice.")
    EXPIRY = "expiry", _("No expiry: a message that the network held up is obeyed when it arrives.")
    ACKNOWLEDGEMENT = (
        "acknowledgement",
        _("No acknowledgement: the board says nothing, so no opening is ever shown as done."),
    )
    WHOSE = (
        "whose",
        _("No acknowledgement of its own: the board says that its relay moved, but not for which command."),
    )
    PULSE_END = (
        "pulse_end",
        _("No pulse of its own: we end it. If the board loses the network in between, its relay stays on."),
    )
    PRESENCE = "presence", _("No sign of life: nobody knows whether the board is there. It is asked all the same.")
    SILENCE = (
        "silence",
        _("No heartbeat: that the board is gone is noticed by the broker only, often after a minute or more."),
    )
    GUARD = "guard", _("No obstruction input: the board looks at no photocell before it moves the gate.")
