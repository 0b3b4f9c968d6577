"""Whose a plate is."""

from dataclasses import dataclass

from access.models import Vehicle, WatchlistEntry
from access.vehicles import find_vehicle, read_plate
from premises.models import Condominium
from recognition import Place, canonical, place_of_registration


@dataclass(frozen=True, slots=True)
class OwnerAnswer:
    """Whose a plate is. `place` is what the plate itself tells; `contact` a phone number or an e-mail address."""

    plate: str
    vehicle: Vehicle | None = None
    unit: str = ""
    owner: str = ""
    contact: str = ""
    place: Place | None = None
    watchlist: str | None = None


def look_up(condominium: Condominium, plate: str) -> OwnerAnswer:
    """What is known of a plate here. Raises `VehicleError` for what cannot be a plate."""
    plate = read_plate(plate)
    watched = WatchlistEntry.objects.filter(condominium=condominium, plate_key=canonical(plate), is_active=True).first()
    kind, place = watched.kind if watched else None, place_of_registration(plate)
    vehicle = find_vehicle(condominium, plate)
    if vehicle is None:
        return OwnerAnswer(plate, place=place, watchlist=kind)
    owner = vehicle.owner
    contact = (owner.phone or owner.email) if owner else ""
    return OwnerAnswer(plate, vehicle, vehicle.unit_name, vehicle.owner_name, contact, place, kind)
