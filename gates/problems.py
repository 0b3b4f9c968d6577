"""Why a gate command did not open the gate: a code, and a sentence for a person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Problem(TextChoices):
    # Before anything was sent.
    ON_HOLD = "on_hold", _("This gate is on hold.")
    ALL_ON_HOLD = "all_on_hold", _("All gates of the condominium are on hold.")
    NO_CONTROLLER = "no_controller", _("This gate has no controller.")
    CONTROLLER_INACTIVE = "controller_inactive", _("The controller was taken out of service.")
    CONTROLLER_OFFLINE = "controller_offline", _("The controller is not heard.")
    BROKER_DOWN = "broker_down", _("The message broker cannot be reached; nothing was sent.")
    BROKER_REFUSED = "broker_refused", _("The message broker refused us; nothing was sent.")
    FIRMWARE_OLD = "firmware_old", _("The controller's firmware knows nothing of it: it needs 1.2 or newer.")
    # Of commands whose time ran out, by the step at which they stood.
    NEVER_SENT = "never_sent", _("It was never sent, and now never will be.")
    NO_ANSWER = "no_answer", _("It was handed over, but the controller did not answer: outcome unknown.")
    NO_PULSE = "no_pulse", _("The controller accepted it, but reported no pulse: outcome unknown.")
    SAYS_NOTHING = (
        "says_nothing",
        _("It was sent. This board gives no answer: whether the gate moved, only eyes can tell."),
    )
    # The controller's own words.
    MALFORMED = "malformed", _("The controller could not understand the command.")
    BAD_SIGNATURE = "bad_signature", _("The controller did not accept the signature: another key?")
    OTHER_SESSION = "other_session", _("The controller was restarted in between.")
    TOO_LATE = "too_late", _("The command reached the controller too late.")
    TOO_LONG_LIVED = "too_long_lived", _("The controller takes no command that lives so long.")
    USED_BEFORE = "used_before", _("The controller had this command before.")
    UNKNOWN_RELAY = "unknown_relay", _("The controller has no such relay.")
    BUSY = "busy", _("The relay was pulsing already.")
    TOO_SOON = "too_soon", _("The pulse before it ended a moment ago.")
    OBSTRUCTED = "obstructed", _("Something stands in the gate's way.")
    BOARD_REFUSED = "board_refused", _("The board answered that it cannot do this.")
    LOCKED_DOWN = "locked_down", _("The gate is locked down.")
    HELD_OPEN = "held_open", _("The gate is held open.")
    OVERTAKEN = "overtaken", _("A later order came before it.")
    NOT_HELD = "not_held", _("Boards of this make hold no gate open.")
    TOO_LONG = "too_long", _("The controller holds no gate open for so long (max_hold_ms in its file).")
    # Why a gate is held open no longer.
    OVER = "over", _("Its time was over.")
    BROKER_GONE = "broker_gone", _("The message broker was away for a minute: nobody could have closed it.")
