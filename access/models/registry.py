"""The registry: vehicles, who may pass, and who never passes by itself."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.states import VehicleState
from access.telling import Kind
from premises.models import Person, Unit
from premises.tenancy import TenantModel
from recognition import PlateError, canonical, normalise, spellings

PLATE_PROBLEMS = {
    "empty": _("The plate is empty."),
    "characters": _("A plate has only the letters A to Z and the digits 0 to 9."),
    "too_short": _("A plate has at least 4 characters."),
    "too_long": _("A plate has at most 10 characters."),
}


class PlateRow(TenantModel):
    """A row that stands for a plate. However it was typed, it is kept in one spelling, and found by `plate_key`.

    `plate_key` is one for the old and the Mercosul spelling. `spell` is the only place that writes it; it raises
    `recognition.PlateError` for what cannot be a plate.
    """

    # Wide enough for what people type; what is kept has at most ten characters.
    plate = models.CharField(_("plate"), max_length=20)
    plate_key = models.CharField(max_length=10, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.plate

    def spell(self) -> None:
        self.plate, self.plate_key = normalise(self.plate), canonical(self.plate)

    def clean(self) -> None:
        super().clean()
        try:
            self.spell()
        except PlateError as error:
            raise ValidationError({"plate": PLATE_PROBLEMS.get(error.code, str(error))}) from error
        # The key is not on any form, so that Django's own look at the constraint would leave it out.
        rows = type(self)._default_manager.filter(condominium_id=self.condominium_id, plate_key=self.plate_key)
        if twin := rows.exclude(pk=self.pk).first():
            raise ValidationError({"plate": twin.there_already(self.plate)})

    def there_already(self, typed: str) -> str:
        """What is said to who may see this row and enters its plate, as `typed`, once more."""
        return gettext("%(plate)s is there already.") % {"plate": self.plate}

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.spell()
        if update_fields is not None and "plate" in update_fields:
            update_fields = {*update_fields, *self.spelt_fields}
        super().save(*args, update_fields=update_fields, **kwargs)

    spelt_fields: ClassVar[tuple[str, ...]] = ("plate_key",)


class Vehicle(PlateRow):
    """A registered vehicle. It is signed off when it is sold, not deleted: what passed is told by it."""

    area = "registry"
    spelt_fields = ("plate_key", "plate_old", "plate_mercosul")

    # Both spellings, for a search by what is painted on the car.
    plate_old = models.CharField(_("old spelling"), max_length=10, blank=True, editable=False)
    plate_mercosul = models.CharField(_("Mercosul spelling"), max_length=10, blank=True, editable=False)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="vehicles",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="vehicles",
    )
    make = models.CharField(_("make and model"), max_length=60, blank=True)
    colour = models.CharField(_("colour"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=VehicleState.choices, default=VehicleState.ACTIVE)
    ended_at = models.DateTimeField(_("signed off at"), null=True, blank=True, editable=False)
    # What was seen of it before says nothing of where it is now.
    forgiven_at = models.DateTimeField(_("whereabouts forgotten at"), null=True, blank=True, editable=False)
    ended_because = models.CharField(_("signed off because"), max_length=200, blank=True, editable=False)
    # Only what a list brought may a list take away.
    from_list = models.BooleanField(_("from a list"), default=False, editable=False)
    # Who else says that this vehicle is theirs; the last of them, the journal has all.
    claimed_by = models.ForeignKey(
        Person,
        verbose_name=_("also proposed by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["plate"]
        constraints = [models.UniqueConstraint(fields=["condominium", "plate_key"], name="one_vehicle_of_a_plate")]

    def spell(self) -> None:
        super().spell()
        both = spellings(self.plate)
        self.plate_old, self.plate_mercosul = (both[0], both[1]) if len(both) == 2 else ("", "")

    @property
    def is_active(self) -> bool:
        return self.state == VehicleState.ACTIVE

    @property
    def holder(self) -> str:
        """Unit and owner in a line; empty where neither is known."""
        return " · ".join(filter(None, (self.unit_name, self.owner_name)))

    def there_already(self, typed: str) -> str:
        words = {"typed": typed, "plate": self.plate, "holder": self.holder}
        if typed == self.plate:
            said = gettext("%(plate)s is already registered, for %(holder)s.")
            said = said if self.holder else gettext("%(plate)s is already registered.")
        else:
            said = gettext("%(typed)s is already registered, as %(plate)s, for %(holder)s.")
            said = said if self.holder else gettext("%(typed)s is already registered, as %(plate)s.")
        return " ".join(filter(None, (said % words, self._why_idle())))

    def _why_idle(self) -> str:
        if self.state == VehicleState.ENDED:
            return gettext("It was signed off: take it up again.")
        return gettext("It waits for approval.") if self.state == VehicleState.WAITING else ""

    @property
    def home(self) -> Unit | None:
        """The vehicle's unit, or else its owner's."""
        return self.unit or (self.owner.unit if self.owner else None)

    @staticmethod
    def at_home_in(unit_ids: Iterable[int]) -> models.Q:
        """The vehicles whose `home` is one of these units."""
        ids = list(unit_ids)
        return models.Q(unit_id__in=ids) | models.Q(unit=None, owner__unit_id__in=ids)

    @property
    def unit_name(self) -> str:
        return str(self.home or "")

    @property
    def owner_name(self) -> str:
        return str(self.owner or "")


class WatchlistEntry(PlateRow):
    """A plate that never passes by itself, whatever permit it has."""

    area = "registry"
    Kind = Kind

    kind = models.CharField(_("why"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch-list entry")
        verbose_name_plural = _("watch-list")
        ordering = ["plate"]
        constraints = [
            models.UniqueConstraint(fields=["condominium", "plate_key"], name="one_watchlist_entry_of_a_plate")
        ]


class RegistryVersion(models.Model):
    """Another with every change of the plates on record: who keeps a copy of them knows by it that it is old."""

    condominium = models.OneToOneField("premises.Condominium", primary_key=True, on_delete=models.CASCADE)
    token = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.condominium_id}: {self.token}"
