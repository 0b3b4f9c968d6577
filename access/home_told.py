"""What the condominium's Home Assistant learns of lanes and passages; gates keep the road to it."""

from collections.abc import Iterable

from django.db import transaction

from access.models import Decision, Lane
from gates import homes


def lanes(condominium_id: int) -> Iterable[tuple[int, str]]:
    rows = Lane.objects.filter(condominium_id=condominium_id, is_active=True)
    return rows.order_by("pk").values_list("pk", "name")


def tell(decision: Decision) -> None:
    """Say, on commit and after the gate was told, what was decided of a passage."""
    passage = decision.passage
    said = (passage.condominium_id, passage.lane_id, decision.outcome, passage.shown_plate)
    transaction.on_commit(lambda: homes.tell_passage(*said), robust=True)


homes.LANES.append(lanes)
