"""The rolls of all condominiums, as this process knows them: built when first asked for, and again after a change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from access.models import RegistryVersion, Vehicle, WatchlistEntry
from access.weighing import Roll

_built: dict[int, tuple[UUID | None, Roll]] = {}


def roll_of(condominium_id: int, read: Collection[str]) -> Roll:
    """All plates on record there: registered vehicles, also inactive ones, and the watch-list.

    Those among the keys that were `read` are in it for certain, whoever entered them: what was written past this
    program, in the database itself, tells nobody.
    """
    version = _version(condominium_id)
    known = _built.get(condominium_id)
    if known is None or known[0] != version or _lacks(known[1], condominium_id, read):
        known = _built[condominium_id] = (version, Roll.of(_on_record(condominium_id)))
    return known[1]


def changed(condominium_id: int) -> None:
    """Say that plates came, went or were changed; it counts when this transaction commits."""
    mine = RegistryVersion.objects.filter(condominium_id=condominium_id)
    if not mine.update(token=uuid4()):
        RegistryVersion.objects.get_or_create(condominium_id=condominium_id)


def _version(condominium_id: int) -> UUID | None:
    tokens = RegistryVersion.objects.filter(condominium_id=condominium_id).values_list("token", flat=True)
    return next(iter(tokens), None)


def _lacks(roll: Roll, condominium_id: int, read: Collection[str]) -> bool:
    return not all(key in roll for key in _on_record(condominium_id, plate_key__in=read))


@receiver([post_save, post_delete], sender=Vehicle)
@receiver([post_save, post_delete], sender=WatchlistEntry)
def _tell(instance: Vehicle | WatchlistEntry, **signal: object) -> None:
    changed(instance.condominium_id)


def _on_record(condominium_id: int, **which: Any) -> list[str]:
    vehicles, watched = (
        model.objects.filter(condominium_id=condominium_id, **which).order_by().values_list("plate_key", flat=True)
        for model in (Vehicle, WatchlistEntry)
    )
    return list(vehicles.union(watched))
