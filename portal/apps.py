from importlib import import_module

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from portal.accounts import checks
from portal.accounts.seen import begun


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        admin.site.index_template = "portal/today.html"
        register(checks.mail_can_be_sent, Tags.security, deploy=True)
        user_logged_in.connect(begun, dispatch_uid="session begun")
        import_module(
            "portal.invitations_kept"
        )  # they say what is kept of people, in every process that answers requests
        import_module("portal.notes_kept")
        import_module("portal.hearing")  # it listens for arrivals, in every process that decides
