"""Which keys open which gates: asked by the boards' lists, and by a reader while we are heard."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Direction, Key, Lane, WatchlistEntry
from access.permitting import Passback
from access.whereabouts import entry_of
from gates.commands import request_open
from gates.key_book import Listed, Named
from gates.key_wire import Read
from gates.key_words import What
from gates.models import Controller, Gate, GateCommand, KeyUse
from gates.order_states import Standing
from premises import journal
from premises.models import Condominium

SUSPENDED = Listed(0)


class Registry:
    """Answers what gates ask about keys (`gates.key_book.Book`)."""

    def listed(self, controller: Controller, now: datetime) -> Mapping[int, Listed]:
        relays = _relays(controller)
        keys = list(
            Key.objects.filter(condominium_id=controller.condominium_id).select_related("vehicle").defer("digits")
        )
        only = _only_at(keys)
        watched = _watched(controller.condominium_id)
        return {key.pk: _listed(key, relays, only.get(key.pk), watched, now) for key in keys}

    def digits(self, refs: Collection[int]) -> Mapping[int, tuple[str, str]]:
        return {key.pk: (key.kind, key.digits) for key in Key.objects.filter(pk__in=refs)}

    def named(self, ref: int) -> Named | None:
        key = Key.objects.filter(pk=ref).defer("digits").first()
        return Named(key.pk, str(key)) if key else None

    def decide(self, controller: Controller, ref: int | None, read: Read) -> bool:
        return decide(controller, ref, read)


def _listed(key: Key, relays: Mapping[int, int], only: set[int] | None, watched: set[str], now: datetime) -> Listed:
    """Where a key opens without us. What nobody can see from there, that its vehicle is inside, does not count."""
    vehicle = key.vehicle
    if not key.holds_at(now) or (vehicle and (not vehicle.is_active or vehicle.plate_key in watched)):
        return SUSPENDED
    mask = sum(bit for gate, bit in relays.items() if only is None or gate in only)
    return Listed(mask, key.valid_until) if mask else SUSPENDED


def _relays(controller: Controller) -> dict[int, int]:
    """A bit for each gate of the board that is neither on hold nor locked down."""
    condominium = Condominium.objects.get(pk=controller.condominium_id)
    if condominium.gates_on_hold:
        return {}
    gates = Gate.objects.filter(controller=controller, on_hold=False, relay__range=(1, 8)).exclude(
        standing=Standing.LOCKED
    )
    out = _leading_out(controller.condominium_id) if condominium.locked_down else None
    return {gate.pk: 1 << (gate.relay - 1) for gate in gates if out is None or gate.pk in out}


def _leading_out(condominium_id: int) -> set[int]:
    """Gates of which every lane leads out: who leaves may leave."""
    lanes = Lane.objects.filter(condominium_id=condominium_id, is_active=True).exclude(gate=None)
    pairs = list(lanes.values_list("gate_id", "direction"))
    return {gate for gate, _way in pairs if gate} - {gate for gate, way in pairs if way != Direction.OUT}


def _only_at(keys: list[Key]) -> dict[int, set[int]]:
    """The gates of those keys that are not for all of them."""
    found: dict[int, set[int]] = {}
    through = Key.gates.through._default_manager.filter(key__in=[key.pk for key in keys])
    for key_id, gate_id in through.values_list("key_id", "gate_id"):
        found.setdefault(key_id, set()).add(gate_id)
    return found


def _watched(condominium_id: int) -> set[str]:
    entries = WatchlistEntry.objects.filter(condominium_id=condominium_id, is_active=True)
    return set(entries.values_list("plate_key", flat=True))


# --- presented while we are heard -----------------------------------------------------------------------


@transaction.atomic
def decide(controller: Controller, ref: int | None, read: Read) -> bool:
    """Decide a key that is presented at a board's reader, write it down, and ask for the opening where it may.

    The gate is locked until that is written: what it rests on does not change meanwhile.
    """
    gate = Gate.objects.select_for_update().filter(controller=controller, relay=read.relay).first()
    mine = Key.objects.filter(pk=ref or 0, condominium_id=controller.condominium_id)
    key = mine.select_related("vehicle").defer("digits").first()
    what = judge(key, gate, timezone.now())
    command = _open(key, gate) if what == What.GRANTED and key and gate else None
    _write(controller, gate, key, what, command)
    return command is not None


def judge(key: Key | None, gate: Gate | None, now: datetime) -> What:
    """What a key is worth at a gate at this moment. As for plates: whoever leaves may leave."""
    if key is None:
        return What.UNKNOWN
    if gate is None:
        return What.OTHER_GATE
    condominium = Condominium.objects.get(pk=gate.condominium_id)
    out = gate.pk in _leading_out(gate.condominium_id)
    if condominium.gates_on_hold or gate.on_hold:
        return What.ON_HOLD
    if gate.standing == Standing.LOCKED or (condominium.locked_down and not out):
        return What.LOCKED_DOWN
    return _time(key, now) or _place(key, gate) or _vehicle(key, gate, out) or What.GRANTED


def _time(key: Key, now: datetime) -> What | None:
    if key.is_active and key.valid_from and now < key.valid_from:
        return What.NOT_YET
    return None if key.holds_at(now) else What.ENDED


def _place(key: Key, gate: Gate) -> What | None:
    only = set(key.gates.values_list("pk", flat=True))
    return What.OTHER_GATE if only and gate.pk not in only else None


def _vehicle(key: Key, gate: Gate, out: bool) -> What | None:
    vehicle = key.vehicle
    if vehicle is None:
        return None
    if vehicle.plate_key in _watched(gate.condominium_id):
        return What.WATCHLISTED
    if out:
        return None
    if not vehicle.is_active:
        return What.VEHICLE_ENDED
    hard = Lane.objects.filter(gate=gate, is_active=True, direction=Direction.IN, passback=Passback.HARD)
    return What.INSIDE if hard.exists() and entry_of(vehicle) else None


def _open(key: Key, gate: Gate) -> GateCommand:
    why = _("%(key)s at the reader.") % {"key": key}
    # Whose it is stands in the reason: an actor's name is never erased.
    return request_open(gate, by=f"key: {key.pk}", reason=why)


def _write(controller: Controller, gate: Gate | None, key: Key | None, what: What, command: GateCommand | None) -> None:
    name = str(key)[:160] if key else ""
    KeyUse.objects.create(
        condominium_id=controller.condominium_id,
        controller=controller,
        gate=gate,
        key_ref=key.pk if key else None,
        key_name=name,
        what=what,
        at=timezone.now(),
        command_id=command.pk if command else None,
    )
    if command is None:  # an opening is in the journal already
        subject, said = str(gate or controller), {"key": name, "what": what}
        actor = f"controller: {controller.device}"
        journal.record(controller.condominium_id, "gate.key_refused", actor=actor, subject=subject, data=said)
