from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = _("Access")

    def ready(self) -> None:
        import_module("access.rolls")  # it listens for changes of the registry, in every process that makes any
        import_module("access.home_told")  # Home Assistants hear of its lanes, from the process that listens to gates
        import_module("access.key_answers")  # gates ask it about keys
        # What is kept of keys and of guests, in every process that answers requests or purges.
        import_module("access.key_records")
        import_module("access.guest_records")
