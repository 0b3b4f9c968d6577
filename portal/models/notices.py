"""Who was told of what: so that nobody is told twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Decision
from premises.models import JournalEntry


class Notice(models.Model):
    """A resident is told of a guest's arrival. Written before anything is sent; what was sent is noted after it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("e-mail sent at"), null=True)
    pushed = models.PositiveSmallIntegerField(_("browsers told"), default=0)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["user", "decision"], name="one_notice_of_an_arrival")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.decision_id}"


class AnswerNotice(models.Model):
    """A resident is told whether a vehicle was approved. Written before anything is sent, as of an arrival."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("e-mail sent at"), null=True)
    pushed = models.PositiveSmallIntegerField(_("browsers told"), default=0)

    class Meta:
        verbose_name = _("notice of an answer")
        verbose_name_plural = _("notices of answers")
        constraints = [models.UniqueConstraint(fields=["user", "entry"], name="one_notice_of_an_answer")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.entry_id}"
