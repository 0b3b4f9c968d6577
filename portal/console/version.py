"""Whether anything of a condominium's screen changed: four small queries for all condominiums that are watched.

Most of what happens is in the journal, so that its last number tells. What is not, is asked beside it: who is being
looked at and not decided yet, commands on their way, and how the devices are.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum

from access.models import Lane, Passage
from gates.models import GateCommand
from gates.states import UNDER_WAY
from portal.console import trouble
from portal.console.board import SECRETS, active_lanes
from premises.models import JournalHead

Version = tuple[Any, ...]


def versions(condominium_ids: Collection[int], now: datetime) -> dict[int, Version]:
    """By condominium a value that is another one as soon as its screen is."""
    found: dict[int, list[Any]] = {pk: [] for pk in condominium_ids}
    for rows in (_journal(found), _under_way(found), _commands(found), _devices(found, now)):
        for condominium_id, value in rows:
            found[condominium_id].append(value)
    return {pk: tuple(values) for pk, values in found.items()}


def _journal(ids: Collection[int]) -> list[tuple[int, Any]]:
    return list(JournalHead.objects.filter(pk__in=ids).values_list("pk", "sequence"))


def _under_way(ids: Collection[int]) -> list[tuple[int, Any]]:
    """Passages that began, that ended, and more pictures of one that is not decided."""
    rows = Passage.objects.filter(condominium_id__in=ids, ended_at=None).order_by().values_list("condominium_id")
    told = rows.annotate(Count("pk"), Max("opened_at"), undecided=Sum("frames", filter=Q(outcome="")))
    return [(pk, values) for pk, *values in told]


def _commands(ids: Collection[int]) -> list[tuple[int, Any]]:
    rows = GateCommand.objects.filter(state__in=UNDER_WAY, condominium_id__in=ids).order_by("pk")
    return [(pk, told) for pk, *told in rows.values_list("condominium_id", "pk", "state")]


def _devices(ids: Collection[int], now: datetime) -> list[tuple[int, Any]]:
    lanes = active_lanes(ids).select_related("condominium", "camera", "gate__controller").defer(*SECRETS)
    return [
        (
            lane.condominium_id,
            (lane.pk, _stands(lane), [(each.code, each.detail) for each in trouble.of_lane(lane, now)]),
        )
        for lane in lanes
    ]


def _stands(lane: Lane) -> tuple[str, bool] | None:
    return (lane.gate.position, lane.gate.obstructed) if lane.gate else None
