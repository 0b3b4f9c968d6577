"""How many strangers each policy would let in at a lane, and how many who are registered it would keep waiting."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from access.estimating import Row, Tolerance, estimate
from access.models import Lane
from access.policies import Policy

SHOWN = 20  # pairs


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lane", type=int, help="the number of a lane; without it every active lane with a gate")
        parser.add_argument(
            "--count", type=int, default=2000, help="plates drawn for each figure (default: %(default)s)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")

    def handle(self, *arguments: Any, **options: Any) -> None:
        lanes = Lane.objects.select_related("condominium").order_by("condominium", "name")
        lanes = (
            lanes.filter(pk=options["lane"]) if options["lane"] else lanes.filter(is_active=True, gate__isnull=False)
        )
        if not lanes:
            raise CommandError("There is no such lane.")
        told = [(lane, _tolerance(lane, options["count"])) for lane in lanes]
        if options["json"]:
            self.stdout.write(json.dumps([_plain(lane, tolerance) for lane, tolerance in told], indent=1))
        else:
            for lane, tolerance in told:
                self._tell(lane, tolerance)

    def _tell(self, lane: Lane, tolerance: Tolerance | str) -> None:
        self.stdout.write(f"{lane.condominium} · {lane}")
        if isinstance(tolerance, str):
            self.stdout.write(f"  {tolerance}\n")
            return
        based = "reads of this lane" if tolerance.own else "typical reads"
        self.stdout.write(f"  {tolerance.vehicles} vehicles, {tolerance.reads} {based}")
        self.stdout.write(f"  {'':<12}{'strangers':>20}{'look-alikes':>13}{'wait':>8}{'mistaken':>10}")
        self.stdout.write(f"  {'':<12}{'of 1000000':>20}{'of 1000':>13}{'of 1000':>8}{'of 1000':>10}")
        for row in tolerance.rows:
            found = row.estimate
            strangers = f"{found.strangers:>11.1f} ±{found.error:>7.1f}"
            figures = f"{strangers}{found.alike:>13.1f}{found.waiting:>8.0f}{found.mistaken:>10.2f}"
            self.stdout.write(f"  {_name(row):<12}{figures}{'  ← this lane' if row.chosen else ''}")
        for pair in tolerance.alike[:SHOWN]:
            self.stdout.write(f"  too alike: {pair.one} {pair.other}{' (easily confused)' if pair.similar else ''}")
        if len(tolerance.alike) > SHOWN:
            self.stdout.write(f"  … and {len(tolerance.alike) - SHOWN} pairs more")


def _tolerance(lane: Lane, count: int) -> Tolerance | str:
    try:
        return estimate(lane, timezone.now(), count)
    except ValueError as error:
        return str(error)


def _name(row: Row) -> str:
    return f"{row.agreeing} of 7" if row.policy == Policy.AGREEING else row.policy


def _plain(lane: Lane, tolerance: Tolerance | str) -> dict[str, Any]:
    said = {"error": tolerance} if isinstance(tolerance, str) else asdict(tolerance)
    return {"lane": lane.pk, "name": lane.name, "condominium": lane.condominium_id, **said}
