"""Missed openings: registered vehicles that were seen, as far as can be told, and not opened for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import Passage, Vehicle
from access.reasons import Outcome, Reason
from access.rolls import roll_of
from access.states import VehicleState
from access.story import SHOWN
from access.telling import holder
from access.weighing import Roll
from premises import journal
from premises.models import ApiClient, User
from premises.tenancy import TenantQuerySet, allows

DAYS = timedelta(days=30)
MOST = 300  # passages that are looked through, the latest
# Two characters off is one stranger of six with a thousand vehicles: then something must have been weighed, too.
DIFFERENT = 1
REASONS = (Reason.UNSURE, Reason.AMBIGUOUS, Reason.UNKNOWN_PLATE, Reason.IMPOSSIBLE)


@dataclass(frozen=True, slots=True)
class Likely:
    """A registered vehicle that it may have been. `share` is its probability when it was decided, 0 where none was."""

    vehicle: Vehicle
    share: float


@dataclass(frozen=True, slots=True)
class Missed:
    passage: Passage
    likely: list[Likely]


def work_list(passages: TenantQuerySet[Passage], now: datetime) -> list[Missed]:
    """Those of the passages that were probably registered vehicles, and nobody has looked at; the latest first."""
    open_ones = passages.filter(reviewed_at=None, corrected_plate="", opened_at__gte=now - DAYS)
    refused = open_ones.filter(outcome__in=(Outcome.REFUSE, Outcome.ASK), reason__in=REASONS)
    rows = list(refused.select_related("lane", "decision").order_by("-opened_at")[:MOST])
    return [Missed(passage, likely) for passage, likely in zip(rows, _likely(rows), strict=True) if likely]


def likely_of(passage: Passage) -> list[Likely]:
    """Registered vehicles that a passage may have been, the likeliest first, without the one it is taken for."""
    (likely,) = _likely([passage])
    return [each for each in likely if each.vehicle.plate != passage.shown_plate]


def likely_words(likely: Likely) -> str:
    """A plate, whose it is, and how probable it was."""
    whose = holder({"unit": likely.vehicle.unit_name, "owner": likely.vehicle.owner_name})
    share = f"{int(likely.share * 100)} %" if likely.share >= SHOWN else ""
    return " · ".join(filter(None, [likely.vehicle.plate, whose, share]))


def _likely(rows: Sequence[Passage]) -> list[list[Likely]]:
    """Of each passage the registered vehicles that it may have been; as many queries for many as for one."""
    rolls = {each: roll_of(each, ()) for each in {passage.condominium_id for passage in rows}}
    named = [_keys(passage, rolls[passage.condominium_id]) for passage in rows]
    known = _vehicles(rows, {key for keys in named for key in keys})
    return [
        [
            Likely(vehicle, share)
            for key, share in sorted(keys.items(), key=lambda each: (-each[1], each[0]))
            if (vehicle := known.get((passage.condominium_id, key))) and vehicle.created_at <= passage.opened_at
        ]
        for passage, keys in zip(rows, named, strict=True)
    ]


def _keys(passage: Passage, roll: Roll) -> dict[str, float]:
    """The keys of plates on record that it may be: as it was weighed, or within a character of what was read."""
    facts = passage.decision.facts if hasattr(passage, "decision") else {}
    near = roll.agreeing(passage.plate, len(passage.plate) - DIFFERENT) if passage.plate else ()
    return dict.fromkeys(near, 0.0) | {key: part for key, part in facts.get("shares", {}).items() if part >= SHOWN}


def _vehicles(rows: Iterable[Passage], keys: set[str]) -> dict[tuple[int, str], Vehicle]:
    ids = {passage.condominium_id for passage in rows}
    found = Vehicle.objects.filter(condominium_id__in=ids, plate_key__in=keys, state=VehicleState.ACTIVE)
    return {(each.condominium_id, each.plate_key): each for each in found.select_related("unit", "owner__unit")}


def dismiss(passage: Passage, *, by: User | ApiClient) -> None:
    """Take a passage off the work list: it was none of ours. Raises `PermissionDenied`."""
    if not allows(by, "passages.change", passage.condominium_id):
        raise PermissionDenied(_("You may not correct the passages of this condominium."))
    if Passage.objects.filter(pk=passage.pk, reviewed_at=None, vehicle=None).update(reviewed_at=timezone.now()):
        plate, condominium_id = passage.shown_plate, passage.condominium_id
        journal.record(condominium_id, "passage.dismissed", actor=by, subject=plate, passage_id=passage.pk)
