"""What speaks against a plate being its own vehicle's: gathered of the records and of the picture, for the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from access import evidence
from access.clones import Facts, Sighting, suspicion
from access.colours import CONTRADICTS, Seen, colour_of, seen_in
from access.models import Detection, Direction, Lane, Passage, TravelTime
from access.rules import Candidate, Registry
from recognition import Box


def suspect(registry: Registry, passage: Passage, detection: Detection | None) -> Registry:
    """The registry with what is suspicious of its vehicles.

    Who leaves is never held back: at a lane that leads out a suspicion is only noted.
    """
    permitted = [vehicle for vehicle in registry.vehicles if vehicle.permits]
    if not permitted or detection is None:
        return registry
    elsewhere = _elsewhere(passage, detection, [vehicle.id for vehicle in permitted])
    seen = _seen(detection) if any(_tells(vehicle.colour) for vehicle in permitted) else None
    only_noted = passage.lane.direction == Direction.OUT
    vehicles = (
        _suspected(each, Facts(detection.taken_at, each.colour, seen, elsewhere.get(each.id, ())), only_noted)
        for each in registry.vehicles
    )
    return replace(registry, vehicles=tuple(vehicles))


def _suspected(vehicle: Candidate, facts: Facts, only_noted: bool) -> Candidate:
    found = suspicion(facts)
    if found is None:
        return vehicle
    if only_noted:
        return replace(vehicle, suspected=found.told | {"noted": str(found.reason)})
    return replace(vehicle, suspicion=str(found.reason), suspected=found.told)


def _tells(colour: str) -> bool:
    """Whether a picture could contradict that colour: only then is it worth looking at."""
    own = colour_of(colour)
    return own is not None and any(own in others for others in CONTRADICTS.values())


def _seen(detection: Detection) -> Seen | None:
    data = evidence.read(detection, "frame")
    return seen_in(data, Box(*detection.box)) if data and len(detection.box) == 4 else None


def _elsewhere(passage: Passage, detection: Detection, ids: Sequence[int]) -> Mapping[int, list[Sighting]]:
    """Where these vehicles were surely seen lately, of the lanes to which the way from here was measured."""
    least = _travel_times(passage.lane)
    if not least:
        return {}
    reach = timedelta(seconds=max(least.values()))
    around = (detection.taken_at - reach, detection.taken_at + reach)
    others = Passage.objects.filter(condominium_id=passage.condominium_id, last_seen_at__range=around)
    rows = others.filter(lane__in=least, vehicle__in=ids).exclude(pk=passage.pk).select_related("lane")
    found: dict[int, list[Sighting]] = {}
    for row in rows.order_by("-last_seen_at"):
        found.setdefault(row.vehicle_id or 0, []).append(Sighting(row.lane.name, row.last_seen_at, least[row.lane_id]))
    return found


def _travel_times(lane: Lane) -> dict[int, int]:
    """The other lanes that have a travel time with this one, with its seconds."""
    pairs = TravelTime.objects.filter(Q(one=lane) | Q(other=lane)).values_list("one", "other", "seconds")
    return {other if one == lane.pk else one: seconds for one, other, seconds in pairs}
