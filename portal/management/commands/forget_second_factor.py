"""`manage.py forget_second_factor NAME`: for who lost phone and recovery codes and has nobody above to ask."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from premises.models import User
from premises.second_factors import forget


class Command(BaseCommand):
    help = "Remove an account's second factors, so that the password alone lets its owner in to set up new ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']}.")
        self.stdout.write(f"{user.get_username()}: {forget(user)} removed")
