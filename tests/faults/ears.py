"""`python -m tests.faults.ears`: `manage.py listen_gates`, with a clock that can be moved."""

import os
from pathlib import Path

from django.core.management import execute_from_command_line

from tests.faults import moved_clock

if __name__ == "__main__":
    moved_clock.follow(Path(os.environ["FAULTS_FOLDER"]) / "clock")
    execute_from_command_line(["manage.py", "listen_gates"])
