"""Taking over the list of vehicles that people already have."""

from dataclasses import replace
from typing import BinaryIO

from django.db import transaction

from access.list_plan import Plan, Refusal, Report
from access.list_rows import entries_of
from access.sheets import ListError, read_rows
from access.vehicles import check_may_register
from premises import journal
from premises.journal import Actor
from premises.models import Condominium

__all__ = ["ListError", "Refusal", "Report", "import_vehicles"]


def import_vehicles(
    condominium: Condominium,
    file: BinaryIO,
    filename: str,
    *,
    by: Actor,
    sheet: str | None = None,
    dry_run: bool = True,
    strict: bool = False,
) -> Report:
    """Register the vehicles of a CSV or XLSX list with their units and owners, each with a permit without end.

    A row that cannot be taken is left out and reported, the others are taken in one transaction; `strict` takes
    nothing where any row is refused. A dry run only reports. Vehicles that are registered already stay as they are.
    Raises `ListError` where the file is no list of plates, and `PermissionDenied`.
    """
    check_may_register(by, condominium)
    entries, columns = entries_of(read_rows(file, filename, sheet))
    if dry_run:
        return replace(Plan(condominium, entries).report, columns=columns)
    with transaction.atomic():
        # Two imports at once shall not both find a unit missing.
        Condominium.objects.select_for_update().get(pk=condominium.pk)
        plan = Plan(condominium, entries)
        applied = not (strict and plan.report.refused)
        if applied:
            plan.apply()
            _journal(condominium, by, filename, plan)
    return replace(plan.report, columns=columns, applied=applied)


def _journal(condominium: Condominium, by: Actor, filename: str, plan: Plan) -> None:
    data = {
        "added": [vehicle.plate for vehicle in plan.vehicles],
        "unchanged": plan.report.unchanged,
        "refused": len(plan.report.refused),
    }
    journal.record(condominium, "vehicles.imported", actor=by, subject=filename, data=data)
