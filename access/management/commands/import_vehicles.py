from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.lists import ListError, Report, import_vehicles
from premises.models import Condominium

_TOTALS = gettext_lazy(
    "Plates: %(rows)s. Added: %(added)s. Changed: %(changed)s. Approved: %(approved)s. Taken up again: %(taken_up)s. "
    "Signed off: %(ended)s. Unchanged: %(unchanged)s. Refused: %(refused)s. "
    "New units: %(units)s. New people: %(people)s."
)


class Command(BaseCommand):
    help = "Takes over a list of vehicles (CSV or XLSX). Without --apply it only says what it would do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--condominium", required=True, metavar="SHORT-NAME")
        parser.add_argument("--sheet", help="of an XLSX; its first one without this")
        parser.add_argument("--apply", action="store_true", help="write it")
        parser.add_argument("--strict", action="store_true", help="write nothing if any row is refused")
        parser.add_argument(
            "--complete", action="store_true", help="sign off what an earlier list brought and this one does not have"
        )

    def handle(self, *, file: Path, condominium: str, sheet: str | None, **options: Any) -> None:
        home = Condominium.objects.filter(slug=condominium).first()
        if home is None:
            raise CommandError(f"There is no condominium {condominium!r}.")
        try:
            with file.open("rb") as opened:
                report = import_vehicles(
                    home,
                    opened,
                    file.name,
                    by="manage.py",
                    sheet=sheet,
                    dry_run=not options["apply"],
                    strict=options["strict"],
                    complete=options["complete"],
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ListError as error:
            raise CommandError(str(error)) from error
        self.print(report)

    def print(self, report: Report) -> None:
        columns = ", ".join(f"{name}: {heading!r}" for name, heading in report.columns.items())
        self.stdout.write(_("Columns: %(columns)s") % {"columns": columns})
        for refusal in report.refused:
            row = {"row": refusal.row, "plate": refusal.plate or _("no plate"), "why": refusal.message}
            self.stdout.write(_("Row %(row)s: %(plate)s: %(why)s") % row)
        for change in report.differing:
            told = "; ".join(f"{each.label}: {each.old or '–'} → {each.new}" for each in change.differences)
            self.stdout.write(f"{change.plate}: {change.words}{told and f' ({told})'}")
        self.stdout.write(_TOTALS % {**asdict(report), **report.counts, "refused": len(report.refused)})
        if not report.applied:
            self.stdout.write(_("Nothing was written. Add --apply to write it."))
