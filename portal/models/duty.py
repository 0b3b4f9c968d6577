"""The gatehouse's own book: who is on duty, what is handed over, and who was turned away."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Passage
from premises.tenancy import TenantModel


class Shift(TenantModel):
    """Somebody's time on duty at the gatehouse of a condominium; the one under way has no end yet."""

    area = "duty"

    guard = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("guard"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The name outlives the account.
    guard_name = models.CharField(_("guard"), max_length=150)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["condominium"], condition=models.Q(ended_at=None), name="one_shift_under_way"
            )
        ]

    def __str__(self) -> str:
        return self.guard_name


class Note(TenantModel):
    """Something for whoever comes next; it stands until somebody says that it is done."""

    area = "duty"

    text = models.CharField(_("note"), max_length=300)
    by_name = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by_name = models.CharField(_("done by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at"]
        indexes = [
            models.Index(fields=["condominium", "at"], condition=models.Q(done_at=None), name="notes_that_stand")
        ]

    def __str__(self) -> str:
        return self.text


class TurnedAway(TenantModel):
    """A guard looked at who stood there, and did not open. The decision itself stays as it was."""

    area = "duty"

    passage = models.OneToOneField(
        Passage, verbose_name=_("passage"), on_delete=models.CASCADE, related_name="turned_away"
    )
    by_name = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("passage turned away")
        verbose_name_plural = _("passages turned away")

    def __str__(self) -> str:
        return str(self.passage_id)
