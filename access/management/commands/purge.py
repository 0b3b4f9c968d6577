"""`manage.py purge [--dry-run]`: take away what was kept long enough, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from access import keepers
from access.purging import Purged, purge, rehearse
from premises.models import Condominium


class Command(BaseCommand):
    help = (
        "Take away the passages that were kept for as long as their condominium's policy says. A task does it nightly."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be taken away")
        parser.add_argument("--condominium", metavar="SLUG", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        condominiums = Condominium.objects.order_by("slug")
        if slug := options["condominium"]:
            condominiums = condominiums.filter(slug=slug)
            if not condominiums:
                raise CommandError(f"There is no condominium called {slug}.")
        for condominium in condominiums:
            self._purge(condominium, options["dry_run"])

    def _purge(self, condominium: Condominium, dry_run: bool) -> None:
        if not dry_run:
            records = keepers.purge(condominium, timezone.now())
            self.stdout.write(f"{condominium.slug}: {records} notes, invitations and links purged")
        while True:
            done = (rehearse if dry_run else purge)(condominium, timezone.now())
            self.stdout.write(f"{condominium.slug}: {_told(done, 'would be ' if dry_run else '')}")
            if not done.more:
                return


def _told(done: Purged, would: str) -> str:
    each = ", ".join(f"{count} of {kept}" for kept, count in sorted(done.passages.items()))
    said = f"{len(done.ids)} passages {would}purged{f' ({each})' if each else ''}, {done.photos} photos of openings"
    return f"{said}, {done.files_left} files could not be removed" if done.files_left else said
