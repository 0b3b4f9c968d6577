"""`manage.py register_controller`: a new controller, and the file that goes on its board."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from gates import controllers, provisioning
from premises.models import Condominium


class Command(BaseCommand):
    help = "Register a controller and write its board's config.json, which holds its secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("condominium", metavar="CONDOMINIUM", help="its short name")
        parser.add_argument("device", metavar="DEVICE", help="lower-case letters, digits, - and _")
        parser.add_argument("--name", help="what people call it; the device where not given")
        parser.add_argument("--host", required=True, help="the broker, as the board reaches it")
        parser.add_argument("--port", type=int, default=1883)
        parser.add_argument("--tls", action="store_true")
        parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        condominium = Condominium.objects.filter(slug=options["condominium"]).first()
        if condominium is None:
            raise CommandError(f"There is no condominium called {options['condominium']}.")
        device = options["device"]
        try:
            _, credentials = controllers.register(condominium, options["name"] or device, device)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        where = {name: options[name] for name in ("host", "port", "tls")}
        provisioning.write_config(credentials, options["config"], **where)
        self.stdout.write(f"{device} is registered; copy {options['config']} to its board, then delete it.")
