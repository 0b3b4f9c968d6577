"""Home Assistants: registered with a password of their own, told what passes, taken out again.

What they are shown lies at the broker, retained, and is kept as it should be by the listener (board_link.py).
"""

import logging
import secrets
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gates import announcements, broker_config, contacts, controllers
from gates.announcements import ControllerSeen, GateSeen, Home
from gates.broker import BrokerError, publisher
from gates.dialects import DIALECTS, addresses
from gates.hashes import bcrypt_hash, pbkdf2_hash
from gates.models import Controller, Gate, HomeAssistant
from premises import journal
from premises.journal import Actor

log = logging.getLogger("gates")

# The lanes of a condominium, by id and name: filled in by who knows lanes, and lies above.
LANES: list[Callable[[int], Iterable[tuple[int, str]]]] = []


def check(user: str, prefix: str) -> None:
    """Raise `ValidationError` where its names at the broker are the server's, or those of a board."""
    if user == broker_config.server_user() or Controller.objects.filter(device=user).exists():
        raise ValidationError({"user": _("The server or a controller has this name at the broker.")})
    boards = Controller.objects.filter(dialect__in=DIALECTS)
    if prefix in (*addresses.OURS[:2], *addresses.GROUPS) or any(
        addresses.is_below(each.dialect, each.board, prefix) for each in boards
    ):
        raise ValidationError({"prefix": _("The server or a board speaks on topics that begin so.")})


def register(home: HomeAssistant, *, by: Actor) -> str:
    """Write a validated row and return its password at the broker, which is kept as hashes only."""
    password = _equip(home)
    with transaction.atomic():
        home.save()
        _changed(home, "homeassistant.added", by)
    return password


def renew(home: HomeAssistant, *, by: Actor) -> str:
    """A new password; the old one holds no longer."""
    password = _equip(home)
    with transaction.atomic():
        home.save(update_fields=["broker_bcrypt", "broker_pbkdf2"])
        _changed(home, "homeassistant.renewed", by)
    return password


def adjust(home: HomeAssistant, *, by: Actor, fields: list[str]) -> None:
    """Write what was changed of a validated row; the broker follows."""
    with transaction.atomic():
        home.save(update_fields=fields)
        _changed(home, "homeassistant.changed", by, fields)


def _equip(home: HomeAssistant) -> str:
    password = secrets.token_urlsafe(24)
    home.broker_bcrypt, home.broker_pbkdf2 = bcrypt_hash(password), pbkdf2_hash(password)
    return password


def _changed(home: HomeAssistant, action: str, by: Actor, fields: list[str] | None = None) -> None:
    data = {"fields": fields} if fields else {}
    journal.record(home.condominium_id, action, actor=by, subject=home.user, data=data)
    transaction.on_commit(lambda: broker_config.reload(home.user), robust=True)


# --- what they are shown --------------------------------------------------------------------------------


def wanted() -> dict[str, bytes]:
    """Everything that the broker shall keep for Home Assistants at this moment."""
    homes = HomeAssistant.objects.filter(announces=True).select_related("condominium")
    return announcements.all_of(_home(home) for home in homes)


def _home(home: HomeAssistant) -> Home:
    own = {"condominium_id": home.condominium_id}
    return Home(
        condominium_id=home.condominium_id,
        name=home.condominium.name,
        prefix=home.prefix,
        takes_commands=home.takes_commands,
        gates=[_gate(gate) for gate in Gate.objects.filter(**own).select_related("controller")],
        controllers=[
            ControllerSeen(each.pk, each.name, controllers.presence(each))
            for each in Controller.objects.filter(**own, is_active=True)
        ],
        lanes=[lane for lanes in LANES for lane in lanes(home.condominium_id)],
    )


def _gate(gate: Gate) -> GateSeen:
    reachable = gate.controller is not None and controllers.presence(gate.controller)
    return GateSeen(gate.pk, gate.name, contacts.position_of(gate), reachable)


def tell_passage(condominium_id: int, lane_id: int, outcome: str, plate: str) -> None:
    """A passage was decided. Nobody who fails to hear it keeps a gate closed: it is said after the gate was told."""
    home = HomeAssistant.objects.filter(condominium_id=condominium_id, announces=True).first()
    if home is None:
        return
    payload = announcements.passage(outcome, plate if home.tells_plates else None)
    try:
        publisher.publish(announcements.passage_topic(condominium_id, lane_id), payload)
    except BrokerError as error:
        log.warning("%s was not told of a passage: %s", home, error)
