"""How long the admin's lists take: `python -m tests.bench_admin_lists`, one JSON line each.

Each list is drawn with the theme's own table and with ours in turn, in one run, so that what else the machine does
weighs on both alike. 6,000 passages and 2,000 vehicles of three condominiums, asked for by their superuser, warm.
On a database of its own: SQLite, or PostgreSQL with `python -m tests.postgres python -m tests.bench_admin_lists`.
"""

import json
import os
import sys
import time
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from unfold.templatetags.unfold_list import result_list  # noqa: E402

from access.models import Passage, Vehicle  # noqa: E402
from premises.models import JournalEntry, Person, User  # noqa: E402
from premises.templatetags import cancela_list  # noqa: E402

TURNS = 15
LISTS: tuple[tuple[Any, int], ...] = ((Passage, 25), (Vehicle, 25), (Vehicle, 50), (JournalEntry, 50), (Person, 50))
OURS = cancela_list.drawn_table


def took(client: Client, address: str, table: Any) -> tuple[float, float]:
    """Milliseconds of a page that is drawn with `table`: by the clock, and of the processor."""
    cancela_list.drawn_table = table
    begun, busy = time.perf_counter(), time.process_time()
    assert client.get(address).status_code == 200
    return (time.perf_counter() - begun) * 1000, (time.process_time() - busy) * 1000


def measure(client: Client, model: Any, rows: int) -> None:
    page: Any = admin.site._registry[model]
    page.list_per_page = rows
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    tables = {"theme": result_list, "ours": OURS}
    for table in tables.values():
        took(client, address, table)
    turns = [{name: took(client, address, table) for name, table in tables.items()} for _ in range(TURNS)]
    told: dict[str, Any] = {"database": connection.vendor, "list": model._meta.model_name, "rows": rows, "turns": TURNS}
    for name in tables:
        clock, busy = zip(*(turn[name] for turn in turns), strict=True)
        told[name] = {"best": round(min(clock)), "median": round(median(clock)), "processor": round(median(busy))}
    sys.stdout.write(json.dumps(told) + "\n")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("fill", passages=6000, vehicles=2000, condominiums=3, verbosity=0)
    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    for model, rows in LISTS:
        measure(client, model, rows)


if __name__ == "__main__":
    main()
