"""`manage.py verify_journal`: is every chain whole?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from premises.journal import verify
from premises.models import Condominium, JournalEntry, JournalHead


class Command(BaseCommand):
    help = "Walk the journal of every condominium and name the first entry that does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--condominium", metavar="SLUG", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        condominiums = Condominium.objects.order_by("slug")
        if slug := options["condominium"]:
            condominiums = condominiums.filter(slug=slug)
            if not condominiums:
                raise CommandError(f"There is no condominium called {slug}.")
        misfits = [misfit for one in condominiums if (misfit := self._verify(one))]
        if misfits:
            raise CommandError(f"{len(misfits)} of {len(condominiums)} journals do not fit.")

    def _verify(self, condominium: Condominium) -> bool:
        if misfit := verify(condominium):
            self.stderr.write(f"{condominium.slug}: entry {misfit.sequence}: {misfit.why}")
            return True
        head = JournalHead.objects.filter(condominium=condominium).first() or JournalHead()
        erased = JournalEntry.objects.filter(condominium=condominium, is_erased=True).count()
        what = f"{head.sequence} entries fit" + (f", {erased} of them erased" if erased else "")
        self.stdout.write(f"{condominium.slug}: {what}; the last digest is {head.digest or '-'}")
        return False
