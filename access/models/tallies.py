"""What is counted beforehand, so that the first page shows at once: a lane's day, and what a condominium keeps.

They name nobody, so that they outlive the passages they were counted from.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.lanes import Lane
from premises.tenancy import TenantModel


class LaneDay(TenantModel):
    """A lane's passages of one day of its own time: how surely they were read, how soon its gate pulsed."""

    area = "passages"

    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    decided = models.PositiveIntegerField(default=0)
    sure = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    # Openings whose way from picture to pulse was measured, and the times that half and 95 of 100 did not exceed.
    pulses = models.PositiveIntegerField(default=0)
    p50_ms = models.PositiveIntegerField(null=True)
    p95_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("day of a lane")
        verbose_name_plural = _("days of lanes")
        ordering = ["day", "lane"]
        constraints = [models.UniqueConstraint(fields=["lane", "day"], name="one_count_of_a_lanes_day")]
        indexes = [models.Index(fields=["condominium", "day"])]

    def __str__(self) -> str:
        return f"{self.lane} {self.day}"


class Holding(TenantModel):
    """What a condominium keeps and what is to be looked at, as it was counted last.

    `bytes` is reckoned from the newest pictures where these are many. `due` passages go at the purge of `due_at`.
    """

    area = "passages"

    counted_at = models.DateTimeField()
    pictures = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    oldest_at = models.DateTimeField(null=True)
    due = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    missed = models.PositiveIntegerField(default=0)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("what is kept")
        verbose_name_plural = _("what is kept")
        constraints = [models.UniqueConstraint(fields=["condominium"], name="one_holding_of_a_condominium")]

    def __str__(self) -> str:
        return str(self.counted_at)
