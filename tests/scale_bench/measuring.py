"""`python -m tests.scale_bench.measuring`: asks each page of a filled database, and says how long it took."""

import argparse
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from access import holdings, lane_days  # noqa: E402
from access.models import Passage  # noqa: E402
from premises.clients import create_client  # noqa: E402
from premises.models import Condominium, Membership, User  # noqa: E402
from premises.roles import Permission, Role  # noqa: E402
from tests.scale_bench import deciding  # noqa: E402
from tests.scale_bench.pages import Page, admin_pages, api_pages  # noqa: E402

LIMIT_MS = 200.0
WARMING = 2


@dataclass(frozen=True)
class Timing:
    who: str
    name: str
    p50_ms: float
    worst_ms: float
    cpu_ms: float
    database_ms: float
    queries: int

    @property
    def is_over(self) -> bool:
        return self.p50_ms > LIMIT_MS and self.cpu_ms > LIMIT_MS

    def line(self) -> str:
        told = f"{self.who:<9}{self.name:<36}{self.p50_ms:>9.1f}{self.worst_ms:>9.1f}{self.cpu_ms:>9.1f}"
        waited = "  waited" if self.p50_ms > LIMIT_MS else ""
        return f"{told}{self.database_ms:>9.1f}{self.queries:>5}{'  OVER' if self.is_over else waited}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--empty", type=int, help="only register so many vehicles, and measure deciding")
    options = parser.parse_args()
    if options.empty:
        deciding.prepare(options.empty)
        say(decided("no passages", options.calls).line())
        return 0
    say(f"{'who':<9}{'what':<36}{'p50 ms':>9}{'worst':>9}{'cpu':>9}{'database':>9}{'n':>5}")
    found = everything(options.calls, options.plans, options.only)
    say(json.dumps([vars(each) for each in found]))
    return int(any(each.is_over for each in found))


def everything(calls: int, plans: bool, only: str) -> list[Timing]:
    largest = Condominium.objects.get(pk=_largest())
    say(beforehand(largest))
    found = []
    for who, client, pages in (
        ("manager", signed_in(manager(largest)), admin_pages(largest) + api_pages(largest)),
        ("owner", signed_in(owner()), admin_pages(largest) + api_pages(largest)),
        ("program", program(largest), api_pages(largest)),
    ):
        found += [measured(who, client, page, calls, plans) for page in pages if re.search(only, page.name)]
    if Condominium.objects.filter(slug=deciding.SLUG).exists():
        found.append(decided("all passages", calls))
        say(found[-1].line())
    return found


def beforehand(condominium: Condominium) -> str:
    """What tasks count for the first page, and how long they took."""
    now, times = timezone.now(), []
    for count in (lane_days.catch_up, lane_days.catch_up, holdings.count, holdings.count_missed):
        begun = time.perf_counter()
        count(condominium, now)
        times.append(time.perf_counter() - begun)
    first, again, kept, missed = (f"{each:.2f} s" for each in times)
    return f"counted by tasks: four weeks {first}, two days {again}, what is kept {kept}, missed openings {missed}"


def _largest() -> int:
    sizes = Passage.objects.order_by().values_list("condominium").annotate(number=Count("pk")).order_by("-number")
    return int(sizes[0][0])


def manager(condominium: Condominium) -> User:
    user, _ = User.objects.get_or_create(username="bench-manager")
    Membership.objects.get_or_create(user=user, condominium=condominium, role=Role.MANAGER)
    return user


def owner() -> User:
    user, _ = User.objects.get_or_create(username="bench-owner", is_superuser=True, is_staff=True)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program(condominium: Condominium) -> Client:
    _, token = create_client(condominium, "bench", [Permission.VIEW_PASSAGES])
    return Client(headers={"Authorization": f"Bearer {token}"})


def measured(who: str, client: Client, page: Page, calls: int, plans: bool) -> Timing:
    def ask() -> None:
        answer = client.get(page.address, page.asked)
        assert answer.status_code == 200, (page, answer.status_code, answer.content[:300])

    for _ in range(WARMING):
        ask()
    times, cpu, database = counted(ask, calls)
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = sorted(captured.captured_queries, key=lambda query: float(query["time"]))
    timing = Timing(who, page.name, *rounded(times), round(cpu + database, 1), round(database, 1), len(queries))
    say(timing.line())
    if plans and queries:
        say(plan(queries[-1]["sql"]))
    return timing


def counted(ask: Callable[[], None], calls: int) -> tuple[list[float], float, float]:
    """The times of so many calls, and what one took of a processor here and in the database, all in milliseconds."""
    own, theirs = time.process_time(), on_processor()
    times = [timed(ask) for _ in range(calls)]
    return times, (time.process_time() - own) * 1000 / calls, (on_processor() - theirs) / calls


def on_processor() -> float:
    """Milliseconds that our connection's process in the database has computed so far; Linux, on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    return int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / 1e6


def timed(ask: Callable[[], None]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def rounded(times: list[float]) -> tuple[float, float]:
    return round(statistics.median(times), 1), round(max(times), 1)


def decided(name: str, calls: int) -> Timing:
    calls = max(calls, 20)
    deciding.decide(WARMING)  # the first reads the registry
    own, theirs = time.process_time(), on_processor()
    times = deciding.decide(calls)
    cpu, database = (time.process_time() - own) * 1000 / calls, (on_processor() - theirs) / calls
    return Timing("lane", f"deciding, {name}", *rounded(times), round(cpu + database, 1), round(database, 1), 0)


def plan(query: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}".replace("%", "%%"), [])
        return "\n".join(["", str(query)[:1500], *(f"    {row[0]}" for row in cursor.fetchall()), ""])


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
