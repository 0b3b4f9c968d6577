"""What is being done for a data-subject request, and how far it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.privacy import SubjectRequest
from access.models.shadow import RunState


class WorkKind(models.TextChoices):
    GATHER = "gather", _("gather")
    ERASE = "erase", _("erase")


class RequestWork(models.Model):
    """One at a time for a request. The row is the queue: what somebody died over is left here, and taken up again."""

    request = models.OneToOneField(SubjectRequest, on_delete=models.CASCADE, related_name="work")
    kind = models.CharField(max_length=10, choices=WorkKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Of who asked: the sentences of the outcome are theirs to read.
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.WAITING)
    problem = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True)
    # How often it was begun: whoever works by an older number has been given up, and changes nothing any more.
    tries = models.PositiveSmallIntegerField(default=0)
    busy = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    draft = models.CharField(max_length=200, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("work for a data-subject request")
        verbose_name_plural = _("works for data-subject requests")

    def __str__(self) -> str:
        return f"{self.request_id}: {self.kind}"

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.DONE, RunState.FAILED)
