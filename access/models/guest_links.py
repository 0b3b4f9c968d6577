"""Links by which a guest announces the own vehicle."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.permits import Permit
from premises.models import Unit
from premises.tenancy import TenantModel


class GuestLink(TenantModel):
    """A unit's word for a guest whose plate it does not know. Who has the link fills it in, once, until it expires.

    Only the digest of the link's token is kept, so that whoever reads the database cannot use it.
    """

    area = "registry"

    host = models.ForeignKey(Unit, verbose_name=_("host unit"), on_delete=models.CASCADE, related_name="guest_links")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("invited by"), on_delete=models.CASCADE, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    # For the resident's own list; the guest does not see it.
    note = models.CharField(_("for whom"), max_length=80, blank=True)
    # All that the guest is told of who invites, in the resident's own words.
    greeting = models.CharField(_("shown to the guest"), max_length=80, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"))
    single_entry = models.BooleanField(_("for one entry"), default=False)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    used_at = models.DateTimeField(_("used at"), null=True, editable=False)
    permit = models.OneToOneField(
        Permit, verbose_name=_("permit"), null=True, editable=False, on_delete=models.CASCADE, related_name="guest_link"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("guest's link")
        verbose_name_plural = _("guests' links")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["condominium", "host", "-created_at"])]

    def __str__(self) -> str:
        return self.note or str(self.host)

    def is_open_at(self, now: datetime) -> bool:
        return self.used_at is None and self.taken_back_at is None and now < self.valid_until

    @property
    def terms(self) -> dict[str, Any]:
        """What the guest's pass will be good for."""
        return {"valid_from": self.valid_from, "valid_until": self.valid_until, "single_entry": self.single_entry}
