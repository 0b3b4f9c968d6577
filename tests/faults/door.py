"""`python -m tests.faults.door`: a server process, told by lines on its standard input what to do; as many threads
as a web server's. Each line is a JSON object with `do` and what that needs.
"""

import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from tests.faults import asking

from gates import commands  # isort: skip

THREADS = 32
log = logging.getLogger("door")


def obey(order: dict[str, Any]) -> None:
    try:
        if order["do"] == "open":
            asking.ask(order["gate"], order["reason"])
        elif order["do"] == "send":
            commands.send(UUID(order["id"]))
        elif order["do"] == "sweep":
            commands.sweep()
    except Exception:  # what a web server does: say so, and go on
        log.exception("%s", order)


def main() -> None:
    asking.prepare()
    sys.stdout.write("the door is open\n")
    sys.stdout.flush()
    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            pool.submit(obey, json.loads(line))


if __name__ == "__main__":
    main()
