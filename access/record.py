"""What is on record of the plates that were seen: the registry as the rules are told of it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from access import calendars, whereabouts
from access.facts import Candidate, Elsewhere, LaneFacts, Registry, Watched
from access.hours import OnHolidays
from access.models import Direction, Lane, Permit, Vehicle, WatchlistEntry
from access.permitting import UNSEEN, PermitFacts, Standing
from gates.models import Gate
from gates.stands import is_locked
from premises.models import Condominium


def registry_for(lane: Lane, keys: Collection[str], now: datetime, seen_at: datetime) -> Registry:
    """What is on record of these plates for a decision that is being taken, in a transaction of the caller.

    `seen_at`: when the vehicle was last seen, which may be before `now`.

    The lane's gate, the vehicles and their units are locked until it ends: what one decision rests on, that a pass was
    not used, that a place was free, that nobody was opened for yet, no other one may change meanwhile.
    """
    return _registry(lane, keys, now, seen_at, lock=True)


def registry_at(lane: Lane, keys: Collection[str], at: datetime) -> Registry:
    """What is on record of these plates; where their vehicles were, as it was at that time."""
    return _registry(lane, keys, at, at, lock=False)


def _registry(lane: Lane, keys: Collection[str], now: datetime, seen_at: datetime, *, lock: bool) -> Registry:
    # Read again: the hold may have been set while the picture was being read.
    condominium = Condominium.objects.get(pk=lane.condominium_id)
    facts = _lane_facts(lane, condominium, lock=lock)
    mine = {"condominium_id": lane.condominium_id, "plate_key__in": keys}
    watched = WatchlistEntry.objects.filter(**mine, is_active=True)
    rows = Vehicle.objects.filter(**mine).select_related("unit", "owner__unit").order_by("pk")
    vehicles = list(rows.select_for_update(of=("self",)) if lock else rows)
    standings = whereabouts.standings(vehicles, lane, now, lock=lock)
    zone = ZoneInfo(condominium.time_zone)
    candidates = tuple(_candidate(each, standings.get(each.pk, UNSEEN), zone, now) for each in vehicles)
    return Registry(
        lane=facts,
        vehicles=candidates,
        watched=tuple(Watched(entry.plate_key, entry.plate, entry.kind) for entry in watched),
        zone=condominium.time_zone,
        holidays=calendars.around(condominium, now) if any(map(_heeds_holidays, candidates)) else (),
        opened_for=_in_zone(whereabouts.opened_for(lane, keys, seen_at), zone),
        let_in=_in_zone(whereabouts.let_in(lane, keys, now), zone),
    )


def _heeds_holidays(candidate: Candidate) -> bool:
    return any(permit.on_holidays != OnHolidays.SAME for permit in candidate.permits)


def _in_zone(known: tuple[Elsewhere, ...], zone: ZoneInfo) -> tuple[Elsewhere, ...]:
    """Times as those who read the sentence have them."""
    return tuple(replace(each, at=each.at.astimezone(zone)) for each in known)


def _lane_facts(lane: Lane, condominium: Condominium, *, lock: bool) -> LaneFacts:
    gates = Gate.objects.select_for_update() if lock else Gate.objects.all()
    gate = gates.get(pk=lane.gate_id) if lane.gate_id else None
    if gate is not None:
        gate.condominium = condominium
    return LaneFacts(
        lane.pk,
        lane.name,
        gate.name if gate else None,
        on_hold=condominium.gates_on_hold or bool(gate and gate.on_hold),
        policy=lane.policy,
        leaves=lane.direction == Direction.OUT,
        passback=lane.passback,
        locked_down=condominium.locked_down,
        gate_locked=gate is not None and is_locked(gate),
    )


def _candidate(vehicle: Vehicle, standing: Standing, zone: ZoneInfo, now: datetime) -> Candidate:
    active = vehicle.permits.filter(is_active=True).select_related("host").prefetch_related("lanes", "windows")
    permits = list(active.order_by("pk")) if vehicle.is_active else []
    return Candidate(
        id=vehicle.pk,
        key=vehicle.plate_key,
        plate=vehicle.plate,
        unit=vehicle.unit_name or next((str(permit.host) for permit in permits if permit.host), ""),
        owner=vehicle.owner_name,
        permits=tuple(_permit_facts(permit, zone, now) for permit in permits),
        state=vehicle.state,
        colour=vehicle.colour,
        standing=replace(standing, inside_since=_local(standing.inside_since, zone)),
    )


def _permit_facts(permit: Permit, zone: ZoneInfo, now: datetime) -> PermitFacts:
    lanes = list(permit.lanes.all())
    used = whereabouts.used_at(permit, now) if permit.single_entry else None
    return PermitFacts(
        id=permit.pk,
        lanes=frozenset(lane.pk for lane in lanes),
        lane_names=tuple(lane.name for lane in lanes),
        valid_from=_local(permit.valid_from, zone),
        valid_until=_local(permit.valid_until, zone),
        windows=tuple(window.as_fact() for window in permit.windows.all()),
        on_holidays=permit.on_holidays,
        kind=permit.kind,
        host=str(permit.host or ""),
        holder=permit.holder,
        single=permit.single_entry,
        used_at=_local(used, zone),
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """In the zone of those who read the sentence."""
    return moment and moment.astimezone(zone)
