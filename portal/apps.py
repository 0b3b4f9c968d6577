from importlib import import_module

from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        admin.site.index_template = "portal/today.html"
        import_module("portal.hearing")  # it listens for arrivals, in every process that decides
