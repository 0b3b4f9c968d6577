"""Which manager was told of which rehearsal: so that nobody is told twice, and a mail that failed is sent again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Rehearsal


class Alarm(models.Model):
    """A manager is told that a link broke, or that all hold again. Written before anything is sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="+")
    tried_at = models.DateTimeField(_("tried at"), null=True)
    mailed_at = models.DateTimeField(_("e-mail sent at"), null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [models.UniqueConstraint(fields=["user", "rehearsal"], name="one_alarm_of_a_rehearsal")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.rehearsal_id}"
