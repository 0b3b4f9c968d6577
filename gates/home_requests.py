"""What Home Assistants ask for: an opening, where the manager allows it, and never more often than people would.

Such a request is not signed, and names no person. It becomes an ordinary opening under the name of that Home
Assistant: with the journal, the kill switch, and every check that an opening meets.
"""

import logging
import re
from datetime import timedelta

from django.utils.translation import gettext as _

from gates import commands
from gates.heard import Heard
from gates.models import Gate, GateCommand, HomeAssistant

log = logging.getLogger("gates")

TOPIC = re.compile(r"cancela/([0-9]{1,18})/gate/([0-9]{1,18})/set")
# Of one gate, and of all gates of the condominium.
GATE_PAUSE = timedelta(seconds=10)
MINUTE, A_MINUTE = timedelta(minutes=1), 6


def take_in(heard: Heard) -> None:
    """Open a gate that a Home Assistant asked for, if it may; otherwise do nothing but remember why not."""
    match = TOPIC.fullmatch(heard.topic)
    # What the broker kept is no wish of this moment.
    if match is None or heard.retained or heard.payload != b"OPEN":
        return
    condominium_id, gate_id = map(int, match.groups())
    home = HomeAssistant.objects.filter(condominium_id=condominium_id, announces=True).first()
    gate = Gate.objects.filter(pk=gate_id, condominium_id=condominium_id).first()
    if home is None or gate is None:
        log.warning("ignored a request on %s: nobody there is announced to", heard.topic)
    elif why := _obstacle(home, gate, heard):
        _note(home, f"{gate}: {why}")
    else:
        commands.request_open(gate, by=name_of(home), reason=_("Asked for in Home Assistant"))


def name_of(home: HomeAssistant) -> str:
    return f"Home Assistant ({home.user})"


def _obstacle(home: HomeAssistant, gate: Gate, heard: Heard) -> str:
    """Why this Home Assistant does not get it opened, in a word for who looks after it; empty where it does."""
    if not home.takes_commands:
        return "asked to open, which is not allowed"
    if home.condominium.locked_down:
        return "asked to open while the condominium is locked down"
    lately = GateCommand.objects.filter(condominium_id=home.condominium_id, requested_by_name=name_of(home))
    of_gate = lately.filter(gate=gate, requested_at__gt=heard.at - GATE_PAUSE)
    of_all = lately.filter(requested_at__gt=heard.at - MINUTE)
    if of_gate.exists() or of_all.count() >= A_MINUTE:
        return "asked to open too often"
    return ""


def _note(home: HomeAssistant, text: str) -> None:
    if HomeAssistant.objects.filter(pk=home.pk).exclude(last_problem=text[:200]).update(last_problem=text[:200]):
        log.warning("%s: %s", home, text)
