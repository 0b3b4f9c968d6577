"""How long a real list takes, the first time and changed: `python -m tests.bench_lists`, one JSON line each.

2,000 invented vehicles as XLSX. The second list has 100 of them no more, 100 new ones, and others in half of the rest.
On a database of its own: SQLite, or PostgreSQL with `python -m tests.postgres python -m tests.bench_lists`. The tests'
settings are used, so that nothing of an installation is touched.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from access.list_export import export_vehicles  # noqa: E402
from access.lists import Report, import_vehicles  # noqa: E402
from access.sheet_writing import Format, written  # noqa: E402
from premises.models import Condominium  # noqa: E402

HEADINGS = ["Placa", "Proprietário", "Bloco", "Apto", "Modelo", "Cor", "Telefone", "E-mail"]
ROWS = 2000


def first_list() -> list[list[str]]:
    return [_row(number, "ABC", f"Pessoa {number // 2}", "ABCD"[number % 4], number // 8) for number in range(ROWS)]


def second_list() -> list[list[str]]:
    rows = first_list()[100:]
    for index, row in enumerate(rows):
        row[5] = "verde" if index % 2 else row[5]
        row[3] = str(500 + index) if index % 10 == 0 else row[3]
        row[6] = f"(11) 98888-{index:04d}" if index % 7 == 0 else row[6]
    return [*rows, *(_row(number, "XYZ", f"Novo {number}", "E", number) for number in range(100))]


def _row(number: int, letters: str, owner: str, block: str, unit: int) -> list[str]:
    plate = f"{letters}{number // 1000}{'ABCDEFGHIJ'[number // 100 % 10]}{number % 100:02d}"
    return [plate, owner, block, str(unit), "Fiat Argo", "prata", f"(11) 9{number:04d}-0000", f"p{number}@example.org"]


def measure(what: str, run: Callable[[], Report]) -> None:
    begun, busy = time.perf_counter(), time.process_time()
    report = run()
    took = {"seconds": round(time.perf_counter() - begun, 2), "processor": round(time.process_time() - busy, 2)}
    told = {"rows": report.rows, **took, **report.counts, "unchanged": report.unchanged, "refused": len(report.refused)}
    sys.stdout.write(json.dumps({"database": connection.vendor, "what": what, **told}) + "\n")


def main() -> None:
    call_command("migrate", verbosity=0)
    home = Condominium.objects.create(name="Bench", slug="bench")

    def take(data: bytes, *, dry_run: bool = False) -> Report:
        return import_vehicles(home, io.BytesIO(data), "list", by="bench", dry_run=dry_run, complete=True)

    first, second = (written([HEADINGS, *rows], Format.XLSX) for rows in (first_list(), second_list()))
    measure("first, dry run", lambda: take(first, dry_run=True))
    measure("first", lambda: take(first))
    measure("second, dry run", lambda: take(second, dry_run=True))
    measure("second", lambda: take(second))
    for kind in Format:
        measure(f"export as {kind.label} and take it in", lambda kind=kind: take(export_vehicles(home, kind, by="b")))  # type: ignore[misc]


if __name__ == "__main__":
    main()
