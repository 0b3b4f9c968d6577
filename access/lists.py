"""Taking over the list of vehicles that people already have, again and again."""

from dataclasses import replace
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.list_plan import Plan
from access.list_report import Kind, Refusal, Report
from access.list_rows import Entry, entries_of
from access.list_stock import Stock
from access.list_writing import write
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
    complete: bool = False,
) -> Report:
    """Bring the register to what a CSV or XLSX list says: new vehicles with a permit without end, changed ones,
    those that were signed off and are back; with `complete`, those are signed off that a list brought and this one
    does not have.

    A row that cannot be taken is left out and reported, the others are taken in one transaction; `strict` takes
    nothing where any row is refused. A dry run only reports. Raises `ListError` where the file is no list of plates,
    and `PermissionDenied`.
    """
    check_may_register(by, condominium)
    entries, columns = entries_of(read_rows(file, filename, sheet))
    if dry_run:
        return replace(_plan(condominium, entries, complete).report, columns=columns)
    with transaction.atomic():
        # Two imports at once shall not both find a unit missing.
        Condominium.objects.select_for_update().get(pk=condominium.pk)
        plan = _plan(condominium, entries, complete, lock=True)
        applied = not (strict and plan.report.refused)
        if applied:
            write(plan, timezone.now())
            _journal(condominium, by, filename, plan.report)
    return replace(plan.report, columns=columns, applied=applied)


def _plan(condominium: Condominium, entries: list[Entry], complete: bool, *, lock: bool = False) -> Plan:
    plan = Plan(Stock(condominium, lock=lock), entries, complete=complete)
    if complete and not plan.named:
        raise ListError("no_plates", _("The list names no vehicle: as a complete list it would sign off all of them."))
    return plan


def _journal(condominium: Condominium, by: Actor, filename: str, report: Report) -> None:
    """Which vehicles and which fields; not what stood there: names and numbers of people may have to be forgotten."""
    data: dict[str, Any] = {kind.value: [] for kind in Kind}
    for change in report.changes:
        data[change.what].append(change.plate)
    fields = {change.plate: [each.field for each in change.differences] for change in report.changes}
    data |= {"fields": {plate: names for plate, names in fields.items() if names}}
    data |= {"unchanged": report.unchanged, "refused": len(report.refused)}
    kept = {name: value for name, value in data.items() if value or name in ("added", "unchanged", "refused")}
    journal.record(condominium, "vehicles.imported", actor=by, subject=filename, data=kept)
