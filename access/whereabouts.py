"""Where vehicles are, as far as their passages tell: who is inside, who was let in, who was opened for just now.

Nothing of it is kept: it follows from passages and gate commands, so that it cannot disagree with them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from access.facts import Elsewhere
from access.models import Decision, Direction, Lane, Passage, Permit, Vehicle
from access.permitting import Passback, Standing
from access.reasons import Outcome
from gates.models import GateCommand
from gates.states import NOT_MOVED
from premises import journal
from premises.journal import Actor
from premises.models import Unit

# A gate that closed before its vehicle drove is opened once more: that is the same entry.
GRACE = timedelta(minutes=2)
# The other camera of a gate sees a vehicle that was opened for within so long.
TWIN = timedelta(seconds=20)
# What a vehicle's page says of where it is rests on passages of so long ago at most.
MEMORY = timedelta(days=90)
# Who was let in by hand may still be inside after so long.
LET_IN = timedelta(days=30)

DIRECTED = (Direction.IN, Direction.OUT)


def opened(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Those for which a gate was opened, by the rules or by a person; or that a lane without a gate recorded."""
    commands = GateCommand.objects.filter(passage_id=OuterRef("pk")).exclude(state__in=NOT_MOVED)
    return passages.filter(Q(Exists(commands)) | Q(lane__gate=None, outcome=Outcome.RECORD))


def standings(vehicles: Iterable[Vehicle], lane: Lane, now: datetime, *, lock: bool) -> dict[int, Standing]:
    """How each of the vehicles stands, by its id. Empty where this lane and the vehicles' units ask for nothing."""
    limited = {home.pk for vehicle in vehicles if (home := vehicle.home) and home.places is not None}
    if lane.direction == Direction.OUT or (lane.passback == Passback.OFF and not limited):
        return {}
    if lock:  # two cars of a unit that arrive at once at two gates shall not both take its last place
        list(Unit.objects.select_for_update().filter(pk__in=limited).order_by("pk"))
    asked = Vehicle.objects.filter(Vehicle.at_home_in(limited) | Q(pk__in=[vehicle.pk for vehicle in vehicles]))
    inside = inside_since(asked.select_related("unit", "owner__unit"), now - timedelta(hours=lane.forgive_hours), now)
    return {vehicle.pk: _standing(vehicle, lane, inside, now) for vehicle in vehicles}


Inside = dict[int, tuple[Vehicle, Passage]]


def _standing(vehicle: Vehicle, lane: Lane, inside: Inside, now: datetime) -> Standing:
    own = inside.get(vehicle.pk, (vehicle, None))[1]
    again = own is not None and own.lane_id == lane.pk and now - own.opened_at < GRACE
    home = vehicle.home
    others = [other for other, _ in inside.values() if other.pk != vehicle.pk and other.home == home]
    return Standing(
        inside_since=own.opened_at if own and not again else None,
        places=home.places if home else None,
        occupied=tuple(sorted(other.plate for other in others)) if home else (),
    )


def inside_since(vehicles: QuerySet[Vehicle], since: datetime, now: datetime) -> Inside:
    """Of these vehicles those that came in after `since` and had not left at `now`, with the passage of their entry."""
    directed = opened(Passage.objects.filter(vehicle=OuterRef("pk"), lane__direction__in=DIRECTED))
    latest = directed.filter(opened_at__range=(since, now)).order_by("-opened_at").values("pk")[:1]
    asked = {vehicle.latest: vehicle for vehicle in vehicles.annotate(latest=Subquery(latest)).exclude(latest=None)}
    entries = Passage.objects.filter(pk__in=asked, lane__direction=Direction.IN)
    return {asked[entry.pk].pk: (asked[entry.pk], entry) for entry in entries if _counts(asked[entry.pk], entry)}


def entry_of(vehicle: Vehicle) -> Passage | None:
    """The passage by which a vehicle came in, where it is inside as far as one remembers."""
    own = Passage.objects.filter(vehicle=vehicle, opened_at__gte=timezone.now() - MEMORY)
    last = opened(own.filter(lane__direction__in=DIRECTED)).select_related("lane").order_by("-opened_at").first()
    came_in = last is not None and last.lane.direction == Direction.IN and _counts(vehicle, last)
    return last if came_in else None


def _counts(vehicle: Vehicle, entry: Passage) -> bool:
    return vehicle.forgiven_at is None or entry.opened_at > vehicle.forgiven_at


@transaction.atomic
def forgive(vehicle: Vehicle, *, by: Actor) -> None:
    """Forget where the vehicle is: it may come in. The caller checked that `by` may say so."""
    vehicle.forgiven_at = timezone.now()
    vehicle.save(update_fields=["forgiven_at"])
    journal.record(vehicle.condominium_id, "vehicle.forgiven", actor=by, subject=vehicle.plate)


def used_at(permit: Permit, now: datetime) -> datetime | None:
    """When a permit for one entry was used; None while it was not."""
    entries = Decision.objects.filter(permit=permit, outcome=Outcome.OPEN, at__lte=now).exclude(
        passage__lane__direction=Direction.OUT
    )
    alive = GateCommand.objects.filter(pk=OuterRef("command_id")).exclude(state__in=NOT_MOVED)
    first = entries.filter(Exists(alive)).order_by("at").values_list("at", flat=True).first()
    return first if first is not None and now - first >= GRACE else None


def opened_for(lane: Lane, keys: Collection[str], seen_at: datetime) -> tuple[Elsewhere, ...]:
    """Which of these plates another lane of the same gate opened for around `seen_at`."""
    if lane.gate_id is None:
        return ()
    others = Passage.objects.filter(
        condominium_id=lane.condominium_id,  # as the index begins
        lane__gate=lane.gate_id,
        plate_key__in=keys,
        last_seen_at__range=(seen_at - TWIN, seen_at + TWIN),
    )
    return _elsewhere(opened(others.exclude(lane=lane)))


def let_in(lane: Lane, keys: Collection[str], now: datetime) -> tuple[Elsewhere, ...]:
    """Which of these plates, of nobody who is registered, were let in; asked at an exit only."""
    if lane.direction != Direction.OUT:
        return ()
    entries = Passage.objects.filter(
        condominium_id=lane.condominium_id,
        lane__direction=Direction.IN,
        plate_key__in=keys,
        vehicle=None,
        last_seen_at__gte=now - LET_IN,
    )
    return _elsewhere(opened(entries))


def _elsewhere(passages: QuerySet[Passage]) -> tuple[Elsewhere, ...]:
    latest = passages.select_related("lane").order_by("-last_seen_at")[:10]
    return tuple(Elsewhere(each.plate_key, each.lane.name, each.last_seen_at) for each in latest)
