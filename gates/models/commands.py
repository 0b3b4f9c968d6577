"""What gates and their boards were told, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gates.models.gates import Gate
from gates.order_states import OrderState, Standing
from gates.problems import Problem
from gates.states import NOT_MOVED, State
from premises.tenancy import TenantModel


class GateCommand(TenantModel):
    """One opening, one life. The row is the queue."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.ForeignKey(Gate, verbose_name=_("gate"), on_delete=models.PROTECT, related_name="commands")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    passage_id = models.UUIDField(_("passage"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The name outlives the account.
    requested_by_name = models.CharField(_("asked by"), max_length=150)
    reason = models.CharField(_("reason"), max_length=200)
    pulse_ms = models.PositiveIntegerField(_("pulse (ms)"))

    requested_at = models.DateTimeField(_("requested at"))
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    pulsed_at = models.DateTimeField(_("pulsed at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    session = models.CharField(max_length=32, blank=True)
    expires_uptime_ms = models.PositiveBigIntegerField(null=True)
    problem = models.CharField(_("why not"), max_length=40, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(_("details"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gate command")
        verbose_name_plural = _("gate commands")
        ordering = ["-requested_at"]
        indexes = [
            models.Index(fields=["state", "expires_at"]),
            models.Index(fields=["gate", "-requested_at"]),
            models.Index(fields=["passage_id"]),
            models.Index(fields=["-requested_at"]),
            models.Index(
                fields=["condominium", "-requested_at"],
                condition=models.Q(state__in=NOT_MOVED),
                name="commands_that_moved_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} · {self.get_state_display()}"


class StandingOrder(TenantModel):
    """One telling of a controller what stands at a gate until further notice."""

    area = "passages"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gate = models.ForeignKey(Gate, verbose_name=_("gate"), on_delete=models.PROTECT, related_name="orders")
    standing = models.CharField(_("until further notice"), max_length=6, choices=Standing.choices)
    for_ms = models.PositiveIntegerField(_("for (ms)"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=OrderState.choices, default=OrderState.SENT)
    asked_by_name = models.CharField(_("asked by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    session = models.CharField(max_length=32)
    expires_uptime_ms = models.PositiveBigIntegerField()
    problem = models.CharField(_("why not"), max_length=40, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(_("details"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("standing order")
        verbose_name_plural = _("standing orders")
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["gate", "-sent_at"]),
            models.Index(fields=["state", "expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.gate} · {self.get_standing_display()}"
