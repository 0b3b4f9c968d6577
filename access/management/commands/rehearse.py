"""`manage.py rehearse [--lane N]`: try the whole way of each lane now, without a vehicle and without a pulse."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.models import Lane
from access.rehearsal_words import links_of
from access.rehearsing import RehearsalError, rehearse


class Command(BaseCommand):
    help = "Rehearse lanes: camera, recognition, decision, broker, controller. No gate moves. A task does it nightly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lane", type=int, metavar="N", help="only this one, by its number")

    def handle(self, *args: Any, **options: Any) -> None:
        lanes = Lane.objects.filter(is_active=True).order_by("pk")
        if (number := options["lane"]) is not None:
            lanes = lanes.filter(pk=number)
            if not lanes:
                raise CommandError(f"There is no active lane {number}.")
        broken = sum(self._is_broken(lane) for lane in lanes)
        if broken:
            raise CommandError(f"{broken} of {len(lanes)} lanes did not pass.")

    def _is_broken(self, lane: Lane) -> bool:
        try:
            row = rehearse(lane, by="manage.py")
        except RehearsalError as error:
            self.stdout.write(f"{lane.pk} {error}")
            return False
        self.stdout.write(f"{lane.pk} {lane}: {'BROKEN' if row.broken else 'ok'}")
        for link in links_of(row):
            took = f" ({link.ms} ms)" if link.ms is not None else ""
            self.stdout.write(f"  {link.sign} {link.name}: {link.sentence}{took}")
        return bool(row.broken)
