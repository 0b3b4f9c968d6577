"""`make test-faults`: makes a site in a folder of its own, runs all faults against it, and takes it away again.

Ends with status 1 where one of the sentences of docs/faults.md did not hold. With `--seed` of a run the same rounds
come in the same order. `--postgres`: on a PostgreSQL of its own; `--broker mosquitto`: at that broker.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.environment import database, site


def main(arguments: list[str]) -> int:
    broker = "mosquitto" if "mosquitto" in arguments else "nats"
    rest = [each for each in arguments if each not in ("--postgres", "--broker", "nats", "mosquitto")]
    with tempfile.TemporaryDirectory(prefix="cancela-faults-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with database(folder, "--postgres" in arguments) as url:
            command = [sys.executable, "-m", "tests.faults.running", *rest]
            return subprocess.run(command, env=site(folder, url, broker), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
