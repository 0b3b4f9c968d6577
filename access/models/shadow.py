"""Shadow runs: a lane's last days, decided again with a change that is not made yet."""

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from access.models.lanes import Lane
from premises.tenancy import TenantModel


class RunState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ShadowRun(TenantModel):
    """One comparison, how far it is, and what came of it. It names passages and vehicles by number, no plate."""

    area = "passages"

    lane = models.ForeignKey(Lane, verbose_name=_("lane"), on_delete=models.CASCADE, related_name="shadow_runs")
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    by_name = models.CharField(_("asked by"), max_length=150)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    # As `shadowing.Settings`.
    before = models.JSONField(_("as it is"))
    wanted = models.JSONField(_("as it would be"))
    total = models.PositiveIntegerField(_("passages"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    worked_at = models.DateTimeField(_("last worked on"), null=True, editable=False)
    # As `comparing.Figures`.
    counts = models.JSONField(_("counts"), default=dict)
    differences = models.JSONField(_("differences"), default=list)
    saved_at = models.DateTimeField(_("change made at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comparison in the shadow")
        verbose_name_plural = _("comparisons in the shadow")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["lane", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.lane}, {date_format(localtime(self.created_at), 'SHORT_DATETIME_FORMAT')}"

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.DONE, RunState.FAILED)

    @property
    def reads_again(self) -> bool:
        """Whether it is about another engine, which has to read the pictures that are kept."""
        return bool(self.before["engine"] != self.wanted["engine"])

    @property
    def changed(self) -> list[str]:
        """The names of the lane's fields that would change."""
        return sorted(name for name, value in self.wanted.items() if self.before[name] != value)
