"""Rehearsals: the whole way from camera to board tried without a vehicle, and without anything moving."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.lanes import Lane
from premises.tenancy import TenantModel


class Link(models.TextChoices):
    """The links of the chain, in the order in which a picture goes through them."""

    CAMERA = "camera", _("camera")
    READING = "reading", _("recognition")
    RULE = "rule", _("decision")
    BROKER = "broker", _("message broker")
    BOARD = "board", _("controller")


class Rehearsal(TenantModel):
    """One rehearsal of one lane. It names nobody: what was read, and of whom, is not kept.

    `links` holds, for each link in order, {"link", "state": "ok" | "broken" | "skipped", "code", "facts", "ms"};
    `rehearsal_words` says it. `news` is what managers are to be told: that a link broke, or that all hold again.
    """

    class News(models.TextChoices):
        BROKEN = "broken", _("a link broke")
        RECOVERED = "recovered", _("all links hold again")

    area = "devices"

    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.CASCADE, related_name="rehearsals")
    # The day of a daily one, on the condominium's own calendar; none where a person asked for it.
    day = models.DateField(_("day"), null=True)
    by_name = models.CharField(_("asked by"), max_length=150, blank=True)
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    broken = models.CharField(_("broken link"), max_length=8, choices=Link.choices, blank=True)
    links = models.JSONField(default=list)
    news = models.CharField(max_length=10, choices=News.choices, blank=True)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-begun_at"]
        constraints = [models.UniqueConstraint(fields=["lane", "day"], name="one_rehearsal_of_a_lanes_day")]
        indexes = [models.Index(fields=["lane", "-begun_at"])]

    def __str__(self) -> str:
        return f"{self.lane} {self.begun_at}"
