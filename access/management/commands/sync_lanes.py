from typing import Any

from django.core.management.base import BaseCommand

from access.lanes import synchronise


class Command(BaseCommand):
    help = "Makes the timetable of the beat what the lanes say; run at every start."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{synchronise()} lanes are watched")
