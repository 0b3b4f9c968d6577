"""`manage.py write_broker_config --for mosquitto --out DIR`: for a broker that others run."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from gates import broker_config

WRITERS = {"mosquitto": broker_config.write_mosquitto, "nats": broker_config.write_nats}


class Command(BaseCommand):
    help = "Write the users and access lists of all active controllers for a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--for", dest="broker", choices=sorted(WRITERS), required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in WRITERS[options["broker"]](options["out"].resolve()):
            self.stdout.write(str(path))
