"""An invitation by e-mail to become a member of a condominium."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from premises.models import Person, User
from premises.roles import Role
from premises.tenancy import TenantModel


def site_language() -> str:
    """The installation's."""
    return settings.LANGUAGE_CODE


class Invitation(TenantModel):
    """Who holds its link, and signs in or makes an account with it, becomes a member once. Of the link only a
    digest is kept."""

    area = "accounts"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back")

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(
        _("language of the e-mail"), max_length=10, choices=settings.LANGUAGES, default=site_language
    )
    invited_by = models.CharField(_("invited by"), max_length=150, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"), editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, verbose_name=_("accepted by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["condominium", "email", "role"],
                condition=models.Q(accepted_at=None, taken_back_at=None),
                name="one_open_invitation_of_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def state(self) -> State:
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.taken_back_at is not None:
            return self.State.TAKEN_BACK
        return self.State.WAITING if self.expires_at > timezone.now() else self.State.EXPIRED
