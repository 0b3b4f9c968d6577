"""Controllers: registered, provisioned, revoked; heard, and no longer heard."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gates import broker_config, protocol, steady
from gates.dialects import DIALECTS
from gates.dialects.names import DialectName
from gates.hashes import bcrypt_hash, pbkdf2_hash
from gates.models import Controller, HomeAssistant
from premises import journal
from premises.journal import SYSTEM, Actor
from premises.models import Condominium

log = logging.getLogger("gates")

# Heartbeats come every two seconds; five missed ones are silence.
SILENCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Credentials:
    """What a board needs to be believed. Shown once: of the password we keep hashes only."""

    device: str
    password: str
    key: str  # hex of 32 bytes


def register(
    condominium: Condominium, name: str, device: str, *, by: Actor = SYSTEM, **speaks: str | bool
) -> tuple[Controller, Credentials]:
    """A new controller and its credentials; raises `ValidationError` where the names will not do.

    `speaks` names its dialect, its topic and what else that dialect needs, where it is no board of our own.
    """
    if device == broker_config.server_user() or HomeAssistant.objects.filter(user=device).exists():
        raise ValidationError({"device": _("The server itself has this name at the broker.")})
    controller = Controller(condominium=condominium, name=name, device=device, **speaks)
    credentials = _equip(controller)
    controller.full_clean()
    with transaction.atomic():
        controller.save()
        _changed(controller, "controller.registered", by)
    return controller, credentials


def rotate(controller: Controller, *, by: Actor = SYSTEM) -> Credentials:
    """New key and password. The board is off the broker until it has them."""
    credentials = _equip(controller)
    with transaction.atomic():
        controller.save(update_fields=["key", "broker_bcrypt", "broker_pbkdf2"])
        Controller.objects.filter(pk=controller.pk).update(online=False, session="")
        _changed(controller, "controller.rotated", by)
    return credentials


def revoke(controller: Controller, *, by: Actor = SYSTEM) -> None:
    """Take a controller out of service: the broker shuts it out, and nothing is sent to it any more."""
    with transaction.atomic():
        controller.is_active = controller.online = False
        controller.session = ""
        controller.save(update_fields=["is_active", "online", "session"])
        _changed(controller, "controller.revoked", by)


def _equip(controller: Controller) -> Credentials:
    credentials = Credentials(controller.device, secrets.token_urlsafe(24), secrets.token_hex(32))
    controller.key = credentials.key
    controller.broker_bcrypt = bcrypt_hash(credentials.password)
    controller.broker_pbkdf2 = pbkdf2_hash(credentials.password)
    return credentials


def _changed(controller: Controller, action: str, by: Actor) -> None:
    journal.record(
        controller.condominium_id,
        action,
        actor=by,
        subject=controller.name,
        data={"device": controller.device},
    )
    tell_broker(controller)


def tell_broker(controller: Controller) -> None:
    """Have the broker take up, on commit, what this controller may say and hear now."""
    transaction.on_commit(lambda: broker_config.reload(controller.device), robust=True)


def is_online(controller: Controller, now: datetime | None = None) -> bool:
    """Whether it was heard within the last ten seconds, and so whether its clock can be read."""
    if not controller.is_signed:
        return _is_vouched_for(controller, now or timezone.now())
    if not (controller.is_active and controller.online and controller.session and controller.heard_at):
        return False
    # A heartbeat from the future means that our own clock was set back: wait for the next one.
    return timedelta(0) <= (now or timezone.now()) - controller.heard_at <= SILENCE


def _is_vouched_for(controller: Controller, now: datetime) -> bool:
    """Boards of other makes have no heartbeat: the broker watches them, and we know whether we hear the broker."""
    if not (controller.is_active and controller.online and controller.vouched_at):
        return False
    return abs(now - controller.vouched_at) <= SILENCE


def presence(controller: Controller, now: datetime | None = None) -> bool | None:
    """Whether it is there, or None where it has no way to say so."""
    tells = controller.is_signed or DIALECTS[controller.dialect].tells_presence(controller.board)
    return is_online(controller, now) if tells else None


def is_away(controller: Controller, now: datetime | None = None) -> bool:
    """Whether nothing shall be sent to it: it is known to be away, or not known to be there and not to be opened so."""
    there = presence(controller, now)
    return not controller.opens_unheard if there is None else not there


def uptime_at(controller: Controller, moment: datetime) -> int:
    """What the controller's clock shows at a moment, in milliseconds; `is_online` must hold."""
    return uptime_in(controller, moment - timezone.now())


def uptime_in(controller: Controller, ahead: timedelta) -> int:
    """What the controller's clock will show so much later than now, in milliseconds; `is_online` must hold.

    A heartbeat under way for some time makes this too early, never too late: expiry errs to the safe side.
    """
    return controller.uptime_ms + int((_age(controller) + ahead) / timedelta(milliseconds=1))


def _age(controller: Controller) -> timedelta:
    """How long ago it was heard: by two clocks where both can be read, and the shorter of what they say.

    Set forth by some seconds, the wall clock alone would give a command these seconds more to live.
    """
    if controller.heard_at is None:
        raise ValueError(f"{controller.device} was never heard")
    wall = timezone.now() - controller.heard_at
    if controller.heard_steady is None or not steady.here() or controller.heard_by != steady.here():
        return wall
    return min(wall, timedelta(seconds=steady.now() - controller.heard_steady))


def find(device: str) -> Controller | None:
    return Controller.objects.filter(device=device, is_active=True, dialect=DialectName.CANCELA).first()


def key_of(controller: Controller) -> bytes:
    """Raises `ProtocolError` where what is stored cannot be decrypted: it was encrypted with other secrets."""
    try:
        return bytes.fromhex(controller.key)
    except ValueError as error:
        raise protocol.ProtocolError("its key cannot be read: SECRET_KEY or FIELD_ENCRYPTION_KEY changed") from error


def note_status(
    controller: Controller, status: protocol.Status, heard_at: datetime, heard_steady: float | None = None
) -> bool:
    """Take in a heartbeat, or the will of the session that we know. Returns whether a heartbeat was news.

    Compare and set: of two listeners one takes it in, and none that came late or again turns anything back.
    """
    if not status.online:
        _note_gone(controller, status)
        return False
    rows = Controller.objects.filter(pk=controller.pk, is_active=True, session=controller.session)
    starts = status.session != controller.session
    heard = rows if starts else rows.filter(uptime_ms__lt=status.uptime)
    # A board that started anew: whatever was wrong with it before may be mended, and its clock begins again.
    fresh = {"last_problem": "", "event_uptime_ms": 0} if starts else {}
    if not heard.update(
        online=True,
        session=status.session,
        uptime_ms=status.uptime,
        heard_at=heard_at,
        heard_steady=heard_steady,
        heard_by=steady.here(),
        firmware=status.firmware,
        **fresh,
    ):
        log.info("%s: a heartbeat came again, or out of order; ignored", controller.device)
        return False
    if starts:
        log.info("%s: online, session %s", controller.device, status.session)
    return True


def _note_gone(controller: Controller, status: protocol.Status) -> None:
    # The will of an earlier session may come after the next one announced itself.
    gone = Controller.objects.filter(pk=controller.pk, session=status.session, online=True)
    if gone.update(online=False):
        log.warning("%s: offline", controller.device)


def note_problem(controller: Controller, text: str) -> None:
    """Something for whoever looks after the controller; said in the log where it is news."""
    text = text[:200]
    if Controller.objects.filter(pk=controller.pk).exclude(last_problem=text).update(last_problem=text):
        log.warning("%s: %s", controller.device, text)


def mark_silent(now: datetime | None = None) -> int:
    """Controllers that were not heard for ten seconds are offline. Returns how many went so."""
    limit = (now or timezone.now()) - SILENCE
    own = Controller.objects.filter(dialect=DialectName.CANCELA)
    silent = own.filter(online=True, heard_at__lt=limit).update(online=False)
    if silent:
        log.warning("%d controllers fell silent", silent)
    return silent
