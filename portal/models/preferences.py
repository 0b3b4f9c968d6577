"""What a resident wants to be told, and in which language."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preferences(models.Model):
    """Of one user, for all homes. Who never said anything has those that a new row has."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preferences"
    )
    mail_arrivals = models.BooleanField(_("e-mail when a guest arrives"), default=True)
    push_arrivals = models.BooleanField(_("notification when a guest arrives"), default=True)
    mail_vehicles = models.BooleanField(
        _("e-mail when a vehicle is approved or refused"), default=True, db_default=True
    )
    push_vehicles = models.BooleanField(
        _("notification when a vehicle is approved or refused"), default=True, db_default=True
    )
    # Empty: the site's own.
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.user_id)
