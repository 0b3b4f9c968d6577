"""`manage.py seed_demo`: the demonstration condominium, once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import demo, demo_pictures


class Command(BaseCommand):
    help = "Make the demonstration condominium where it is not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--frames", type=Path, help="pictures that the simulated recorder will serve")

        parser.add_argument("--empty", action="store_true", help="only who keeps the installation, and no condominium")

    def handle(self, *args: Any, **options: Any) -> None:
        if demo.is_empty(wanted=options["empty"]):
            demo.seed_nothing()
            return
        condominium = demo.seed()
        if folder := options["frames"]:
            try:
                demo_pictures.prepare(condominium, folder)
            except OSError as error:
                raise CommandError(str(error)) from error
