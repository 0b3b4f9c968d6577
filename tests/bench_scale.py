"""`make bench-scale`: how long pages and answers take with very many passages, and whether deciding slows down.

Starts a PostgreSQL of its own, measures deciding while it is empty, fills it (`manage.py fill`), and asks each page as
the manager of the largest condominium, as the owner of the installation and as a program. Every line is the median and
the worst of warm calls, with all that a request costs but the network; `cpu` is what one call took of a processor, here
and in the database, `database` the latter part, `n` its queries. On a busy machine a call waits, for others' sake: only
what is over the limit by both is over it. The last line is JSON. Ends with status 1 where a page is over the limit.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import MISSING, programs, server

# As a machine of 8 GB that holds little else would have them; written out in docs/scale.md.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "work_mem": "32MB",
    "max_wal_size": "8GB",
    "random_page_cost": "1.1",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--vehicles", type=int, default=100_000)
    parser.add_argument("--condominiums", type=int, default=200)
    parser.add_argument("--calls", type=int, default=10, help="warm calls of each page")
    parser.add_argument("--plans", action="store_true", help="also the plan of each page's slowest query")
    parser.add_argument("--database", help="measure this one, filled before, instead of making one")
    parser.add_argument("--only", default="", metavar="PATTERN", help="only pages whose name this pattern finds")
    options = parser.parse_args()
    measuring = ["-m", "tests.scale_bench.measuring", "--calls", str(options.calls), "--only", options.only]
    measuring += ["--plans"] if options.plans else []
    with site(options.database) as run:
        if options.database:
            return run(*measuring)
        size = [f"--{name}={getattr(options, name)}" for name in ("passages", "vehicles", "condominiums")]
        return (
            run("manage.py", "migrate", "-v0")
            or run("-m", "tests.scale_bench.measuring", "--empty", str(options.vehicles))
            or run("manage.py", "fill", "--yes", *size)
            or run(*measuring)
        )


@contextmanager
def site(database: str | None) -> Iterator["Run"]:
    """Runs programs of ours against that database, or against one that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="cancela-scale-") as var:
        if database:
            yield Run(database, var)
        elif (bin_folder := programs()) is None:
            sys.stderr.write("bench-scale: no PostgreSQL server on this machine\n")
            sys.exit(MISSING)
        else:
            with server(bin_folder, SETTINGS) as url:
                yield Run(url, var)


class Run:
    def __init__(self, database: str, var: str) -> None:
        # A program may not ask so often in earnest.
        of_ours = {"DATABASE_URL": database, "CANCELA_VAR": var, "API_RATE": "1000000/min", "LOG_LEVEL": "ERROR"}
        self.environment = {**os.environ, **of_ours, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def __call__(self, *arguments: str) -> int:
        return subprocess.run([sys.executable, *arguments], env=self.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
