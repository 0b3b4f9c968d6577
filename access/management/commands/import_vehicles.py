from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.lists import ListError, Report, import_vehicles
from premises.models import Condominium


class Command(BaseCommand):
    help = "Takes over a list of vehicles (CSV or XLSX). Without --apply it only says what it would do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--condominium", required=True, metavar="SHORT-NAME")
        parser.add_argument("--sheet", help="of an XLSX; its first one without this")
        parser.add_argument("--apply", action="store_true", help="write it")
        parser.add_argument("--strict", action="store_true", help="write nothing if any row is refused")

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
                )
        except (OSError, ListError) as error:
            raise CommandError(str(error)) from error
        self.print(report)

    def print(self, report: Report) -> None:
        columns = ", ".join(f"{name}: {heading!r}" for name, heading in report.columns.items())
        self.stdout.write(f"Columns: {columns}")
        for refusal in report.refused:
            self.stdout.write(f"Row {refusal.row}: {refusal.plate or '(no plate)'}: {refusal.message}")
        self.stdout.write(
            f"{report.rows} plates: {report.added} added, {report.unchanged} unchanged, "
            f"{len(report.refused)} refused; {report.units} units and {report.people} people added."
        )
        if not report.applied:
            self.stdout.write("Nothing was written. Add --apply to write it.")
