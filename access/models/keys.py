"""Keys that people hold: tags and codes for the reader at a gate."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from access.models.registry import Vehicle
from gates.models import Gate
from premises.models import Person, Unit
from premises.tenancy import TenantModel


class KeyKind(models.TextChoices):
    TAG = "tag", _("tag")
    CODE = "code", _("code")


class Key(TenantModel):
    """A tag or a code, and the gates that it opens. It is ended and not deleted: what it opened is told by it.

    Its digits are encrypted, and shown to nobody; of a tag the last three are kept to be recognised by. Boards get
    digests of them, each another. `digest` is by which the registry finds its own twin.
    """

    area = "registry"

    kind = models.CharField(_("kind"), max_length=4, choices=KeyKind.choices, default=KeyKind.TAG)
    digits = EncryptedTextField(_("number"), editable=False)
    digest = models.CharField(max_length=64, editable=False)
    ending = models.CharField(_("ends in"), max_length=3, blank=True, editable=False)
    holder = models.CharField(_("whose it is"), max_length=80, help_text=_("Name, or what it is for."))
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.SET_NULL, related_name="keys"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), null=True, blank=True, on_delete=models.SET_NULL, related_name="keys"
    )
    vehicle = models.ForeignKey(
        Vehicle,
        verbose_name=_("vehicle"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="keys",
        help_text=_("It opens only while this vehicle may pass."),
    )
    gates = models.ManyToManyField(Gate, verbose_name=_("gates"), blank=True, help_text=_("None chosen: all gates."))
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ["holder", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["condominium", "digest"], condition=models.Q(ended_at=None), name="one_living_key_of_its_digits"
            )
        ]

    def __str__(self) -> str:
        ending = f" …{self.ending}" if self.ending else ""
        return f"{self.get_kind_display()}{ending} · {self.holder}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    def holds_at(self, now: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= now
        return self.is_active and begun and (self.valid_until is None or now < self.valid_until)

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": _("The key would end before it begins.")})


# A key without gates is for all of them, so a deleted gate must not take itself out of a key.
Key.gates.through._meta.get_field("gate").remote_field.on_delete = models.PROTECT
