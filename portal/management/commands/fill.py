"""`manage.py fill`: an invented installation of any size, to see how fast pages are in it."""

import secrets
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.filling import FillError, Size, fill
from premises.models import Condominium, User

EVERY = 2.0  # seconds between two words on how far it is


class Command(BaseCommand):
    help = "Fill a database with invented condominiums, vehicles and a year of passages. For measuring, not for use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--passages", type=int, required=True)
        parser.add_argument("--vehicles", type=int, default=100_000, help="default: %(default)s")
        parser.add_argument("--condominiums", type=int, default=200, help="default: %(default)s")
        parser.add_argument("--seed", type=int, default=1, help="the same number draws the same; default: %(default)s")
        parser.add_argument("--superuser", metavar="NAME", help="make one who may see everything; prints the password")
        parser.add_argument("--yes", action="store_true", help="also where there are condominiums already")

    def handle(self, *args: Any, **options: Any) -> None:
        if Condominium.objects.exists() and not options["yes"]:
            raise CommandError(
                "There are condominiums in this database. If they may be mixed with invented ones: --yes"
            )
        size = Size(options["passages"], options["vehicles"], options["condominiums"], options["seed"])
        try:
            fill(size, timezone.now(), Progress(self.stderr.write))
        except FillError as error:
            raise CommandError(str(error)) from error
        if name := options["superuser"]:
            password = secrets.token_urlsafe(9)
            User.objects.create_superuser(name, password=password)
            self.stdout.write(f"{name}: {password}")


class Progress:
    """Says how far it is, but not oftener than every other second."""

    def __init__(self, write: Any) -> None:
        self.write, self.began, self.told = write, time.monotonic(), 0.0

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self.told >= EVERY or " of " not in text:
            self.told = now
            self.write(f"fill: {text} ({now - self.began:.0f} s)")
