"""`manage.py replay_passage ID`: would it be decided again as it was decided?"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from access.replaying import replay
from premises.models import JournalEntry


class Command(BaseCommand):
    help = "Decide a passage once more, by what the journal holds of it, and say whether it comes out the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("passage", type=UUID, help="the id of a passage, as its page and the API show it")

    def handle(self, *args: Any, **options: Any) -> None:
        entry = JournalEntry.objects.filter(passage_id=options["passage"], action="passage.decided").first()
        if entry is None:
            raise CommandError("Of no such passage a decision is in the journal.")
        if entry.is_erased:
            raise CommandError(
                f"Entry {entry.sequence}: what this decision rested on was erased, because it was kept long enough or "
                f"because somebody asked for it. What is left is its digest: {entry.personal_digest or entry.digest}"
            )
        try:
            again = replay(entry)
        except ValueError as error:
            raise CommandError(f"Entry {entry.sequence}: {error}") from error
        self.stdout.write(f"entry {entry.sequence} of {entry.at:%Y-%m-%d %H:%M:%S}: {entry.subject}")
        for when, (outcome, reason, policy) in (("then", again.then), ("now", again.now)):
            self.stdout.write(f"{when:<5}{outcome or 'look again'} · {reason or '-'} · {policy}")
        if not again.same:
            raise CommandError("It does not come out the same.")
        self.stdout.write("It comes out the same. (`manage.py verify_journal` says whether the journal is whole.)")
